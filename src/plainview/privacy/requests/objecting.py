"""What somebody objects to, as it stands at the gate (GDPR Art. 21; P3.1.3h, P5.2.1.8a).

An objection holds at once. Of purposes that are compelling, such as security, each goes on until a
person has weighed the objection to it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from plainview.engine import Jurisdiction
from plainview.engine import Standing as Facts
from plainview.engine.declarations import Purpose
from plainview.engine.standing import YES, Objection
from plainview.privacy import permissions
from plainview.privacy.policies import in_force

OBJECT, COMPELLING = "object", "compelling"
INTEREST = ("legitimate-interest", "public-interest", "notice-and-opt-out")


def on_interest() -> list[str]:
    """The purposes that rest on an interest somewhere: those that can be objected to."""
    policy = in_force()
    every = policy.jurisdictions.values()
    return [id_ for id_, each in policy.purposes.items() if _rests_on_interest(each, every)]


def enter(account: int | None, chosen: list[str]) -> bool:
    """Enter an objection to these purposes, or to all (none chosen); whether a person has to weigh.

    What was upheld before stays so, and nobody weighs it anew. `account` is None for somebody
    without: they are told the same.
    """
    if account is None:
        declared = in_force().purposes
        return not chosen or any(COMPELLING in declared[id_].traits for id_ in chosen)
    if permissions.read(account) is None:
        return False
    entered: dict[str, Objection] = {}

    def objected(facts: Facts) -> Facts:
        entered.update(against(facts, chosen))
        held = facts.objections or {}
        entered.update({id_: held[id_] for id_ in entered if held.get(id_) == "upheld"})
        return msgspec.structs.replace(facts, objections={**held, **entered})

    permissions.change(account, objected)
    return "pending" in entered.values()


def settle(account: int, chosen: list[str], *, upheld: bool) -> None:
    """A person has weighed an objection to what is compelling: it is closed, or goes on (P3.1.3d).

    It goes on as well where the objection was taken back before.
    What else waits, since it was objected to by itself, goes on waiting. An appeal may close what
    went on since the objection was refused.
    """

    def settled(facts: Facts) -> Facts:
        said = {
            id_: each
            for id_, each in (facts.objections or {}).items()
            if each != "pending" or (chosen and id_ not in chosen)
        }
        if upheld:
            said |= dict.fromkeys(against(facts, chosen), "upheld")
        return msgspec.structs.replace(facts, objections=said)

    if permissions.read(account) is not None:
        permissions.change(account, settled)


def against(facts: Facts, chosen: list[str]) -> dict[str, Objection]:
    """What an objection is to, all of it or what was chosen; what is compelling waits.

    What rests on an interest in other places alone is among it, or it would begin there: but not
    what was said yes to here.
    """
    policy = in_force()
    here, every = policy.laws(facts.presence, facts.residence), policy.jurisdictions.values()
    yes = {id_ for id_, said in (facts.choices or {}).items() if said in YES}
    return {
        id_: "pending" if COMPELLING in purpose.traits else "upheld"
        for id_, purpose in policy.purposes.items()
        if _rests_on_interest(purpose, here if id_ in yes else every)
        and (not chosen or id_ in chosen)
    }


def _rests_on_interest(purpose: Purpose, laws: Iterable[Jurisdiction]) -> bool:
    return any(law.kinds.get(purpose.kind) in INTEREST for law in laws)
