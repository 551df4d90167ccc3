"""Whoever answers for requests is told before each of their days, whatever fails beside (P5.2c)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from tests.requests.conftest import ASKS, OFFICER, latest, link_in

from plainview.engine import Pause
from plainview.privacy.policies import in_force
from plainview.privacy.requests import clock, letters, numbers, services, tasks
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Event, Evidence, Proof, Request
from plainview.privacy.retention import sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ACCESS = {"kind": "access", "contact": "ada@elsewhere.example", "residence": "DE"}


def test_p5_2c_an_extended_day_rises_before_it_comes_as_the_first_one_did(monkeypatch, stranger):
    stranger.post(ASKS, ACCESS)
    stranger.post(link_in(mail.outbox[-1]))
    start = timezone.now()

    def day(date: dt.date) -> None:
        moment = start + (date - start.date())
        monkeypatch.setattr(timezone, "now", lambda: moment)
        mail.outbox.clear()
        tasks.requests()

    row = latest()
    day(row.due_on - dt.timedelta(6))
    assert row.number in mail.outbox[-1].body
    services.move(row.pk, "extend", by=services.By.OFFICER, staff=OFFICER, said="So much of it.")
    later = latest().due_on
    assert later > row.due_on
    day(later - dt.timedelta(9))
    assert not mail.outbox
    day(later - dt.timedelta(6))
    assert row.number in mail.outbox[-1].body
    day(later - dt.timedelta(5))
    assert not mail.outbox, "once"


def test_p5_2c_who_could_not_be_told_is_told_in_the_next_hour(monkeypatch, stranger):
    """The process dies, or the letter fails, between the note and the letter."""
    stranger.post(ASKS, ACCESS)
    stranger.post(link_in(mail.outbox[-1]))
    row = latest()
    moment = timezone.now() + (row.due_on - clock.today()) - dt.timedelta(6)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with monkeypatch.context() as broken:
        broken.setattr(letters, "bring", failing)
        with pytest.raises(ExceptionGroup):
            tasks.requests()
    mail.outbox.clear()
    tasks.requests()
    assert row.number in mail.outbox[-1].body


def failing(*_args: object, **_more: object) -> None:
    raise OSError("on the way")


@pytest.mark.parametrize("place", ["DE", "US-CA", "US-VA", "GB", "BR"])
def test_eight_kinds_in_five_places_have_their_days_and_authority(stranger, place):
    """P5.2c, P5.2.1.10a: everywhere a last day, and an authority on the page."""
    kinds = ("know-confirm", "access", "correct", "delete", "object", "restrict",
             "optout-sale-sharing", "complaint")  # fmt: skip
    for kind in kinds:
        row = services.file(
            services.Asked(kind=kind, channel="form", language="en", residence=place,
                           contact=f"{kind}@elsewhere.example")
        )  # fmt: skip
        assert row.next_on or row.state == State.ANSWERED, (kind, place)
        page = stranger.get(f"{ASKS}{row.number}/{numbers.secret(row.pk)}/").content.decode()
        for authority in in_force().jurisdiction(place).authority:
            assert (authority.complain or authority.url) in page


def test_months_pass_and_no_day_is_missed(monkeypatch, stranger):
    """P5.2c, P5.2e: told before the day, closed after the appeal, words and evidence gone."""
    stranger.post(ASKS, {"kind": "access", "contact": "ada@elsewhere.example", "residence": "DE",
                         "words": "All of it."})  # fmt: skip
    stranger.post(link_in(mail.outbox[-1]))
    row = latest()
    start = timezone.now()

    def day(count: int) -> None:
        moment = start + dt.timedelta(days=count)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        tasks.requests()

    due = (row.due_on - clock.today()).days
    day(due - 9)
    assert not Request.objects.get().escalated_at
    day(due - 6)
    assert Request.objects.get().escalated_at and row.number in mail.outbox[-1].body
    services.move(row.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="Here it is.")
    window = (Request.objects.get().appeal_until - clock.today()).days
    day(due - 6 + window)
    assert Request.objects.get().state == State.ANSWERED
    sweeping.sweep(clock.today())
    assert not Evidence.objects.exists()
    day(due - 6 + window + 1)
    closed = Request.objects.get()
    assert closed.state == State.CLOSED
    sweeping.sweep(clock.today() + dt.timedelta(days=370))
    row = Request.objects.get()
    assert (row.contact, set(row.events.values_list("said", flat=True))) == ("", {""})
    assert (row.kind, row.outcome) == ("access", "granted")
    sweeping.sweep(clock.today() + dt.timedelta(days=3 * 366 + 2))
    assert not Request.objects.exists() and not Event.objects.exists()


def test_what_nobody_decides_is_told_again_each_week(monkeypatch, stranger):
    """P12c: a request that nobody proves waits for a person, who is told until one decides it."""
    stranger.post(ASKS, {"kind": "access", "contact": "ada@elsewhere.example", "residence": "DE",
                         "words": "All of it."})  # fmt: skip
    row, start = latest(), timezone.now()
    told: list[int] = []
    for day in range((row.next_on - clock.today()).days + 23):
        moment = start + dt.timedelta(days=day)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        before = len(mail.outbox)
        tasks.requests()
        told += [day - (row.next_on - start.date()).days for _ in mail.outbox[before:]]
    assert told == [-7, 1, 8, 15, 22]
    late = mail.outbox[-1]
    assert row.number in late.body and "day is over" in late.body
    assert "ada@elsewhere.example" not in late.body
    services.move(row.pk, "refuse", by=services.By.OFFICER, staff=OFFICER,
                  reason="unproved", said="Nobody opened the link.")  # fmt: skip
    count = len(mail.outbox)
    monkeypatch.setattr(timezone, "now", lambda: start + dt.timedelta(days=80))
    tasks.requests()
    assert not any("day is over" in each.body for each in mail.outbox[count:])


def test_p12c_whom_nobody_proves_waits_a_month_by_the_clock_of_who_answers(monkeypatch, stranger):
    """P12c: asked before midnight in UTC, which is the next day already in Ireland's summer."""
    night = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    stranger.post(ASKS, ACCESS)
    row = latest()
    assert row.due_on is None and row.next_on == dt.date(2026, 8, 1)


