"""P1.1.3a: where the law calls gender sensitive it is asked by itself, and deleted with its yes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from tests.consent.conftest import Window

from plainview.domains.accounts.models import Gender, Profile, User
from plainview.privacy import permissions
from plainview.privacy.log.models import Entry
from plainview.privacy.policies import in_force
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import unseen

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ABOUT, FIELD = "/settings/about/", 'name="gender"'
ON, OFF = "Turn on", "Turn off"
TOLD = {"about": "", "about_audience": "0", "gender": "non-binary", "gender_audience": "2"}
APART = ("US-OR", "US-DE", "US-NJ")


def living(user: User, place: str) -> None:
    permissions.change(user.pk, lambda _: permissions.resident(permissions.newcomer(place), place))


@pytest.fixture
def at(window, member):
    """`at(place)`: the member's browser in a place where they live too."""

    def opened(place: str, home: str = "") -> Window:
        living(member, home or place)
        return window(place, user=member, at=ABOUT)

    return opened


def held(member: User) -> bool:
    return unseen.there(member.pk, "demographics.gender")


def shown(window, member: User) -> bool:
    key = Profile.objects.filter(account=member).values_list("key", flat=True).first()
    page = window("US-CA").open(f"/members/{key}/")
    return "non-binary" in page.content.decode()


@pytest.mark.sample(1)
@pytest.mark.parametrize("place", APART)
def test_p1_1_3a_it_is_asked_apart_with_a_consent_of_its_own(at, window, member, place):
    """P1.1.3a, P3.1.2d: no field before a yes to it alone; a receipt says what was agreed to."""
    browser = at(place)
    page = browser.page.content.decode()
    assert FIELD not in page and "ask for it by itself" in browser.says
    assert re.search(r'id="why-profile-gender"[^>]* open>', page), "what it is for, and the switch"
    browser.post(ABOUT, TOLD, follow=False)
    assert not held(member), "sent all the same, it is not kept"
    browser.open(ABOUT)
    browser.press(ON, follow=False)
    browser.open(ABOUT)
    page = browser.page.content.decode()
    assert FIELD in page and "non-binary" not in page
    assert any('"profile-gender"' in each for each in Entry.objects.values_list("body", flat=True))
    browser.post(ABOUT, TOLD, follow=False)
    assert held(member) and shown(window, member)


def test_p1_1_3a_taken_back_it_is_gone_at_once(at, window, member):
    """P1.1.3a, P5.2.1.7a: on the same page, and nothing is left of the page of its owner."""
    browser = at("US-OR")
    browser.press(ON, follow=False)
    browser.post(ABOUT, TOLD, follow=False)
    assert held(member)
    browser.open(ABOUT)
    browser.press(OFF)
    assert not held(member) and not Profile.objects.exists()
    assert FIELD not in browser.open(ABOUT).content.decode()
    browser.press(ON, follow=False)
    assert "non-binary" not in browser.open(ABOUT).content.decode(), "a new yes brings nothing back"


@pytest.mark.parametrize("button", ["Accept all", "Reject all"])
def test_p1_1_3a_no_button_for_everything_answers_it(at, member, button):
    """P1.1.3a: not the banner's, nor those of the page of choices."""
    browser = at("US-OR")
    browser.press(ON, follow=False)
    browser.post(ABOUT, TOLD, follow=False)
    browser.open("/privacy/choices/")
    assert "Show your gender" not in browser.says
    browser.press(button)
    said = permissions.read(member.pk)[0].choices or {}
    assert said.get("profile-gender") == "granted" and held(member)


def test_p1_1_3a_allowing_all_is_no_yes_to_it(at, member):
    browser = at("US-OR")
    browser.open("/privacy/choices/")
    browser.press("Accept all")
    assert "profile-gender" not in (permissions.read(member.pk)[0].choices or {})
    assert FIELD not in browser.open(ABOUT).content.decode()


@pytest.mark.parametrize("place", ["US-MD", ""])
def test_p1_1_3a_where_only_what_is_necessary_may_be_kept_it_is_not_asked(
    at, window, member, place
):
    """P1.1.3a: Maryland; and where nobody knows the place, as the strictest has it."""
    if place:
        browser = at(place)
    else:
        permissions.change(member.pk, lambda _: permissions.newcomer(None))
        browser = window(user=member, at=ABOUT)
    page = browser.page.content.decode()
    assert FIELD not in page and "by itself" not in page
    browser.post(ABOUT, TOLD, follow=False)
    browser.post("/privacy/choices/", {"via": "why", "purpose": "profile-gender", "answer": "on"})
    browser.post(ABOUT, TOLD, follow=False)
    assert not held(member)


