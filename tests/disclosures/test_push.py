"""News by push: after a yes and a press, sealed for one browser, until a no.

Promises: P2.3a, P5.1.2a, P5.1.3a, P3.1.2b.
"""

from __future__ import annotations

import html
import time
from datetime import timedelta

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from tests.disclosures.browsers import CURVE, Browser, plain, vouched, written
from tests.disclosures.conftest import change, enter, work
from tests.disclosures.conftest import words as marked

from plainview.domains.accounts.models import Language, User
from plainview.domains.marketing import services as marketing
from plainview.engine.standing import Restriction
from plainview.privacy import sessions
from plainview.privacy.models import Disclosure, Recall, Session, Subscription
from plainview.privacy.push import keys, services
from plainview.privacy.rights import services as rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PUSH, PAGE, TURN, WORKER = "marketing-push", "/privacy/news/", "/privacy/push/", "/push/worker.js"
YES = {PUSH: "granted"}
SCRIPT = {"service-worker": "script"}


def words(page) -> str:
    return html.unescape(marked(page))


def turn_on(client: Client, platform, browser: Browser | None = None, name: str = "one") -> Browser:
    """Press the button in a browser, which hands over the address that it was given."""
    browser = browser or Browser()
    endpoint = f"{platform.url}/wpush/v2/{name}"
    page = client.post(TURN, {"act": "on", "endpoint": endpoint, **browser.keys}, follow=True)
    assert "Turned on. This browser gets the news you allowed." in words(page)
    return browser


def tell(topic: str = "films", **texts: str) -> None:
    """A piece of news, sent by push: `en=` and so on are its headings."""
    said = texts or {"en": "Harbour Lights is here"}
    today = timezone.localdate()
    marketing.announce(
        topic=topic,
        texts={code: {"heading": heading, "text": "Tonight."} for code, heading in said.items()},
        title=None,
        first=today,
        last=today,
        by_push=True,
    )
    work()


# What is sent