def test_holidays_and_calendars_move_the_days():
    """P5.2c: a last day on Christmas comes after it in Germany, and counts in California."""
    asked = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    german = clock.of_request("access", asked, residence="DE")
    assert german.due.isoformat() == "2026-12-28"
    american = clock.of_request(
        "access", dt.datetime(2026, 11, 10, 18, tzinfo=dt.UTC), residence="US-CA"
    )
    assert (
        american.due.isoformat() == "2026-12-25"
        and american.acknowledge.isoformat() <= "2026-11-25"
    )


def test_p5_2c_a_clock_that_stands_still_sets_no_day():
    """While somebody is asked who they are, our own month doesn't run in place of the law's."""
    asked = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    waits = [Pause("identity", asked)]
    standing = clock.of_request("access", asked, residence="DE", pauses=waits)
    assert (standing.due, standing.stopped) == (None, "identity")


@pytest.mark.parametrize(("place", "residence"), [("DE", "US-CA"), ("US-CA", "DE")])
def test_p3_1b_in_one_place_and_at_home_in_another_the_days_of_both_count(
    stranger, monkeypatch, place, residence
):
    """P3.1b, P5.2c: the law of where somebody is binds, and that of where they live."""
    evening = timezone.now().replace(hour=20)  # the same day in both: who asks at night has two
    monkeypatch.setattr(timezone, "now", lambda: evening)
    days = [
        services.file(
            services.Asked(kind="access", channel="form", language="en", proof=Proof.MAIL,
                           place=there, residence=home, contact=f"{number}@elsewhere.example")
        )
        for number, (there, home) in enumerate(
            [("DE", "DE"), ("US-CA", "US-CA"), (place, residence)]
        )
    ]  # fmt: skip
    german, american, both = days
    assert german.due_on < american.due_on and both.due_on == german.due_on
    assert both.acknowledge_by == american.acknowledge_by, "which Germany does not know"


@pytest.mark.parametrize("place", ["US-CA", "US-TX", "DE"])
def test_p5_2c_what_nobody_has_sorted_is_acknowledged_by_the_first_day_of_all(stranger, place):
    """The right with the shortest time to answer is not that with the shortest to acknowledge."""
    asked = dt.datetime(2026, 11, 10, 18, tzinfo=dt.UTC)
    unsorted = clock.of_request("", asked, residence=place)
    each = [clock.of_request(kind, asked, residence=place) for kind in in_force().rights]
    days = [one for one in each if one.acknowledge]
    if place == "US-CA":
        assert (
            unsorted.acknowledge == clock.of_request("access", asked, residence=place).acknowledge
        )
    assert unsorted.acknowledge == min((one.acknowledge for one in days), default=None)
