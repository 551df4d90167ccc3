"""What must hold for everybody: by enumeration where the facts are few, at random elsewhere."""

import functools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import FOLDER, POLICY
from tests.policy.oracle import permitted
from tests.policy.people import PLACES, RULED, everyone, person, standings

from plainview.engine import Policy, Rule, Standing, decide, fold, permits

SHARED = msgspec.convert(
    msgspec.toml.decode((FOLDER / "rules.toml").read_bytes())["rule"], type=list[Rule]
)


def bases(policy: Policy, place: str) -> dict[str, set[str]]:
    """Return the bases that each purpose can rest on in a place, read off the book."""
    book = policy.books[policy.jurisdiction(place).id]
    return {
        id_: {term.basis for term in book.allows if term.mask >> purpose.bit & 1}
        for id_, purpose in policy.purposes.items()
    }


def only_on(policy: Policy, place: str, *wanted: str) -> int:
    """Return the mask of purposes that rest on nothing but these bases in a place."""
    return policy.mask(id_ for id_, found in bases(policy, place).items() if found <= set(wanted))


@functools.cache
def folded_at(place: str | None) -> dict[tuple[object, ...], int]:
    """What is permitted in a place for each combination of facts; several claims speak of it."""
    return {facts: fold(POLICY, standing) for facts, standing in everyone(POLICY, place)}


@pytest.mark.parametrize("place", RULED)
def test_p3_1_2_consent_purposes_need_a_grant_whatever_else_is_true(policy, place):
    """P3.1.2a-d: in every regime, on every combination of facts, no yes means no."""
    consent = only_on(policy, place, "consent")
    assert consent, "no purpose rests on consent here, so nothing would be proved"
    opened = 0
    for (choice, *_), permitted_now in folded_at(place).items():
        if choice in ("granted", "affirmed"):
            opened |= permitted_now & consent
        else:
            assert not permitted_now & consent
    assert opened, "a yes must open something, or the test proves nothing"


@pytest.mark.parametrize("place", RULED)
def test_p3_1_1a_contract_purposes_survive_every_refusal(policy, place):
    """P3.1.1a, P5.2.1.9a: no refusal, objection, signal or restriction touches a contract."""
    told = policy.mask(["profile-gender"])  # which Maryland takes from everybody
    contract = only_on(policy, place, "contract", "legal-duty") & ~told
    asked_for = policy.mask(["connect-identity"])  # opens only when it is asked for
    for (choice, objection, age, *rest), permitted_now in folded_at(place).items():
        if age in ("certified-adult", "uncertified"):
            facts = (choice, objection, age, *rest)
            assert permitted_now & contract == contract & ~asked_for, facts


def test_p3_1_1a_names_what_the_promise_names(policy):
    """P3.1.1a: account, sign-in, community, payments, availability and messages are contract."""
    named = "account authentication community contribute billing availability service-messages"
    for place in RULED:
        found = bases(policy, place)
        assert all(found[id_] == {"contract"} for id_ in named.split())
    refusable = {id_ for id_ in policy.purposes if policy.refusable(id_)}
    assert not refusable & {"account", "authentication", "service-messages"}
    assert refusable >= {"marketing-email", "targeted-ads", "history"}, "the gate asks of these"


@pytest.mark.parametrize("place", PLACES)
def test_p5_2_1_5a_p5_2_1_6a_p5_2_2_2c_refusals_only_remove(policy, place):
    """An opt-out, an objection, a restriction, a signal, a pending change: each only removes."""
    purposes = list(policy.purposes)
    gentler = {  # what each fact is compared with: the same person without the refusal
        0: [("denied", "unset"), ("denied", "granted"), ("unset", "granted")],
        1: [("pending", "none"), ("upheld", "none"), ("upheld", "pending")],
        2: [("minor", "uncertified"), ("minor", "certified-adult")],
        3: [(frozenset({"gpc"}), frozenset())],
        4: [(True, False)],
        5: [(True, False)],
    }
    folded = folded_at(place)
    compared = 0
    for facts, permitted_now in folded.items():
        for index, pairs in gentler.items():
            for refusing, instead in pairs:
                if facts[index] == refusing:
                    before = (*facts[:index], instead, *facts[index + 1 :])
                    assert permitted_now & ~folded[before] == 0, (facts, before)
                    compared += permitted_now != folded[before]
    assert compared, f"no refusal removed anything for {len(purposes)} purposes"


