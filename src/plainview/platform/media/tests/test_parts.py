"""A film encoded in parts is the film encoded in one run: the same frames, times and sounds."""

import itertools
from fractions import Fraction
from pathlib import Path

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


def in_parts(source: Path, folder: Path) -> tuple[Path, list[tuple[int, int | None]]]:
    facts = probe(source)
    cut = stretches(facts, from_seconds=4, part_seconds=4)
    places = []
    for number, stretch in enumerate(cut):
        places.append(folder / str(number))
        places[-1].mkdir(parents=True)
        encode_part(source, places[-1], facts, stretch)
    sounds, into = folder / "sounds", folder / "package"
    sounds.mkdir()
    into.mkdir()
    encode_sounds(source, sounds, facts)
    join(places, sounds, into, facts)
    return into, cut


def frames(path: Path) -> list[tuple[float, int]]:
    """(moment, shade) of each picture."""
    with av.open(str(path)) as film_:
        return [
            (round(float(f.pts * f.time_base), 4), int(np.median(f.to_ndarray(format="gray"))))
            for f in film_.decode(video=0)
        ]


@pytest.mark.slow
def test_parts_joined_are_the_whole_frame_by_frame(source: Path, tmp_path: Path) -> None:
    into, cut = in_parts(source, tmp_path / "parts")
    whole = tmp_path / "whole"
    made = package(source, whole, probe(source))
    assert len(cut) == 3
    for rendition in made.renditions:
        name = f"{rendition.name}.mp4"
        joined, once = frames(into / name), frames(whole / name)
        assert len(joined) == SECONDS * 25
        assert [moment for moment, _ in joined] == [moment for moment, _ in once]
        assert max(abs(a - b) for (_, a), (_, b) in zip(joined, once, strict=True)) <= 3
        playlist_tiles_its_file(into, rendition.name)
    assert (into / "a1.mp4").read_bytes() == (whole / "a1.mp4").read_bytes()
    assert sorted(p.name for p in into.iterdir()) == sorted(p.name for p in whole.iterdir())
    assert (into / "thumbnails.vtt").read_text() == (whole / "thumbnails.vtt").read_text()


@pytest.mark.slow
def test_parts_that_do_not_fit_are_not_joined(source: Path, tmp_path: Path) -> None:
    facts = probe(source)
    places = [tmp_path / "0", tmp_path / "1"]
    for place, stretch in zip(places, [(0, 100), (200, None)], strict=True):
        place.mkdir()
        encode_part(source, place, facts, stretch)
    broken = (places[1] / "v108.mp4").read_bytes().replace(b"avcC", b"avcX", 1)
    (places[1] / "v108.mp4").write_bytes(broken)
    sounds, into = tmp_path / "sounds", tmp_path / "package"
    sounds.mkdir()
    into.mkdir()
    encode_sounds(source, sounds, facts)
    with pytest.raises(CantJoin):
        join(places, sounds, into, facts)
    with pytest.raises(CantJoin):
        encode_part(source, _fresh(tmp_path / "2"), facts, (300, 500))


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


def facts_of(seconds: float, rate: Fraction, *, steady: bool = True, container: str = "mov,mp4"):
    video = Video(0, "h264", 1920, 1080, 1920, 1080, 0, Fraction(1), rate, steady, False, "",
                  False, "yuv420p")  # fmt: skip
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
