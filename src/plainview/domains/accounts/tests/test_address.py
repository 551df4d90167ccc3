"""Changing the address and the password: proof of both ends, and word to the old one (P1.1.1b)."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.people import an_hour_later, somebody

from plainview.domains.accounts.tests.conftest import OLD, PASSWORD
from plainview.privacy.policies import controller

pytestmark = pytest.mark.django_db
NEW = "mira@harbour.example"
AGENT = "Mozilla/5.0 (X11; Linux) Firefox/140.0"


@pytest.fixture
def own(mira):
    client = Client(headers={"User-Agent": AGENT})
    client.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    return an_hour_later(client)


def ask_for(own, address=NEW):
    said = {"email": address, "action_add": "1"}
    asked = own.post("/accounts/email/", said)
    assert "reauthenticate" in asked["Location"], "the password proves the old end"
    own.post(asked["Location"], {"password": PASSWORD})


def link_in(sent) -> str:
    return re.search(r"http://localhost:\d+(\S+)", sent.body)[1]


def sign_in(address: str):
    return Client().post("/accounts/login/", {"login": address, "password": PASSWORD})


def test_p1_1_1b_an_address_changes_when_the_new_end_is_proven_and_the_old_end_is_told(own, mira):
    ask_for(own)
    (sent,) = mail.outbox
    assert sent.to == [NEW]
    mira.refresh_from_db()
    assert mira.email == OLD, "until the link is followed"
    own.post(link_in(sent))
    mira.refresh_from_db()
    assert mira.email == NEW
    assert [told.to for told in mail.outbox[1:]] == [[OLD]]
    assert NEW in mail.outbox[1].body
    assert controller().email in mail.outbox[1].body
    assert "/password/reset/" not in mail.outbox[1].body, "the old end sets no password any more"
    assert sign_in(NEW).status_code == 302
    assert sign_in(OLD).status_code == 200


def test_p5_1_1a_a_second_factor_does_not_bar_the_change(own, mira):
    totp.TOTP.activate(mira, totp.generate_totp_secret())
    ask_for(own)
    own.post(link_in(mail.outbox[0]))
    mira.refresh_from_db()
    assert mira.email == NEW


def test_p1_1_1b_a_mail_about_a_change_carries_neither_network_address_nor_browser(own):
    new = "another lantern, another street"
    own.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new})
    (told,) = mail.outbox
    assert told.to == [OLD]
    assert "Your password was changed" in told.subject
    assert "/accounts/password/reset/" in told.body
    assert "127.0.0.1" not in told.body
    assert AGENT not in told.body


@pytest.mark.parametrize(("language", "end"), [("ja", "。"), ("zh-hant", "。"), ("fr", ".")])
def test_a_letter_ends_its_sentence_as_its_language_does(own, mira, language, end):
    new = "another lantern, another street"
    passwords = {"oldpassword": PASSWORD, "password1": new}
    own.post("/accounts/password/change/", passwords, headers={"accept-language": language})
    (told,) = mail.outbox
    first = told.body.splitlines()[0]
    assert "Your password" not in first
    assert first.endswith(end) and not first.endswith(f"{end}{end}")


def test_p2_1_2a_a_forgotten_password_is_set_anew_by_a_link_that_works_once(own, mira):
    client = Client()
    client.post("/accounts/password/reset/", {"email": OLD})
    link = link_in(mail.outbox[0])
    form = client.get(link, follow=True)
    new = "another lantern, another street"
    client.post(form.redirect_chain[-1][0], {"password1": new})
    mira.refresh_from_db()
    assert mira.check_password(new)
    assert "used before" in Client().get(link, follow=True).content.decode()
    assert own.get("/settings/").status_code == 302, "other sessions end with the old password"


def test_an_address_that_others_have_is_asked_for_in_the_same_way(own, mira):
    """Whether somebody has it is told to that address alone."""
    somebody(NEW, PASSWORD)
    ask_for(own)
    assert [sent.to for sent in mail.outbox] == [[NEW]]
    own.post(link_in(mail.outbox[0]))
    mira.refresh_from_db()
    assert mira.email == OLD


def test_p1_1_1b_an_address_that_another_only_typed_is_free_for_whoever_reads_it(own, mira):
    """Somebody's slip of the pen must not keep the owner of that mailbox out for ever."""
    ask_for(own)
    slip = link_in(mail.outbox.pop())
    cache.clear()  # three minutes later: so often an address is written to
    owner = Client(headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"})
    said = {"email": NEW, "password1": PASSWORD, "territory": "DE", "age": "18", "certified": "on"}
    owner.post("/accounts/signup/", said)
    (sent,) = mail.outbox
    assert sent.to == [NEW]
    owner.post(link_in(sent))
    assert owner.get("/settings/").status_code == 200
    own.post(slip)
    mira.refresh_from_db()
    assert mira.email == OLD, "the address is another's now"
    assert sign_in(NEW).status_code == 302


def test_p1_1_1b_a_new_password_is_set_by_an_address_that_was_proved_alone(own, mira):
    ask_for(own)
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": NEW})
    (told,) = mail.outbox
    assert told.to == [NEW]
    assert "There is no account with this address" in told.body
    assert "/password/reset/key/" not in told.body
