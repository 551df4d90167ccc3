"""A form that asks for the password first is kept till then; of a stranger nothing is."""

from __future__ import annotations

import json
import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests.rights.conftest import HERE, PASSWORD, enter
from tests.rights.test_forgeries import EVERYTHING, doors

from plainview.privacy.models import Session
from plainview.web import confirming

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (a browser that says much of its reader)"


def test_p5_2_1_4a_what_was_typed_is_done_once_the_password_is_given(ines):
    client = enter(ines, confirmed=False)
    form = {"action_add": "", "email": "new@lantern.example"}
    asked = client.post("/accounts/email/", form, headers={"User-Agent": AGENT})
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    assert not EmailAddress.objects.filter(email="new@lantern.example").exists()
    kept = json.dumps(dict(client.session))
    assert "new%40lantern.example" in kept
    for word in (AGENT, "REMOTE_ADDR", "127.0.0.1", "COOKIE", client.session.session_key):
        assert word not in kept, "the form alone is kept, not who sent it from where"
    wrong = client.post(asked["Location"], {"password": "not it"})
    assert wrong.status_code == 200
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    assert EmailAddress.objects.filter(email="new@lantern.example").exists()


def leaves_a_form(client: Client) -> None:
    """Somebody at an open browser, who does not know its owner's password, sends a form."""
    form = {"action_add": "", "email": "another@lantern.example"}
    assert client.post("/accounts/email/", form)["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("page", ["/privacy/copy/", "/accounts/security/recovery-codes/generate/"])
def test_p5_2_1_4a_the_password_for_another_page_sends_no_form_that_was_left(ines, page):
    """It was sent with the password that its owner gave days later, for something else."""
    client = enter(ines, confirmed=False)
    leaves_a_form(client)
    asked = client.get(page)
    assert asked.status_code == 302
    given = client.post(asked["Location"], {"password": PASSWORD})
    assert given["Location"] == page
    assert not EmailAddress.objects.filter(email="another@lantern.example").exists()
    assert "another" not in json.dumps(dict(client.session)), "nor is it kept"


def test_p5_2_1_4a_a_form_waits_for_its_password_for_minutes(ines, monkeypatch):
    client = enter(ines, confirmed=False)
    leaves_a_form(client)
    later = time.time() + confirming.KEPT + 1
    monkeypatch.setattr(confirming.time, "time", lambda: later)
    path = "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    given = client.post(path, {"password": PASSWORD})
    assert given["Location"] == "/accounts/email/"
    assert not EmailAddress.objects.filter(email="another@lantern.example").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_p1_2_6a_a_stranger_fills_no_table_of_sessions(db, every):
    """Each address of the service; what was posted there was kept in a row each, for weeks.

    Who knocks is kept where one signs in, if anywhere: of the other doors a few; in soak all.
    """
    remembers = {"/accounts/security/webauthn/login/"}  # what it asks of a passkey
    found = sorted({path for path, _view in doors()} - remembers)
    knocked = [path for path in found if path.startswith("/accounts/")]
    for path in found if every else {*knocked, *found[::8]}:
        Client(headers=HERE).post(path, EVERYTHING | {"words": "x" * 1000})
        assert not Session.objects.exists(), path
