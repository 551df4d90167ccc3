"""What tests of requests share: somebody who asks, from home or as a stranger, and who answers."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from tests.consent.conftest import window  # noqa: F401
from tests.people import HERE, browser_of, make, somebody

from plainview.domains.accounts.models import Role, User
from plainview.privacy import permissions
from plainview.privacy.policies import in_force
from plainview.privacy.requests import services
from plainview.privacy.requests.models import Channel, Proof, Request
from plainview.privacy.requests.services import Asked

ASKS, QUEUE = "/privacy/request/", "/desk/privacy/requests/"
OFFICER, COLLEAGUE = 11, 12


def member(name: str, place: str) -> User:
    """Somebody whose address is confirmed, and who lives in a place."""
    user = somebody(f"{name}@lantern.example", "a lantern in the rain")
    here = permissions.newcomer(place)
    permissions.change(user.pk, lambda facts: permissions.resident(here, place))
    return user


def filed(kind: str = "access", **more) -> Request:
    asked = {"contact": "3 Quay Road, Cork", "place": "DE", "language": "en"} | more
    channel = asked.pop("channel", Channel.FORM)
    return services.file(Asked(kind=kind, channel=channel, **asked))


def in_work(kind: str = "access", **more) -> Request:
    return filed(kind, **{"proof": Proof.MAIL} | more)


def signed_in(user: User) -> Client:
    return browser_of(user, headers=HERE)


@pytest.fixture
def mira(db) -> User:
    """Who asks, at home in Germany where a file says nothing else of her."""
    return member("mira", "DE")


@pytest.fixture
def at_home(mira) -> Client:
    return signed_in(mira)


@pytest.fixture
def stranger() -> Client:
    return Client(headers=HERE)


@pytest.fixture
def officer(db) -> User:
    return make("officer", Role.OFFICER)


@pytest.fixture
def desk(at_desk, officer) -> Client:
    return at_desk(officer, Client())


@pytest.fixture
def second(at_desk) -> Client:
    """Another officer, where two are needed."""
    return at_desk(make("second", Role.OFFICER), Client())


def act(client: Client, row: Request, step: str, **values):
    said = {"act": "take", "seq": Request.objects.get(pk=row.pk).seq} | values
    return client.post(f"{QUEUE}{row.number}/{step}/", said)


def latest() -> Request:
    return Request.objects.latest("received_at")


def link_in(letter: mail.EmailMessage) -> str:
    return re.search(r"https?://[^/]+(/privacy/request/\S+/prove/\S+/)", letter.body)[1]


def permits(user: User, purpose: str) -> bool:
    bits = permissions.integer(permissions.read(user.pk)[0], device=False)
    return bool(bits >> in_force().bit(purpose) & 1)
