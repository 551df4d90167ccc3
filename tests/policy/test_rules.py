"""What single conditions mean, on small policies made for each question."""

import msgspec
import pytest
from tests.policy.conftest import PARTS

from plainview.engine import (
    Policy,
    Restriction,
    Rule,
    Standing,
    UnknownCategory,
    UnknownPurpose,
    UnknownRecipient,
    decide,
    fold,
    permits,
    withheld,
)
from plainview.engine.declarations import Scope, When
from plainview.engine.loading import assembled

RECOMMEND = Scope(purposes=("recommend",))


def ruled(*rules: Rule) -> Policy:
    """Return the demonstration policy with these shared rules instead of its own."""
    book = msgspec.structs.replace(PARTS.rules, rule=rules)
    return assembled(msgspec.structs.replace(PARTS, rules=book), "")


def allows(policy: Policy, standing: Standing, purpose: str = "recommend") -> bool:
    """Whether the folded bit permits; the explanation must say the same."""
    bit = permits(fold(policy, standing), policy.bit(purpose))
    assert decide(policy, standing, purpose).permitted == bit
    return bit


def german(**facts: object) -> Standing:
    """Somebody new in Germany."""
    return Standing.newcomer(presence="DE", **facts)


YES = Rule(id="yes", allow="legitimate-interest", applies=RECOMMEND)


@pytest.mark.parametrize(
    ("answer", "opens"),
    [("granted", True), ("affirmed", True), ("unset", False), ("denied", False), ("maybe", False)],
)
def test_a_written_grant_needs_a_yes_and_the_stronger_yes_is_one(answer, opens):
    """`granted` means a yes of either kind; anything else, a misspelt one too, is none."""
    rule = Rule(id="asked", allow="consent", when=When(choice=("granted",)), applies=RECOMMEND)
    assert allows(ruled(rule), german(choices={"recommend": answer})) is opens


@pytest.mark.parametrize(
    ("answer", "opens"),
    [("granted", True), ("affirmed", True), ("unset", False), ("denied", False), ("maybe", False)],
)
def test_a_denial_of_silence_spares_those_who_answered_yes(answer, opens):
    """A denial on `unset` and `denied` falls on nobody who said yes, and on every doubt."""
    silent = Rule(id="silent", deny=True, when=When(choice=("unset", "denied")), applies=RECOMMEND)
    policy = ruled(silent, YES)
    assert allows(policy, german(choices={"recommend": answer})) is opens
    assert allows(policy, german(choices={"improve": "granted"})) is False


def test_an_answer_that_is_none_closes_what_a_no_closes(policy):
    """A value nobody knows may be the refusal: it opens nothing and closes what doubt closes."""
    assert allows(policy, german())
    assert not allows(policy, german(choices={"recommend": "perhaps"}))
    assert not allows(policy, german(objections={"recommend": "perhaps"}))
    assert not allows(policy, german(age="old"))
    assert allows(policy, german(choices={"recommend": "perhaps"}), "playback")


@pytest.mark.parametrize(("place", "opens"), [("DE", True), ("BR", False), (None, False)])
def test_an_exception_of_place_holds_there_and_only_there(place, opens):
    """`unless` a regime: under that law the denial never acts, elsewhere always."""
    elsewhere = Rule(id="elsewhere", deny=True, unless=When(regime=("gdpr",)), applies=RECOMMEND)
    policy = ruled(elsewhere, YES)
    assert allows(policy, Standing.newcomer(presence=place)) is opens
    assert policy.refusable("recommend")
    assert policy.closed_by("recommend") == {"elsewhere"}
    everywhere = Rule(id="never", deny=True, unless=When(model=("opt-in", "opt-out")))
    steady = ruled(everywhere, YES)
    assert not steady.refusable("recommend")
    assert fold(steady, Standing()) == steady.permitted_by_default
    assert steady.closed_by("recommend") == frozenset()


def test_all_conditions_of_a_line_and_any_of_a_list():
    """Several conditions must all be met; one of a list is enough."""
    rule = Rule(
        id="both",
        deny=True,
        when=When(age=("certified-adult", "minor"), signal=("gpc",)),
        applies=RECOMMEND,
    )
    policy = ruled(rule, YES)
    heard = frozenset({"gpc"})
    assert allows(policy, german(signals=heard))
    assert allows(policy, german(age="minor"))
    assert not allows(policy, german(age="minor", signals=heard))
    assert not allows(policy, german(age="certified-adult", signals=heard))
    assert not allows(policy, german(age="certified-adult", signals=None))


