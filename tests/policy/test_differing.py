"""Random pairs of policies: the difference is empty exactly when nothing is decided otherwise.

And what `effects` counts is what folding everybody by both finds (P11e).
"""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import FOLDER
from tests.policy.people import standings
from tests.policy.test_any_policy import LOCAL, PARTS, WHOLE

from plainview.engine import Policy, Standing, decide, differences, effects, fold, permits
from plainview.engine.checks.rules import check_rules
from plainview.engine.declarations import BASES, Rule, When
from plainview.engine.differing.comparing import decided_otherwise
from plainview.engine.differing.recipients import of_recipients
from plainview.engine.loading import assembled
from plainview.engine.proving import Prover
from plainview.engine.reading import Reader

DECIDING = {"purpose", "purpose-gone", "weaker", "stronger", "needs"}
KINDS = sorted(PARTS.rules.kind)
PURPOSES = sorted(PARTS.purposes)
PEOPLE = standings(WHOLE)


def based(kind: str, basis: str, place: str) -> tuple[str, object]:
    """One law rests a kind of purposes on another basis."""
    files = dict(PARTS.statutes.files)
    files[place] = files[place] | {"kinds": files[place].get("kinds", {}) | {kind: basis}}
    return "statutes", msgspec.structs.replace(PARTS.statutes, files=files)


def without(purpose: str) -> tuple[str, object]:
    """A purpose is gone."""
    return "purposes", {id_: each for id_, each in PARTS.purposes.items() if id_ != purpose}


def denied(purpose: str, when: When) -> tuple[str, object]:
    """A purpose has a denial more; maybe one that its own rules come to anyway."""
    own = PARTS.purposes[purpose]
    rule = Rule(id="new", deny=True, when=when)
    changed = msgspec.structs.replace(own, rule=(*own.rule, rule))
    return "purposes", PARTS.purposes | {purpose: changed}


def ruled(number: int) -> tuple[str, object]:
    """A rule that many purposes share is gone."""
    rules = tuple(each for place, each in enumerate(PARTS.rules.rule) if place != number)
    return "rules", msgspec.structs.replace(PARTS.rules, rule=rules)


def named(purpose: str) -> tuple[str, object]:
    """Words alone: nothing is decided by them."""
    changed = msgspec.structs.replace(PARTS.purposes[purpose], name="Something else")
    return "purposes", PARTS.purposes | {purpose: changed}


WHEN = st.sampled_from(
    [
        When(choice=("denied",)),
        When(choice=("unset",)),
        When(age=("minor",)),
        When(signal=("gpc",)),
        When(pending=True),
        When(restricted=True),
        When(regime=("gdpr",), choice=("unset",)),
    ]
)
PLACES = st.sampled_from(["eu", "gb", "br", "in", "us-ca", "row", "kr"])
CHANGES = st.one_of(
    st.builds(based, st.sampled_from(KINDS), st.sampled_from(BASES), PLACES),
    st.builds(without, st.sampled_from(PURPOSES)),
    st.builds(denied, st.sampled_from(PURPOSES), WHEN),
    st.builds(ruled, st.integers(0, len(PARTS.rules.rule) - 2)),
    st.builds(named, st.sampled_from(PURPOSES)),
)


def changed(change: tuple[str, object], digest: str) -> Policy:
    return assembled(msgspec.structs.replace(PARTS, **{change[0]: change[1]}), digest)


POLICIES = st.builds(changed, CHANGES, st.uuids().map(str))


def permitted(policy: Policy, someone: Standing) -> frozenset[str]:
    folded = fold(policy, someone)
    return frozenset(id_ for id_ in policy.purposes if permits(folded, policy.bit(id_)))


@settings(max_examples=many(8), deadline=None)
@given(POLICIES, st.lists(PEOPLE, min_size=1, max_size=12))
def test_p11e_the_difference_is_empty_exactly_when_nobody_is_decided_otherwise(new, people):
    old = WHOLE.on(new.head.effective)
    found = list(decided_otherwise(Prover(old), Prover(new)))
    event("decides otherwise" if found else "decides the same")
    otherwise = {(each.kind, each.of) for each in found}
    for each in found:  # each has somebody who shows it
        was, is_ = (bool(decide(policy, each.someone, each.of)) for policy in (old, new))
        assert (was, is_) == ((False, True) if each.kind == "weaker" else (True, False))
    both = old.purposes.keys() & new.purposes.keys()
    for someone in people:  # and nobody is decided otherwise without it
        one, other = permitted(old, someone), permitted(new, someone)
        assert {("weaker", id_) for id_ in (other - one) & both} <= otherwise
        assert {("stronger", id_) for id_ in (one - other) & both} <= otherwise


@settings(max_examples=many(6), deadline=None)
@given(POLICIES, st.lists(PEOPLE, min_size=1, max_size=12), st.integers(1, 10**6))
def test_p11e_gained_and_lost_are_what_folding_everybody_finds(new, people, many):
    counts: Counter[tuple[str, bool]] = Counter()
    for someone in people:
        one, other = permitted(WHOLE, someone), permitted(new, someone)
        for purpose in one ^ other:
            counts[purpose, purpose in other] += many
    told: Counter[tuple[str, bool]] = Counter()
    for each in effects(WHOLE, new, [(someone, many) for someone in people]):
        told[each.purpose, True] += each.gained
        told[each.purpose, False] += each.lost
    assert +told == +counts


def test_words_alone_decide_nothing_and_are_told_all_the_same():
    new = changed(named("recommend"), "other")
    assert not list(decided_otherwise(Prover(WHOLE), Prover(new)))
    assert not list(of_recipients(WHOLE, new))
    assert not {each.kind for each in differences(WHOLE, new)} & DECIDING


def test_every_kind_that_is_material_or_told_is_a_kind_there_is():
    assert set(WHOLE.material).isdisjoint(WHOLE.notified)
    assert LOCAL in PARTS.rules.rule
    assert check_rules(PARTS, Reader(FOLDER)) is None
