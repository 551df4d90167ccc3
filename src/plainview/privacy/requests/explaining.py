"""The decision's explanation for a case: what the gate answers about a person now, and why."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from plainview.engine import Decision, explain
from plainview.platform import languages
from plainview.privacy import permissions
from plainview.privacy.policies import in_force


class Decided(NamedTuple):
    """A purpose by its name, how it is decided, and whether the case speaks of it."""

    name: str
    decision: Decision
    spoken_of: bool


def decided(subject: int, spoken_of: Collection[str] = ()) -> list[Decided] | None:
    """Every purpose as it is decided for a person now, those that a case speaks of first.

    None for somebody of whom nothing is known that could be decided by.
    """
    known = permissions.read(subject)
    if known is None:
        return None
    policy, spoken = in_force(), languages.current()
    facts = permissions.live(known[0])
    found = [
        Decided(
            policy.text(f"purposes.{id_}.name", spoken),
            explain(policy, facts, id_, language=spoken),
            id_ in spoken_of,
        )
        for id_ in policy.purposes
    ]
    return sorted(found, key=lambda each: not each.spoken_of)
