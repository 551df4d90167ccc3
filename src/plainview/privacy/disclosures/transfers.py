"""Where data goes and what protects it there, for a person of some home (P7a-d)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from plainview.engine import Jurisdiction, Policy, Recipient, Safeguard

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
        for country in recipient.countries:
            if how(recipient, country, law) in ("certified", "safeguarded", "derogation"):
                return next((each.kind for each in _safeguards(recipient, country, law)), "")
    return ""


def reached(policy: Policy) -> dict[str, list[str]]:
    """The countries from which recipients reach data, with the ids of those who do.

    Whoever is nobody in particular (courts) is left out.
    """
    found: dict[str, list[str]] = {}
    for recipient in policy.recipients.values():
        if recipient.role != "authority":
            for country in recipient.countries:
                found.setdefault(country, []).append(recipient.id)
    return found


def ordered(hows: Iterable[How]) -> list[How]:
    """Different protections, the one that protects most first."""
    return sorted(hows, key=_WEAKEST.index)


def weakest(hows: Iterable[How]) -> How:
    """Of several protections the one that protects least."""
    return max(hows, key=_WEAKEST.index, default="ungoverned")


def destinations(policy: Policy, laws: Sequence[Jurisdiction]) -> list[Destination]:
    """Those countries as these laws see them; of several recipients and laws the weakest counts."""
    result = []
    for country, ids in sorted(reached(policy).items()):
        recipients = [policy.recipients[id_] for id_ in ids]
        seen = weakest(how(each, country, law) for each in recipients for law in laws)
        kinds = {protected_by(each, laws) for each in recipients} - {""}
        assessed = any(law.transfers and country in law.transfers.assess for law in laws)
        result.append(Destination(country, seen, tuple(ids), tuple(sorted(kinds)), assessed))
    return result


def how(recipient: Recipient, country: str, law: Jurisdiction) -> How:
    """How a law sees a recipient's reach from a country."""
    transfers = law.transfers
    if transfers is None or not transfers.governed:
        return "ungoverned"
    if country in (*transfers.inside, *law.places):
        return "inside"
    if country in transfers.adequate:
        return "adequate"
    kinds = {each.kind for each in _safeguards(recipient, country, law)}
    if "adequacy" in kinds and country in transfers.certified:
        return "certified"
    return "derogation" if kinds == {"consent"} else "safeguarded"


def _safeguards(recipient: Recipient, country: str, law: Jurisdiction) -> list[Safeguard]:
    return [
        each
        for each in recipient.safeguard
        if law.regime in each.regimes and (not each.countries or country in each.countries)
    ]
