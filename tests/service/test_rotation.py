"""Another secret key: what the one before signed holds while that is listed, and no longer."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from plainview.domains.accounts.models import User
from plainview.privacy.consent import stopping
from plainview.privacy.requests.models import Request

pytestmark = pytest.mark.django_db
PASSWORD, OLD = "the night train leaves at nine", "mira@lantern.example"
HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
NEW_KEY = "n" * 60


@pytest.fixture
def mira():
    cache.clear()
    user = User.objects.create_user(OLD, PASSWORD)
    EmailAddress.objects.create(user=user, email=OLD, verified=True, primary=True)
    return user


def rotate(monkeypatch, *, listed: bool) -> None:
    before = settings.SECRET_KEY_FALLBACKS or [settings.SECRET_KEY]
    monkeypatch.setattr(settings, "SECRET_KEY", NEW_KEY)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", before if listed else [])


def link(pattern: str) -> str:
    return re.search(rf"https?://[^/\s]+({pattern}\S+)", mail.outbox[-1].body)[1]


def test_p1_1_1b_sessions_and_links_hold_while_the_key_before_is_listed(mira, monkeypatch):
    """A session, the link of a forgotten password, of a request, and who refused news."""
    client = Client(headers=HERE)
    client.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    idle = Client(headers=HERE)
    idle.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    Client().post("/accounts/password/reset/", {"email": OLD})
    forgotten = link("/accounts/password/reset/key/")
    Client(headers=HERE).post("/privacy/request/", {"kind": "access", "contact": "a@b.example"})
    status = Client(headers=HERE).post(link("/privacy/request/[^/]+/prove/"))["Location"]
    Client(headers=HERE).post("/privacy/request/", {"kind": "access", "contact": "c@d.example"})
    proof = link("/privacy/request/[^/]+/prove/")
    stopping.stop("gone@lantern.example")

    def holds() -> tuple[bool, ...]:
        reads = Client()
        return (
            reads.get(forgotten).status_code == 302,
            reads.get(status).status_code == 200,
            stopping.stopped("marketing-email", "gone@lantern.example"),
        )

    assert holds() == (True,) * 3
    rotate(monkeypatch, listed=True)
    assert client.get("/settings/").status_code == 200
    assert holds() == (True,) * 3
    assert Client(headers=HERE).post(proof).status_code == 302
    assert Request.objects.get(contact="c@d.example").proof == "mail"
    rotate(monkeypatch, listed=False)
    assert holds() == (False,) * 3
    assert idle.get("/settings/").status_code == 302
    assert client.get("/settings/").status_code == 200, "it was renewed under the key of now"
