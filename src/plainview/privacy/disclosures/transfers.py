"""Where data goes and what protects it there, for a person of some home (P7a-d)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from plainview.engine import Jurisdiction, Policy, Recipient

How = Literal["inside", "adequate", "certified", "safeguarded", "derogation", "ungoverned"]
_WEAKEST: tuple[How, ...] = (
    "ungoverned", "inside", "adequate", "certified", "safeguarded", "derogation",
)  # fmt: skip


class Destination(NamedTuple):
    """A country that data goes to, seen from a home: how, to whom, and the safeguards by kind.

    `assessed` says that the law asks for an assessment of each transfer there.
    """

    country: str
    how: How
    recipients: tuple[str, ...]
    safeguards: tuple[str, ...]
    assessed: bool


def protected_by(recipient: Recipient, laws: Iterable[Jurisdiction]) -> str:
    """The kind of safeguard under which data of a person of these laws goes to a recipient."""
    for law in laws:
        how = _how(recipient, law)
        if how in ("certified", "safeguarded", "derogation"):
            return next(
                (each.kind for each in recipient.safeguard if law.regime in each.regimes), ""
            )
    return ""


def destinations(policy: Policy, home: str | None) -> list[Destination]:
    """The countries of all recipients, and how each looks from `home`, an ISO code or None.

    Of several recipients in one country the weakest protection counts; of several laws, the
    strictest. Whoever is nobody in particular (courts) is left out.
    """
    laws = policy.laws(home, home)
    found: dict[str, list[Recipient]] = {}
    for recipient in policy.recipients.values():
        if recipient.role != "authority":
            found.setdefault(recipient.country, []).append(recipient)
    result = []
    for country, recipients in sorted(found.items()):
        hows = {_how(each, law) for each in recipients for law in laws}
        how = max(hows, key=_WEAKEST.index)
        kinds = {protected_by(each, laws) for each in recipients} - {""}
        assessed = any(
            law.transfers is not None and country in law.transfers.assess for law in laws
        )
        ids = tuple(sorted(each.id for each in recipients))
        result.append(Destination(country, how, ids, tuple(sorted(kinds)), assessed))
    return result


def _how(recipient: Recipient, law: Jurisdiction) -> How:
    transfers = law.transfers
    if transfers is None or not transfers.governed:
        return "ungoverned"
    if recipient.country in transfers.inside:
        return "inside"
    if recipient.country in transfers.adequate:
        return "adequate"
    kinds = {each.kind for each in recipient.safeguard if law.regime in each.regimes}
    if "adequacy" in kinds and recipient.country in transfers.certified:
        return "certified"
    return "derogation" if kinds == {"consent"} else "safeguarded"
