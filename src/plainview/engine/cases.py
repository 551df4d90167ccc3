"""Example people: a sentence, who they are, and what the policy should decide for them.

Lawyers can write these. `plainview policy test` and the test suite run them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from plainview.engine.deciding import Decision, decide, fold, permits
from plainview.engine.declarations import Declaration, Ids
from plainview.engine.policy import Policy
from plainview.engine.positions import Path as Where
from plainview.engine.problems import PolicyErrors, nearest
from plainview.engine.reading import Reader
from plainview.engine.standing import Age, Choice, Objection, Restriction, Standing

PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
A_PLACE = "write two letters, as `DE`; a state is `US-CA`"
"""What a code of a place looks like (ISO 3166), also of one that the policy does not know."""


class Case(Declaration, frozen=True, kw_only=True):
    """One example: the sentence that tells it, the facts, the question and the answer.

    Facts left out are those of a newcomer, except a place left out, which is unknown; `unknown`
    lists facts nobody knows. `reason` is the id of the rule that decides. With a `category` the
    question is whether that may be used, or handed to the recipient; what a purpose does not use is
    `not-used`, what a recipient does not get `not-received`, what is set aside `withheld`.
    `everywhere` makes one example of each place where it holds, `at_home` if people live there.
    """

    sentence: str
    purpose: str
    expect: str
    reason: str
    promise: str = ""
    basis: str = ""
    category: str = ""
    recipient: str | None = None
    presence: str | None = None
    residence: str | None = None
    everywhere: Ids = ()
    at_home: bool = False
    choices: dict[str, Choice] = {}
    objections: dict[str, Objection] = {}
    restrictions: tuple[Restriction, ...] = ()
    signals: tuple[str, ...] = ()
    age: Age = "uncertified"
    pending: tuple[str, ...] = ()
    plan: str = "none"
    features: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing:
        """The person of the example."""
        facts = {
            "presence": self.presence,
            "residence": self.residence,
            "choices": self.choices,
            "objections": self.objections,
            "restrictions": self.restrictions,
            "signals": frozenset(self.signals),
            "age": self.age,
            "pending": frozenset(self.pending),
            "plan": self.plan,
            "features": frozenset(self.features),
            "cases": frozenset(self.cases),
        }
        return Standing.newcomer(**facts | dict.fromkeys(self.unknown))


class Without(Declaration, frozen=True, kw_only=True):
    """A promise that no example person can show, and what shows it instead."""

    promise: str
    why: str


class CaseFile(Declaration, frozen=True, kw_only=True):
    """cases/<name>.toml."""

    case: tuple[Case, ...] = ()
    without: tuple[Without, ...] = ()


class CaseResult(msgspec.Struct, frozen=True):
    """What became of an example: `failure` is empty when the policy decides as it should."""

    case: Case
    decision: Decision
    failure: str


def load_cases(folder: Path | str, policy: Policy) -> dict[str, tuple[Case, ...]]:
    """Return the examples of `cases/*.toml` by file, each fit to be decided by `policy`.

    Raises PolicyErrors holding everything that is wrong with them.
    """
    reader = Reader(Path(folder))
    found = {file: reader.read(file, CaseFile).case for file in reader.names("cases/*.toml")}
    for file, cases in found.items():
        for n, case in enumerate(cases):
            if case.expect not in ("permitted", "denied"):
                remedy = "write `permitted` or `denied`"
                path = ("case", n, "expect")
                reader.add(file, path, f"`{case.expect}` is no decision", remedy)
            for fact in case.unknown:
                if fact not in Standing.__struct_fields__:
                    known = ", ".join(f"`{name}`" for name in Standing.__struct_fields__)
                    path = ("case", n, "unknown")
                    reader.add(file, path, f"unknown fact `{fact}`", f"name one of {known}")
            _check_words(reader, file, ("case", n), case, policy)
    if reader.problems:
        raise PolicyErrors(reader.problems)
    return {file: tuple(_each(cases)) for file, cases in found.items()}


def _check_words(reader: Reader, file: str, at: Where, case: Case, policy: Policy) -> None:
    """What an example names is declared: whoever slips is told, and decides about nobody else."""
    purposes, categories = policy.purposes, policy.categories
    set_aside = [name for each in case.restrictions for name in each.purposes]
    set_aside_kinds = [name for each in case.restrictions for name in each.categories]
    for key, words, what, known, file_of in (
        ("purpose", (case.purpose,), "purpose", purposes, "purposes/"),
        ("choices", case.choices, "purpose", purposes, "purposes/"),
        ("objections", case.objections, "purpose", purposes, "purposes/"),
        ("pending", case.pending, "purpose", purposes, "purposes/"),
        ("restrictions", set_aside, "purpose", purposes, "purposes/"),
        ("restrictions", set_aside_kinds, "category", categories, "categories.toml"),
        ("category", (case.category,), "category", categories, "categories.toml"),
        ("recipient", (case.recipient or "",), "recipient", policy.recipients, "recipients.toml"),
        ("signals", case.signals, "signal", policy.signals, "rules.toml"),
        ("cases", case.cases, "case", policy.cases, "rules.toml"),
        ("promise", (case.promise,), "promise", policy.promises, "promises.csv"),
    ):
        for word in words:
            asked = word or key == "purpose"  # all else may be left empty
            if asked and word.partition("/")[0] not in known:
                remedy = nearest(word, known, f"declare it in `{file_of}`")
                reader.add(file, (*at, key), f"unknown {what} `{word}`", remedy)
    for key, codes in (
        ("presence", (case.presence,)),
        ("residence", (case.residence,)),
        ("everywhere", case.everywhere),
    ):
        for code in codes:
            if code and not PLACE.fullmatch(code):
                reader.add(file, (*at, key), f"`{code}` is no code of a place", A_PLACE)


def _each(cases: Iterable[Case]) -> Iterator[Case]:
    for case in cases:
        if not case.everywhere:
            yield case
        for place in case.everywhere:
            yield msgspec.structs.replace(
                case,
                sentence=f"{case.sentence} ({place})",
                presence=place,
                residence=place if case.at_home else case.residence,
            )


def load_without(folder: Path | str) -> dict[str, str]:
    """Return the promises that go without an example, each with the reason that is given."""
    reader = Reader(Path(folder))
    files = [reader.read(file, CaseFile) for file in reader.names("cases/*.toml")]
    return {each.promise: each.why for file in files for each in file.without}


SHOWN_BY_PEOPLE = frozenset({"basis", "limit", "share", "choice"})


def unshown(policy: Policy, cases: Iterable[Case], without: Mapping[str, str]) -> list[str]:
    """Return the promises that example people should show, and neither they nor a reason does."""
    shown = {case.promise for case in cases} | without.keys()
    return [
        promise.id
        for promise in policy.promises.values()
        if promise.kind in SHOWN_BY_PEOPLE and promise.id not in shown
    ]


def run_case(policy: Policy, case: Case) -> CaseResult:
    """Decide an example. Raises UnknownPurpose, UnknownRecipient or UnknownCategory."""
    decision = decide(policy, case.standing, case.purpose, case.recipient)
    kept_back = _kept_back(policy, case, decision) if decision and case.category else ""
    got = "permitted" if decision and not kept_back else "denied"
    reason = kept_back or decision.rule
    failures = []
    if got != case.expect:
        failures.append(f"expected {case.expect}, is {got}")
    if reason != case.reason:
        failures.append(f"expected the reason `{case.reason}`, is `{reason}`")
    if case.basis and decision.basis != case.basis:
        failures.append(f"expected the basis `{case.basis}`, is `{decision.basis}`")
    if case.recipient is None:
        folded = permits(fold(policy, case.standing), policy.bit(case.purpose))
        if folded != decision.permitted:
            failures.append("the folded bit says otherwise")
    return CaseResult(case, decision, "; ".join(failures))


def _kept_back(policy: Policy, case: Case, decision: Decision) -> str:
    """Return why a permitted purpose leaves a category untouched; empty when it may have it."""
    policy.purposes_of(case.category)  # raises UnknownCategory
    if case.category not in policy.uses(case.purpose):
        return "not-used"
    if case.category in decision.withheld:
        return "withheld"
    if case.recipient is not None:
        received = policy.recipients[case.recipient].receives.get(case.purpose, ())
        return "" if case.category in received else "not-received"
    return ""
