"""The law's invariants are proved for everybody, and a broken one is shown as a person."""

from functools import partial

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import FILES, FOLDER, POLICY
from tests.policy.oracle import permitted as second_opinion
from tests.policy.people import standings
from tests.policy.test_any_policy import policies

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
from plainview.engine.folder import read_folder
from plainview.engine.loading import assembled
from plainview.engine.reading import Reader

pytestmark = pytest.mark.slow

INVARIANTS = {each.id: each for each in load_invariants(FOLDER, POLICY)}

REFUSABLE = 'bases = ["legitimate-interest", "notice-and-opt-out", "consent"], without = ["compelli'
MINOR = 'for = { without = ["minor-safe"] }\ndeny = true\nwhen = { age = ["minor"] }'
# invariant -> file, what stands there, what is written instead; the smallest person who shows it
BROKEN = {
    "consent-needs-a-yes": (
        "purposes/survey-answers.toml",
        "loses = true",
        'loses = true\nrule = [{ id = "also", allow = "legitimate-interest", '
        'when = { regime = ["gdpr"] } }]',
        "`survey-answers` (Use your answers to a survey) is permitted for somebody in the European "
        "Union and the EEA who has said nothing: the rule `also` lets it rest on "
        "legitimate-interest in `eu`",
    ),
    "opt-in-asks-first": (
        "jurisdictions/eu.toml",
        "[bases]",
        '[kinds]\nadvertising = "contract"\n\n[bases]',
        "`targeted-ads` (Choose advertisements for you) is permitted for somebody in the European "
        "Union and the EEA who has said nothing: `eu` lets it rest on contract",
    ),
    "quebec-and-india-ask-to-personalise": (
        "jurisdictions/in.toml",
        'personalise = "consent"',
        'personalise = "legitimate-interest"',
        "`history` (Remember what you watched) is permitted for somebody in India who has said "
        "nothing: `in` lets it rest on legitimate-interest",
    ),
    "a-no-is-a-no": (
        "rules.toml",
        'choice = ["denied"] }',
        'choice = ["denied"], plan = ["none"] }',
        "`history` (Remember what you watched) is permitted for somebody in Brazil who said no to "
        "it and whose plan is `another`: `br` lets it rest on legitimate-interest",
    ),
    "objection-acts-at-once": (
        "rules.toml",
        'when = { objection = ["pending", "upheld"] }',
        'when = { objection = ["upheld"] }',
        "`history` (Remember what you watched) is permitted for somebody in Brazil who objects to "
        "it: `br` lets it rest on legitimate-interest",
    ),
    "compelling-goes-on-while-weighed": (
        "purposes/security.toml",
        '"compelling", ',
        "",
        "`security` (Protect you and everybody) is denied to somebody in Brazil who said no to it: "
        "the rule `refused` denies it in `br`",
    ),
    "an-upheld-objection-closes-the-compelling-too": (
        "rules.toml",
        '"vital-interests"] }\nrights = ["object"]',
        '"vital-interests", "legal-claims"] }\nrights = ["object"]',
        "`security` (Protect you and everybody) is permitted for somebody in Brazil whose "
        "objection "
        "to it was upheld and who has an open case of `legal-claims`: `br` lets it rest on "
        "legitimate-interest",
    ),
    "refusals-only-remove": (
        "rules.toml",
        MINOR,
        MINOR.replace('"minor"] }', '"uncertified"] }'),
        "`billing` (Take payments) is denied to somebody in Brazil of whom nothing is recorded, "
        "and "
        "permitted once they are known to be a minor: `br` lets it rest on contract",
    ),
    "contract-survives-every-refusal": (
        "rules.toml",
        f'for = {{ {REFUSABLE}ng"] }}\ndeny = true\nwhen = {{ choice',
        'for = { without = ["compelling"] }\ndeny = true\nwhen = { choice',
        "`browse` (Show pages) is permitted for somebody in Brazil who has said nothing, and "
        "denied "
        "once they say no: the rule `refused` denies it in `br`",
    ),
    "open-to-everybody": (
        "purposes/playback.toml",
        ', "minor-safe"]',
        "]",
        "`playback` (Play films) is denied to somebody in Brazil who is known to be a minor: the "
        "rule `minor` denies it in `br`",
    ),
    "the-promised-bases": (
        "jurisdictions/us-va.toml",
        "[[authority]]",
        '[kinds]\nservice = "notice-and-opt-out"\n\n[[authority]]',
        "`account` (Keep your account) is permitted for somebody in Virginia who has said nothing: "
        "`us-va` lets it rest on notice-and-opt-out",
    ),
    "a-signal-closes": (
        "rules.toml",
        'unless = { choice = ["affirmed"] }',
        'unless = { choice = ["granted"] }',
        "`marketing-partners` (Let a named partner write to you) is permitted for somebody in "
        "Brazil who said yes to it and whose browser sends `gpc`: `br` lets it rest on consent",
    ),
    "advertising-hears-signals": (
        "purposes/audience-uploads.toml",
        'traits = ["signal-closes"]\n',
        "",
        "`audience-uploads` (Find you on other platforms) is permitted for somebody in Alabama "
        "whose browser sends `gpc`: `us-other` lets it rest on notice-and-opt-out",
    ),
    "no-advertising-to-a-minor": (
        "purposes/personal-offers.toml",
        'kind = "marketing"\n',
        'kind = "marketing"\ntraits = ["minor-safe"]\n',
        "`personal-offers` (Make you an offer) is permitted for somebody in Alabama who is "
        "known "
        "to be a minor: `us-other` lets it rest on notice-and-opt-out",
    ),
    "a-restriction-sets-aside": (
        "rules.toml",
        'without = ["own-request", "protects-others", "claims", "storage", "rights"]',
        'without = ["own-request", "protects-others", "claims", "storage", "rights"], kinds = '
        '["marketing", "research", "advertising", "storage", "feeds", "understand", "internal"]',
        "`history` (Remember what you watched) is permitted for somebody in Brazil who had it set "
        "aside: `br` lets it rest on legitimate-interest",
    ),
    "a-restriction-leaves-requests-alone": (
        "rules.toml",
        'without = ["own-request", "protects-others", "claims", "storage", "rights"]',
        'without = ["own-request", "protects-others", "claims", "storage"]',
        "`privacy-choices` (Keep and pass on your choices) is permitted for somebody in Brazil of "
        "whom nothing is recorded, and denied once they have it set aside: the rule `restricted` "
        "denies it in `br`",
    ),
    "a-change-waits-for-an-answer": (
        "rules.toml",
        "when = { pending = true }",
        'when = { pending = true, model = ["opt-in"] }',
        "`history` (Remember what you watched) is permitted for somebody in Alabama who has not "
        "answered a change to it: `us-other` lets it rest on notice-and-opt-out",
    ),
    "the-law-acts-only-in-a-case": (
        "purposes/legal.toml",
        "[[purpose.legal.rule]]",
        '[[purpose.legal.rule]]\nid = "any-time"\nallow = "consent"\n\n[[purpose.legal.rule]]',
        "`legal` (Answer courts and defend claims) is permitted for somebody in Brazil who said "
        "yes "
        "to it: the rule `any-time` lets it rest on consent in `br`",
    ),
    "a-partner-serves-only-who-asked": (
        "purposes/partner-services.toml",
        'unless = { feature = ["partner-services"] }',
        'unless = { plan = ["plus"] }',
        "`partner-services` (Let a partner serve you) is permitted for somebody in Alabama "
        "whose "
        "plan is `plus`: `us-other` lets it rest on notice-and-opt-out",
    ),
}


