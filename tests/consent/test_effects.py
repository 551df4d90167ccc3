"""Each choice says what is lost without it, and exactly that changes (P5.1a, P5.1.3c).

What a yes changes is read off the declarations: doors, recipients, keys, and what depends on it.
Everybody here lives once with each yes and once without.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import resolve
from django.utils import timezone
from tests.people import browser_of

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film, publish
from plainview.domains.marketing.models import News
from plainview.domains.playback.models import Package, Progress
from plainview.engine import Standing as Facts
from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.consent import effects, questions, storage
from plainview.privacy.disclosures import connections
from plainview.privacy.gate.doors import door_of
from plainview.privacy.gate.standing import permitting
from plainview.privacy.permissions import RECOGNITION, needs_recognition
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACES = ("DE", "US-CA")
STATES = Path(__file__).resolve().parents[2] / "docs" / "promises.md"


def losing() -> list[str]:
    """The purposes whose question says what is lost without them."""
    return [id_ for id_, each in in_force().purposes.items() if each.loses]


def awaited(id_: str) -> list[str]:
    """What a purpose waits for: a promise that is not kept, a recipient to name or connect."""
    policy = in_force()
    states = dict(re.findall(r"^### (\S+): (.+)$", STATES.read_text(), re.MULTILINE))
    promises = [each for each in policy.purpose(id_).promises if states[each] != "kept"]
    receiving = [each.id for each in policy.recipients.values() if id_ in each.receives]
    if not receiving and policy.purpose(id_).kind == "advertising":  # handing on is what it is
        receiving = ["somebody whom the policy does not name yet"]
    return promises + [each for each in receiving if not connections.kind_of(each)]


def test_p5_1_3c_what_nothing_does_yet_waits_for_something_that_is_named():
    """Read off the declarations: nobody keeps a list, so none can outlive what it says."""
    for id_ in losing():
        assert not effects.idle(id_) or awaited(id_), f"nothing does {id_}, and nothing will"


def said_to_wait(window) -> set[str]:
    """The purposes of which the page of choices says that nothing does them yet."""
    page = window("DE").open("/privacy/choices/").content.decode()
    said = re.findall(
        r'<fieldset class="choice" id="([\w-]+)">(.*?)choice-answers', page, re.DOTALL
    )
    return {id_ for id_, words in said if "Nothing here does this yet" in words}


def test_p5_1_3c_the_page_says_of_which_nothing_does_them_until_the_first_door_does(
    window, monkeypatch
):
    asked = {topic.id for topic in questions.topics(Facts(presence="DE"))}
    idle = {id_ for id_ in asked if effects.idle(id_)}
    assert said_to_wait(window) == idle
    one = min(idle)
    doors = effects._doors()
    monkeypatch.setattr(effects, "_doors", lambda: {**doors, one: ("a.room.that.came",)})
    assert said_to_wait(window) == idle - {one}


def refusable(place: str) -> list[str]:
    return [each.id for each in questions.topics(permissions.newcomer(place))]


def living(facts: Facts, *, device: bool) -> dict[str, set[str]]:
    """All that somebody of these facts opens: purposes, recipients, what their browser may keep."""
    policy, open_ = in_force(), permissions.integer(facts, device=device)
    allowed = {id_ for id_ in policy.purposes if open_ >> policy.bit(id_) & 1}
    return {
        "purposes": allowed,
        "recipients": {
            f"{id_}/{each.id}"
            for each in policy.recipients.values()
            for id_ in each.receives
            if id_ in allowed and decide(policy, facts, id_, each.id)
        },
        "keys": {each.name for each in storage.refusable() if each.purpose in allowed},
    }


@pytest.mark.parametrize("device", [True, False], ids=["device", "account"])
@pytest.mark.parametrize("place", PLACES)
def test_p5_1a_a_yes_opens_its_own_purpose_recipients_and_keys_and_nothing_else(place, device):
    """Of a browser without account one more thing hangs on recognising it, as its question says."""
    policy = in_force()
    for id_ in refusable(place):
        rest = dict.fromkeys(refusable(place), "denied")
        if device and needs_recognition(id_):
            rest[RECOGNITION] = "granted"
        elif device and id_ == RECOGNITION:
            rest |= dict.fromkeys((each for each in rest if needs_recognition(each)), "granted")
        no = permissions.newcomer(place)
        no = permissions.answered(no, {**rest, id_: "denied"})
        yes = permissions.answered(no, {id_: "granted"})
        before, after = living(no, device=device), living(yes, device=device)
        opened = {name: after[name] - before[name] for name in after}
        assert not any(before[name] - after[name] for name in before), id_
        mine = {id_}
        if device and id_ == RECOGNITION:
            mine |= {each for each in policy.purposes if needs_recognition(each)}
        assert opened["purposes"] <= mine, id_
        assert {each.partition("/")[0] for each in opened["recipients"]} <= mine, id_
        assert opened["keys"] <= {key.name for key in storage.here() if key.purpose in mine}, id_
        closed_otherwise = not decide(policy, yes, id_)
        assert id_ in opened["purposes"] or closed_otherwise, f"{id_} opens nothing"


@pytest.mark.parametrize("place", PLACES)
def test_p5_1a_at_the_gate_too_it_is_that_purpose_and_no_other(place):
    """The rows that each purpose may see are those of whoever said yes to it."""
    ids = refusable(place)
    people = {}
    for id_ in ids:
        user = User.objects.create_user(f"{id_}@lantern.example")
        facts = permissions.answered(
            permissions.newcomer(place), {**dict.fromkeys(ids, "denied"), id_: "granted"}
        )
        permissions.change(user.pk, lambda old, facts=facts: facts)
        people[user.pk] = id_
    for id_ in ids:
        seen = {people[subject] for subject in permitting(list(people), id_)}
        assert seen <= {id_}


@pytest.fixture
def lived_in(member):
    """A member with a film begun, and a service with news: whatever is permitted would show."""
    film = add_film(name="Harbour Lights", language="en")
    publish(film.title)
    Package.objects.create(
        video=film, key=film.key, duration_ms=4_500_000, width=1280, height=720, contents={}
    )
    Progress.objects.create(subject=member.pk, video=film, position=90, stopped_at=timezone.now())
    today = timezone.localdate()
    News.objects.create(
        topic="films", texts={"en": {"heading": "New here", "text": "Tonight."}},
        first=today, last=today + timedelta(days=1),
    )  # fmt: skip
    return ["/", film.title.get_absolute_url(), f"/watch/{film.key}/", "/my/", "/my/history/",
            "/search/?q=harbour", "/help/", "/settings/", "/legal/cookies/"]  # fmt: skip


ASIDE = re.compile(
    r' data-(?:state|forget)="[^"]*"|name="(?:csrfmiddlewaretoken|record|shown)" value="[^"]*"'
    r'|<li id="foot-opt-out".*?</li>',
    re.DOTALL,
)
"""Tokens, and the foot's word on whether one has opted out, which is about the answers."""


