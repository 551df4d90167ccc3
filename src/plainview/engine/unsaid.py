"""What laws want read in the notice, or in the record, and a policy does not say.

None of it is refused: whether a law binds a controller is more than a policy knows.
"""

from collections.abc import Iterator

from plainview.engine.declarations import Jurisdiction, Recipient
from plainview.engine.policy import Policy

_BY_CASE = frozenset({"authority", "acquirer"})
"""Roles in which nobody gets anything but inside an open case."""


def unsaid(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each such thing with the article that wants it, and what to do."""
    for regime, article in _unrepresented(policy).items():
        remedy = "ask a lawyer whether it wants one, and name them: `[[representative]]`"
        yield f"nobody represents the controller under `{regime}` ({article})", remedy
    for regime, (article, keys) in _unnamed(policy).items():
        named = " and ".join(f"`{key}`" for key in keys)
        yield (
            f"`{regime}` wants {named} of the controller published ({article})",
            "write who that is into policy.toml: `[controller]`",
        )
    for recipient, article in _unreachable(policy).items():
        yield (
            f"nobody learns how to reach `{recipient}` ({article})",
            "add its `contact` to recipients.toml: mail, telephone or a page",
        )


def _unrepresented(policy: Policy) -> dict[str, str]:
    """Return the regimes that want a representative and have none, with their articles.

    None is wanted where the controller is established (GDPR and UK GDPR Art. 27).
    """
    known = policy.jurisdictions.values()
    found = {each.regime: each.represented for each in known if each.represented}
    home = policy.jurisdictions.get(policy.places.get(policy.controller.country, ""))
    there = {regime for each in policy.head.representative for regime in each.regimes}
    there |= {home.regime} if home else set()
    return {regime: article for regime, article in found.items() if regime not in there}


def _unnamed(policy: Policy) -> dict[str, tuple[str, list[str]]]:
    """Return the regimes that want somebody at the controller named, by which article, and whom.

    What is wanted goes by its key in `[controller]`. So the APPI, the LGPD, the PIPA and Québec's
    Law 25.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    for each in policy.jurisdictions.values():
        wanted = {"leader": each.leader} if each.leader else {}
        if officer := each.officer:
            wanted |= {f"officer_{key}": officer.article for key in officer.wants}
        if lacks := [key for key in wanted if not getattr(policy.controller, key)]:
            found[each.regime] = (wanted[lacks[0]], lacks)
    return found


def abroad(policy: Policy, law: Jurisdiction) -> list[Recipient]:
    """Return those of whom a law wants people to learn before data goes there, if it does."""
    told = law.transfers
    if told is None or not told.told:
        return []
    return [
        each
        for each in policy.recipients.values()
        if each.role not in _BY_CASE and {*each.countries} - {*told.inside}
    ]


def _unreachable(policy: Policy) -> dict[str, str]:
    """Return such recipients of whom nobody learns how to reach them, with the articles."""
    found: dict[str, list[str]] = {}
    for law in policy.jurisdictions.values():
        for each in abroad(policy, law):
            if law.transfers and not each.contact:
                found.setdefault(each.id, []).append(law.transfers.told)
    return {id_: "; ".join(dict.fromkeys(articles)) for id_, articles in found.items()}