@pytest.mark.parametrize("place", RULED)
def test_p3_1b_an_unknown_fact_never_opens_a_door(policy, place):
    """Whatever is permitted when a fact is unknown is permitted whatever the fact may be."""
    folded = folded_at(place)
    for facts, permitted_now in folded.items():
        for index, value in enumerate(facts):
            if value is not None:
                doubtful = (*facts[:index], None, *facts[index + 1 :])
                assert folded[doubtful] & ~permitted_now == 0, (facts, index)


def test_p3_1b_both_places_must_permit(policy):
    """A use is permitted for presence and residence exactly if it is for each alone."""
    purposes = list(policy.purposes)
    for choice in ("granted", "unset", "denied"):
        for signals in (frozenset(), frozenset({"gpc"})):
            people = {
                place: person(purposes, place, choice, "none", "uncertified", signals, False, False)
                for place in PLACES
            }
            alone = {place: fold(policy, standing) for place, standing in people.items()}
            for presence, standing in people.items():
                for residence in PLACES[:-1]:
                    both = msgspec.structs.replace(standing, residence=residence)
                    assert fold(policy, both) == alone[presence] & alone[residence]


def test_p3_1b_unknown_places_are_the_strictest(policy):
    """An unknown presence permits what every law does; an unknown state what every state does."""
    for _, someone in everyone(policy, None, age=("uncertified",), objection=("none", "pending")):
        there = {
            place: fold(policy, msgspec.structs.replace(someone, presence=place)) for place in RULED
        }
        everywhere, states = policy.everything, policy.everything
        for place, mask in there.items():
            everywhere &= mask
            states &= mask if place.startswith("US-") else policy.everything
        assert fold(policy, someone) == everywhere
        for nowhere in ("XX", "", "de", "DEU", "EU-27"):
            lost = msgspec.structs.replace(someone, presence=nowhere)
            assert fold(policy, lost) == everywhere, nowhere
            assert policy.jurisdiction(nowhere).id == "unknown"
        for somewhere in ("US", "US-ZZ", "US-"):
            in_a_state = msgspec.structs.replace(someone, presence=somewhere)
            assert fold(policy, in_a_state) == states, somewhere
            assert policy.jurisdiction(somewhere).id == "us"


def test_a_bare_standing_has_what_nobody_can_lose(policy):
    """Of whom nothing is known has exactly the purposes that are not refusable."""
    assert fold(policy, Standing()) == policy.permitted_by_default
    steady = {id_ for id_ in policy.purposes if not policy.refusable(id_)}
    assert steady == {id_ for id_ in policy.purposes if not policy.closed_by(id_)}
    assert {"authentication", "playback", "rights"} <= steady
    assert not {"recommend", "security", "targeted-ads", "community"} & steady


@settings(max_examples=many(30), deadline=None)
@given(standing=standings(POLICY))
def test_the_engine_and_a_second_opinion_agree(standing):
    """Masks and books decide what the rules say when they are read slowly, one by one."""
    folded = fold(POLICY, standing)
    for purpose in POLICY.purposes.values():
        assert permits(folded, purpose.bit) == permitted(POLICY, standing, purpose, SHARED), (
            purpose.id
        )


@settings(max_examples=many(30), deadline=None)
@given(standing=standings(POLICY))
def test_explanation_and_bit_never_disagree(standing):
    """Every bit is explained by a decision that says the same, and by a rule that can say it."""
    folded = fold(POLICY, standing)
    for id_, purpose in POLICY.purposes.items():
        decision = decide(POLICY, standing, id_)
        assert decision.permitted == permits(folded, purpose.bit), id_
        assert bool(decision) is decision.permitted
        assert decision.rule, id_
        assert decision.key in POLICY.words["en"].sentences
        if decision:
            assert decision.basis is not None
        else:
            assert decision.rule in POLICY.closed_by(id_), id_


@settings(max_examples=many(25), deadline=None)
@given(standing=standings(POLICY), lapses=st.floats(0, 1e10), after=st.floats(0, 1e10))
def test_a_lapsed_standing_only_loses(standing, lapses, after):
    """From `valid_until` on, a standing permits no more than it did, and not by a second."""
    timed = msgspec.structs.replace(standing, valid_until=lapses)
    now = fold(POLICY, timed, at=after)
    without = fold(POLICY, standing, at=after)
    if after < lapses:
        assert now == without
    else:
        assert now & ~without == 0
        assert now & ~POLICY.permitted_by_default == 0
        assert not decide(POLICY, timed, "recommend", at=after)


@settings(max_examples=many(25), deadline=None)
@given(standing=standings(POLICY))
def test_a_standing_survives_storage(standing):
    """The storage form reads back to the same standing, with the same key and decision."""
    again = Standing.from_json(standing.to_json())
    assert again == standing
    assert again.key() == standing.key()
    assert fold(POLICY, again) == fold(POLICY, standing)
