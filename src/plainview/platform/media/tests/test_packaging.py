"""Packaging as its caller sees it: progress, failure without remains, and running again."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainview.platform.media import Limits, MediaError, Probe, package, probe
from plainview.platform.media.decoders import Ended, failure
from plainview.platform.media.tests.making import film
from plainview.platform.media.tests.test_sandbox import LINUX

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    film(seconds=6)(path)
    return path


@pytest.fixture(scope="module")
def facts(source: Path) -> Probe:
    return probe(source)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 100 kilobytes; only root can have one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a file system of our own needs root on Linux")
    yield place
    subprocess.run(["umount", str(place)], check=True)


class TestFailure:
    @LINUX
    def test_a_killed_encoder_is_named_and_leaves_nothing(
        self, source: Path, facts: Probe, tmp_path: Path
    ) -> None:
        into = tmp_path / "package"
        outcome: list[BaseException] = []

        def work() -> None:
            try:
                package(source, into, facts)
            except MediaError as problem:
                outcome.append(problem)

        thread = threading.Thread(target=work)
        thread.start()
        os.kill(_thread_child("ffmpeg"), signal.SIGKILL)
        thread.join(20)
        assert isinstance(outcome[0], MediaError)
        assert outcome[0].code == "encoder-died"
        assert not into.exists()

    def test_an_interrupted_caller_leaves_nothing(
        self, source: Path, facts: Probe, tmp_path: Path
    ) -> None:
        into = tmp_path / "package"

        def stop(fraction: float) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            package(source, into, facts, progress=stop)
        assert not into.exists()

    def test_what_others_put_there_is_kept(
        self, source: Path, facts: Probe, tmp_path: Path
    ) -> None:
        into = tmp_path / "package"
        into.mkdir()
        (into / "notes.txt").write_text("mine")

        def stop(fraction: float) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(MediaError) as full:
            package(source, into, facts, progress=stop)
        assert full.value.code == "disk-full"
        assert [entry.name for entry in into.iterdir()] == ["notes.txt"]

    def test_a_full_disk_is_named(self, source: Path, facts: Probe, small_disk: Path) -> None:
        into = small_disk / "package"
        with pytest.raises(MediaError) as full:
            package(source, into, facts)
        assert full.value.code == "disk-full"
        assert list(small_disk.iterdir()) == []

    def test_a_film_over_the_limit_is_refused_by_name(self, source: Path) -> None:
        for limits, code in (
            (Limits(longest_ms=5_000), "too-long"),
            (Limits(largest_bytes=1000), "too-large"),
            (Limits(most_pixels=320 * 180 - 1), "too-many-pixels"),
        ):
            with pytest.raises(MediaError) as refused:
                probe(source, limits=limits)
            assert refused.value.code == code

    def test_a_folder_or_a_pipe_is_no_film(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        for path in (tmp_path, pipe):
            with pytest.raises(MediaError) as refused:
                probe(path)
            assert refused.value.code == "not-media"


def test_remains_of_a_killed_run_do_not_matter_and_progress_moves(
    source: Path, facts: Probe, tmp_path: Path
) -> None:
    into = tmp_path / "package"
    into.mkdir()
    for name in ("v999.mp4", "a9.mp4", "thumbnails-9.jpg", "master.m3u8"):
        (into / name).write_bytes(b"half")
    shares: list[float] = []
    package(source, into, facts, progress=shares.append)
    assert not (into / "v999.mp4").exists()
    assert not (into / "a9.mp4").exists()
    assert not (into / "thumbnails-9.jpg").exists()
    assert (into / "master.m3u8").stat().st_size > 100
    assert shares == sorted(set(shares))
    assert shares[-1] == 1.0
    assert any(0 < share < 0.99 for share in shares)


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (Ended(1, "av_interleaved_write_frame(): No space left on device"), "disk-full"),
        (Ended(1, "Error: Cannot allocate memory"), "memory"),
        (Ended(0, "Error during demuxing: Cannot allocate memory"), "memory"),
        (Ended(1, "Error writing trailer: File too large"), "too-large"),
        (Ended(-signal.SIGXCPU, ""), "timeout"),
        (Ended(-signal.SIGSEGV, ""), "encoder-died"),
        (Ended(-signal.SIGKILL, ""), "encoder-died"),
        (Ended(125, "confinement: Landlock was refused"), "encoder-died"),
        (Ended(1, "something else"), "unsupported"),
    ],
)
def test_an_end_has_its_reason(ended: Ended, code: str) -> None:
    problem = failure(ended)
    assert problem is not None
    assert problem.code == code


def test_a_good_end_has_none() -> None:
    assert failure(Ended(0, "[h264] error while decoding MB 3 4")) is None


def _thread_child(name: str) -> int:
    """The child of any thread of this process that runs `name`."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for task in Path("/proc/self/task").iterdir():
            for child in (task / "children").read_text().split():
                if name in os.path.basename(_program(child)):
                    return int(child)
        time.sleep(0.01)
    raise AssertionError(f"{name} did not start")


def _program(process: str) -> str:
    try:
        return os.readlink(f"/proc/{process}/exe")
    except OSError:
        return ""
