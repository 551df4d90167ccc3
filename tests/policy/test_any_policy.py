"""What must hold whatever an operator's lawyers write: random rules that `check` lets through."""

import msgspec
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import FOLDER, PARTS
from tests.policy.oracle import permitted
from tests.policy.people import standings

from plainview.engine import Policy, Rule, Standing, decide, fold, permits
from plainview.engine.checks.rules import check_rules
from plainview.engine.declarations import BASES, Scope, When
from plainview.engine.loading import assembled
from plainview.engine.reading import Reader

LOCAL = PARTS.rules.rule[-1]
WHOLE = assembled(PARTS, "")


def some(*words: str) -> st.SearchStrategy[tuple[str, ...]]:
    """A few of these words, mostly none."""
    few = st.lists(st.sampled_from(words), max_size=2, unique=True).map(tuple)
    return st.one_of(st.just(()), st.just(()), st.just(()), few)


CASES = tuple(PARTS.rules.case)
WHEN = st.builds(
    When,
    regime=some("gdpr", "lgpd", "ccpa", "row"),
    model=some("opt-in", "opt-out"),
    choice=some("granted", "affirmed", "denied", "unset"),
    objection=some("pending", "upheld"),
    restricted=st.sampled_from([False, False, True]),
    pending=st.sampled_from([False, False, True]),
    signal=some("gpc"),
    age=some("certified-adult", "minor", "uncertified"),
    plan=some("plus", "ad-free"),
    feature=some("partner-services"),
    case=some(*CASES),
)
SCOPE = st.builds(
    Scope,
    kinds=some(*PARTS.rules.kind),
    traits=some(*PARTS.rules.trait),
    without=some(*PARTS.rules.trait),
    bases=some(*BASES),
)
DENY = st.builds(
    lambda when, unless, scope: {"deny": True, "when": when, "unless": unless, "applies": scope},
    WHEN,
    st.none() | WHEN,
    SCOPE,
)
ALLOW = st.builds(
    lambda basis, when, scope: {
        "allow": basis,
        "when": when,
        "applies": msgspec.structs.replace(scope, bases=()),
    },
    st.sampled_from(["consent", "notice-and-opt-out", "legal-claims", "legitimate-interest"]),
    WHEN,
    SCOPE,
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy with random shared rules, of which only those survive that `check` accepts."""
    accepted: list[Rule] = []
    drawn = draw(st.lists(DENY | ALLOW, min_size=4, max_size=14))
    for number, parts in enumerate(drawn):
        rule = Rule(id=f"random-{number}", **parts)
        reader = Reader(FOLDER)
        check_rules(_with((rule,)), reader)
        if not reader.problems:
            accepted.append(rule)
    event(f"{len(accepted)} rules accepted")
    assume(accepted)
    return assembled(_with((*accepted, LOCAL)), "")


def _with(rules: tuple[Rule, ...]):
    book = msgspec.structs.replace(PARTS.rules, rule=rules)
    return msgspec.structs.replace(PARTS, rules=book)


def firmer(standing: Standing, purposes: list[str]) -> list[Standing]:
    """Return the same person with one refusal more, each in another way."""
    every = dict.fromkeys(purposes, "denied")
    changes = [
        {"choices": every},
        {"objections": dict.fromkeys(purposes, "upheld")},
        {"objections": dict.fromkeys(purposes, "pending") | (standing.objections or {})},
        {"signals": frozenset({"gpc"})},
        {"pending": frozenset(purposes)},
    ]
    known = {name for change in changes for name in change if getattr(standing, name) is not None}
    return [
        msgspec.structs.replace(standing, **change)
        for change in changes
        if known.issuperset(change)
    ]


@settings(max_examples=many(12), deadline=None)
@given(policy=policies(), standing=standings(WHOLE))
@pytest.mark.slow
def test_refusals_only_remove_whatever_the_rules(policy, standing):
    """P3.1.3h, P5.2.1.6a, P5.2.2.2c: no accepted rule turns a refusal into a permission."""
    before = fold(policy, standing)
    for refusing in firmer(standing, list(policy.purposes)):
        assert fold(policy, refusing) & ~before == 0


@settings(max_examples=many(12), deadline=None)
@given(policy=policies(), standing=standings(WHOLE), data=st.data())
@pytest.mark.slow
def test_doubt_only_removes_whatever_the_rules(policy, standing, data):
    """An unknown fact never opens a door, whichever fact and whatever the rules."""
    facts = [
        name for name in Standing.__struct_fields__ if name not in ("residence", "valid_until")
    ]
    forgotten = data.draw(st.sampled_from(facts))
    doubtful = msgspec.structs.replace(standing, **{forgotten: None})
    if forgotten == "presence":
        doubtful = msgspec.structs.replace(doubtful, residence=standing.residence)
        standing = msgspec.structs.replace(
            standing, residence=standing.residence or standing.presence
        )
    assert fold(policy, doubtful) & ~fold(policy, standing) == 0


@settings(max_examples=many(12), deadline=None)
@given(policy=policies(), standing=standings(WHOLE))
@pytest.mark.slow
def test_bit_explanation_and_second_opinion_agree_whatever_the_rules(policy, standing):
    """Fold, decide and the slow reading of the same rules give one answer."""
    folded = fold(policy, standing)
    rules = [term.rule for book in policy.books.values() for term in (*book.denies, *book.allows)]
    own = {id(rule) for purpose in policy.purposes.values() for rule in purpose.rule}
    shared = list({id(rule): rule for rule in rules if id(rule) not in own}.values())
    for id_, purpose in policy.purposes.items():
        bit = permits(folded, purpose.bit)
        decision = decide(policy, standing, id_)
        assert decision.permitted == bit, id_
        assert bit == permitted(policy, standing, purpose, shared), id_
        if decision and decision.basis == "consent":
            assert (standing.choices or {}).get(id_) in ("granted", "affirmed")


@settings(max_examples=many(8), deadline=None)
@given(policy=policies())
@pytest.mark.slow
def test_not_refusable_means_that_nobody_lacks_it(policy):
    """The gate may leave out the row filter exactly where no fact can close a purpose."""
    assert fold(policy, Standing()) == policy.permitted_by_default
