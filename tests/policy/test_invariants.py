"""The law's invariants are proved for everybody, and a broken one is shown as a person."""

import msgspec
import pytest
from tests.policy.conftest import FILES, FOLDER, POLICY
from tests.policy.oracle import permitted as second_opinion

from plainview.engine import Policy, Prover, load_invariants, tell
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