@pytest.mark.parametrize("id_", INVARIANTS)
def test_the_demonstration_policy_keeps_every_invariant(prover, id_):
    """Each concerns some purpose, and holds for all the people it speaks of."""
    proof = prover.prove(INVARIANTS[id_])
    assert proof.purposes
    assert proof.combinations
    assert proof.holds, tell(POLICY, proof)


@pytest.mark.parametrize("id_", BROKEN)
def test_one_edit_breaks_an_invariant_and_the_person_is_shown(id_):
    """The smallest person who shows it, the purpose, and the rule that lets it happen."""
    file, old, new, sentence = BROKEN[id_]
    policy = unjudged(file, old, new)
    proof = Prover(policy).prove(INVARIANTS[id_])
    assert not proof.holds
    assert tell(policy, proof) == sentence
    example = proof.counterexample
    last = example.other or example.someone
    shared = [term.rule for book in policy.books.values() for term in (*book.denies, *book.allows)]
    own = {id(rule) for purpose in policy.purposes.values() for rule in purpose.rule}
    rules = list({id(rule): rule for rule in shared if id(rule) not in own}.values())
    purpose = policy.purpose(example.purpose)
    said = second_opinion(policy, _real(policy, last.standing(purpose.id)), purpose, rules)
    assert said is (proof.invariant.then not in ("permitted", "permits-no-less"))


def unjudged(file: str, old: str, new: str) -> Policy:
    """The policy with other words in a file; what `check` says of it is another matter."""
    text = FILES[file].decode()
    assert old in text
    reader = Reader(FILES | {file: text.replace(old, new, 1).encode()})
    parts = read_folder(reader)
    assert not reader.problems
    return assembled(parts, "")


def _real(policy: Policy, standing):
    """The same person with a country's code for the jurisdiction, as the second opinion has it."""
    codes = {
        id_: place.places[0]
        for place in reversed(policy.jurisdictions.values())
        for id_ in (*place.parents, place.id)
        if place.places
    }
    places = {
        name: codes.get(place)
        for name in ("presence", "residence")
        if (place := getattr(standing, name)) is not None
    }
    return msgspec.structs.replace(standing, **places)


@pytest.fixture(scope="module")
def prover() -> Prover:
    """Of the demonstration policy."""
    return Prover(POLICY)


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
