"""Tells of a proof in a sentence: whom an invariant leaves out, and which rule does it."""

from plainview.engine.counterexamples import Counterexample, Someone
from plainview.engine.crowds import Value
from plainview.engine.deciding import Decision, decide
from plainview.engine.declarations.invariants import FACTS
from plainview.engine.policy import Policy
from plainview.engine.proving import Proof

_WHO: dict[tuple[str, Value], str] = {
    ("choice", "granted"): "who said yes to it",
    ("choice", "affirmed"): "who said yes to it in two steps",
    ("choice", "denied"): "who said no to it",
    ("choice", None): "whose answer nobody knows",
    ("objection", "pending"): "who objects to it",
    ("objection", "upheld"): "whose objection to it was upheld",
    ("objection", None): "of whom nobody knows whether they object",
    ("restricted", "yes"): "who had it set aside",
    ("restricted", None): "of whom nobody knows whether they had it set aside",
    ("pending", "yes"): "who has not answered a change to it",
    ("pending", None): "of whom nobody knows whether they answered a change to it",
    ("age", "certified-adult"): "who certified to be of age",
    ("age", "minor"): "who is known to be a minor",
    ("age", None): "whose age nobody knows",
    ("plan", None): "whose plan nobody knows",
    ("signal", None): "of whose browser nobody knows whether it sends a signal",
    ("feature", None): "of whom nobody knows what they asked for",
    ("case", None): "of whom nobody knows whether a case is open",
}
_ONCE: dict[tuple[str, Value], str] = {
    ("choice", "granted"): "when their yes is a plain one",
    ("choice", "unset"): "when they answered nothing",
    ("choice", "denied"): "once they say no",
    ("choice", None): "when nobody knows their answer",
    ("objection", "pending"): "once they object",
    ("objection", "upheld"): "once their objection is upheld",
    ("objection", None): "when nobody knows whether they object",
    ("restricted", "yes"): "once they have it set aside",
    ("restricted", None): "when nobody knows whether they had it set aside",
    ("pending", "yes"): "once a change to it waits for their answer",
    ("pending", None): "when nobody knows whether a change waits for their answer",
    ("age", "minor"): "once they are known to be a minor",
    ("age", None): "when nobody knows their age",
    ("plan", None): "when nobody knows their plan",
    ("signal", None): "when nobody knows whether their browser sends a signal",
    ("feature", None): "when nobody knows what they asked for",
    ("case", None): "when nobody knows whether a case is open",
}


class Disagreement(RuntimeError):
    """The proof and the engine decide differently about one person: neither is to be trusted."""


def tell(policy: Policy, proof: Proof) -> str:
    """Return the sentence that shows who breaks an invariant, for which purpose and by which rule.

    The engine decides about the person once more, by the way that serves pages. Raises
    Disagreement when it decides otherwise, ValueError when nobody breaks the invariant.
    """
    example = proof.counterexample
    if example is None:
        raise ValueError(f"`{proof.invariant.id}` holds; there is nobody to tell of")
    opening = proof.invariant.then in ("permitted", "permits-no-less")
    purpose = f"`{example.purpose}` ({_name(policy, example.purpose)})"
    last = example.other or example.someone
    decision = decide(policy, last.standing(example.purpose), example.purpose)
    _agree(decision, permitted=not opening, last=last)
    if example.other is None:
        said = "denied to" if opening else "permitted for"
        return f"{purpose} is {said} {_who(policy, example.someone)}: {_reason(decision)}"
    first = decide(policy, example.someone.standing(example.purpose), example.purpose)
    _agree(first, permitted=opening, last=example.someone)
    one, two = ("permitted for", "denied") if opening else ("denied to", "permitted")
    return (
        f"{purpose} is {one} {_who(policy, example.someone)}, and {two} "
        f"{_once(policy, example)}: {_reason(decision)}"
    )


def _agree(decision: Decision, *, permitted: bool, last: Someone) -> None:
    if decision.permitted != permitted:
        raise Disagreement(f"the engine decides otherwise about {last}")


def _name(policy: Policy, purpose: str) -> str:
    return policy.text(f"purposes.{purpose}.name", policy.head.languages[0])


def _place(policy: Policy, place: str) -> str:
    return policy.text(f"jurisdictions.{place}", policy.head.languages[0])


def _who(policy: Policy, someone: Someone) -> str:
    clauses = [
        _clause(fact, someone.facts[fact])
        for fact in FACTS
        if fact in someone.facts and someone.facts[fact] not in _ORDINARY
    ]
    where = f"somebody in {_place(policy, someone.presence)}"
    if someone.residence is not None:
        where += f" who lives in {_place(policy, someone.residence)}"
    if not clauses:
        said = (
            "who has said nothing" if "choice" in someone.facts else "of whom nothing is recorded"
        )
        return f"{where} {said}"
    return f"{where} {' and '.join(clauses)}"


_ORDINARY: tuple[Value, ...] = ("unset", "none", "no", "uncertified", ())


def _clause(fact: str, value: Value) -> str:
    if (fact, value) in _WHO:
        return _WHO[fact, value]
    words = ", ".join(f"`{word}`" for word in (value if isinstance(value, tuple) else (value,)))
    return {
        "plan": f"whose plan is {words}",
        "signal": f"whose browser sends {words}",
        "feature": f"who asked for {words}",
        "case": f"who has an open case of {words}",
    }[fact]


def _once(policy: Policy, example: Counterexample) -> str:
    someone, other = example.someone, example.other
    if other is None or (other.presence, other.residence) != (someone.presence, someone.residence):
        places = [place for place in (other.presence, other.residence) if place] if other else []
        more = [place for place in places if place != someone.presence]
        if len(places) > 1:
            return f"when {_place(policy, more[0])} counts as well"
        return f"in {_place(policy, places[0])}"
    fact = next(fact for fact in FACTS if someone.facts.get(fact) != other.facts.get(fact))
    value = other.facts[fact]
    if (fact, value) in _ONCE:
        return _ONCE[fact, value]
    words = ", ".join(f"`{word}`" for word in value or ())
    return f"once their browser sends {words}"


def _reason(decision: Decision) -> str:
    law = f"`{decision.place}`"
    if decision:
        if decision.rule == decision.basis:
            return f"{law} lets it rest on {decision.basis}"
        return f"the rule `{decision.rule}` lets it rest on {decision.basis} in {law}"
    if decision.key == "because.doubt":
        return f"the rule `{decision.rule}` of {law} may be the one that denies it"
    if decision.key.startswith("because.denied."):
        return f"the rule `{decision.rule}` denies it in {law}"
    return f"nothing that is known allows it in {law}"
