"""Example people: a sentence, who they are, and what the policy should decide for them.

Lawyers can write these. `plainview policy test` and the test suite run them.
"""

from pathlib import Path

import msgspec

from plainview.engine.deciding import Decision, decide, fold, permits
from plainview.engine.declarations import Declaration
from plainview.engine.policy import Policy
from plainview.engine.problems import PolicyErrors
from plainview.engine.reading import Reader
from plainview.engine.standing import Age, Choice, Objection, Restriction, Standing


class Case(Declaration, frozen=True, kw_only=True):
    """One example: the sentence that tells it, the facts, the question and the answer.

    Facts left out are those of a newcomer, except a place left out, which is unknown; `unknown`
    lists facts nobody knows. `reason` is the id of the rule that decides.
    """

    sentence: str
    purpose: str
    expect: str
    reason: str
    promise: str = ""
    basis: str = ""
    recipient: str | None = None
    presence: str | None = None
    residence: str | None = None
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


class CaseFile(Declaration, frozen=True, kw_only=True):
    """cases/<name>.toml."""

    case: tuple[Case, ...]


class CaseResult(msgspec.Struct, frozen=True):
    """What became of an example: `failure` is empty when the policy decides as it should."""

    case: Case
    decision: Decision
    failure: str


def load_cases(folder: Path | str) -> dict[str, tuple[Case, ...]]:
    """Return the examples of `cases/*.toml` by file. Raises PolicyErrors for what can't be read."""
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
    if reader.problems:
        raise PolicyErrors(reader.problems)
    return found


def run_case(policy: Policy, case: Case) -> CaseResult:
    """Decide an example. Raises UnknownPurpose or UnknownRecipient for undeclared names."""
    decision = decide(policy, case.standing, case.purpose, case.recipient)
    got = "permitted" if decision else "denied"
    failures = []
    if got != case.expect:
        failures.append(f"expected {case.expect}, is {got}")
    if decision.rule != case.reason:
        failures.append(f"expected the reason `{case.reason}`, is `{decision.rule}`")
    if case.basis and decision.basis != case.basis:
        failures.append(f"expected the basis `{case.basis}`, is `{decision.basis}`")
    if case.recipient is None:
        folded = permits(fold(policy, case.standing), policy.bit(case.purpose))
        if folded != decision.permitted:
            failures.append("the folded bit says otherwise")
    return CaseResult(case, decision, "; ".join(failures))
