"""What this page used: the gate's own count, posted from the foot of the page, kept nowhere."""

from __future__ import annotations

import re

import pytest
from tests.people import HERE

from plainview.domains.accounts.models import User
from plainview.privacy import used

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    person = User.objects.create_user("viewer@example.org", "a long sentence of words")
    client.force_login(person)
    return person


def record(page: str) -> str:
    found = re.search(r'name="record" value="([^"]+)"', page)
    return found[1] if found else ""


def test_p5_2_1_1a_a_member_reads_what_the_page_used_and_why(client, member):
    page = client.get("/")
    answer = client.post("/privacy/used/", {"record": record(page.content.decode())}, headers=HERE)
    text = answer.content.decode()
    assert "your email address" in text
    assert "Sign you in" in text
    assert "This is part of what you asked for" in text
    assert answer["Cache-Control"].startswith("max-age=0")


def test_a_page_that_used_nothing_carries_no_record_and_stays_the_same(client):
    first, second = client.get("/"), client.get("/")
    assert record(first.content.decode()) == ""
    assert first.content == second.content
    assert "Nothing." in client.post("/privacy/used/", {}, headers=HERE).content.decode()


def test_a_record_is_the_same_all_day_so_that_an_unchanged_page_is_not_sent_twice(client, member):
    client.get("/")  # where they are is new to us once
    tag = client.get("/")["ETag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    "token", ["x", "a:b", "eJwrSS0uAQAEXQHB:forged", "é", "x" * 9000, "eJw:" + "A" * 27]
)
def test_a_forged_record_is_not_shown(client, token):
    answer = client.post("/privacy/used/", {"record": token}, headers=HERE)
    assert answer.status_code == 422
    assert "not made by a page of ours" in answer.content.decode()


def test_a_record_of_another_day_is_not_shown(client, monkeypatch):
    token = used.sign([used.Used("account", "contact.email", 1)])
    assert used.read(token) == [used.Used("account", "contact.email", 1)]
    today = used._today()
    monkeypatch.setattr(used, "_today", lambda: today + 2)
    answer = client.post("/privacy/used/", {"record": token}, headers=HERE)
    assert answer.status_code == 422
    assert "older than a day" in answer.content.decode()


def test_the_record_is_asked_for_by_our_own_pages_only(client):
    there = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/privacy/used/", {"record": "x"}, headers=there).status_code == 403
    assert "At the foot" in client.get("/privacy/used/").content.decode()


def test_a_page_that_looks_through_all_that_is_held_says_so(client, member):
    token = record(client.get("/privacy/").content.decode())
    text = client.post("/privacy/used/", {"record": token}, headers=HERE).content.decode()
    assert "It looked through everything we hold about you" in text
    token = record(client.get("/settings/").content.decode())
    text = client.post("/privacy/used/", {"record": token}, headers=HERE).content.decode()
    assert "looked through everything" not in text