def test_rfc_8291_appendix_a_is_encrypted_as_it_says():
    """The example of the RFC, byte by byte; and the browser's side reads it."""
    given = {
        "salt": plain("DGv6ra1nlYgDCS1FRnbzlw"),
        "private_key": ec.derive_private_key(
            int.from_bytes(plain("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), CURVE
        ),
    }
    agent = Browser(
        ec.derive_private_key(
            int.from_bytes(plain("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), CURVE
        ),
        plain("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    assert agent.keys["p256dh"] == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    text = b"When I grow up, I want to be a watermelon"
    sealed = keys.sealed(text, **agent.keys, **given)
    assert written(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )
    assert agent.reads(sealed) == text


def test_p2_3a_a_browser_shows_the_heading_and_the_link_and_its_service_reads_neither(
    member, pushing
):
    ines = member("ines", choices=YES)
    browser = turn_on(enter(ines), pushing)
    tell()
    sent = pushing.got[0]
    assert len(pushing.got) == 1
    assert (sent.method, sent.path) == ("POST", "/wpush/v2/one")
    assert browser.shows(sent.body) == {
        "title": "Harbour Lights is here", "link": "/", "lang": "en",
    }  # fmt: skip
    assert b"Harbour" not in sent.body
    with pytest.raises(InvalidTag):
        Browser().shows(sent.body)
    assert sent.headers["content-encoding"] == "aes128gcm"
    assert 0 < int(sent.headers["ttl"]) <= 24 * 3600, "as the policy says of each push service"
    key, claims = vouched(sent.headers["authorization"])
    assert key == keys.public()
    assert claims["aud"] == pushing.url
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert claims["sub"].startswith("mailto:")
    told = {"authorization", "content-encoding", "content-type", "ttl", "urgency"}
    more = {"host", "content-length", "accept-encoding", "connection"}
    assert set(sent.headers) <= told | more, "nothing else of anybody"
    row = Disclosure.objects.get()
    assert (row.recipient, row.purpose, row.state, row.sealed) == ("mozilla-push", PUSH, "sent", "")
    assert row.categories == "device.push"
    assert "wpush" not in str(Disclosure.objects.values())


def test_messages_are_all_of_one_size(member, pushing):
    turn_on(enter(member("ines", choices=YES)), pushing)
    tell(en="Short")
    tell(en="A heading that says a good deal more than the one before it did")
    assert len({len(each.body) for each in pushing.got}) == 1


def test_each_browser_gets_it_in_the_language_of_its_owner_or_one_that_there_is(member, pushing):
    for name, language in (("ines", "ko"), ("otto", "ar"), ("nora", "")):
        user = member(name, choices=YES)
        if language:
            Language.objects.create(account=user, value=language)
        turn_on(enter(user), pushing, BROWSERS.setdefault(name, Browser()), name)
    tell(en="A film", ko="영화")
    got = {each.path.rpartition("/")[2]: each.body for each in pushing.got}
    said = {name: BROWSERS[name].shows(body) for name, body in got.items()}
    assert {name: (each["title"], each["lang"]) for name, each in said.items()} == {
        "ines": ("영화", "ko"), "otto": ("A film", "en"), "nora": ("A film", "en"),
    }  # fmt: skip


BROWSERS: dict[str, Browser] = {}


# Who gets it


def test_p5_1_2a_it_goes_to_those_who_allow_the_channel_and_the_topic_and_to_nobody_else(
    member, pushing
):
    for name, choices in {
        "wants": YES,
        "not-this": {**YES, "news/films": "denied"},
        "no-more": YES,
    }.items():
        user = member(name, choices=choices)
        turn_on(enter(user), pushing, name=name)
    change(user, choices={PUSH: "denied"})
    tell()
    assert [each.path for each in pushing.got] == ["/wpush/v2/wants"]
    tell(topic="events")
    assert {each.path for each in pushing.got} == {"/wpush/v2/wants", "/wpush/v2/not-this"}


@pytest.mark.parametrize(
    ("place", "choices"),
    [
        ("DE", {}),
        ("DE", {PUSH: "denied"}),
        ("US-CO", {}),
        ("DE", {"marketing-email": "granted"}),
        ("DE", {**YES, f"{PUSH}/mozilla-push": "denied"}),
    ],
)
def test_p3_1_2b_without_a_yes_no_address_is_kept_and_the_worker_is_not_handed_over(
    member, pushing, place, choices
):
    """Nor where the law would let news come until a no, nor through whom somebody refused."""
    client = enter(member("ines", place, choices=choices))
    given = {"act": "on", "endpoint": f"{pushing.url}/a", **Browser().keys}
    page = client.post(TURN, given, follow=True)
    assert "say yes to news by push first" in words(page)
    assert not Subscription.objects.exists()
    handed = client.get(WORKER, headers=SCRIPT).status_code
    assert handed == (200 if choices.get(PUSH) == "granted" else 403)


def test_strangers_and_shared_computers_get_neither_button_nor_worker(member, pushing):
    assert Client().get(WORKER, headers=SCRIPT).status_code == 403
    client = enter(member("ines", choices=YES))
    session = client.session
    session[sessions.SHARED] = True
    session.save()
    assert "this computer is shared" in words(client.get(PAGE))
    assert client.get(WORKER, headers=SCRIPT).status_code == 403
    client.post(TURN, {"act": "on", "endpoint": f"{pushing.url}/a", **Browser().keys})
    assert not Subscription.objects.exists()


def test_the_page_asks_first_and_offers_the_button_only_then(member, pushing):
    ines = member("ines")
    client = enter(ines)
    page = client.get(PAGE)
    assert "Say yes to news by push above and save it first." in words(page)
    assert "build/push" not in page.content.decode(), "no script that could ask the browser"
    change(ines, choices=YES)
    page = client.get(PAGE)
    assert f'data-push="{keys.public()}"' in page.content.decode()
    assert "This needs script" in words(page)
    turn_on(client, pushing)
    assert "On. It ends when you sign out here or say no above." in words(client.get(PAGE))


# What ends it


def test_p5_1_2a_a_no_lets_go_of_every_browser_at_once(member, pushing):
    ines = member("ines", choices=YES)
    client = enter(ines)
    turn_on(client, pushing)
    turn_on(enter(ines), pushing, name="two")
    assert "worker:plainview-push" not in client.get("/help/").content.decode()
    change(ines, choices={PUSH: "denied"})
    assert not Subscription.objects.exists()
    assert "worker:plainview-push" in client.get("/help/").content.decode(), "in the browser too"


@pytest.mark.parametrize(
    "facts",
    [
        {"choices": None},
        {"restrictions": (Restriction(ground="unlawful", purposes=frozenset({PUSH})),)},
    ],
)
def test_p5_1_2a_without_a_yes_that_holds_no_browser_is_kept(member, pushing, facts):
    ines = member("ines", choices=YES)
    turn_on(enter(ines), pushing)
    change(ines, **facts)
    assert not Subscription.objects.exists()


def test_signing_out_lets_go_of_that_browser_and_of_no_other(member, pushing):
    ines = member("ines", choices=YES)
    here, there = enter(ines), enter(ines)
    turn_on(here, pushing)
    turn_on(there, pushing, name="two")
    here.post("/accounts/logout/")
    assert Subscription.objects.get().endpoint.endswith("/two")
    assert "worker:plainview-push" in here.get("/help/").content.decode()
    assert "worker:plainview-push" not in there.get("/help/").content.decode()


@pytest.mark.parametrize("how", ["elsewhere", "expired", "password", "key"])
def test_whatever_else_ends_the_sitting_ends_it_too(member, pushing, settings, how):
    ines = member("ines", choices=YES)
    here, there = enter(ines), enter(ines)
    turn_on(there, pushing)
    if how == "elsewhere":
        here.post("/accounts/sessions/")
        assert not Subscription.objects.exists()
    elif how == "expired":
        Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    elif how == "password":
        from allauth.account.signals import password_changed  # noqa: PLC0415

        asked = here.get(PAGE).wsgi_request
        password_changed.send(User, request=asked, user=ines)
        assert not Subscription.objects.exists()
    else:
        settings.PUSH_KEY = "another key, as long as it has to be"
    tell()
    assert not pushing.got, "nothing goes to a browser in which nobody is signed in"
    services.tidy()
    assert not Subscription.objects.exists()


def test_rfc_8292_under_another_key_of_ours_no_page_says_that_messages_are_on(
    member, pushing, settings
):
    """Nothing comes any more from that moment: the page offers to turn them on, and not to wait."""
    ines = enter(member("ines", choices=YES))
    turn_on(ines, pushing)
    said = "On. It ends when you sign out here or say no above."
    assert said in words(ines.get(PAGE))
    settings.PUSH_KEY = "another key, as long as it has to be"
    assert said not in words(ines.get(PAGE))
    turn_on(ines, pushing, name="two")
    assert said in words(ines.get(PAGE))
    tell()
    assert len(pushing.got) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_rfc_8030_an_address_that_is_gone_is_forgotten_and_no_dead_letter(member, pushing, status):
    turn_on(enter(member("ines", choices=YES)), pushing)
    pushing.status = status
    tell()
    assert not Subscription.objects.exists()
    assert Disclosure.objects.get().state == Disclosure.State.STOPPED
    assert Disclosure.objects.get().trouble == "gone"
    tell(en="The Night Train is here")
    assert len(pushing.got) == 1


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (302, "failed"), (503, "queued")])
def test_other_refusals_keep_the_address(member, pushing, status, state):
    turn_on(enter(member("ines", choices=YES)), pushing)
    pushing.status = status
    tell()
    assert Subscription.objects.exists()
    assert Disclosure.objects.get().state == state


def test_what_waited_is_not_sent_after_a_no(member, pushing):
    ines = member("ines", choices=YES)
    turn_on(enter(ines), pushing)
    pushing.status = 503
    tell()
    pushing.status, pushing.got[:] = 201, []
    change(ines, choices={PUSH: "denied"})
    work()
    assert not pushing.got
    assert Disclosure.objects.get().sealed == ""


def test_p5_2_1_4a_leaving_takes_it_along_and_the_copy_has_it(member, pushing):
    ines = member("ines", choices=YES)
    client = enter(ines)
    turn_on(client, pushing)
    tell()
    rights.leave(ines.pk)
    work()
    assert not Subscription.objects.exists()
    row = Recall.objects.get()
    assert (row.recipient, row.state) == ("mozilla-push", Recall.State.LAPSES)


def test_a_browser_that_another_account_had_is_that_of_the_last_one(member, pushing):
    browser = turn_on(enter(member("ines", choices=YES)), pushing)
    turn_on(enter(member("otto", choices=YES)), pushing, browser)
    assert Subscription.objects.count() == 1
    tell()
    assert len(pushing.got) == 1


def test_other_browsers_are_listed_and_turned_off_from_here(member, pushing):
    ines = member("ines", choices=YES)
    turn_on(enter(ines), pushing)
    here = enter(ines)
    page = here.get(PAGE)
    assert "Your other browsers that get messages" in words(page)
    stranger = enter(member("otto", choices=YES))
    key = Subscription.objects.get().key
    stranger.post(TURN, {"act": "off", "key": key})
    assert Subscription.objects.exists(), "nobody else turns it off"
    for said in ("Turned off.", "turned off already"):
        assert said in words(here.post(TURN, {"act": "off", "key": key}, follow=True))
    assert not Subscription.objects.exists()


def test_sealed_messages_name_no_address(member, pushing):
    turn_on(enter(member("ines", choices=YES)), pushing)
    pushing.status = 503
    tell()
    from plainview.platform.encryption import cipher  # noqa: PLC0415

    letter = cipher().decrypted(Disclosure.objects.get().sealed)
    assert "wpush" not in letter
    assert set(msgspec.json.decode(letter)) == {"browser", "message", "once", "topic"}
