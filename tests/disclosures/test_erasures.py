"""Whoever got something is asked to erase it, and nothing is complete before they confirm (15)."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import AUDIENCE, KEY, YES, enter, words

from plainview.domains.accounts.models import Role, User
from plainview.platform.jobs import worker
from plainview.privacy.disclosures import services, signing
from plainview.privacy.models import Erasure, Recall, Request
from plainview.privacy.requests import numbers, tasks
from plainview.privacy.requests.machine import State

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DESK = "/desk/privacy/disclosures/"


@pytest.fixture
def ines(member, connect, platform) -> User:
    """Somebody whose address is in an audience by her own yes."""
    connect(northgate=("audience", platform.url))
    user = member("ines", choices=YES)
    services.disclose(**AUDIENCE, subject=user.pk)
    worker.run_all()
    platform.got.clear()
    return user


@pytest.fixture
def later(monkeypatch) -> Callable[..., None]:
    """`later(days=7)`: hours pass, and after every `step` of them the worker does what is due."""
    real, shift = timezone.now, [dt.timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: real() + shift[0])

    def pass_(step: int = 1, **by: float) -> None:
        end = shift[0] + dt.timedelta(**by)
        while shift[0] < end:
            shift[0] = min(end, shift[0] + dt.timedelta(hours=step))
            worker.run_all()

    return pass_


@pytest.fixture
def desk(at_desk) -> Callable[[], Client]:
    """An officer who comes to the desk; after days it is another's turn."""
    roles, number = f"{Role.OFFICER} {Role.ADMINISTRATOR}", itertools.count()

    def entered() -> Client:
        address = f"officer{next(number)}@lantern.example"
        return at_desk(User.objects.create_user(address, roles=roles), Client())

    return entered


def confirm(row: Recall) -> None:
    """The recipient says over the wire that it is done."""
    heads = signing.headers(KEY, "m1", b"{}", time.time())
    path = f"/recipients/northgate/recalls/{row.key}/"
    answer = Client().post(path, b"{}", content_type="application/json", headers=heads)
    assert answer.status_code == 204


def test_p5_2_1_4a_a_recipient_that_is_down_for_a_week_is_told_in_the_end(
    ines, platform, later, desk
):
    platform.status = 503
    address = enter(ines).post("/privacy/leave/confirm/", {"sure": "yes"})["Location"]
    tried = []
    for _day in range(7):
        later(days=1)
        tried.append(len(platform.got))
        assert Erasure.objects.get().state == "done", "here all of it is gone"
        page = words(Client().get(address))
        assert "not confirmed by everybody yet" in page
        assert "Northgate Social Being told" in page
        assert "You have left" not in page
        told = Client().get(f"{address}report.json").json()
        assert (told["complete"], told["stores"]["recipients"]) == (False, "waiting")
        at_the_desk = words(desk().get(DESK))
        assert "Northgate Social" in at_the_desk
        assert "Being told They did not take it (http-503)." in at_the_desk, "the officer reads why"
    daily = [after - before for before, after in itertools.pairwise(tried)]
    assert tried[0] >= 8, "at first again and again"
    assert all(3 <= each <= 5 for each in daily), "then every few hours"
    assert len({got.headers["idempotency-key"] for got in platform.got}) == 1, "always as the same"
    platform.status = 200
    later(hours=7)
    assert Recall.objects.get().state == "confirmed"
    assert "You have left" in words(Client().get(address))
    told = Client().get(f"{address}report.json").json()
    assert told["complete"]
    assert told["stores"] == {
        "database": "removed",
        "files": "nothing-held",
        "search-index": "nothing-held",
        "caches": "nothing-held",
        "jobs": "nothing-held",
        "logs": "nothing-held",
        "recipients": "removed",
        "backups": "nothing-held",
    }
    assert "Northgate Social" not in words(desk().get(DESK)).partition("How much went")[0]


def test_p5_2c_a_request_is_not_answered_while_a_recipient_is_silent_and_rises_before_its_day(
    ines, platform, later, desk
):
    platform.status = 202  # taken, and never confirmed
    client = enter(ines)
    client.post("/privacy/requests/new/", {"kind": "delete"})
    row = Request.objects.get()
    if row.state != State.WORKING:
        link = re.search(r"https?://[^/]+(/privacy/request/\S+/prove/\S+/)", mail.outbox[-1].body)
        client.post(link[1])
    mine = f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/"
    case = f"/desk/privacy/requests/{row.number}/"
    later(days=3, minutes=1)
    tasks.requests()
    later(hours=1)
    assert not User.objects.filter(pk=ines.pk).exists()
    for _week in range(5):
        tasks.requests()
        row.refresh_from_db()
        assert (row.state, row.outcome) == (State.WORKING, "")
        page = words(Client().get(mine))
        assert "everybody has confirmed" in page
        assert "Northgate Social Told, not confirmed yet" in page
        assert "Take the request back" not in page
        assert "Not complete" in words(desk().get(case))
        if row.escalated_at is not None:
            break
        later(days=6, step=12)
    assert row.escalated_at is not None
    assert row.escalated_at.date() < row.due_on, "somebody is told before it is late"
    recall = Recall.objects.get()
    assert (recall.escalated, recall.reminded >= 4) == (True, True)
    granted = {"act": "take", "seq": row.seq, "outcome": "granted", "said": "All is gone."}
    refused = desk().post(f"{case}answer/", granted)
    assert refused.status_code == 409
    assert "somebody has not confirmed" in words(refused)

    confirm(recall)
    tasks.requests()
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.ANSWERED, "granted")
    assert "Northgate Social Confirmed" in words(Client().get(mine))
    assert "Complete" in words(desk().get(case))
