"""Nothing goes by a clock that was set ahead: what ends on a day waits until it is seen (P9a)."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from plainview.domains.playback.models import Viewing
from plainview.platform.jobs import queue, worker
from plainview.platform.jobs.models import Job
from plainview.privacy.backups import shelf
from plainview.privacy.commands import privacy
from plainview.privacy.retention import clock
from plainview.web import doctor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def machine(monkeypatch):
    """`machine(days=3)`: time passes; with `steady=False` the clock of the day alone goes on, with
    `start="b"` the machine is another time on."""
    told = {"at": time.time(), "steady": 1000.0, "start": "a"}

    def goes(start: str = "a", *, steady: bool = True, **by: float) -> None:
        seconds = timedelta(**by).total_seconds()
        told.update(at=told["at"] + seconds, start=start)
        told["steady"] += seconds if steady else 0

    monkeypatch.setattr(clock, "_now", lambda: clock._Seen(**told))
    return goes


def sweep_of_the_day(monkeypatch, at: timedelta) -> None:
    """As a worker does it, by a clock that far ahead."""
    with monkeypatch.context() as patch:
        real = timezone.now
        patch.setattr(timezone, "now", lambda: real() + at)
        Job.objects.all().delete()
        queue.enqueue("sweep")
        worker.run_all()


def test_p9a_a_clock_that_goes_a_year_ahead_takes_nothing_away(sitting, machine, monkeypatch):
    """A wrong clock took every sitting, search and browser with it, and the archives of backups."""
    sitting(10)
    sweep_of_the_day(monkeypatch, timedelta())
    machine(days=366, steady=False)
    sweep_of_the_day(monkeypatch, timedelta(366))
    assert Viewing.objects.exists()
    assert any("366 days ahead" in each.what for each in doctor.examine() if each.serious)
    machine(days=-366, steady=False)
    sweep_of_the_day(monkeypatch, timedelta())
    assert Viewing.objects.exists()
    assert not any("days ahead" in each.what for each in doctor.examine()), "it was put right"


def test_p9a_a_clock_that_was_put_right_is_gone_by_after_a_day(sitting, machine, monkeypatch):
    sitting(10)
    sweep_of_the_day(monkeypatch, timedelta())
    machine(days=366, steady=False)
    sweep_of_the_day(monkeypatch, timedelta(366))
    again = Job.objects.get(task="sweep", state=Job.State.WAITING)
    assert again.run_at - timezone.now() > timedelta(366)
    machine(days=1)
    sweep_of_the_day(monkeypatch, timedelta(367))
    assert not Viewing.objects.exists()


def test_who_runs_the_service_says_that_the_clock_is_right(sitting, machine, monkeypatch):
    sitting(400)
    sweep_of_the_day(monkeypatch, timedelta())
    machine(days=366, steady=False)
    CliRunner().invoke(privacy, ["sweep", "--dry-run"], catch_exceptions=False)
    assert clock.doubt(note=False)
    CliRunner().invoke(privacy, ["sweep"], catch_exceptions=False)
    assert not clock.doubt()


def test_p9a_a_machine_that_was_off_for_long_sweeps_an_hour_later(sitting, machine, monkeypatch):
    sitting(10)
    sweep_of_the_day(monkeypatch, timedelta())
    machine("b", days=3)
    assert not clock.doubt(), "a weekend"
    machine("c", days=366)
    sweep_of_the_day(monkeypatch, timedelta(369))
    assert Viewing.objects.exists()
    machine("c", hours=1)
    sweep_of_the_day(monkeypatch, timedelta(369))
    assert not Viewing.objects.exists()


def test_p9a_days_that_pass_are_swept_as_they_come(sitting, machine, monkeypatch):
    sitting(360)
    for day in range(8):
        sweep_of_the_day(monkeypatch, timedelta(day))
        machine(days=1)
    assert not Viewing.objects.exists()


def test_p9c_no_archive_goes_by_a_clock_that_is_in_doubt(machine, monkeypatch, db):
    gone = []
    monkeypatch.setattr(shelf, "end_what_is_over", lambda: gone.append(1) or [])
    clock.doubt()
    machine(days=366, steady=False)
    queue.task_named("backups.end").run()
    assert not gone
    clock.trust()
    queue.task_named("backups.end").run()
    assert gone
