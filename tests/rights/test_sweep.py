"""What was promised for a day is done on that day, and what a schedule ends, ends (P9a)."""

from __future__ import annotations

import datetime as dt
import os
import time
from datetime import timedelta

import msgspec
import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.people import answers
from tests.rights.conftest import enter, work

from plainview.domains.playback.models import Viewing
from plainview.domains.staff.models import Look
from plainview.domains.support.models import CopyrightNotice
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.commands import privacy
from plainview.privacy.models import (
    Answer,
    Device,
    Disclosure,
    Erasure,
    Fed,
    Kept,
    Recall,
    Session,
    Standing,
    Suppression,
)
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.retention import ending, sweeping
from plainview.privacy.rights import services
from plainview.privacy.rights.planning import later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def left(ines):
    """Ines answered, then left; the day until which the report says that her proof stays."""
    answers(enter(ines), "reject")
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
    client = enter(ines)
    asked = {"kind": "restrict", "restricts": "no-longer-needed"}
    where = client.post("/privacy/requests/new/", asked).url
    assert sweeping.sweep() == []
    assert Viewing.objects.count() == 1
    client.post(where, {"act": "withdraw"})
    assert [each.rows for each in sweeping.sweep()] == [1]
    assert not Viewing.objects.exists()


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


def test_p9a_one_row_that_can_not_go_keeps_no_other(sitting, left, monkeypatch):
    stuck, remove = sitting(403), sweeping._remove
    for days in range(400, 403):
        sitting(days)

    def broken(table, keys):
        if stuck.pk in keys:
            raise PermissionError("a file that is another's")
        remove(table, keys)

    monkeypatch.setattr(sweeping, "_remove", broken)
    with pytest.raises(ExceptionGroup):
        sweeping.sweep(left)
    assert list(Viewing.objects.values_list("pk", flat=True)) == [stuck.pk]
    assert not Answer.objects.exists() and not Kept.objects.exists()
    monkeypatch.setattr(sweeping, "_remove", remove)
    sweeping.sweep(left)
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
    yesterday = timezone.now() - timedelta(days=1, seconds=1)
    Job.objects.update(created_at=yesterday, finished_at=yesterday)
    queue.ask_for_what_is_due()
    queue.tidy()
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


def ledger(subject: int, days: int, **more) -> Disclosure:
    told = {"recipient": "northgate", "purpose": "audience-uploads", "categories": "contact.email"}
    at = timezone.now() - timedelta(days)
    facts = told | {"basis": "consent", "country": "US", "state": "sent", "queued_at": at} | more
    return Disclosure.objects.create(subject=subject, policy="x", **facts)


@pytest.mark.parametrize(
    ("length", "make"),
    [
        ("P3Y", lambda who, at: ledger(who, 0, queued_at=at)),
        (
            "P3Y",
            lambda who, at: Recall.objects.create(
                subject=who,
                recipient="northgate",
                categories="",
                act="stop",
                asked_at=at,
                due_at=at,
            ),
        ),
        (
            "P6M",
            lambda who, at: Fed.objects.create(
                subject=who, recipient="harbour-books", said="{}", came_at=at, key=str(at)
            ),
        ),
        (
            "P12M",
            lambda who, at: Suppression.objects.create(
                digest=str(at), subject=who, why="bounce", since=at
            ),
        ),
        ("P24M", lambda who, at: _notice(who, at)),
    ],
    ids=["disclosure", "recall", "feed", "suppression", "copyright notice"],
)
def test_p9a_each_goes_on_its_day_and_not_before(ines, length, make):
    at = timezone.now()
    row = make(ines.pk, at)
    last = later(timezone.localdate(at), length)
    sweeping.sweep(last - timedelta(1))
    assert type(row).objects.filter(pk=row.pk).exists()
    sweeping.sweep(last)
    assert not type(row).objects.filter(pk=row.pk).exists()


ENDED_OTHERWISE = {
    "privacy_count": "each says until when it counts, and is looked at no longer",
    "privacy_heard": "with the browser or account that the signal came from",
    "privacy_kept": "on the day that it names",
    "privacy_link": "with the session in which the browser was linked",
    "privacy_preserved": "with the hold",
    "privacy_request_hold": "within the hour, and with the request",
    "privacy_standing": "with the browser or account that it is of",
    "privacy_withheld": "with the browser or account that asked for it",
    "support_step": "with the notice that it is a step of",
}
"""What has a time by the policy and neither a moment of its own nor somebody who tells it."""


