"""Where data goes and what protects it there, for a person of some home (P7a-d)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from plainview.engine import Jurisdiction, Policy, Recipient, Safeguard, reached

How = Literal["inside", "adequate", "certified", "safeguarded", "derogation", "ungoverned"]
_WEAKEST: tuple[How, ...] = (
    "ungoverned", "inside", "adequate", "certified", "safeguarded", "derogation",
)  # fmt: skip


_BINDING = frozenset({"clauses", "binding-rules"})


class Destination(NamedTuple):
    """A country that data goes to, by which recipients, and how the laws of a home see it.

    `seen` has the laws' ids by how they see it, the kind that protects most first; of several
    recipients there, all count. Empty where no law governs it.
    """

    country: str
    recipients: tuple[str, ...]
    seen: dict[How, tuple[str, ...]]


def protected_by(recipient: Recipient, laws: Iterable[Jurisdiction]) -> str:
    """The kind of safeguard under which data of a person of these laws goes to a recipient."""
    for law in laws:
        for country in recipient.countries:
            if how(recipient, country, law) in ("certified", "safeguarded", "derogation"):
                return next((each.kind for each in _safeguards(recipient, country, law)), "")
    return ""


def destinations(policy: Policy, laws: Iterable[Jurisdiction]) -> list[Destination]:
    """Those countries as these laws see them (P7d); one's own is inside, whatever else is known."""
    ruling = [law for law in laws if law.transfers and law.transfers.governed]
    at_home = [law for law in laws if law not in ruling]
    result = []
    for country, ids in reached(policy).items():
        seen: dict[How, list[str]] = {}
        if own := [law.id for law in at_home if country in law.places]:
            seen["inside"] = own
        for law in ruling:
            for each in {how(policy.recipients[id_], country, law) for id_ in ids}:
                seen.setdefault(each, []).append(law.id)
        best_first = sorted(seen, key=_WEAKEST.index)
        found = {each: tuple(seen[each]) for each in best_first}
        result.append(Destination(country, tuple(ids), found))
    return result


def how(recipient: Recipient, country: str, law: Jurisdiction) -> How:
    """How a law sees a recipient's reach from a country.

    What binds nobody there is no safeguard: `policy check` refuses such a recipient, but for
    authorities, to whom data goes by an exception of the law.
    """
    transfers = law.transfers
    if transfers is None or not transfers.governed:
        return "ungoverned"
    if country in transfers.inside:
        return "inside"
    if country in transfers.adequate:
        return "adequate"
    kinds = {each.kind for each in _safeguards(recipient, country, law)}
    if "adequacy" in kinds and country in transfers.certified:
        return "certified"
    return "safeguarded" if kinds & _BINDING else "derogation"


def _safeguards(recipient: Recipient, country: str, law: Jurisdiction) -> list[Safeguard]:
    return [
        each
        for each in recipient.safeguard
        if law.regime in each.regimes and (not each.countries or country in each.countries)
    ]
