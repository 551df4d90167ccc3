"""What is known of one person: small, immutable, and unknown wherever nothing was said."""

from collections.abc import Mapping
from typing import Any, Literal, Self

import msgspec

Choice = Literal["granted", "affirmed", "denied", "unset"]
YES = frozenset({"granted", "affirmed"})
"""The answers that open what asks for one; the second was said twice."""
Objection = Literal["pending", "upheld"]
Age = Literal["certified-adult", "minor", "uncertified"]
Ground = Literal["objection-pending", "unlawful", "no-longer-needed", "accuracy-disputed"]


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction of use in force: on which purposes or categories, and on what ground.

    `reopened` holds the purposes that the person said yes to after the restriction began.
    `disputed` are facts that the person says are wrong, each a category, or a category and where
    the one entry stands (`viewing.history some_table 12`). They close no purpose: what uses them
    goes on as if they were not there.
    """

    ground: Ground
    purposes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    reopened: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The facts about one person that rules read. A fact that is None is unknown.

    `presence` and `residence` are ISO 3166 codes (`DE`, `US-CA`; `US` means state unknown). An
    undeclared residence is presumed to be the presence. `choices` maps a purpose, or
    `purpose/recipient`, to an answer: `affirmed` is a two-step yes given after a signal was heard,
    and a purpose that is not in the mapping is unset. `signals` are those heard so far: falling
    silent later takes none back. `pending` are purposes touched by a material change not yet
    answered. `age` is what is known by whatever route (P10e). `plan`, `features` and `cases` are
    the plan, the features asked for and the grounds of open cases. From `valid_until` (seconds
    since 1970, UTC) on, every fact but the place counts as unknown.
    """

    presence: str | None = None
    residence: str | None = None
    choices: Mapping[str, Choice] | None = None
    objections: Mapping[str, Objection] | None = None
    restrictions: tuple[Restriction, ...] | None = None
    signals: frozenset[str] | None = None
    age: Age | None = None
    pending: frozenset[str] | None = None
    plan: str | None = None
    features: frozenset[str] | None = None
    cases: frozenset[str] | None = None
    valid_until: float | None = None

    @classmethod
    def newcomer(cls, **facts: Any) -> Self:
        """Return the standing of somebody of whom nothing is recorded, but for `facts`.

        Nothing chosen, no objection, no signal, age uncertified, no plan. Raises TypeError for a
        fact that does not exist.
        """
        return cls(**(_NOTHING_RECORDED | facts))

    def current(self, at: float | None) -> "Standing":
        """Return the standing as it counts at `at`: itself, or only its places once it lapsed."""
        if at is None or self.valid_until is None or at < self.valid_until:
            return self
        return Standing(presence=self.presence, residence=self.residence)

    def to_json(self) -> bytes:
        """Return the storage form; `from_json` reads it back."""
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def from_json(cls, stored: bytes | str) -> Self:
        """Read the storage form. Raises msgspec.ValidationError when it is not one."""
        return msgspec.json.decode(stored, type=cls)

    def key(self) -> bytes:
        """Return bytes that are equal for equal standings, to fold each distinct one once."""
        return self.to_json()


_NOTHING_RECORDED: dict[str, Any] = {
    "choices": {},
    "objections": {},
    "restrictions": (),
    "signals": frozenset(),
    "age": "uncertified",
    "pending": frozenset(),
    "plan": "none",
    "features": frozenset(),
    "cases": frozenset(),
}
