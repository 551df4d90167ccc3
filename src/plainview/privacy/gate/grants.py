"""Which columns a purpose may use: the policy's categories laid over the registry's marks.

A key is (table, column); the column "" stands for the row itself, which every statement that
touches the table uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from plainview.privacy.gate import purposes
from plainview.privacy.registry import Registry, Table, registry

Key = tuple[str, str]


class Everything:
    """The columns of a duty: all there are, known and unknown."""

    def __contains__(self, key: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Grant:
    """What statements compiled for one purpose may use, and whether people can refuse it.

    A person may also permit the purpose and withhold one of its categories; `withholdable` has
    those that can be. Of those in `disputable` they may say that a fact is wrong, which is then
    closed to it.
    """

    purpose: str
    columns: frozenset[Key] | Everything
    bit: int
    refusable: bool
    withholdable: frozenset[str] = frozenset()
    disputable: frozenset[str] = frozenset()
    label: str = ""
    """The purpose under the policy that said so, in a word: texts of statements end in it."""


EVERYTHING = Grant("", Everything(), -1, False)


def table_keys(table: Table, uses: frozenset[str]) -> set[Key]:
    """The keys of one table open to a purpose that uses these categories."""
    if table.personal and table.row not in uses:
        return set()
    return {
        (table.name, ""),
        *(
            column.key
            for column in table.columns.values()
            if column.mark.reason or column.mark.category in uses
        ),
    }


def keys(found: Registry, uses: frozenset[str]) -> frozenset[Key]:
    """All keys open to a purpose that uses these categories."""
    return frozenset(key for table in found.tables.values() for key in table_keys(table, uses))


@lru_cache(maxsize=256)
def _grant(purpose: str, generation: int) -> Grant:
    policy = purposes.policy()
    refusable = policy.refusable(purpose)
    return Grant(
        purpose,
        keys(registry(), frozenset(policy.uses(purpose))),
        policy.bit(purpose),
        refusable,
        policy.withholdable(purpose) if refusable else frozenset(),
        policy.disputable(purpose) if refusable else frozenset(),
        f"{purpose} {generation}",
    )


def grant(purpose: str) -> Grant:
    """The grant of `purpose` under the policy in force. Raises KeyError for an unknown purpose."""
    return _grant(purpose, purposes.generation())


@lru_cache(maxsize=1)
def nobody() -> Grant:
    """What may be used without any purpose: tables about nobody."""
    return Grant("", keys(registry(), frozenset()), -1, False)


def forget() -> None:
    """Derive all grants anew, after the registry changed (tests only change it)."""
    _grant.cache_clear()
    nobody.cache_clear()
