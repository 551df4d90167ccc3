"""A reader that is kept ready gives each text a process that sees no other."""

from __future__ import annotations

import os
import signal
import site
import subprocess
import sys
import time
import venv
from pathlib import Path

import msgspec
import pytest

import plainview
from plainview.platform.media import apart, readied, sandbox
from plainview.platform.media.errors import MediaError
from plainview.platform.media.tests import prying

pytestmark = pytest.mark.slow


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started to read."""
    all_of_them: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments, **more) -> None:
            super().__init__(*arguments, **more)
            all_of_them.append(self)

    monkeypatch.setattr(readied.subprocess, "Popen", Noted)
    return all_of_them


def asked(reader: readied.Readied, text: str, *words: str) -> prying.Pried:
    return msgspec.json.decode(reader.ask(text.encode(), list(words)), type=prying.Pried)


def test_many_are_read_by_one_that_was_started_once_and_each_sees_itself_alone(started):
    with readied.Readied(prying.__name__, prying.BOUNDS) as reader:
        for number in range(20):
            seen = asked(reader, f"text {number}", "word", str(number))
            assert (seen.text, seen.words) == (f"text {number}", ["word", str(number)])
            assert seen.open == 3, "its text, its answer, and where errors go"
            if sandbox.landlock_version():
                assert seen.reached == []
    assert len(started) == 1
    assert started[0].returncode is not None, "nothing is left running"


@pytest.mark.parametrize("evil", ["die", "wait", "talk"])
def test_one_that_breaks_takes_no_other_along(evil):
    bounds = prying.BOUNDS._replace(seconds=3)
    with readied.Readied(prying.__name__, bounds) as reader:
        assert asked(reader, "before").text == "before"
        with pytest.raises(MediaError):
            reader.ask(evil.encode(), [])
        assert asked(reader, "after").text == "after"


def test_one_that_was_killed_meanwhile_is_started_anew(started):
    with readied.Readied(prying.__name__, prying.BOUNDS) as reader:
        asked(reader, "before")
        os.kill(started[0].pid, signal.SIGKILL)
        started[0].wait()
        assert asked(reader, "after").text == "after"
    assert len(started) == 2


def test_what_is_longer_than_it_may_be_is_read_by_its_beginning():
    with readied.Readied(prying.__name__, prying.BOUNDS) as reader:
        assert asked(reader, "x" * 5000).text == "x" * 1000


def test_it_ends_with_whoever_asked():
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        reader = readied.Readied(prying.__name__, prying.BOUNDS)
        reader.ask(b"here", [])
        os.write(write, str(reader._child.pid).encode())
        time.sleep(60)
        os._exit(0)
    number = int(os.read(read, 20))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for _ in range(100):
        try:
            with open(f"/proc/{number}/stat") as file:
                if file.read().split(") ")[1][0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    pytest.fail("the reader outlived who started it")


@pytest.fixture
def abroad(tmp_path, monkeypatch):
    """The Python of a checkout that lies in a folder of letters beyond ASCII."""
    home = tmp_path / "Müller 김"
    venv.create(home / "venv", symlinks=True)
    (home / "src").symlink_to(Path(plainview.__file__).parent.parent)
    packages = next((home / "venv" / "lib").glob("python*/site-packages"))
    paths = [str(home / "src"), *site.getsitepackages()]
    (packages / "here.pth").write_text("\n".join(paths), "utf-8")
    monkeypatch.setattr(sys, "executable", str(home / "venv" / "bin" / "python"))


def test_readers_start_in_a_folder_of_any_name(abroad):
    with readied.Readied(prying.__name__, prying.BOUNDS) as reader:
        assert asked(reader, "a text").text == "a text"
    said = apart.ask(prying.__name__, b"another", [], prying.BOUNDS)
    assert msgspec.json.decode(said, type=prying.Pried).text == "another"
