"""A film encoded in parts is the film encoded in one run: the same frames, times and sounds."""

import itertools
import shutil
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.platform.media import (
    CantJoin,
    Probe,
    encode_part,
    encode_sounds,
    join,
    package,
    parts,
    probe,
    slots,
    stretches,
)
from plainview.platform.media.facts import DEFAULT_LIMITS, Video
from plainview.platform.media.ladder import plan
from plainview.platform.media.tests.looking import playlist_tiles_its_file
from plainview.platform.media.tests.making import film

SECONDS = 14
# A counter in the picture: each frame is a shade of its own. `geq` reckons each pixel by itself.
COUNTING = (
    "nullsrc=size=16x9:rate=25,geq=lum='mod(N*7,220)+16':cb=128:cr=128,scale=192:108:flags=neighbor"
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    # Key frames of the source lie elsewhere than those of the package, and it has B-frames.
    film("-c:v", "libx264", "-g", "61", "-bf", "3", "-crf", "10", video=COUNTING,
         seconds=SECONDS, format="matroska")(path)  # fmt: skip
    return path


class Cut(NamedTuple):
    """A film, a folder for each stretch of it, and one for its sounds."""

    facts: Probe
    parts: list[Path]
    sounds: Path


@pytest.fixture(scope="module")
def cut(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """Encoded once: what joining them makes of it is asked."""
    folder, facts = tmp_path_factory.mktemp("parts"), probe(source)
    made = Cut(facts, [], _fresh(folder / "sounds"))
    for number, stretch in enumerate(stretches(facts, from_seconds=4, part_seconds=4)):
        made.parts.append(_fresh(folder / str(number)))
        encode_part(source, made.parts[-1], facts, stretch)
    encode_sounds(source, made.sounds, facts)
    return made


def joined(parts: list[Path], cut: Cut, folder: Path) -> Path:
    """The package of these parts; joining takes the sounds away."""
    sounds = shutil.copytree(cut.sounds, folder / "sounds")
    into = _fresh(folder / "package")
    join(parts, sounds, into, cut.facts)
    return into


def frames(path: Path) -> list[tuple[float, int]]:
    """(moment, shade) of each picture."""
    with av.open(str(path)) as film_:
        return [
            (round(float(f.pts * f.time_base), 4), int(np.median(f.to_ndarray(format="gray"))))
            for f in film_.decode(video=0)
        ]


@pytest.mark.slow
def test_parts_joined_are_the_whole_frame_by_frame(source: Path, cut: Cut, tmp_path: Path) -> None:
    into = joined(cut.parts, cut, tmp_path)
    whole = tmp_path / "whole"
    made = package(source, whole, cut.facts)
    assert len(cut.parts) == 3
    for rendition in made.renditions:
        name = f"{rendition.name}.mp4"
        parts_, once = frames(into / name), frames(whole / name)
        assert len(parts_) == SECONDS * 25
        assert [moment for moment, _ in parts_] == [moment for moment, _ in once]
        assert max(abs(a - b) for (_, a), (_, b) in zip(parts_, once, strict=True)) <= 3
        playlist_tiles_its_file(into, rendition.name)
    assert (into / "a1.mp4").read_bytes() == (whole / "a1.mp4").read_bytes()
    assert sorted(p.name for p in into.iterdir()) == sorted(p.name for p in whole.iterdir())
    assert (into / "thumbnails.vtt").read_text() == (whole / "thumbnails.vtt").read_text()


@pytest.mark.slow
def test_parts_that_do_not_fit_are_not_joined(source: Path, cut: Cut, tmp_path: Path) -> None:
    first, broken = cut.parts[0], shutil.copytree(cut.parts[2], tmp_path / "broken")
    changed = (broken / "v108.mp4").read_bytes().replace(b"avcC", b"avcX", 1)
    (broken / "v108.mp4").write_bytes(changed)
    with pytest.raises(CantJoin):
        joined([first, broken], cut, tmp_path)
    with pytest.raises(CantJoin):
        encode_part(source, _fresh(tmp_path / "2"), cut.facts, (300, 500))


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def facts_of(seconds: float, rate: Fraction, *, steady: bool = True, container: str = "mov,mp4"):
    video = Video(0, "h264", 1920, 1080, 1920, 1080, 0, rate, steady, False, "", False)
    return Probe(container, round(seconds * 1000), video)


@given(
    seconds=st.floats(240, 40_000),
    rate=st.sampled_from([Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)]),
)
def test_stretches_tile_the_film_at_key_frames(seconds: float, rate: Fraction) -> None:
    facts = facts_of(seconds, rate)
    cut = stretches(facts)
    group = plan(facts, DEFAULT_LIMITS).group
    assert cut[0][0] == 0
    assert cut[-1][1] is None
    assert all(first % group == 0 for first, _ in cut)
    assert all(end == following for (_, end), (following, _) in itertools.pairwise(cut))
    assert cut[-1][0] < seconds * rate - group


@pytest.mark.parametrize(
    "facts",
    [
        facts_of(200, Fraction(25)),
        facts_of(4000, Fraction(25), steady=False),
        facts_of(4000, Fraction(25), container="mpegts"),
    ],
)
def test_short_uneven_or_unseekable_films_are_not_cut(facts: Probe) -> None:
    assert stretches(facts) == []


class TestSlots:
    def test_four_gigabytes_bear_one_film_of_1080_lines(self, monkeypatch) -> None:
        facts = facts_of(4000, Fraction(25))
        needed = slots.needs(facts, plan(facts, DEFAULT_LIMITS))
        monkeypatch.setattr(slots, "memory", lambda: 4 * 2**30)
        monkeypatch.setattr(slots, "processors", lambda: 4)
        assert slots.count(needed) == 1
        assert needed < 2 * 2**30
        monkeypatch.setattr(slots, "processors", lambda: 64)
        assert slots.count(2**30) == 3
        monkeypatch.setattr(slots, "memory", lambda: 64 * 2**30)
        assert slots.count(2**30) == 16
        monkeypatch.setattr(slots, "memory", lambda: 2**30)
        assert slots.count(2**30) == 1, "the smallest machine encodes too"

    def test_a_slot_is_one_encoders_at_a_time_and_waits_for_memory(
        self, monkeypatch, tmp_path: Path
    ) -> None:
        free = [0, 0, 2**40]
        slept: list[float] = []
        monkeypatch.setattr(slots, "count", lambda _: 2)
        monkeypatch.setattr(slots, "free_memory", lambda: free.pop(0) if free else 2**40)
        monkeypatch.setattr(slots.time, "sleep", slept.append)
        with slots.slot(2**20, tmp_path) as first:
            assert slept, "it waited until there was room"
            with slots.slot(2**20, tmp_path) as second:
                assert {first, second} == {0, 1}
        with slots.slot(2**20, tmp_path) as again:
            assert again == 0


def test_the_length_of_parts_suits_films_of_an_evening() -> None:
    assert len(stretches(facts_of(5400, Fraction(24)))) == 45
    assert parts.PART_SECONDS < parts.FROM_SECONDS
