"""A stranger who asks and answers without end leaves no more rows than a minute's worth."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import browser_of

from plainview.domains.accounts.models import User
from plainview.privacy.consent.models import Answer, Device
from plainview.privacy.models import Session, Standing
from plainview.privacy.retention.tasks import tidy

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = {"origin": "http://testserver", "sec-fetch-site": "same-origin", "accept-language": "en"}
SCRIPT = {"accept": "application/json"}
PASSKEY = "/accounts/security/webauthn/login/"
ADDRESS, OTHER = "203.0.113.7", "203.0.113.8"
CHALLENGES, ANSWERS = 30, 60
FEW = 5
"""The limit of answers in tests that give each of them."""


@pytest.fixture
def few(settings):
    """A limit of five answers a minute, which takes a twelfth of the time to reach."""
    assert settings.ACCOUNT_RATE_LIMITS["answer"] == f"{ANSWERS}/m/ip"
    fewer = {"answer": f"{FEW}/m/ip", "answer_member": f"{FEW}/m/key"}
    fewer |= {"answer_device": f"{FEW}/m/key,{3 * FEW}/m/ip"}
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **fewer}


def challenged(browser: Client | None = None, address: str = ADDRESS) -> int:
    """The status of the answer to who asks, as the script of the page of signing in does."""
    browser = browser or Client(REMOTE_ADDR=address)
    return browser.get(PASSKEY, headers=SCRIPT).status_code


def by_form(path: str, **sent: str) -> int:
    """The status of a form that a browser sends which never was here."""
    return Client(REMOTE_ADDR=ADDRESS).post(path, sent, headers=PAGE).status_code


def by_program(path: str, **sent: object) -> int:
    """The status of what an app sends that never was here."""
    browser = Client(REMOTE_ADDR=ADDRESS)
    return browser.post(f"/api/v1/{path}", json.dumps(sent), "application/json").status_code


def saved() -> int:
    """The status of an answer to everything, by an app that asked for the words first."""
    browser = Client(REMOTE_ADDR=ADDRESS)
    shown = browser.get("/api/v1/choices/questions").json()["whole"]["shown"]
    return by_program("choices", form="centre", shown=shown, answer="reject")


def test_a_network_has_so_many_challenges_for_a_passkey_in_a_minute(monkeypatch):
    assert [challenged() for _ in range(CHALLENGES + 5)] == [200] * CHALLENGES + [429] * 5
    assert Session.objects.count() == CHALLENGES
    assert Client(REMOTE_ADDR=ADDRESS).head(PASSKEY, headers=SCRIPT).status_code == 429
    assert challenged(address=OTHER) == 200
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert challenged() == 200, "who waits as long as told is let in"


def test_a_challenge_that_nobody_answers_is_gone_within_minutes(monkeypatch):
    browser = Client()
    challenged(browser)
    assert browser.cookies["plainview-session"]["max-age"] == 600
    tidy()
    assert Session.objects.count() == 1
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tidy()
    assert not Session.objects.exists()


def test_whoever_signs_in_after_a_challenge_stays_signed_in(monkeypatch):
    mira = User.objects.create_user("mira@lantern.example", "the night train leaves at nine")
    browser = Client()
    challenged(browser)
    browser.force_login(mira)
    later = timezone.now() + timedelta(days=13)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tidy()
    assert browser.get("/settings/").status_code == 200


@pytest.mark.parametrize(
    ("send", "taken"),
    [
        (lambda: by_form("/privacy/opt-out/"), 302),
        (lambda: by_program("choices/opt-out"), 200),
        (lambda: by_program("signal", signal="gpc"), 200),
        (saved, 200),
    ],
    ids=["form", "program", "signal", "answer"],
)
def test_a_network_begins_so_many_devices_in_a_minute_by_whichever_door(
    few, send, taken, monkeypatch
):
    assert [send() for _ in range(FEW)] == [taken] * FEW
    rows = [Device.objects.count(), Standing.objects.count(), Answer.objects.count()]
    assert rows[0] == FEW
    assert (send(), by_form("/privacy/opt-out/"), saved()) == (429, 429, 429)
    assert [Device.objects.count(), Standing.objects.count(), Answer.objects.count()] == rows
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert send() == taken


def test_who_answers_too_often_is_told_so_and_that_nothing_was_changed(few):
    for _ in range(FEW):
        by_program("choices/opt-out")
    browser = Client(REMOTE_ADDR=ADDRESS)
    form = {"via": "banner", "answer": "reject", "shown": "", "next": "/"}
    page = browser.post("/privacy/choices/", form, headers=PAGE)
    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert "Nothing was changed." in page.content.decode()
    assert not page.cookies
    sent = browser.post("/api/v1/choices/opt-out", "{}", "application/json")
    assert sent.json()["title"].startswith("too many answers within a minute")
    assert (sent.status_code, sent["Retry-After"]) == (429, "60")


def test_whoever_is_known_is_kept_from_no_answer_by_strangers_beside_them(few):
    """P5.1.3a: a no is taken at any time; so often by one alone, it waits as well."""
    mira = User.objects.create_user("mira@lantern.example", "the night train leaves at nine")
    member, answered = Client(REMOTE_ADDR=ADDRESS), Client(REMOTE_ADDR=ADDRESS)
    member.force_login(mira)
    assert answered.post("/privacy/opt-out/", headers=PAGE).status_code == 302
    while by_form("/privacy/opt-out/") == 302:
        pass
    for known in (member, answered):
        said = [known.post("/privacy/opt-out/", headers=PAGE).status_code for _ in range(FEW + 1)]
        assert said == [302] * FEW + [429]


def test_the_devices_of_a_network_answer_so_often_together_and_keep_no_member_from_it(few):
    """Each device is a minute's answer away: without a bound of all, rows would grow by squares."""
    devices = [Client(REMOTE_ADDR=ADDRESS) for _ in range(FEW)]
    for each in devices:
        assert each.post("/privacy/opt-out/", headers=PAGE).status_code == 302
    before = Answer.objects.count()
    said = [each.post("/privacy/opt-out/", headers=PAGE).status_code for each in devices * FEW]
    assert sorted(said) == [302] * (3 * FEW) + [429] * (FEW * FEW - 3 * FEW)
    assert Answer.objects.count() == before + 3 * FEW
    member = browser_of(
        User.objects.create_user("mira@lantern.example", "the night train leaves"),
        REMOTE_ADDR=ADDRESS,
    )
    assert member.post("/privacy/opt-out/", headers=PAGE).status_code == 302
