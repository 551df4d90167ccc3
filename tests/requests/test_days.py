"""Whoever answers for requests is told before each of their days, whatever fails beside (P5.2c)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.requests.test_journeys import ASKS, HERE, OFFICER, latest, link_in

from plainview.privacy.requests import clock, letters, services, tasks

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ACCESS = {"kind": "access", "contact": "ada@elsewhere.example", "residence": "DE"}


@pytest.fixture
def stranger() -> Client:
    return Client(headers=HERE)


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
