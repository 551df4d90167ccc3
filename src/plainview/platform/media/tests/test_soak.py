"""Long trials, run by `make soak`: spoiled bytes, and death at any moment."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plainview.platform.media import VERDICTS, MediaError, package, probe
from plainview.platform.media.tests.awkward import LOUD
from plainview.platform.media.tests.making import film
from plainview.platform.media.tests.test_sandbox import LINUX, WORKER

SEEDS = {
    "mp4": film(seconds=1, audio=LOUD),
    "matroska": film(seconds=1, format="matroska"),
    "mpegts": film("-c:v", "mpeg2video", seconds=1, format="mpegts"),
    "avi": film("-c:v", "mpeg4", "-c:a", "pcm_s16le", seconds=1, format="avi"),
    "asf": film("-c:v", "wmv2", "-c:a", "wmav2", seconds=1, format="asf"),
    "webm": film("-c:v", "libvpx", "-c:a", "libopus", seconds=1, format="webm"),
    "gif": film("-c:v", "gif", seconds=1, audio=None, format="gif"),
}
SPOILED_PER_SEED = 60


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, repeat or cut something; the head, where the lies pay, more often."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        reach = len(result) if chance.random() < 0.5 else min(2000, len(result))
        at = chance.randrange(max(1, reach))
        match chance.randrange(5):
            case 0 | 1:
                result[at : at + 1] = bytes((chance.randrange(256),))
            case 2:
                result[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff"))
            case 3:
                result[at:at] = result[at : at + chance.randrange(64)]
            case _:
                del result[at : at + chance.randrange(64)]
    return bytes(result[: chance.randrange(len(result) // 2, len(result) + 1)])


@pytest.mark.soak
@pytest.mark.parametrize("kind", SEEDS)
def test_spoiled_films_play_or_get_a_verdict(kind: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    source, into = work / "upload", work / "package"
    SEEDS[kind](source)
    whole = source.read_bytes()
    for number in range(SPOILED_PER_SEED):
        source.write_bytes(spoiled(whole, random.Random(f"{kind} {number}")))
        began = time.monotonic()
        try:
            made = package(source, into, probe(source))
        except MediaError as refused:
            assert refused.code in VERDICTS, number
            assert not into.exists(), number
        else:
            assert (into / made.master).exists(), number
            for left in into.iterdir():
                left.unlink()
            into.rmdir()
        assert time.monotonic() - began < 60, number


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize(
    "deaths", [pytest.param(3), pytest.param(50, marks=pytest.mark.soak)], ids=str
)
def test_death_at_any_moment_is_followed_by_a_whole_package(deaths: int, tmp_path: Path) -> None:
    """The process is killed; whoever tries again with the same folder gets a whole package."""
    source, into = tmp_path / "film.mp4", tmp_path / "work" / "package"
    film(seconds=4)(source)
    into.parent.mkdir()
    chance = random.Random(deaths)
    for _ in range(deaths):
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(source), str(into)])
        time.sleep(chance.uniform(0.05, 1.2))
        worker.kill()
        worker.wait()
    made = package(source, into, probe(source))
    expected = {"master.m3u8", "package.json", "poster.jpg", "poster.webp", "thumbnails.vtt"}
    expected |= set(made.thumbnails.sheets)
    for name in (*(r.name for r in made.renditions), *(a.name for a in made.audio)):
        expected |= {f"{name}.m3u8", f"{name}.mp4"}
    expected |= {f"i{each.name[1:]}.m3u8" for each in made.renditions}
    assert {entry.name for entry in into.iterdir()} == expected
    assert [entry.name for entry in into.parent.iterdir()] == ["package"]
