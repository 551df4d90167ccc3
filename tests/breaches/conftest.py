"""What tests of breaches share: an officer at the desk, and the forms as a browser sends them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import somebody

from plainview.domains.accounts.models import Role, User
from plainview.privacy.breaches.models import Breach

REGISTER = "/desk/privacy/breaches/"
WALL = ZoneInfo("Europe/Dublin")
WHAT = "A copy of the database stood open on the web."


@pytest.fixture
def officer(db) -> User:
    return somebody("officer@lantern.example", roles=Role.OFFICER)


@pytest.fixture
def desk(at_desk, officer) -> Client:
    return at_desk(officer)


def wall(moment: dt.datetime) -> str:
    """A moment as the officer's clock on the wall shows it, to the minute."""
    return f"{moment.astimezone(WALL):%Y-%m-%dT%H:%M}"


def ago(**given: float) -> dt.datetime:
    return timezone.now().replace(second=0, microsecond=0) - dt.timedelta(**given)


def known(aware: dt.datetime, **more: object) -> dict[str, object]:
    return {"aware": wall(aware), "what": WHAT, "places": ["eu-de"], **more}


def page(client: Client, breach: Breach, rest: str = "") -> str:
    return client.get(f"{REGISTER}{breach.number}/{rest}").content.decode()


def act(client: Client, breach: Breach, name: str, **given: object):
    return client.post(f"{REGISTER}{breach.number}/{name}/", given)


@pytest.fixture
def enter(desk: Client) -> Callable[..., Breach]:
    """`enter(hours=3, risk="high")` enters a breach that somebody knew of three hours ago."""

    def sent(hours: float = 1, **more: object) -> Breach:
        before = set(Breach.objects.values_list("pk", flat=True))
        answer = desk.post(f"{REGISTER}new/", known(ago(hours=hours), **more))
        faults = re.findall(r'field-error">.*?<span>(.*?)</span>', answer.content.decode())
        assert answer.status_code == 302, faults
        return Breach.objects.exclude(pk__in=before).get()

    return sent
