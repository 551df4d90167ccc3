"""Another secret key: what the one before signed holds while that is listed, and no longer.

What left under it, and is known again: `tests/disclosures/test_another_key.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.people import HERE, somebody
from tests.requests.test_acting import PDF, ask, paper

from plainview.domains.accounts.services import reencrypt
from plainview.privacy.consent import stopping
from plainview.privacy.gate.duties import duty
from plainview.privacy.post import services as taking
from plainview.privacy.requests.models import Evidence, Request
from plainview.web import rotation
from plainview.web.doctor import doctor

pytestmark = pytest.mark.django_db
PASSWORD, OLD = "the night train leaves at nine", "mira@lantern.example"
NEW_KEY, DAY = "n" * 60, dt.timedelta(1)


@pytest.fixture
def mira():
    cache.clear()
    return somebody(OLD, PASSWORD)


def rotate(monkeypatch, *, listed: bool) -> None:
    before = settings.SECRET_KEY_FALLBACKS or [settings.SECRET_KEY]
    monkeypatch.setattr(settings, "SECRET_KEY", NEW_KEY)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", before if listed else [])


def retire(monkeypatch) -> None:
    """The service starts again with another key, and the one before opens nothing any more."""
    before = settings.SECRET_KEY
    monkeypatch.setattr(settings, "SECRET_KEY", NEW_KEY)
    monkeypatch.setattr(settings, "SECRET_KEYS_RETIRED", [before])


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


def test_p5_1_2a_a_key_that_opens_nothing_knows_again_who_refused_news(mira, monkeypatch):
    """Whoever stole it signs no link and no session, and no news begins anew by that."""
    client = Client(headers=HERE)
    client.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    Client().post("/accounts/password/reset/", {"email": OLD})
    forgotten = link("/accounts/password/reset/key/")
    Client(headers=HERE).post("/privacy/request/", {"kind": "access", "contact": "a@b.example"})
    status = Client(headers=HERE).post(link("/privacy/request/[^/]+/prove/"))["Location"]
    stopping.stop("gone@lantern.example")
    retire(monkeypatch)
    assert client.get("/settings/").status_code == 302
    assert Client().get(forgotten).status_code == 200, "a page that says it works no more"
    ended = Client().get(status)
    assert ended.status_code == 404
    assert "This link has ended" in ended.content.decode(), "and what to do"
    assert "This link has ended" not in Client().get(f"{status[:-3]}xx/").content.decode()
    assert stopping.stopped("marketing-email", "gone@lantern.example")


def test_guesses_are_counted_on_under_another_key(mira, monkeypatch):
    """A key that changes gives nobody as many tries again, nor a code a second use."""
    assert cache.add("tries", 4, timeout=60)
    rotate(monkeypatch, listed=True)
    assert cache.get("tries") == 4
    assert not cache.add("tries", 0, timeout=60)
    cache.set("tries", 5, timeout=120)
    assert cache.get("tries") == 5
    assert cache.delete("tries")
    assert cache.get("tries") is None


def test_a_letter_that_came_before_is_not_taken_in_twice(mira, monkeypatch):
    """A mailbox that hands a letter over again makes no second request of it."""
    raw = b"From: a@b.example\r\nTo: privacy@lantern.example\r\nMessage-ID: <1@b.example>\r\n"
    raw += b"Subject: My data\r\n\r\nSend me a copy of my data.\r\n"
    assert taking.take(raw)
    rotate(monkeypatch, listed=True)
    assert not taking.take(raw)


def test_a_session_is_ended_by_its_handle_on_a_page_of_before(mira, monkeypatch):
    here, there = Client(headers=HERE), Client(headers=HERE)
    for browser in (here, there):
        browser.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    page = here.get("/accounts/sessions/").content.decode()
    rotate(monkeypatch, listed=True)
    for handle in re.findall(r'value="([0-9a-f]{32})"', page):
        here.post("/accounts/sessions/", {"end": handle})
    assert there.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200


@pytest.fixture
def days(monkeypatch, tmp_path):
    """`days(7)`: go on by so many days; the data folder is the test's own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    start = timezone.now()
    return lambda many: monkeypatch.setattr(timezone, "now", lambda: start + many * DAY)


def advice() -> list[str]:
    """What the doctor has to say of secret keys: what is so, and what to do about it."""
    return [words for what, remedy, _ in rotation.due() for words in (what, remedy) if words]


def test_the_doctor_says_when_a_key_of_before_may_go_and_misses_one_that_went(monkeypatch, days):
    """Nothing that it was known by is lost unnoticed: neither a refusal nor a link in a letter."""
    rotation.note()
    before = settings.SECRET_KEY
    assert advice() == []
    days(1)
    rotate(monkeypatch, listed=True)
    rotation.note()
    assert "still opens links and sessions" in advice()[0]
    assert len(advice()) == 1, "nothing is to be done yet"
    days(13 * 31 + 1)
    assert "Move it on from PLAINVIEW_SECRET_KEY_FALLBACKS" in advice()[1]
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    told = CliRunner().invoke(doctor).output
    assert "MEND  a secret key that was in use until" in told
    assert "PLAINVIEW_SECRET_KEYS_RETIRED" in told
    monkeypatch.setattr(settings, "SECRET_KEYS_RETIRED", [before])
    assert "still knows who refused news" in advice()[0]
    assert len(advice()) == 1
    days(10 * 366)
    assert "Take it out of PLAINVIEW_SECRET_KEYS_RETIRED" in advice()[1]
    monkeypatch.setattr(settings, "SECRET_KEYS_RETIRED", [])
    assert advice() == [], "nothing is kept any more that it knew"


def test_after_a_restore_the_doctor_still_says_when_a_key_of_before_may_go(monkeypatch, days):
    """The file of days is in no backup: it begins anew with the key of now, and the days count."""
    rotate(monkeypatch, listed=True)
    rotation.note()
    days(13 * 31 - 1)
    rotation.note()
    assert len(advice()) == 1, "nothing is to be done yet"
    days(13 * 31 + 1)
    assert "Move it on from PLAINVIEW_SECRET_KEY_FALLBACKS" in advice()[1]
    monkeypatch.setattr(settings, "SECRET_KEYS_RETIRED", settings.SECRET_KEY_FALLBACKS)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    days(10 * 366)
    assert "Take it out of PLAINVIEW_SECRET_KEYS_RETIRED" in advice()[1]


def test_a_paper_that_goes_while_others_come_under_another_key_stays_gone():
    """The change of keys ended there."""
    ask(file=paper())
    first = Evidence.objects.get()
    kept = Evidence.objects.create(
        request=first.request, kind=first.kind, file=PDF, media=first.media,
        asked_at=first.asked_at,
    )  # fmt: skip
    doomed = {first.pk, kept.pk}

    def goes(execute: Any, sql: str, given: Any, *rest: Any) -> Any:
        if doomed and 'UPDATE "privacy_request_evidence"' in sql:
            one = next(each for each in sorted(doomed) if each not in (given or ()))
            doomed.clear()
            with duty("fixture"):
                Evidence.objects.filter(pk=one).delete()
        return execute(sql, given, *rest)

    with connection.execute_wrapper(goes):
        assert reencrypt() == 1
    assert Evidence.objects.get().file == PDF