def page(member: User, address: str, *yes: str) -> str:
    """What a member reads who refused all but some, without what differs by chance."""
    said = {**dict.fromkeys(refusable("DE"), "denied"), **dict.fromkeys(yes, "granted")}
    permissions.change(
        member.pk,
        lambda old: permissions.answered(permissions.newcomer("DE"), said),
        answered_on=timezone.localdate(),
    )
    client = browser_of(member, headers={"accept-language": "en"})
    return ASIDE.sub("", client.get(address).content.decode())


@pytest.mark.drawn
@pytest.mark.sample(1)
@pytest.mark.parametrize("parts", [2, 99])
def test_p5_1_3c_a_page_differs_by_a_yes_only_where_its_door_names_the_purpose(
    lived_in, member, parts
):
    """Of what its door does not name, some is allowed, then the rest (or each): nothing shows."""
    changed: dict[str, set[str]] = {}
    for address in lived_in:
        door, without = door_of(resolve(address.partition("?")[0]).func), page(member, address)
        named = {each for each in refusable("DE") if each in {door.purpose, *door.may}}
        others = [each for each in refusable("DE") if each not in named]
        for some in filter(None, (others[first::parts] for first in range(parts))):
            assert page(member, address, *some) == without, f"{address} differs by one of {some}"
        for id_ in named:
            if page(member, address, id_) != without:
                changed.setdefault(id_, set()).add(address)
    watch = lived_in[2]
    assert changed["history"] == {"/", watch, "/my/", "/my/history/"}
    assert changed["marketing-in-app"] == {"/"}
    assert changed["business-analytics"] == changed["error-reports"] == {watch}
    assert set(changed) <= {id_ for id_ in losing() if not effects.idle(id_)}
