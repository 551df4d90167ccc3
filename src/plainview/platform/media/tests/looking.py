"""How the tests look at a finished package: by decoding it, not by trusting what it says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from plainview.platform.media import Package, Probe


@dataclass
class Shown:
    """A package and what it was made of."""

    folder: Path
    facts: Probe
    package: Package

    @cached_property
    def largest(self) -> np.ndarray:
        """A picture from the middle of the largest rendition, as red, green and blue."""
        path = self.folder / f"{self.package.renditions[0].name}.mp4"
        with av.open(str(path)) as film:
            pictures = list(film.decode(video=0))
        return pictures[len(pictures) // 2].to_ndarray(format="rgb24").astype(int)


Look = Callable[[Shown], None]


def at_nothing_more(shown: Shown) -> None:
    """What every package is looked at for is enough."""


def at_facts(**expected: Any) -> Look:
    """The probe must have seen these facts of the picture; the result is 8 bits all the same."""

    def look(shown: Shown) -> None:
        for name, value in expected.items():
            assert getattr(shown.facts.video, name) == value, name
        spread = shown.largest.max() - shown.largest.min()
        assert spread > 150, "the picture has lost its contrast"

    return look


def at_red_corner(where: str) -> Look:
    """The red quarter must be seen here, and grey elsewhere."""
    rows = {"top": 0.25, "bottom": 0.75}
    columns = {"left": 0.25, "right": 0.75}

    def look(shown: Shown) -> None:
        high, wide, _ = shown.largest.shape
        for vertical, row in rows.items():
            for horizontal, column in columns.items():
                red, green, blue = shown.largest[int(row * high), int(column * wide)]
                is_red = red > 180 and green < 80 and blue < 80
                corner = f"{vertical} {horizontal}"
                assert is_red == (corner == where), (corner, (red, green, blue))

    return look


def at_loudness(*, least: float, most: float) -> Look:
    """Both sides of the sound must reach `least` and never exceed `most` of full scale."""

    def look(shown: Shown) -> None:
        for side in samples(shown.folder / "a1.mp4"):
            peak = float(np.abs(side[4800:]).max())
            assert least <= peak <= most, peak

    return look


def at_the_right_alone(shown: Shown) -> None:
    """Left is silent, right is not: neither is on both sides."""
    for track in shown.package.audio:
        left, right = samples(shown.folder / f"{track.name}.mp4")
        assert np.abs(left).max() < 0.01
        assert np.abs(right[4800:]).max() > 0.05


def at_the_left_louder(shown: Shown) -> None:
    """What is said at the left is heard there, and nearly not at the right."""
    left, right = (np.abs(side[4800:]).max() for side in samples(shown.folder / "a1.mp4"))
    assert 0.3 < left < 0.6
    assert right < left / 5


def at_rate(pictures: int) -> Look:
    """So many pictures a second, exactly."""

    def look(shown: Shown) -> None:
        assert {rendition.fps for rendition in shown.package.renditions} == {pictures}

    return look


def at_silence_first(shown: Shown) -> None:
    """The first second is silent and the third is not: the sound kept its place."""
    left, _ = samples(shown.folder / "a1.mp4")
    assert np.abs(left[4800:43200]).max() < 0.01
    assert np.abs(left[52800:]).max() > 0.05


def at_a_sound_that_begins(shown: Shown) -> None:
    """It lasts half a second, of which browsers wait for no more before they play."""
    left, _ = samples(shown.folder / "a1.mp4")
    assert len(left) >= 24_000


def at_even_frames(shown: Shown) -> None:
    """All frames are equally far apart."""
    for rendition in shown.package.renditions:
        times = sorted(moments(shown.folder / f"{rendition.name}.mp4"))
        gaps = {round((b - a) * 1000) for a, b in pairwise(times)}
        assert len(gaps) <= 2, gaps
        assert max(gaps) - min(gaps) <= 1


def at_voices(*languages: str) -> Look:
    """These languages are kept, the first as the default."""

    def look(shown: Shown) -> None:
        assert tuple(track.language for track in shown.package.audio) == languages
        assert [track.default for track in shown.package.audio].count(True) == 1
        assert shown.package.audio[0].default

    return look


def at_colours(named: int) -> Look:
    """Every rendition says the same of how its colours are written, so none changes them."""

    def look(shown: Shown) -> None:
        for rendition in shown.package.renditions:
            with av.open(str(shown.folder / f"{rendition.name}.mp4")) as film:
                assert next(film.decode(video=0)).colorspace == named, rendition.name

    return look


def at_descriptions(shown: Shown) -> None:
    """The sound that also says what is to be seen is named so, to people and to players."""
    spoken, described = shown.package.audio
    assert (spoken.title, described.title) == ("English", "English (AD)")
    master = (shown.folder / "master.m3u8").read_text()
    (line,) = [each for each in master.splitlines() if "describes-video" in each]
    assert f'URI="{described.name}.m3u8"' in line


def samples(path: Path) -> np.ndarray:
    """The decoded sound of a file, one row for each side."""
    with av.open(str(path)) as sound:
        return np.concatenate([frame.to_ndarray() for frame in sound.decode(audio=0)], axis=1)


def moments(path: Path, *, keys: bool = False) -> list[float]:
    """When pictures are shown, in seconds, as stored; with `keys` only the key frames."""
    with av.open(str(path)) as film:
        return [
            float(packet.pts * packet.time_base)
            for packet in film.demux(video=0)
            if packet.pts is not None and (packet.is_keyframe or not keys)
        ]


def key_moments(path: Path) -> list[float]:
    """When the key frames are shown, in seconds."""
    return [round(moment, 3) for moment in moments(path, keys=True)]


def playlist_tiles_its_file(folder: Path, name: str) -> float:
    """Assert that header and segments cover the file without a gap; return its seconds."""
    text = (folder / f"{name}.m3u8").read_text()
    head = re.search(r'EXT-X-MAP:URI="(.+?)",BYTERANGE="(\d+)@0"', text)
    assert head is not None
    target = int(re.search(r"TARGETDURATION:(\d+)", text)[1])
    ranges = re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)", text)
    at, seconds = int(head[2]), 0.0
    for duration, length, offset, file in ranges:
        assert file == head[1]
        assert int(offset) == at
        assert round(float(duration)) <= target
        at += int(length)
        seconds += float(duration)
    assert at == (folder / head[1]).stat().st_size
    return seconds
