"""What is set aside as unlawful, or for a claim, rests until they want it used (P5.2.1.6a)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from tests.requests.conftest import OFFICER, act, latest, permits, signed_in

from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.requests import services, tasks
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW, STAYS = "/privacy/requests/new/", "stays so until you take the request back"
USED = "is used again from now on"


def asks(user, restricts: str) -> Request:
    signed_in(user).post(NEW, {"kind": "restrict", "restricts": restricts})
    return latest()


def answered(desk, row: Request, outcome: str = "granted") -> None:
    assert act(desk, row, "answer", outcome=outcome, said="We looked at it.").status_code == 302
    row.refresh_from_db()
    assert row.state == State.ANSWERED


def a_year_on(monkeypatch) -> None:
    later = timezone.now() + dt.timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.requests()


def aside(user) -> bool:
    return bool(permissions.read(user.pk)[0].restrictions) and not permits(user, "recommend")


@pytest.mark.parametrize("ground", ["unlawful", "no-longer-needed", ""])
def test_p5_2_1_6a_it_rests_until_they_take_it_back(mira, desk, monkeypatch, ground):
    """GDPR 18(1)(b) and (c), 18(3): no answer and no day ends it, and they read that it lasts."""
    row = asks(mira, ground)
    answered(desk, row)
    assert STAYS in mail.outbox[-1].body and "used again" not in mail.outbox[-1].body
    a_year_on(monkeypatch)
    assert aside(mira)
    hers = signed_in(mira)
    page = hers.get(f"/privacy/requests/{row.number}/")
    assert STAYS in page.text and "By " not in page.text.split("</section>")[0]
    hers.post(f"/privacy/requests/{row.number}/", {"act": "withdraw"})
    assert not permissions.read(mira.pk)[0].restrictions and USED in mail.outbox[-1].body
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.CLOSED, "granted")
    assert "You took it back" in hers.get(f"/privacy/requests/{row.number}/").text


@pytest.mark.parametrize("ground", ["accuracy-disputed", "objection-pending"])
def test_what_is_checked_or_weighed_is_used_again_when_that_is_settled(
    mira, desk, monkeypatch, ground
):
    row = asks(mira, ground)
    answered(desk, row)
    assert "used again from" in mail.outbox[-1].body
    page = signed_in(mira).post(f"/privacy/requests/{row.number}/", {"act": "withdraw"})
    assert page.status_code == 422
    assert aside(mira)
    a_year_on(monkeypatch)
    assert not permissions.read(mira.pk)[0].restrictions


def test_what_was_refused_is_used_again_as_they_were_told(mira, desk, monkeypatch):
    row = asks(mira, "unlawful")
    act(desk, row, "refuse", ground="unfounded", said="You agreed to it in May.")
    assert "used again from" in mail.outbox[-1].body
    a_year_on(monkeypatch)
    assert not permissions.read(mira.pk)[0].restrictions


def test_what_ends_on_another_day_is_no_part_of_it(mira, desk, monkeypatch):
    """Joined to what is checked, it would end with that."""
    checked, unlawful = asks(mira, "accuracy-disputed"), asks(mira, "unlawful")
    assert unlawful.state == State.WORKING
    act(desk, unlawful, "join", other=checked.number)
    unlawful.refresh_from_db()
    assert unlawful.state == State.WORKING
    answered(desk, checked)
    answered(desk, unlawful)
    a_year_on(monkeypatch)
    assert aside(mira)
    checked.refresh_from_db()
    assert checked.state == State.CLOSED


def test_an_officer_enters_that_they_want_it_used_again(mira, desk):
    """By telephone or letter; of what is settled by itself nobody closes the request sooner."""
    row = asks(mira, "unlawful")
    answered(desk, row)
    act(desk, row, "close", note="She called.")
    assert not permissions.read(mira.pk)[0].restrictions and USED in mail.outbox[-1].body
    row = asks(mira, "accuracy-disputed")
    answered(desk, row)
    act(desk, row, "close", note="Enough.")
    row.refresh_from_db()
    assert row.state == State.ANSWERED and aside(mira)


def test_it_ends_with_the_account(mira, monkeypatch):
    row = asks(mira, "unlawful")
    services.move(row.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="Done.")
    rights.leave(mira.pk)
    worker.run_all()
    a_year_on(monkeypatch)
    row.refresh_from_db()
    assert row.state == State.CLOSED
