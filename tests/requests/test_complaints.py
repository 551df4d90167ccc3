"""A complaint has an owner, a day and an outcome, whatever fails beside it (P12c)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.requests.conftest import HERE, act, filed, in_work, make

from plainview.privacy.requests import clock, machine, tasks
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Proof, Request
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_p12c_a_complaint_has_an_owner_a_day_and_an_outcome_and_is_not_left_lying(
    desk, officer, monkeypatch
):
    """P12c: by a form without an account; in the UK its receipt is said within 30 days."""
    form = {"kind": "complaint", "words": "You wrote me twice.", "residence": "GB"}
    Client(headers=HERE).post("/privacy/request/", form | {"contact": "a@elsewhere.example"})
    told, posted = Request.objects.get(), filed("complaint", place="GB")
    assert told.kind == "complaint" and told.acknowledged_at and not posted.acknowledged_at
    assert 30 <= (posted.acknowledge_by - clock.today()).days <= 34, "on a working day"
    near = sorted((each.next_on - clock.SOON - clock.today()).days for each in (told, posted))
    act(desk, told, "assign", officer=officer.pk)
    start = timezone.now()
    for days, escalated in ((near[0] - 1, False), (near[1], True)):
        moment = start + dt.timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        mail.outbox.clear()
        tasks.requests()
        rows = {each.escalated_at is not None for each in Request.objects.all()}
        letters_to = [each for each in mail.outbox if told.number in each.body]
        assert (rows, bool(letters_to)) == ({escalated}, escalated)
    monkeypatch.undo()
    act(desk, told, "answer", outcome="granted", said="It was our mistake.")
    told.refresh_from_db()
    assert (told.officer, told.state, told.outcome) == (officer.pk, State.ANSWERED, "granted")
    assert "It was our mistake." in mail.outbox[-1].body and told.appeal_until


@pytest.mark.parametrize("who", [{"contact": "a@elsewhere.example"}, {"account": "mira"}])
def test_p12c_a_complaint_about_another_matter_has_a_number_and_a_day_of_its_own(mira, who):
    """P12c: it joined the first, and was answered, or not, with that."""
    if "account" in who:
        who = {"account": mira.pk, "contact": "", "proof": Proof.SESSION}
    first = filed("complaint", words="You wrote me twice.", **who)
    again = filed("complaint", words=" you wrote me  twice.", **who)
    other = filed("complaint", words="Nobody answers the telephone.", **who)
    for each in (first, again):
        each.refresh_from_db()
    assert sorted(each.joined_to_id is not None for each in (first, again)) == [False, True]
    assert other.joined_to is None and other.due_on and other.state in machine.OPEN


def test_p12c_somebody_is_told_anew_when_the_day_of_a_complaint_is_a_later_one(desk, monkeypatch):
    """P12c: told while nobody knew what it was, they are told again when its own day is near."""
    form = {"words": "You wrote me twice.", "contact": "a@elsewhere.example"}
    Client(headers=HERE).post("/privacy/request/", form)
    for turn in ("unsorted", "complaint"):
        row = Request.objects.get()
        for days, told in ((8, False), (6, True), (5, False)):
            left = row.next_on - clock.today() - dt.timedelta(days=days)
            moment = timezone.now().replace(hour=12) + left
            with monkeypatch.context() as then:
                then.setattr(timezone, "now", lambda moment=moment: moment)
                mail.outbox.clear()
                tasks.requests()
            letters_to = [each for each in mail.outbox if row.number in each.body]
            assert bool(letters_to) == told, (turn, days)
        if turn == "unsorted":
            assert act(desk, row, "sort", kind="complaint").status_code == 302
    assert Request.objects.get().kind == "complaint"


def test_p12c_a_deletion_that_fails_keeps_nobody_from_being_told_of_a_complaint(desk, monkeypatch):
    """P12c: on a full disk a deletion that is due is tried again, and all else goes on."""
    in_work("delete", account=make("mira").pk, contact="", channel=Channel.ACCOUNT)
    form = {"kind": "complaint", "words": "You wrote me twice.", "residence": "DE"}
    Client(headers=HERE).post("/privacy/request/", form | {"contact": "a@elsewhere.example"})
    row = Request.objects.get(kind="complaint")
    moment = timezone.now() + (row.next_on - clock.today() - dt.timedelta(days=5))

    def full(*args: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(rights, "leave", full)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    mail.outbox.clear()
    with pytest.raises(ExceptionGroup):
        tasks.requests()
    assert row.number in mail.outbox[-1].body
    assert Request.objects.get(kind="delete").state == State.WORKING
