"""What somebody closed, as the ledger keeps it: what makes them permit less than before.

And what closes nothing since, a restriction or a child's age that was none, so that a copy that is
put back does not bring it again.
"""

from __future__ import annotations

from typing import Any

import msgspec

from plainview.engine import Standing as Facts
from plainview.engine.standing import YES, Restriction

MINOR = "minor"


def closed(before: Facts, after: Facts) -> dict[str, Any]:
    """What `after` permits less than `before`; empty if nothing.

    A yes that lapses by its time is none of it: a restored one lapses by itself.
    """
    old, new = before.choices or {}, after.choices or {}
    found: dict[str, Any] = {}
    noes = {name for name, said in new.items() if said == "denied" and old.get(name) != "denied"}
    if before.valid_until is None or before.valid_until == after.valid_until or noes:
        noes |= {name for name, said in old.items() if said in YES and name not in new}
    if noes:
        found["denied"] = sorted(noes)
    affirmed = (name for name, said in old.items() if said == "affirmed")
    if plain := sorted(name for name in affirmed if new.get(name) == "granted"):
        found["plain"] = plain
    if signals := sorted((after.signals or frozenset()) - (before.signals or frozenset())):
        found["signals"] = signals
    earlier = before.objections or {}
    objections = {k: said for k, said in (after.objections or {}).items() if earlier.get(k) != said}
    if objections:
        found["objections"] = msgspec.to_builtins(objections)
    known = before.restrictions or ()
    restrictions = [each for each in after.restrictions or () if each not in known]
    if restrictions:
        found["restrictions"] = msgspec.to_builtins(restrictions)
    if after.age == MINOR != before.age:
        found["age"] = MINOR
    return found


def moved(before: Facts, after: Facts, *, closes: bool) -> dict[str, Any]:
    """Where somebody lives by their own word now, and where they are if that alone `closes` a use.

    A copy with the place of before would let the law of that place decide.
    """
    found: dict[str, Any] = {}
    if after.residence != before.residence:
        found["residence"] = after.residence
    if after.presence != before.presence and closes:
        found["presence"] = after.presence
    return found


def lifted(before: Facts, *after: Facts) -> dict[str, Any]:
    """What closed something `before` and does in none of `after`: restrictions, and a child's age.

    Empty if nothing.
    """
    left = {*(each for facts in after for each in facts.restrictions or ())}
    ended = [each for each in before.restrictions or () if each not in left]
    found: dict[str, Any] = {"lifted": msgspec.to_builtins(ended)} if ended else {}
    ages = [facts.age for facts in after]
    if before.age == MINOR and MINOR not in ages:
        found["age"] = ages[-1]
    return found


def again(facts: Facts, less: dict[str, Any]) -> Facts:
    """`facts` of a restored copy with what was closed since, and without what was lifted."""
    choices = dict(facts.choices or {})
    choices |= {k: "granted" for k in less.get("plain", ()) if choices.get(k) == "affirmed"}
    choices |= dict.fromkeys(less.get("denied", ()), "denied")
    told = msgspec.convert(
        {"objections": less.get("objections", {}), "restrictions": less.get("restrictions", [])},
        type=Facts,
    )
    ended = msgspec.convert(less.get("lifted", []), type=list[Restriction])
    known = tuple(each for each in facts.restrictions or () if each not in ended)
    return msgspec.structs.replace(
        facts,
        choices=choices,
        signals=(facts.signals or frozenset()) | frozenset(less.get("signals", ())),
        objections={**(facts.objections or {}), **(told.objections or {})},
        restrictions=(*known, *(each for each in told.restrictions or () if each not in known)),
        age=less.get("age", facts.age),
        residence=less.get("residence", facts.residence),
        presence=less.get("presence", facts.presence),
    )
