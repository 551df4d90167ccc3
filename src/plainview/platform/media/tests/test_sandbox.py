"""A decoder can open nothing, reach no one, and never outlives who started it."""

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from plainview.platform.media import MediaError, confinement
from plainview.platform.media.decoders import Allowance, Ended, failure, opened, run_confined
from plainview.platform.media.facts import Limits
from plainview.platform.media.machine import encoder
from plainview.platform.media.recipe import reading
from plainview.platform.media.sandbox import landlock_version
from plainview.platform.media.tests import awkward
from plainview.platform.media.tests.making import film, then

ALLOWANCE = Allowance(
    wall_seconds=20,
    still_seconds=20,
    cpu_seconds=20,
    memory_bytes=2 * 2**30,
    file_bytes=50 * 2**20,
)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux holds a process tighter")
LANDLOCK = pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock")


def confined(
    *command: str, source: Path, folder: Path, allowance: Allowance = ALLOWANCE
) -> tuple[Ended, bytes]:
    said: list[bytes] = []
    with opened(source) as descriptor:
        ended = run_confined(
            [part.replace("<fd>", str(descriptor)) for part in command],
            source=descriptor,
            folder=folder,
            allowance=allowance,
            hear=lambda line: bool(said.append(line)) or True,
        )
    return ended, b"\n".join(said)


def code_of(ended: Ended) -> str | None:
    problem = failure(ended)
    return problem.code if problem is not None else None


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "staging"
    made.mkdir()
    return made


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    made = tmp_path / "secret.txt"
    made.write_text("ffconcat version 1.0\n")
    return made


class TestFiles:
    @LANDLOCK
    def test_nothing_outside_can_be_read(self, place: Path, secret: Path) -> None:
        ended, said = confined("/bin/cat", str(secret), source=secret, folder=place)
        assert ended.status != 0
        assert said == b""
        assert "denied" in ended.lament

    def test_its_own_folder_can_be_read(self, place: Path, secret: Path) -> None:
        # The control: the same program reads what it may.
        own = place / "own.txt"
        own.write_text("mine\n")
        ended, said = confined("/bin/cat", str(own), source=secret, folder=place)
        assert (ended.status, said) == (0, b"mine")

    @LANDLOCK
    def test_nothing_outside_can_be_written(self, place: Path, secret: Path) -> None:
        before = sorted(place.parent.iterdir())
        outside = place.parent / "outside.jpg"
        picture = ("-f", "lavfi", "-i", "color=red:size=16x16", "-frames:v", "1", "-update", "1")
        outward, _ = confined(
            encoder(), *picture, str(outside), "inside.jpg", source=secret, folder=place
        )
        inward, _ = confined(encoder(), *picture, "inside.jpg", source=secret, folder=place)
        assert outward.status != 0
        assert inward.status == 0
        assert sorted(place.parent.iterdir()) == before
        assert (place / "inside.jpg").exists()

    @pytest.mark.parametrize(
        "case", [c for c in awkward.HOSTILE if c.verdict == "playlist"], ids=lambda c: c.name
    )
    def test_white_lists_hold_even_when_no_one_has_looked_at_the_file(
        self, case: awkward.Case, tmp_path: Path, place: Path
    ) -> None:
        source = tmp_path / "list"
        case.make(source)
        with opened(source) as descriptor:
            ended = run_confined(
                [encoder(), *reading(descriptor, Limits(), 1), "-f", "null", "-"],
                source=descriptor,
                folder=place,
                allowance=ALLOWANCE,
                hear=lambda _: True,
            )
        assert ended.status != 0
        assert "whitelist" in ended.lament or "Invalid data" in ended.lament


class TestNetwork:
    @LINUX
    @pytest.mark.slow
    def test_no_connection_leaves(self, place: Path, secret: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(1)
            address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
            ended, _ = confined(
                encoder(), "-i", address, "-f", "null", "-", source=secret, folder=place
            )
            assert ended.status != 0
            assert "Permission denied" in ended.lament
            with pytest.raises(TimeoutError):
                server.accept()

    @pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
        reason="the system call filter knows x86-64 and ARM64 Linux",
    )
    def test_not_even_a_datagram_leaves(self) -> None:
        assert _in_a_closed_world("socket.socket(socket.AF_INET, socket.SOCK_DGRAM)") == "refused"
        assert _in_a_closed_world("socket.socketpair()") == "refused"
        assert _in_a_closed_world("os.getpid()") == "done"

    @LANDLOCK
    def test_the_inspector_opens_nothing(self) -> None:
        assert _in_a_closed_world("open('/etc/passwd')") == "refused"
        assert _in_a_closed_world("os.listdir('/')") == "refused"
        assert _in_a_closed_world("open('/tmp/new', 'w')") == "refused"