@pytest.mark.parametrize("place", ["US-CA", "DE", "KR"])
def test_p1_1_3a_elsewhere_it_is_a_field_that_may_be_left_empty(at, window, member, place):
    browser = at(place)
    page = browser.page.content.decode()
    assert FIELD in page and "by itself" not in page
    browser.post(ABOUT, TOLD, follow=False)
    assert held(member) and shown(window, member)


def test_p1_1_3a_who_moves_there_shows_it_to_nobody_before_they_say_yes(at, window, member):
    """P1.1.3a: it rests unseen, by its owner too, who says yes to it or deletes it."""
    at("US-CA").post(ABOUT, TOLD, follow=False)
    assert shown(window, member)
    moved = at("US-OR")
    page = moved.page.content.decode()
    assert "You told it before" in page and "non-binary" not in page and FIELD not in page
    assert held(member) and not shown(window, member)
    moved.press(ON, follow=False)
    assert shown(window, member) and "non-binary" in moved.open(ABOUT).content.decode()
    at("US-OR").press("Delete it")
    assert not held(member)


def nights(*days: int) -> None:
    """The sweep of some nights, so many days from now, as a worker does it."""
    for day in days:
        sweeping.sweep(timezone.localdate() + dt.timedelta(day))


@pytest.mark.sample(2)
@pytest.mark.parametrize("place", [*APART, ""])
def test_p1_1_3a_what_was_told_before_a_move_goes_after_a_month_without_a_yes(
    at, window, member, place
):
    """P1.1.3a, P9c: also where nobody knows the place; the page says the day until then."""
    at("US-CA").post(ABOUT, TOLD, follow=False)
    nights(-40, -1)
    assert held(member), "where it may be seen it stays"
    if place:
        moved = at(place)
    else:
        permissions.change(member.pk, lambda _: permissions.newcomer(None))
        moved = window(user=member, at=ABOUT)
    last = timezone.localdate() + dt.timedelta(30)
    assert date_format(last) in moved.says
    nights(0, 15, 29)
    assert held(member)
    nights(30)
    assert not held(member)
    assert "You told it before" not in moved.open(ABOUT).content.decode()


def test_p1_1_3a_a_yes_on_the_last_day_keeps_it(at, window, member):
    """P1.1.3a: the time begins anew, should it be taken back by a move again."""
    at("US-CA").post(ABOUT, TOLD, follow=False)
    moved = at("US-OR")
    nights(0, 29)
    moved.press(ON, follow=False)
    nights(30, 90)
    assert held(member) and shown(window, member)


def test_p1_1_3a_a_journey_hides_it_and_a_home_there_deletes_it(at, window, member):
    """P1.1.3a: in Maryland."""
    at("US-CA").post(ABOUT, TOLD, follow=False)
    journey = at("US-MD", home="US-CA")
    assert held(member) and FIELD not in journey.page.content.decode()
    assert FIELD in at("US-CA").page.content.decode() and held(member)
    at("US-CA").post("/settings/place/", {"territory": "US-MD", "age": "18", "certified": "on"})
    assert not held(member)


def test_p1_1_3a_a_general_withdrawal_of_consent_takes_it_back_too(at, member):
    """P1.1.3a, P5.2.1.7a: by a request for it."""
    browser = at("US-OR")
    browser.press(ON, follow=False)
    browser.post(ABOUT, TOLD, follow=False)
    browser.post("/privacy/requests/new/", {"kind": "withdraw-consent", "words": "All of it."})
    assert not held(member)


def test_p1_1_3a_every_place_that_calls_it_sensitive_asks_apart_or_not_at_all():
    """P0d, P1.1.3a: what `categories.toml` says of places is what the gate does there."""
    policy = in_force()
    named = policy.sensitive[policy.categories["demographics.gender"].sensitive].places
    assert set(named) == {*APART, "US-MD"}
    for place in named:
        adult = permissions.resident(permissions.newcomer(place), place)
        bit = 1 << policy.bit("profile-gender")
        assert not permissions.integer(adult, device=False) & bit, place
    assert Gender._meta.db_table == "accounts_gender"
