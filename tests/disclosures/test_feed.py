"""What partners say of people is kept after a yes, told, and gone with a no (P1.3.3a)."""

from __future__ import annotations

import json
import time
from email import message_from_bytes, policy

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import KEY, change, enter, words, work
from tests.people import answers

from plainview.engine.standing import Restriction
from plainview.privacy.disclosures import signing
from plainview.privacy.models import Fed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _books(connect) -> None:
    """A partner who may tell us of people."""
    connect(**{"harbour-books": ("webhook", "https://books.example")})


def say(people: list[dict], key: str = KEY, id_: str = "m1", recipient: str = "harbour-books"):
    body = json.dumps({"people": people}).encode()
    heads = signing.headers(key, id_, body, time.time())
    address = f"/recipients/{recipient}/feed/"
    return Client().post(address, body, content_type="application/json", headers=heads)


def test_p1_3_3a_a_refusers_row_is_not_stored_and_the_sender_is_told(member, connect, mailbox):
    connect(**{"harbour-books": ("webhook", "https://books.example"), "holdings": ("webhook", "x")})
    yes = member("yes", choices={"inbound-feed": "granted"})
    member("no", choices={"inbound-feed": "denied"})
    member("new")
    rows = [
        {"email": f"{name}@lantern.example", "says": {"reads": "novels"}}
        for name in ("yes", "no", "new", "stranger")
    ]
    answer = say(rows)
    assert answer.json() == {"stored": 1, "not_stored": [1, 2, 3]}, "why is nobody's business"
    kept = Fed.objects.get()
    assert (kept.subject, json.loads(kept.said)) == (yes.pk, {"reads": "novels"})
    assert say(rows).json()["stored"] == 1
    assert Fed.objects.count() == 1, "the same message stores nothing twice"
    later = say(rows[1:3], id_="m2").json()
    assert later == {"stored": 0, "not_stored": [0, 1]}, "the sender is told at each feed"
    work()
    (receivers, letter), *more = mailbox.letters
    assert (receivers, more) == (["yes@lantern.example"], [])
    assert b"Harbour Books" in letter
    assert Fed.objects.get().told_at is not None
    page = words(enter(yes).get("/privacy/held/partner.feed/"))
    assert "novels" in page
    assert "a business partner" in words(enter(yes).get("/privacy/"))


def test_p1_3_3a_an_address_that_nobody_proved_is_told_nothing_of_its_owner(member):
    """P1.3.3a: whoever registers with an address of somebody else reads nothing said of them."""
    other = member("yes", choices={"inbound-feed": "granted"})
    EmailAddress.objects.filter(user=other).update(verified=False)
    rows = [{"email": "yes@lantern.example", "says": {"reads": "novels"}}]
    assert say(rows).json() == {"stored": 0, "not_stored": [0]}
    assert not Fed.objects.exists()


def test_p1_3_3a_the_letter_comes_in_its_readers_language_and_the_page_says_who_and_when(
    member, mailbox
):
    """P1.3.3a: the partner's request says nothing of the language of whom it is about."""
    yes = member("yes", "US-OR")  # asked nothing yet: there it is done until a no
    browser = enter(yes)
    browser.post("/language/", {"language": "es", "next": "/"})
    assert say([{"email": "yes@lantern.example", "says": {"reads": "novels"}}]).json()["stored"]
    work()
    ((_, letter),) = mailbox.letters
    text = message_from_bytes(letter, policy=policy.default).get_body(("plain",)).get_content()
    assert "Harbour Books nos dijo algo sobre ti." in text
    assert "porque" not in text, "they did not say that it may be"
    page = words(browser.get("/privacy/held/partner.feed/"))
    assert "Harbour Books" in page
    assert str(timezone.localdate().year) in page


@pytest.mark.parametrize("way", ["choices", "foot", "signal"])
def test_p1_3_3a_a_no_that_comes_later_takes_what_partners_had_sent_with_it(member, mailbox, way):
    """P1.3.3a: what they send about people who refuse is thrown away, whenever they refuse."""
    yes, other = (member(each, choices={"inbound-feed": "granted"}) for each in ("yes", "other"))
    rows = [
        {"email": f"{each}@lantern.example", "says": {"reads": "novels"}}
        for each in ("yes", "other")
    ]
    assert say(rows).json()["stored"] == 2
    browser = enter(yes)
    assert "novels" in words(browser.get("/privacy/held/partner.feed/"))
    if way == "choices":
        shown = browser.get("/privacy/choices/").context["shown"]
        said = {"via": "centre", "answer": "save", "shown": shown, "purpose-inbound-feed": "no"}
        assert browser.post("/privacy/choices/", said).status_code < 400
    elif way == "foot":
        assert browser.post("/privacy/opt-out/", {"via": "foot"}).status_code < 400
    else:
        browser.get("/", headers={"Sec-GPC": "1"})
    assert [row.subject for row in Fed.objects.all()] == [other.pk]
    assert "novels" not in words(browser.get("/privacy/"))
    assert say(rows, id_="m2").json() == {"stored": 1, "not_stored": [0]}


def test_p5_2_1_6a_what_partners_sent_stays_with_whoever_asked_that_it_be_kept(member):
    """P5.2.1.6a: a restriction removes no data; once it ends, the no that came meanwhile holds."""
    yes = member("yes", choices={"inbound-feed": "granted"})
    rows = [{"email": "yes@lantern.example", "says": {"reads": "novels"}}]
    assert say(rows).json()["stored"] == 1
    kept = Restriction(ground="unlawful", categories=frozenset({"partner.feed"}))
    change(yes, restrictions=(kept,))
    answers(enter(yes), "reject")
    assert Fed.objects.exists()
    change(yes, restrictions=())
    assert not Fed.objects.exists()


@pytest.mark.parametrize(
    ("people", "key", "recipient", "status"),
    [
        ([], "another key", "harbour-books", 401),
        ([], KEY, "harrowgate", 404),
        ([], KEY, "nobody", 404),
        ([{"email": "yes@lantern.example"}], KEY, "harbour-books", 422),
        ([{"email": "x", "says": {}, "more": 1}], KEY, "harbour-books", 422),
        ([{"email": "x", "says": {"a": [1]}}], KEY, "harbour-books", 422),
    ],
)
def test_a_feed_that_is_not_signed_declared_or_fit_stores_nothing(people, key, recipient, status):
    answer = say(people, key=key, recipient=recipient)
    assert answer.status_code == status
    assert not Fed.objects.exists()
