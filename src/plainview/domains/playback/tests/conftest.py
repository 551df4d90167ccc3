"""Films that go in, and the worker that takes them in."""

from __future__ import annotations

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from plainview.platform import media
from plainview.platform.jobs import worker
from plainview.platform.media.outlining import DESCRIPTION, WAVEFORM


def work_off() -> None:
    """Do all jobs that wait."""
    worker.run_all()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of moving picture and sound with Korean subtitles inside."""
    folder = tmp_path_factory.mktemp("film")
    (folder / "ko.srt").write_text("1\n00:00:00,200 --> 00:00:00,900\n안녕하세요\n")
    path = folder / "a walk.mkv"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error",
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24:duration=1",
            "-f", "lavfi", "-i", "sine=duration=1", "-i", str(folder / "ko.srt"),
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            "-metadata:s:s:0", "language=kor", str(path),
        ],
        check=True,
    )  # fmt: skip
    return path


MADE_ONCE = ("probe", "package", "outline", "encode_part", "encode_sounds")


class Maker:
    """Does what `media` does with a film, and gives the same again for the same film."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._facts = dict[str, media.Probe]()
        self._real = {name: getattr(media, name) for name in MADE_ONCE}

    def probe(self, source: Path) -> media.Probe:
        name = _digest(source)
        if name not in self._facts:
            self._facts[name] = self._real["probe"](source)
        return self._facts[name]

    def package(self, source: Path, into: Path, *facts: media.Probe, **how: Any) -> media.Package:
        self._once("package", source, into, *facts, **how)
        return media.read_package(into)

    def encode_sounds(self, source: Path, into: Path, facts: media.Probe, **how: Any) -> None:
        self._once("encode_sounds", source, into, facts, **how)

    def encode_part(self, source: Path, into: Path, *what: Any) -> None:
        self._once("encode_part", source, into, *what)

    def outline(self, folder: Path, package: media.Package, into: Path) -> media.Outline:
        kept = self._folder / _digest(folder / f"{package.renditions[-1].name}.mp4")
        if not kept.exists():
            self._real["outline"](folder, package, into)
            kept.mkdir()
            for name in (WAVEFORM, DESCRIPTION):
                shutil.copy(folder / name, kept)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        return media.read_outline(folder)

    def _once(self, name: str, source: Path, into: Path, *what: Any, **how: Any) -> None:
        stretch, loudness = what[1:], how.get("loudness")
        kept = self._folder / f"{name}-{_digest(source)}-{stretch}-{loudness}"
        if not kept.exists():
            kept.mkdir()
            self._real[name](source, kept, *what, **how)
        shutil.copytree(kept, into, dirs_exist_ok=True)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def _maker(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    return Maker(tmp_path_factory.mktemp("made"))


@pytest.fixture
def made_once(_maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each film is looked at, encoded and heard once, for all who ask what becomes of its files.

    What `media` makes of a film, and how it ends, is asked in the room of `media`.
    """
    for name in MADE_ONCE:
        monkeypatch.setattr(media, name, getattr(_maker, name))