_CLOSED = """
import os, socket
from plainview.platform.media import sandbox
sandbox.close_the_world()
try:
    {act}
    print("done")
except PermissionError:
    print("refused")
"""


def _in_a_closed_world(act: str) -> str:
    """What becomes of a line of Python once its process has given up its rights."""
    command = [sys.executable, "-I", "-c", _CLOSED.format(act=act)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


class TestLimits:
    @pytest.mark.slow
    def test_what_takes_too_long_is_stopped(self, place: Path, secret: Path) -> None:
        began = time.monotonic()
        endless = ("-f", "lavfi", "-re", "-i", "color=red:size=16x16", "-f", "null", "-")
        impatient = replace(ALLOWANCE, wall_seconds=1)
        with pytest.raises(MediaError) as stopped:
            confined(encoder(), *endless, source=secret, folder=place, allowance=impatient)
        assert stopped.value.code == "timeout"
        assert time.monotonic() - began < 8

    @pytest.mark.slow
    def test_what_stands_still_is_stopped(self, place: Path, secret: Path) -> None:
        silent = ("-v", "quiet", "-f", "lavfi", "-re", "-i", "color=red:size=16x16", "-f", "null")
        impatient = replace(ALLOWANCE, wall_seconds=60, still_seconds=1)
        with pytest.raises(MediaError) as stopped:
            confined(encoder(), *silent, "-", source=secret, folder=place, allowance=impatient)
        assert stopped.value.code == "timeout"
        assert "still" in stopped.value.detail

    @LINUX
    def test_what_needs_too_much_memory_is_refused(self, place: Path, secret: Path) -> None:
        tight = replace(ALLOWANCE, memory_bytes=400 * 2**20)
        large = ("-f", "lavfi", "-i", "color=red:size=16000x9000", "-frames:v", "3")
        ended, _ = confined(
            encoder(), *large, "-f", "null", "-", source=secret, folder=place, allowance=tight
        )
        assert code_of(ended) == "memory"

    def test_what_writes_too_much_is_refused(self, place: Path, secret: Path) -> None:
        noise = ("-f", "lavfi", "-i", "color=red:size=640x360", "-t", "5", "-c:v", "rawvideo")
        small = replace(ALLOWANCE, file_bytes=2**20)
        ended, _ = confined(
            encoder(), *noise, "big.avi", source=secret, folder=place, allowance=small
        )
        assert code_of(ended) == "too-large"


class TestDeath:
    @LINUX
    @pytest.mark.slow
    def test_the_encoder_dies_with_its_parent(self, tmp_path: Path, place: Path) -> None:
        source = tmp_path / "film.mp4"
        then(film(), before=("-stream_loop", "14"))(source)
        parent = subprocess.Popen([sys.executable, "-c", WORKER, str(source), str(place)])
        try:
            encoder_id = _child_named("ffmpeg", parent.pid)
            parent.send_signal(signal.SIGKILL)
            parent.wait()
            deadline = time.monotonic() + 5
            while _alive(encoder_id) and time.monotonic() < deadline:
                time.sleep(0.02)
            assert not _alive(encoder_id)
        finally:
            parent.kill()
            parent.wait()


WORKER = """
import sys
from pathlib import Path
from plainview.platform.media import package, probe
source, into = map(Path, sys.argv[1:])
package(source, into, probe(source))
"""


def _child_named(name: str, parent: int) -> int:
    """The process id of `parent`'s child that runs `name`, once it is there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            try:
                program = os.readlink(f"/proc/{child}/exe")
            except OSError:
                continue
            if name in Path(program).name:
                return int(child)
        time.sleep(0.01)
    raise AssertionError(f"{name} did not start")


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_is_in_force_is_said() -> None:
    said = confinement()
    assert said.startswith("Decoders run with limits")
    assert ("Landlock" in said) or ("Missing" in said)
