"""One standing seen through one policy: for which purposes is a condition met?

Every condition is answered by two masks over purposes, `holds` (it is known to be met) and `may`
(it is met, or nobody knows): permissions read the first, denials the second.
"""

from collections.abc import Mapping
from typing import NamedTuple

from plainview.engine.compiling import Atom
from plainview.engine.policy import Policy
from plainview.engine.standing import Standing

PLURALS = {"signal": "signals", "feature": "features", "case": "cases"}
_AGES = frozenset({"certified-adult", "minor", "uncertified"})
_ANSWERS = frozenset({"granted", "affirmed", "denied", "unset", "pending", "upheld"})


class Known(NamedTuple):
    """For which purposes a condition is known to be met, and for which it may be."""

    holds: int
    may: int


_NEVER = Known(0, 0)


class Facts:
    """One standing, turned into masks over the purposes of one policy."""

    def __init__(self, policy: Policy, standing: Standing) -> None:
        self.policy = policy
        self.standing = standing
        self.all = policy.everything
        self._choices = self._by_purpose(standing.choices, rest="unset")
        self._objections = self._by_purpose(standing.objections, rest="none")
        self._known = dict[Atom, Known]()

    def known(self, atom: Atom) -> Known:
        """Return the masks of one condition; of one that many rules have, those read before."""
        if (found := self._known.get(atom)) is None:
            found = self._known[atom] = self.read(atom)
        return found

    def read(self, atom: Atom) -> Known:
        """Return the masks of one condition."""
        fact, values = atom
        standing = self.standing
        if fact == "choice":
            return _any_of(self._choices, values)
        if fact == "objection":
            return _any_of(self._objections, values)
        if fact == "restricted":
            return self._restricted()
        if fact == "pending":
            return self._pending()
        if fact == "age":
            met = None if standing.age not in _AGES else standing.age in values
        elif fact == "plan":
            met = None if standing.plan is None else standing.plan in values
        else:
            present = getattr(standing, PLURALS[fact])
            met = None if present is None else not values.isdisjoint(present)
        if met is None:
            return Known(0, self.all)
        return Known(self.all, self.all) if met else _NEVER

    def _by_purpose(self, answers: Mapping[str, str] | None, rest: str) -> dict[str, int]:
        """Return a mask for each answer; purposes without one count as `rest`."""
        if answers is None:
            return {"unknown": self.all}
        masks: dict[str, int] = {}
        spoken = 0
        bits = self.policy.masks
        for purpose, answer in answers.items():
            mask = bits.get(purpose, 0)
            if answer not in _ANSWERS:
                answer = "unknown"
            masks[answer] = masks.get(answer, 0) | mask
            spoken |= mask
        masks[rest] = masks.get(rest, 0) | (self.all & ~spoken)
        return masks

    def _restricted(self) -> Known:
        restrictions = self.standing.restrictions
        if restrictions is None:
            return Known(0, self.all)
        mask = 0
        for restriction in restrictions:
            mask |= self.policy.restricted_mask(
                restriction.purposes, restriction.categories
            ) & ~self.policy.mask(restriction.reopened)
        return Known(mask, mask)

    def _pending(self) -> Known:
        if self.standing.pending is None:
            return Known(0, self.all)
        mask = self.policy.mask(self.standing.pending)
        return Known(mask, mask)


def _any_of(masks: dict[str, int], values: frozenset[str]) -> Known:
    holds = 0
    for value in values:
        holds |= masks.get(value, 0)
    return Known(holds, holds | masks.get("unknown", 0))