def test_a_family_set_aside_withholds_its_children(policy):
    """P5.2.1.6a: an open purpose that can do without a category must leave it untouched."""
    name = Restriction(ground="accuracy-disputed", categories=frozenset({"contact.email"}))
    family = Restriction(ground="accuracy-disputed", categories=frozenset({"device"}))
    for restriction in (name, family):
        set_aside = german(restrictions=(restriction,))
        assert allows(policy, set_aside, "account")
        assert not withheld(policy, set_aside, "account")  # the person's own request goes on
    loose = msgspec.structs.replace(policy.purposes["error-reports"], needs=("activity.visits",))
    parts = msgspec.structs.replace(PARTS, purposes=PARTS.purposes | {"error-reports": loose})
    changed = assembled(parts, "")
    set_aside = german(restrictions=(family,))
    assert allows(changed, set_aside, "error-reports")
    assert withheld(changed, set_aside, "error-reports") == {
        "device",
        "device.id",
        "device.family",
    }
    assert decide(changed, set_aside, "error-reports").withheld >= {"device.id"}
    assert not allows(policy, set_aside, "error-reports")  # which needs all it uses
    assert withheld(changed, german(restrictions=None), "error-reports")


def test_p5_2_1_3a_a_kind_of_data_that_is_disputed_is_used_by_nobody_and_closes_nothing(policy):
    """P5.2.1.3a: the purpose goes on without it, for the person's own request and for others."""
    disputed = Restriction(ground="accuracy-disputed", disputed=frozenset({"commercial.plan"}))
    someone = german(restrictions=(disputed,))
    using = policy.purposes_of("commercial.plan")
    open_ = {each for each in using if allows(policy, german(), each)}
    assert open_ == {each for each in using if allows(policy, someone, each)}
    for each in open_:
        kept = frozenset() if policy.survives_restriction(each) else {"commercial.plan"}
        assert decide(policy, someone, each).withheld == kept
    yes = msgspec.structs.replace(disputed, reopened=using)
    assert not any(withheld(policy, german(restrictions=(yes,)), each) for each in using)


def test_a_recipients_rule_counts_only_where_its_law_is(policy):
    """A condition on the regime in a recipient's rule is settled by the person's places."""
    kestrel = policy.recipients["kestrel"]
    rule = Rule(id="not-there", deny=True, when=When(regime=("ccpa",)))
    recipients = PARTS.recipients | {"kestrel": msgspec.structs.replace(kestrel, rule=(rule,))}
    changed = assembled(msgspec.structs.replace(PARTS, recipients=recipients), "")
    for place, handed in (("US-CO", True), ("US-CA", False)):
        someone = Standing.newcomer(presence=place)
        assert decide(changed, someone, "targeted-ads", "kestrel").permitted is handed
    both = Standing.newcomer(presence="US-CO", residence="US-CA")
    assert not decide(changed, both, "targeted-ads", "kestrel")


def test_a_recipients_rule_may_name_one_country_of_the_union():
    """P4.1.2a: though what it may be used for is decided alike in all of them."""
    kestrel = PARTS.recipients["kestrel"]
    rule = Rule(id="not-there", deny=True, when=When(place=("eu-de",)))
    recipients = PARTS.recipients | {"kestrel": msgspec.structs.replace(kestrel, rule=(rule,))}
    changed = assembled(msgspec.structs.replace(PARTS, recipients=recipients), "")
    yes = {"targeted-ads": "granted", "targeted-ads/kestrel": "granted"}
    for place, handed in (("NL", True), ("DE", False), (None, False)):
        known = changed.law_of(place)  # no more of it is kept
        someone = Standing.newcomer(presence=known, age="certified-adult", choices=yes)
        assert decide(changed, someone, "targeted-ads", "kestrel").permitted is handed
        assert decide(changed, someone, "targeted-ads")


def test_families_come_with_their_kinds_and_siblings_do_not(policy):
    """P2a: using one column lets a purpose touch the row, never another column."""
    assert {"viewing", "viewing.list"} <= policy.uses("lists")
    assert "viewing.history" not in policy.uses("lists")
    assert "lists" in policy.purposes_of("viewing")
    assert "lists" not in policy.purposes_of("viewing.history")


def test_names_the_policy_does_not_know_raise_with_the_nearest(policy):
    """P2a: a purpose, category or recipient that is not in the policy can't be asked about."""
    with pytest.raises(UnknownPurpose, match="did you mean `recommend`"):
        policy.bit("recomend")
    with pytest.raises(UnknownCategory, match=r"did you mean `viewing\.history`"):
        policy.purposes_of("viewing.histroy")
    with pytest.raises(UnknownRecipient, match="did you mean `kestrel`"):
        decide(policy, german(), "recommend", "kestrell")
    with pytest.raises(UnknownPurpose):
        decide(policy, german(), "recomend")


def test_a_fact_that_does_not_exist_is_no_fact():
    """A misspelt fact of a newcomer is an error, not somebody of whom nothing is known."""
    with pytest.raises(TypeError):
        Standing.newcomer(presense="DE")
