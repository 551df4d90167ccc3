"""Whoever the people and whatever they chose: the ledger and the other side agree."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.disclosures.conftest import change, work

from plainview.engine import decide
from plainview.privacy import permissions
from plainview.privacy.disclosures import cutting, services
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.models import Disclosure
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REACHED = ("northgate", "holdings", "harbour-books", "parlour", "kestrel")
numbers = itertools.count()


def pairs() -> list[tuple[str, str]]:
    recipients = in_force().recipients
    return [(id_, purpose) for id_ in REACHED for purpose in recipients[id_].receives]


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Somebody: a place, answers, signals, an objection, a plan, features asked for."""
    purposes = sorted({purpose for _, purpose in pairs()})
    named = [f"{purpose}/{id_}" for id_, purpose in pairs()]
    answers = st.sampled_from(["granted", "affirmed", "denied"])
    place = draw(st.sampled_from(["DE", "GB", "US-CA", "US-OR", "BR", "CA-QC", "KR", "IN", None]))
    return {
        "presence": place,
        "residence": place,
        "choices": draw(st.dictionaries(st.sampled_from([*purposes, *named]), answers)),
        "signals": frozenset(draw(st.sets(st.sampled_from(["gpc"])))),
        "objections": dict.fromkeys(draw(st.sets(st.sampled_from(purposes), max_size=1)), "upheld"),
        "plan": draw(st.sampled_from(["none", "plus", "ad-free"])),
        "features": frozenset(draw(st.sets(st.sampled_from(["partner-services", "watch-along"])))),
        "age": draw(st.sampled_from(["certified-adult", "uncertified", "minor"])),
    }


def generous() -> dict[str, Any]:
    """Somebody in Germany who permits it all, so that something leaves in half of the examples."""
    said = [*(purpose for _, purpose in pairs()), *(f"{p}/{r}" for r, p in pairs())]
    return {
        "presence": "DE",
        "residence": "DE",
        "choices": dict.fromkeys(said, "granted"),
        "plan": "plus",
        "features": frozenset({"partner-services", "watch-along"}),
        "age": "certified-adult",
    }


@st.composite
def payload(draw: st.DrawFn, permitted: tuple[str, ...]) -> dict[str, str]:
    """Names with the categories that somebody gave them, permitted or not."""
    all_of_them = [id_ for id_ in in_force().categories if "." in id_]
    kinds = draw(st.sampled_from([list(permitted), all_of_them]))
    names = st.text("abcdefg", min_size=1, max_size=4)
    return draw(st.dictionaries(names, st.sampled_from(kinds), min_size=1, max_size=4))


def some(count: int) -> Any:
    quiet = [HealthCheck.function_scoped_fixture]
    return examples(max_examples=count, deadline=None, suppress_health_check=quiet)


@some(25)
@given(st.data())
def test_nothing_leaves_that_the_policy_forbids_and_the_ledger_lists_just_what_left(
    member, connect, platform, monkeypatch, data
):
    _holds(member, connect, platform, monkeypatch, data)


@pytest.mark.soak
@some(2000)
@given(st.data())
def test_nothing_leaves_that_the_policy_forbids_of_thousands(
    member, connect, platform, monkeypatch, data
):
    _holds(member, connect, platform, monkeypatch, data)


def _holds(member, connect, platform, monkeypatch, data) -> None:
    recipient, purpose = data.draw(st.sampled_from(pairs()))
    whoever = st.one_of(st.builds(generous), facts())
    asked, then = data.draw(whoever), data.draw(whoever)
    sent = data.draw(payload(in_force().recipients[recipient].receives[purpose]))
    connect(**dict.fromkeys(REACHED, ("webhook", platform.url)))
    platform.got.clear()
    Disclosure.objects.all().delete()
    someone = member(f"person{next(numbers)}")
    change(someone, **asked)
    composed = {name: cutting.derived(kind, f"value of {name}") for name, kind in sent.items()}
    monkeypatch.setattr(cutting, "_composers", {(recipient, purpose): lambda _: composed})
    policy, now = in_force(), permissions.read(someone.pk)
    assert now is not None
    may = bool(decide(policy, now[0], purpose, recipient))
    try:
        services.disclose(recipient=recipient, purpose=purpose, subject=someone.pk)
    except Denied:
        assert not may
        assert not Disclosure.objects.exists()
        return
    assert may
    change(someone, **then)
    after = permissions.read(someone.pk)
    assert after is not None
    still = bool(decide(policy, after[0], purpose, recipient))
    work()
    row = Disclosure.objects.get()
    fits = set(sent.values()) <= set(policy.recipients[recipient].receives[purpose])
    event(f"arrived: {bool(platform.got)}")
    arrived = [got for got in platform.got if not got.path.endswith("/recalls")]
    assert bool(arrived) == (still and fits)
    assert (row.state == "sent") == bool(arrived)
    if arrived:
        (person,) = arrived[0].json["people"]
        assert set(person["data"]) == set(sent.values())
        assert set(row.categories.split()) == set(sent.values())
        assert str(someone.pk) not in json.dumps(arrived[0].json)
