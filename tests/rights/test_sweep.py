"""What was promised for a day is done on that day, and what a schedule ends, ends (P9a)."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.rights.conftest import enter, work

from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback.models import Viewing
from plainview.domains.staff.models import Look
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.commands import privacy
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.models import Answer, Erasure, Kept, Session, Standing
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import services
from plainview.privacy.rights.planning import later

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def left(ines):
    """Ines answered, then left; the day until which the report says that her proof stays."""
    client = enter(ines)
    shown = client.get("/privacy/choices/").context["shown"]
    client.post("/privacy/choices/", {"via": "centre", "answer": "reject", "shown": shown})
    services.leave(ines.pk)
    work()
    report = services.read(Erasure.objects.get())
    (until,) = {line.until for line in report.lines if line.outcome == "kept"}
    return dt.date.fromisoformat(until)


def test_p9a_what_an_erasure_kept_until_a_day_is_gone_on_that_day(left):
    assert left == later(timezone.localdate(), "P3Y")
    assert sweeping.sweep() == []
    sweeping.sweep(left - timedelta(1))
    assert Answer.objects.count() == 1
    assert sweeping.due(left)[0] == sweeping.Due("privacy_answer", "promise", 1)
    assert Answer.objects.count() == 1, "counting changes nothing"
    sweeping.sweep(left)
    assert not Answer.objects.exists()
    assert not Kept.objects.exists()


def test_an_erasure_carried_out_twice_promises_once(left, ines):
    kept = Kept.objects.count()
    services.carry_out(Erasure.objects.get().pk)
    assert Kept.objects.count() == kept == 1


def test_the_report_itself_goes_three_years_after_its_end(left):
    sweeping.sweep(left - timedelta(1))
    assert Erasure.objects.exists()
    sweeping.sweep(left + timedelta(1))
    assert not Erasure.objects.exists()


@pytest.fixture
def sitting(ines):
    """Makes sittings of Ines, watched so many days ago."""
    title = Title.objects.create(slug="x", kind="film", year=2026, texts={"en": {"name": "X"}})
    video = Video.objects.create(title=title, language="en")

    def make(days: int, subject: int = 0) -> Viewing:
        at = timezone.now() - timedelta(days)
        return Viewing.objects.create(
            subject=subject or ines.pk,
            sitting=f"{days}-{subject}",
            video=video,
            began_at=at,
            watched_at=at,
        )

    return make


def test_p9a_rows_go_when_the_time_of_their_schedule_is_over(sitting, ines, tom):
    old, young = sitting(367), sitting(364)
    looks = [
        Look.objects.create(person=ines.pk, staff=tom.pk, kind="help", reason="r") for _ in range(2)
    ]
    Look.objects.filter(pk=looks[0].pk).update(opened_at=timezone.now() - timedelta(732))
    enter(ines)
    Session.objects.update(saved_at=timezone.now() - timedelta(32))
    enter(tom)
    found = {each.table: (each.because, each.rows) for each in sweeping.sweep()}
    assert found == {
        "playback_viewing": ("viewing", 1),
        "staff_look": ("access", 1),
        "privacy_session": ("sessions", 1),
    }
    assert [each.pk for each in Viewing.objects.all()] == [young.pk]
    assert old.pk != young.pk
    assert Look.objects.count() == Session.objects.count() == 1


def test_p5_2_1_6a_what_somebody_asked_us_to_keep_is_passed_over(sitting, ines):
    sitting(400)
    permitted = Standing.objects.get(subject=ines.pk).permitted
    Standing.objects.filter(subject=ines.pk).update(permitted=permitted | WITHHOLDS)
    assert sweeping.sweep() == []
    Standing.objects.filter(subject=ines.pk).update(permitted=permitted)
    assert [each.rows for each in sweeping.sweep()] == [1]


def test_a_sweep_that_was_stopped_goes_on_the_next_time(sitting, monkeypatch):
    for days in range(400, 406):
        sitting(days)
    monkeypatch.setattr(sweeping, "BATCH", 2)
    remove, steps = sweeping._remove, iter("ab")

    def stopped(table, keys):
        remove(table, keys)
        if next(steps) == "b":
            raise KeyboardInterrupt

    monkeypatch.setattr(sweeping, "_remove", stopped)
    with pytest.raises(KeyboardInterrupt):
        sweeping.sweep()
    assert Viewing.objects.count() == 4, "what was done in a transaction that ended stays done"
    monkeypatch.setattr(sweeping, "_remove", remove)
    sweeping.sweep()
    assert not Viewing.objects.exists()


def test_the_command_counts_before_it_takes_anything(sitting):
    sitting(400)
    counted = CliRunner().invoke(privacy, ["sweep", "--dry-run"], catch_exceptions=False)
    assert "1  playback_viewing             viewing" in counted.output
    assert "nothing was changed" in counted.output
    assert Viewing.objects.count() == 1
    done = CliRunner().invoke(privacy, ["sweep"], catch_exceptions=False)
    assert "1  rows have gone" in done.output
    assert not Viewing.objects.exists()


def test_the_worker_sweeps_once_a_day(sitting):
    sitting(400)
    for _ in range(2):
        queue.ask_for_what_is_due()
    assert list(Job.objects.values_list("task", flat=True)).count("sweep") == 1
    work()
    assert not Viewing.objects.exists()
    Job.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    queue.ask_for_what_is_due()
    waiting = Job.objects.filter(state=Job.State.WAITING)
    assert waiting.filter(task="sweep").count() == 1
    assert Job.objects.count() == waiting.count(), "the work of yesterday leaves no rows behind"


LENGTHS = st.sampled_from(["P30D", "P13M", "P6M", "P12M", "P3Y", "P24M", "P1Y2M3D", "P2W"])


@given(day=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), length=LENGTHS)
def test_counting_back_is_the_reverse_of_counting_on(day, length):
    last = sweeping.earlier(day, length)
    assert later(last, length) <= day < later(last + timedelta(1), length)


def test_a_stranger_has_no_standing_and_is_swept(sitting):
    sitting(400, subject=12345)
    assert permissions.read(12345) is None
    assert [each.rows for each in sweeping.sweep()] == [1]