def test_p9c_whatever_has_a_time_says_when_it_begins():
    """P9c: a schedule that counts from a moment ends nothing in a table that does not name it."""
    told = {name for teller in ending.tellers for name in teller.tables}
    endless = set()
    for table in registry().personal_tables():
        said = {each.mark.category for each in table.columns.values()} - {"", None}
        schedules = in_force().retention.schedule.values()
        kinds = said if "." in table.row else said - {table.row}
        mine = [each for each in schedules if kinds & set(each.categories)]
        timed = any(each.after != "account-closed" for each in mine)
        events = {each.mark.event for each in table.columns.values()} - {"", None}
        if timed and not any(sweeping._schedules(table, each) for each in events):
            endless.add(table.name)
    assert endless - told == set(ENDED_OTHERWISE)


def _notice(who: int, at: dt.datetime) -> CopyrightNotice:
    said = {"name": "A", "email": "a@b.example", "work": "w", "where": "here", "state": "refused"}
    return CopyrightNotice.objects.create(subject=who, settled_at=at, **said)


def test_an_open_copyright_notice_is_not_swept(ines):
    row = _notice(ines.pk, timezone.now())
    CopyrightNotice.objects.update(settled_at=None, state="open")
    sweeping.sweep(later(timezone.localdate(), "P9Y"))
    assert CopyrightNotice.objects.filter(pk=row.pk).exists()


def test_a_letter_that_nobody_could_deliver_is_cut_after_two_weeks_and_its_row_stays(ines):
    old = ledger(ines.pk, 14, state="failed", sealed="a letter")
    young = ledger(ines.pk, 13, state="failed", sealed="a letter")
    assert sweeping.Due("privacy_disclosure", "parcels", 1) in sweeping.due()
    sweeping.sweep()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.sealed, young.sealed) == ("", "a letter")


def test_p1_2_6c_a_browser_not_seen_for_thirteen_months_is_forgotten(ines):
    answers(
        Client(headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}), "accept"
    )
    device = Device.objects.get()
    assert Standing.objects.filter(subject=device.pk, device=True).exists()
    last = later(device.seen_on, "P13M")
    sweeping.sweep(last - timedelta(1))
    assert Device.objects.exists()
    sweeping.sweep(last)
    assert not Device.objects.exists()
    assert not Standing.objects.filter(device=True).exists()
    assert Standing.objects.filter(subject=ines.pk).exists(), "nobody with an account goes along"
    assert Answer.objects.filter(subject=device.pk).exists(), "the proof has a time of its own"


def test_p9b_a_law_keeps_the_rows_of_those_whom_it_binds(sitting, ines, tom, monkeypatch):
    law = next(iter(in_force().retention.must_keep.values()))
    longer = msgspec.structs.replace(
        law, categories=("viewing.history",), places=("BR",), keep="P2Y"
    )
    monkeypatch.setitem(in_force().retention.must_keep, law.id, longer)
    for who, place in ((ines, "BR"), (tom, "DE")):
        permissions.change(
            who.pk,
            lambda old, at=place: msgspec.structs.replace(old, presence=at, residence=at),
        )
    kept, gone, unknown = sitting(400, ines.pk), sitting(400, tom.pk), sitting(400, 4711)
    sweeping.sweep()
    left = set(Viewing.objects.values_list("pk", flat=True))
    assert kept.pk in left
    assert gone.pk not in left
    assert unknown.pk in left, "of whom nobody knows where they are, it may bind"
    sweeping.sweep(later(timezone.localdate(), "P1Y"))
    assert not Viewing.objects.exists()


def test_p9a_a_mail_that_was_kept_as_a_file_goes_as_mails_do(data_folder, db):
    """P9a: where no mail server is set, the outbox would be a store without an end."""
    today = timezone.localdate()
    old, young = (data_folder / "outbox" / f"{today - timedelta(days):%Y%m%d}-120000-{days}.log"
                  for days in (367, 360))  # fmt: skip
    for path in (old, young):
        path.write_text("To: ines@lantern.example")
    assert sweeping.due() == [sweeping.Due("outbox", "messages", 1)]
    sweeping.sweep()
    assert (old.exists(), young.exists()) == (False, True)


def test_p9a_what_a_killed_process_left_of_an_upload_goes_after_a_day(data_folder, db):
    """P9a: a large file of a form lies on the disk, and goes with its request or not at all."""
    old, young = (data_folder / "uploads" / f"tmp{name}.upload.zip" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"all that somebody brought from elsewhere")
    os.utime(old, times=(0, time.time() - 25 * 3600))
    queue.task_named("tidy").run()
    assert (old.exists(), young.exists()) == (False, True)
