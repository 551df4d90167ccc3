"""Every decision is explained twice: plainly to the person, with the rule to the officer."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import POLICY
from tests.policy.people import standings

from plainview.engine import Restriction, Standing, decide, explain

ENDS = re.compile(r"[.!?。](?=\s|$)")


@settings(max_examples=many(6), deadline=None)
@given(
    standing=standings(POLICY),
    language=st.sampled_from(POLICY.head.languages),
    recipient=st.sampled_from([None, *POLICY.recipients]),
)
def test_both_voices_say_one_whole_sentence_of_the_same_decision(standing, language, recipient):
    """Nothing is left to fill in; the officer's names purpose, rule, fact and clause."""
    for purpose in POLICY.purposes:
        decision = explain(POLICY, standing, purpose, recipient, language=language)
        for said in (decision.because, decision.for_officer):
            assert not re.search(r"\{\w*\}", said), said
            assert said.rstrip().endswith((".", "。")), said
        assert f"`{purpose}`" in decision.for_officer
        assert decision.clause in decision.for_officer
        if decision.key != "because.silent.none":
            assert f"`{decision.rule}`" in decision.for_officer
            assert f"`{decision.fact}`" in decision.for_officer
        if decision.article and decision.key != "because.doubt":
            assert decision.article in decision.for_officer


@pytest.mark.parametrize(
    ("person", "purpose", "law"),
    [
        (
            Standing.newcomer(presence="DE", choices={"targeted-ads": "denied"}),
            "targeted-ads",
            "Art 7(3)",
        ),
        (
            Standing.newcomer(presence="DE", objections={"recommend": "pending"}),
            "recommend",
            "Art 21",
        ),
        (
            Standing.newcomer(presence="US-CA", signals=frozenset({"gpc"})),
            "targeted-ads",
            "1798.120",
        ),
        (
            Standing.newcomer(presence="US-VA", choices={"recommend": "denied"}),
            "recommend",
            "our own rule",
        ),
    ],
    ids=["withdrawn", "objected", "signal", "by choice alone"],
)
def test_the_officer_is_told_the_law_that_a_denial_carries_out(person, purpose, law):
    """The right of the person's own law, or that the denial is our own rule."""
    decision = explain(POLICY, person, purpose)
    assert not decision
    assert law in decision.for_officer


ASIDE = Restriction(ground="unlawful", purposes=frozenset({"recommend"}))
YES = {"targeted-ads": "granted"}


@pytest.mark.parametrize(
    ("facts", "purpose", "rule", "fact"),
    [
        ({"choices": {"recommend": "denied"}}, "recommend", "refused", "choice=denied"),
        ({"choices": None}, "recommend", "refused", "choice=unknown"),
        ({"signals": frozenset({"gpc"})}, "targeted-ads", "signal", "signal=gpc"),
        ({"signals": None, "choices": YES}, "targeted-ads", "signal", "signal=unknown"),
        ({"age": "minor"}, "recommend", "minor", "age=minor"),
        ({"age": None}, "recommend", "minor", "age=unknown"),
        ({"objections": {"recommend": "upheld"}}, "recommend", "objection", "objection=upheld"),
        ({"objections": None}, "recommend", "objection", "objection=unknown"),
        ({"restrictions": (ASIDE,)}, "recommend", "restricted", "restricted=unlawful"),
        ({"restrictions": None}, "recommend", "restricted", "restricted=unknown"),
        ({"pending": {"recommend"}}, "recommend", "unanswered-change", "pending=unanswered"),
        ({"pending": None}, "recommend", "unanswered-change", "pending=unknown"),
        ({"choices": {}}, "targeted-ads", "consent", "choice=unset"),
    ],
)
def test_p3_1b_the_fact_that_closes_a_use_is_named_and_whether_anybody_knows_it(
    facts, purpose, rule, fact
):
    """P3.1b: a denial needs only doubt, and whoever asks why is told that it was doubt."""
    decision = decide(POLICY, Standing.newcomer(presence="DE", **facts), purpose)
    assert not decision
    assert (decision.rule, decision.fact) == (rule, fact)
    assert (decision.key == "because.doubt") is fact.endswith("=unknown")


@pytest.mark.parametrize(
    ("facts", "recipient", "rule", "fact"),
    [
        ({"choices": {"targeted-ads/kestrel": "denied"}}, "kestrel", "by-name", "choice=denied"),
        (
            {"pending": {"targeted-ads/kestrel"}},
            "kestrel", "unanswered-change", "pending=targeted-ads/kestrel",
        ),
        ({}, "holdings", "not-for-this", "recipient=holdings"),
    ],
)  # fmt: skip
def test_p4_1_2a_what_closes_one_recipient_is_named_and_closes_no_other(
    facts, recipient, rule, fact
):
    """P4.1.2a: an answer about one of them alone, or a change that waits for one."""
    someone = Standing.newcomer(presence="US-CA", **facts)
    decision = decide(POLICY, someone, "targeted-ads", recipient)
    assert not decision
    assert (decision.rule, decision.fact) == (rule, fact)
    assert decide(POLICY, someone, "targeted-ads")
    if recipient == "kestrel":
        assert decide(POLICY, Standing.newcomer(presence="US-CA"), "targeted-ads", recipient)


def test_what_closes_a_use_is_said_before_what_a_recipient_lacks():
    """Somebody who refused ads hears so, not that the one asked about gets nothing for them."""
    refused = Standing.newcomer(presence="DE", choices={"targeted-ads": "denied"})
    for recipient in POLICY.recipients:
        decision = explain(POLICY, refused, "targeted-ads", recipient)
        assert decision.key == explain(POLICY, refused, "targeted-ads").key, recipient


def test_what_people_are_told_is_one_sentence(policy):
    """No statute, no rule, no second sentence: those are the officer's."""
    for language in policy.head.languages:
        for key, said in policy.words[language].sentences.items():
            if key.startswith("because."):
                assert len(ENDS.findall(said)) == 1, f"{key}: {said}"
                assert not re.search(r"Art\.|§|`|\brule\b", said), f"{key}: {said}"
