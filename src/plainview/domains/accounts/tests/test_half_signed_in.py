"""Signing in by two steps, in tabs and after links, and a password forgotten on the way."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from tests.people import HERE, somebody

pytestmark = pytest.mark.django_db
PASSWORD = "the night train leaves at nine"
ADDRESS = "mira@lantern.example"
OTHER = "ines@lantern.example"
LOGIN, STEP = "/accounts/login/", "/accounts/security/authenticate/"


@pytest.fixture
def secret() -> str:
    made: str = totp.generate_totp_secret()
    totp.TOTP.activate(somebody(ADDRESS, PASSWORD), made)
    return made


@pytest.fixture
def client() -> Client:
    return Client(headers=HERE)


def password(client: Client, address: str = ADDRESS, going: str = ""):
    return client.post(LOGIN, {"login": address, "password": PASSWORD, "next": going})


def code(client: Client, secret: str):
    value = totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    return client.post(STEP, {"code": totp.format_hotp_value(value)})


def test_p1_1_1c_who_is_half_signed_in_comes_to_the_link_they_followed_last(client, secret):
    assert password(client, going="/my/list/")["Location"] == STEP
    followed = client.get("/settings/profile/", follow=True)
    assert followed.redirect_chain[-1][0] == STEP
    assert code(client, secret)["Location"] == "/settings/profile/"


def test_p1_1_1c_no_link_leads_out_of_the_service_after_the_second_step(client, secret):
    password(client, going="/my/list/")
    client.get(LOGIN, {"next": "https://elsewhere.example/"})
    assert code(client, secret)["Location"] == "/my/list/"


def test_p1_1_1c_who_signs_in_in_another_tab_is_asked_for_no_code_of_somebody_else(client, secret):
    somebody(OTHER, PASSWORD)
    password(client, going="/my/list/")
    answer = password(client, OTHER, "/my/history/")
    assert answer["Location"] == "/my/history/"
    assert OTHER in client.get("/accounts/email/").content.decode()


def test_who_forgot_the_password_is_led_on_to_where_they_were_going(client):
    somebody(ADDRESS, PASSWORD)
    page = client.get(LOGIN, {"next": "/my/list/?page=2"}).content.decode()
    link = re.search(r'href="(/accounts/password/reset/[^"]*)"', page)
    assert link, "the way to a new password stands there"
    form = client.get(link[1].replace("&amp;", "&")).content.decode()
    its_own = form.partition('action="/accounts/password/reset/"')[2]
    going = re.search(r'name="next" value="(.*?)"', its_own)
    assert going and going[1] == "/my/list/?page=2"
    said = {"email": ADDRESS, "next": going[1]}
    done = client.post("/accounts/password/reset/", said, follow=True)
    assert "/accounts/login/?next=%2Fmy%2Flist%2F%3Fpage%3D2" in done.content.decode()
    assert "my/list" not in mail.outbox[-1].body, "the letter says not where they were going"
