"""Every line of the table of awkward and hostile films gets its verdict."""

import os
import re
from itertools import pairwise
from pathlib import Path

import av
import pytest

from plainview.platform.media import MediaError, package, probe, read_package
from plainview.platform.media.decoders import opened
from plainview.platform.media.facts import DEFAULT_LIMITS
from plainview.platform.media.inspector import Orders, answer
from plainview.platform.media.tests import hls
from plainview.platform.media.tests.awkward import AWKWARD, HOSTILE, TABLE, Case
from plainview.platform.media.tests.looking import (
    Shown,
    key_moments,
    moments,
    playlist_tiles_its_file,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds nothing but what the test puts there."""
    made = tmp_path / "work"
    made.mkdir()
    return made


def named(case: Case) -> str:
    return case.name


@pytest.mark.sample(6)
@pytest.mark.parametrize("case", AWKWARD, ids=named)
def test_awkward_films_play(case: Case, folder: Path) -> None:
    """What uploaders bring becomes a package that says what became of it, and plays."""
    source = folder / "upload.mp4"
    case.make(source)
    into = folder / "package"
    heard: list[float] = []

    facts = probe(source)
    made = package(source, into, facts, progress=heard.append)

    shown = Shown(into, facts, made)
    assert read_package(into) == made
    assert (made.width, made.height) == case.size
    assert made.duration_ms / 1000 == pytest.approx(case.seconds, abs=0.35)
    assert made.remarks == case.remarks
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert hls.faults(into) == []
    _look_at_renditions(shown, case)
    _look_at_sounds(shown, case)
    _look_at_stills(shown)
    case.look(shown)


def _look_at_renditions(shown: Shown, case: Case) -> None:
    renditions = shown.package.renditions
    assert 1 <= len(renditions) <= 4
    if min(case.size) >= 180:
        assert len(renditions) >= 2
    keys = [key_moments(shown.folder / f"{r.name}.mp4") for r in renditions]
    assert all(moments == keys[0] for moments in keys), "key frames are not aligned"
    assert keys[0][0] == 0.0
    assert all(later - before <= 4.1 for before, later in pairwise(keys[0]))
    for rendition in renditions:
        path = shown.folder / f"{rendition.name}.mp4"
        seconds = playlist_tiles_its_file(shown.folder, rendition.name)
        with av.open(str(path)) as film:
            stream = film.streams.video[0]
            frames = sum(1 for _ in film.decode(video=0))
            assert (stream.width, stream.height) == (rendition.width, rendition.height)
            assert rendition.width <= shown.facts.width + 1
            assert rendition.height <= shown.facts.height
            assert stream.codec_context.pix_fmt == "yuv420p"
            assert stream.codec_context.name == "h264"
            assert (stream.sample_aspect_ratio or 1) == 1
        assert frames / seconds == pytest.approx(case.rate, rel=0.01)
        assert rendition.average_bandwidth <= rendition.bandwidth
        assert re.fullmatch(r"avc1\.[0-9A-F]{6}(,mp4a\.40\.2)?", rendition.codecs)


def _look_at_sounds(shown: Shown, case: Case) -> None:
    assert len(shown.package.audio) == case.voices
    master = (shown.folder / "master.m3u8").read_text()
    assert master.count("#EXT-X-MEDIA:TYPE=AUDIO") == case.voices
    for track in shown.package.audio:
        path = shown.folder / f"{track.name}.mp4"
        playlist_tiles_its_file(shown.folder, track.name)
        with av.open(str(path)) as sound:
            frame = next(sound.decode(audio=0))
            context = sound.streams.audio[0].codec_context
            assert (context.name, context.layout.nb_channels) == ("aac", 2)
            assert context.sample_rate == 48000
            begins = float(frame.pts * frame.time_base)
        video = moments(shown.folder / f"{shown.package.renditions[0].name}.mp4")
        assert abs(begins - min(video)) < 0.05


def _look_at_stills(shown: Shown) -> None:
    described = shown.package.thumbnails
    sheets = {}
    for name in (*described.sheets, shown.package.poster, "poster.webp"):
        with av.open(str(shown.folder / name)) as still:
            picture = next(still.decode(video=0))
            sheets[name] = (picture.width, picture.height)
    poster = sheets[shown.package.poster]
    assert poster[0] <= 1280
    assert poster[0] / poster[1] == pytest.approx(
        shown.package.width / shown.package.height, rel=0.05
    )
    assert sorted(p.name for p in shown.folder.glob("thumbnails-*")) == sorted(described.sheets)
    index = (shown.folder / described.index).read_text()
    cues = re.findall(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", index)
    assert cues[0][0] == "00:00:00.000"
    assert all(before[1] == after[0] for before, after in pairwise(cues))
    for *_, sheet, x, y, width, height in cues:
        assert int(x) + int(width) <= sheets[sheet][0]
        assert int(y) + int(height) <= sheets[sheet][1]


UNFINISHED = [case for case in HOSTILE if case.verdict == "truncated"]
TOLD_AT_ONCE = [case for case in HOSTILE if case not in UNFINISHED]
"""Those that looking at the file tells, before anything is made of it."""


@pytest.mark.parametrize("case", TOLD_AT_ONCE, ids=named)
def test_hostile_files_are_told_by_looking(case: Case, folder: Path) -> None:
    """By the inspector's own code; that it is confined and leaves nothing is proved below."""
    source = folder / "upload.mp4"
    case.make(source)
    with opened(source) as file:
        orders = Orders(os.getpid(), file, 0, DEFAULT_LIMITS)
        assert answer(orders).verdict == case.verdict


@pytest.mark.sample(3)
@pytest.mark.parametrize("case", TOLD_AT_ONCE, ids=named)
def test_hostile_files_get_their_verdict_and_leave_nothing(case: Case, folder: Path) -> None:
    _refuse(case, folder)


@pytest.mark.sample(2)
@pytest.mark.parametrize("case", UNFINISHED, ids=named)
def test_films_of_which_too_little_is_there_leave_nothing(case: Case, folder: Path) -> None:
    _refuse(case, folder)


def _refuse(case: Case, folder: Path) -> None:
    source = folder / "upload.mp4"
    case.make(source)
    into = folder / "package"

    with pytest.raises(MediaError) as refused:
        package(source, into, probe(source))

    assert refused.value.code == case.verdict, refused.value.detail
    assert str(folder) not in str(refused.value)
    assert not into.exists()
    assert [entry.name for entry in folder.iterdir()] == ["upload.mp4"]


def test_the_table_is_large_and_names_each_line_once() -> None:
    assert len(TABLE) >= 24
    assert len({case.name for case in TABLE}) == len(TABLE)
