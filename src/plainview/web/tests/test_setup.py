"""The first run: one account, behind the token, once; and the truth about the mail."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from tools.second_factor import code_of

from plainview.domains.accounts.models import Certification, User
from plainview.privacy import permissions
from plainview.privacy.disclosures import connections
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.web import firstrun
from plainview.web.tests.markup import Markup

GOOD = {
    "email": "first@example.org",
    "password": "light the lantern",
    "territory": "US-AL",
    "certified": "on",
    "age": "19",
}


@pytest.fixture
def token(db) -> str:
    return firstrun.token()


def test_without_the_token_there_is_no_such_page(client, token):
    for address in ("/setup/", "/setup/?token=", "/setup/?token=guess"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Each start of the service prints the link that does" in answer.content.decode()
    assert client.post("/setup/", {"token": "guess", **GOOD}).status_code == 404
    assert not User.objects.exists()


def test_it_shows_the_operator_and_holds_nothing_blocked(client, token):
    html = client.get("/setup/", {"token": token}).content.decode()
    assert "<h1>Lantern Street Pictures</h1>" in html
    assert Markup(html).blocked == []


@pytest.mark.django_db(transaction=True)
def test_it_makes_the_account_signs_in_and_closes(client, token):
    response = client.post("/setup/", {"token": token, **GOOD})
    assert response["Location"] == "/desk/"
    assert User.objects.get().is_staff
    certificate = Certification.objects.get()
    assert (certificate.territory, certificate.age) == ("US-AL", 19)
    facts = permissions.stored_facts(Standing.objects.get().facts)
    assert facts.residence == in_force().jurisdiction("US-AL").id
    assert facts.age == "certified-adult"
    assert client.get("/desk/")["Location"] == "/accounts/security/"
    assert "second factor" in client.get("/accounts/security/").content.decode()
    page = client.get("/accounts/security/totp/activate/").content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]
    client.post("/accounts/security/totp/activate/", {"code": code_of(secret)})
    assert client.get("/desk/").status_code == 200
    assert Client().get("/setup/", {"token": token}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short"},
        {"password": "password1234"},
        {"email": "nobody"},
        {"email": ""},
        {"certified": ""},
        {"territory": ""},
        {"age": "18"},
    ],
)
def test_a_refusal_says_why_and_keeps_the_address(client, token, wrong):
    """P10b: an account of the first run, too, needs the certificate that its place asks for."""
    response = client.post("/setup/", {"token": token, **GOOD, **wrong})
    html = response.content.decode()
    assert response.status_code == 422
    assert "field-error" in html
    if wrong.get("email") != "":
        assert f'value="{ {**GOOD, **wrong}["email"] }"' in html
    assert GOOD["password"] not in html
    assert not User.objects.exists()


def test_the_mail_test_sends_one_mail_and_says_so(client, token):
    response = client.post("/setup/", {"token": token, "to": "first@example.org", "test-mail": "1"})
    assert [sent.to for sent in mail.outbox] == [["first@example.org"]]
    html = response.content.decode()
    assert "mail server took it" in html or "No mail server is set" in html
    assert 'value="first@example.org"' in html
    assert not User.objects.exists()


def test_a_policy_that_names_nobody_who_carries_mail_is_said_so(
    client, token, settings, monkeypatch
):
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    monkeypatch.setattr(connections, "carrier", lambda: None)
    response = client.post("/setup/", {"token": token, "to": "first@example.org", "test-mail": "1"})
    page = unescape(response.content.decode())
    assert 'Give the one who does carries = "mail" in recipients.toml' in page


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_is_on_though_no_letter_of_it_can_leave(
    client, token, settings, monkeypatch
):
    client.post("/setup/", {"token": token, **GOOD})
    page = client.get("/accounts/security/totp/activate/").content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]
    settings.EMAIL_BACKEND = "plainview.privacy.disclosures.post.Door"
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    monkeypatch.setattr(connections, "carrier", lambda: None)
    answer = client.post("/accounts/security/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/security/recovery-codes/"


def test_a_mail_server_that_does_not_answer_is_said_so(client, token, settings):
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    response = client.post("/setup/", {"token": token, "to": "first@example.org", "test-mail": "1"})
    html = response.content.decode()
    assert "could not be sent" in html
    assert "PLAINVIEW_EMAIL_URL" in html


def test_the_form_needs_its_token(token):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/setup/", {"token": token, **GOOD}).status_code == 403
    assert not User.objects.exists()
