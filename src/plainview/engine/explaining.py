"""Says why, in both voices: to the person in a plain sentence, to the officer with rule and law."""

import msgspec

from plainview.engine.deciding import Decision, decide
from plainview.engine.policy import Policy
from plainview.engine.standing import Standing


def explain(
    policy: Policy,
    standing: Standing,
    purpose: str,
    recipient: str | None = None,
    at: float | None = None,
    language: str = "en",
) -> Decision:
    """Return what `decide` returns, with its sentences: `because` and `for_officer`.

    Raises UnknownPurpose or UnknownRecipient for a name that the policy does not declare.
    """
    return worded(policy, decide(policy, standing, purpose, recipient, at), language)


def worded(policy: Policy, decision: Decision, language: str = "en") -> Decision:
    """Return a decision of this policy with its sentences."""
    purpose, recipient = decision.purpose, decision.recipient
    place = policy.text(f"jurisdictions.{decision.place}", language)
    because = policy.text(
        decision.key,
        language,
        purpose=policy.text(f"purposes.{purpose}.name", language),
        recipient=policy.called(recipient, language) if recipient else "",
        place=place,
    )
    _, form, *_ = decision.key.split(".")
    for_officer = policy.text(
        "officer.none" if decision.key == "because.silent.none" else f"officer.{form}",
        language,
        purpose=purpose,
        recipient=recipient or "",
        place=place,
        rule=decision.rule,
        basis=decision.basis or "",
        article=decision.article
        or policy.text("officer.ours" if form == "denied" else "officer.unnamed", language),
        fact=decision.fact,
        clause=decision.clause,
    )
    return msgspec.structs.replace(decision, because=because, for_officer=for_officer)
