"""`plainview serve` outlives the deaths of its processes, and says of which it died itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from plainview.web import supervising

pytestmark = [
    pytest.mark.slow,
    # the tests' process has a thread more, which holds nothing that these need
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]


def lives() -> None:
    time.sleep(60)


def dies() -> None:
    raise SystemExit(3)


@pytest.fixture
def served(monkeypatch):
    """What the processes are, as `supervise` starts them; signals stay the test's own."""
    monkeypatch.setattr(supervising, "PAUSES", (0.01, 0.02))
    handlers, begun = {}, []
    monkeypatch.setattr(signal, "signal", lambda number, act: handlers.update({number: act}))
    start = supervising._Kept.start

    def noted(kept):
        start(kept)
        begun.append(kept)

    monkeypatch.setattr(supervising._Kept, "start", noted)
    return SimpleNamespace(begun=begun, stop=lambda: handlers[signal.SIGTERM]())


def watched(served, monkeypatch, *, at_each_look) -> None:
    """Call `at_each_look` with the number of each look at the processes."""
    looks = iter(range(10_000))
    wait = supervising.threading.Event.wait

    def waits(event, seconds=None):
        at_each_look(next(looks))
        return wait(event, 0.02)

    monkeypatch.setattr(supervising.threading.Event, "wait", waits)


def test_a_web_server_killed_twice_within_a_second_is_started_again_and_it_is_said(
    served, monkeypatch, capfd
):
    """Its own supervisor gives up then, without a word; so the service ended, whoever watched."""

    def kill(look):
        webs = [each for each in served.begun if each.name == "web server"]
        alive = webs[-1].process.is_alive()
        if alive and len(webs) < 3:
            os.kill(webs[-1].process.pid, signal.SIGKILL)
            webs[-1].process.join(20)
        elif alive:
            served.stop()

    watched(served, monkeypatch, at_each_look=kill)
    assert supervising.supervise(lives, [lives], Path("policy")) == 0
    assert [each.name for each in served.begun].count("web server") == 3
    assert [each.name for each in served.begun].count("job worker") == 1
    said = capfd.readouterr().err.splitlines()
    assert said == [
        "The web server was killed by SIGKILL; the next in 0.01 s.",
        "The web server was killed by SIGKILL; the next in 0.02 s.",
    ]
    assert not any(each.process.is_alive() for each in served.begun), "none is left behind"


def test_a_web_server_that_never_lives_ends_the_service_with_its_status_and_a_reason(served, capfd):
    assert supervising.supervise(dies, [lives], Path("policy")) == 3
    said = capfd.readouterr().err
    assert "The web server ended with status 3; the next in 0.01 s." in said
    assert "died 3 times, each soon after its start: this ends with status 3." in said
    assert not any(each.process.is_alive() for each in served.begun)


def test_a_job_worker_that_never_lives_leaves_the_site_up(served, monkeypatch, capfd):
    watched(served, monkeypatch, at_each_look=lambda look: served.stop() if look > 60 else None)
    assert supervising.supervise(lives, [dies], Path("policy")) == 0
    assert [each.name for each in served.begun].count("web server") == 1
    assert [each.name for each in served.begun].count("job worker") > 3
    assert "The job worker ended with status 3" in capfd.readouterr().err


def test_after_a_long_life_a_death_counts_as_the_first(served, monkeypatch):
    kept = supervising._Kept("web server", dies, Path("policy"))
    kept.process.join(20)
    kept.died = len(supervising.PAUSES)
    kept.began = time.monotonic() - supervising.SOON_SECONDS - 1
    kept.look()
    assert kept.died == 1
    assert not kept.spent()


def test_a_process_has_the_copy_of_the_policy_and_dies_when_it_is_told(tmp_path):
    """It is forked: what its parent made of a signal, or goes by, must not be what it does."""
    said = tmp_path / "said"

    def says() -> None:
        said.write_text(f"{settings.POLICY_DIR} {os.environ['PLAINVIEW_POLICY_DIR']}")
        time.sleep(60)

    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        kept = supervising._Kept("web server", says, tmp_path)
    finally:
        signal.signal(signal.SIGTERM, before)
    while not said.exists() or not said.read_text():
        time.sleep(0.01)
    kept.process.terminate()
    kept.process.join(20)
    assert kept.process.exitcode == -signal.SIGTERM
    assert said.read_text() == f"{tmp_path} {tmp_path}"
    assert tmp_path != settings.POLICY_DIR


STANDS = """
import sys, time
import click
from plainview import cli

def stands(secret="ada@reader.example"):
    print("up", flush=True)
    time.sleep(60)

cli.cli = click.command()(stands)
cli.main()
"""


def test_a_process_that_stands_still_says_where_about_nobody_and_goes_on():
    with subprocess.Popen(
        [sys.executable, "-c", STANDS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGUSR1)
        said = [process.stderr.readline() for _ in range(2)]
        assert process.poll() is None
        process.kill()
        said += process.stderr.readlines()
    assert any("in stands" in line for line in said)
    assert not any("ada" in line for line in said)
