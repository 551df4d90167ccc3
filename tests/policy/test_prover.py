"""The prover speaks of everybody: what it shows is so, and what it can't look at it says."""

from functools import partial

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import POLICY
from tests.policy.people import standings
from tests.policy.test_any_policy import policies
from tests.policy.test_invariants import INVARIANTS, unjudged

from plainview.engine import (
    Policy,
    PolicyErrors,
    Prover,
    TooManyPeople,
    decide,
    fold,
    load_invariants,
    permits,
    tell,
)
from plainview.engine.crowds import standing_of
from plainview.engine.declarations.invariants import Given, Invariant

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("purpose", "presence", "residence"),
    [
        ("playback", "eu", None),
        ("connect-identity", "us-ca", "br"),
        ("recommend", "us-co", None),
        ("legal", "eu", "br"),
        ("security", "unknown", None),
        ("record-keeping", "us", "row"),
        ("business-transfer", "in", None),
    ],
)
def test_one_fold_over_everybody_is_a_fold_of_each(prover, purpose, presence, residence):
    """Bit by bit: turned on its side, the fold says of each what it says of one alone."""
    crowd, people = prover.permitted(purpose, presence, residence)
    bit = POLICY.bit(purpose)
    step = max(1, crowd.size // 2500)
    for number in range(0, crowd.size, step):
        someone = standing_of(purpose, crowd.person(number), presence, residence)
        assert permits(fold(POLICY, someone), bit) == bool(people >> number & 1), someone


WORDS = {
    "choice": ("granted", "affirmed", "denied", "unset", "unknown"),
    "objection": ("none", "pending", "upheld", "unknown"),
    "age": ("certified-adult", "minor", "uncertified", "unknown"),
    "signal": ("none", "gpc", "unknown"),
    "plan": ("none", "plus", "unknown"),
    "restricted": ("yes", "no", "unknown"),
}
GIVEN = st.fixed_dictionaries(
    {},
    optional={name: st.sets(st.sampled_from(words), min_size=1) for name, words in WORDS.items()},
).map(lambda facts: Given(**{name: tuple(sorted(words)) for name, words in facts.items()}))
CLAIM = partial(st.builds, Invariant, id=st.just("i"), sentence=st.just("s"), source=st.just("s"))
SIMPLE = st.one_of(
    CLAIM(given=GIVEN, then=st.sampled_from(["permitted", "denied"])),
    CLAIM(given=GIVEN, then=st.just("only-with"), with_=GIVEN),
)


def _meets(someone, purpose: str, given: Given) -> bool:
    """Whether somebody is known to be as given; written without the engine."""
    choice = None if someone.choices is None else someone.choices.get(purpose, "unset")
    objection = None if someone.objections is None else someone.objections.get(purpose, "none")
    facts = {"choice": {choice}, "objection": {objection}, "age": {someone.age}}
    facts["plan"] = {someone.plan}
    facts["signal"] = {None} if someone.signals is None else set(someone.signals) or {"none"}
    restrictions = someone.restrictions
    restricted = None if restrictions is None else any(purpose in r.purposes for r in restrictions)
    facts["restricted"] = {{None: None, True: "yes", False: "no"}[restricted]}
    for name, known in facts.items():
        words = set(getattr(given, name))
        words |= {"affirmed"} if "granted" in words else set()
        if words and not {word or "unknown" for word in known} & words:
            return False
    return True


@settings(max_examples=many(3), deadline=None)
@given(policy=policies(), invariant=SIMPLE, someone=standings(POLICY))
def test_a_proof_speaks_of_everybody_whatever_the_rules(policy, invariant, someone):
    """Proved: nobody drawn at random breaks it. Broken: the person shown breaks it."""
    simple = msgspec.structs.replace(
        someone,
        restrictions=None
        if someone.restrictions is None
        else tuple(
            msgspec.structs.replace(each, categories=frozenset(), reopened=frozenset())
            for each in someone.restrictions
        ),
    )
    proof = Prover(policy).prove(invariant)
    shown = proof.counterexample
    if shown is not None:
        assert tell(policy, proof)
        standing = shown.someone.standing(shown.purpose)
        assert _breaks(policy, invariant, standing, shown.purpose)
    for purpose in set(policy.purposes) - set(proof.broken):
        assert not _breaks(policy, invariant, simple, purpose)


def _breaks(policy: Policy, invariant: Invariant, someone, purpose: str) -> bool:
    if not _meets(someone, purpose, invariant.given):
        return False
    permitted = decide(policy, someone, purpose).permitted
    if invariant.then == "only-with":
        return permitted and not _meets(someone, purpose, invariant.with_)
    return permitted is (invariant.then == "denied")


def _lenient(joint, known, everything):
    """A fold gone wrong: one book is enough, and a denial waits for proof."""
    permitted = 0
    for table in joint.allows:
        for mask, when in table:
            for index in when:
                mask &= known[index][0]
            permitted |= mask & everything
    for mask, when, unless in joint.denies:
        for index in when:
            mask &= known[index][0]
        for index in unless or ():
            mask &= ~known[index][0]
        permitted &= ~mask
    return permitted


@pytest.mark.parametrize(
    "id_",
    ["doubt-never-opens", "a-refusal-in-either-place-holds", "an-unknown-place-is-the-strictest"],
)
def test_what_no_rule_can_break_a_broken_engine_does(monkeypatch, id_):
    """These three rest on the fold itself; the proof sees one that is wrong."""
    monkeypatch.setattr("plainview.engine.proving.combine", _lenient)
    proof = Prover(POLICY).prove(INVARIANTS[id_])
    assert not proof.holds
    with pytest.raises(RuntimeError, match="decides otherwise"):
        tell(POLICY, proof)  # which the engine that serves pages does not
    monkeypatch.setattr("plainview.engine.deciding.combine", _lenient)
    example = proof.counterexample
    assert example.other is not None
    for someone, permitted in ((example.someone, False), (example.other, True)):
        folded = fold(POLICY, someone.standing(example.purpose))
        assert permits(folded, POLICY.bit(example.purpose)) is permitted


def test_an_invariant_about_nothing_is_proved_of_nothing(prover):
    """It says so: no purpose, no combination."""
    proof = prover.prove(
        msgspec.structs.replace(
            INVARIANTS["brazil-knows-two-grounds"],
            applies=msgspec.structs.replace(
                INVARIANTS["brazil-knows-two-grounds"].applies,
                regime=("gdpr",),
                kinds=("feeds",),
                bases=("contract",),
            ),
        )
    )
    assert (proof.holds, proof.purposes, proof.combinations) == (True, (), 0)


def test_more_people_than_can_be_looked_at_is_said():
    """A purpose whose rules read thirty features one by one can't be enumerated, and says so."""
    rules = "".join(
        f'{{ id = "f{n}", deny = true, when = {{ feature = ["f{n}"] }} }}, ' for n in range(30)
    )
    policy = unjudged("purposes/recommend.toml", "loses = true", f"loses = true\nrule = [{rules}]")
    with pytest.raises(TooManyPeople, match="the rules of `recommend`: 30 words of `feature`"):
        Prover(policy).prove(INVARIANTS["doubt-never-opens"])


WRONG = """
[[invariant]]
id = "one"
sentence = "s"
source = "s"
for = { kinds = ["advertizing"], regime = ["gdrp"] }
given = { signal = ["dnt"], choice = ["maybe"] }
then = "only-with"
on = ["consent"]

[[invariant]]
id = "one"
sentence = "s"
source = "s"
compare = "firmer"
facts = ["plan"]
then = "permits-no-more"

[[invariant]]
id = "two"
sentence = "s"
source = "s"
compare = "second-place"
facts = ["choice"]
then = "permits-no-less"

[[invariant]]
id = "three"
sentence = "s"
source = "s"
then = "rests-on"
"""


def test_an_invariant_that_cannot_be_checked_names_place_and_remedy(tmp_path):
    """All at once, as for every other file."""
    (tmp_path / "invariants.toml").write_text(WRONG)
    with pytest.raises(PolicyErrors) as caught:
        load_invariants(tmp_path, POLICY)
    said = {(each.line, each.problem) for each in caught.value.problems}
    assert said == {
        (2, '`then = "only-with"` needs `with`'),
        (6, "unknown kind `advertizing`"),
        (6, "unknown regime `gdrp`"),
        (7, "unknown signal `dnt`"),
        (7, "`maybe` is not one of the words allowed here"),
        (9, '`then = "only-with"` does not read `on`'),
        (12, "two invariants are called `one`"),
        (16, "nobody refuses by `plan`"),
        (24, "nothing reads `facts` here"),
        (25, "a second or unknown place always permits less"),
        (27, '`then = "rests-on"` needs `on`'),
    }
