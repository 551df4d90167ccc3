"""What the gate says when it refuses: always which door, which purpose, which column, what to do.

Refusals carry names of tables, columns and purposes only, never a value: errors don't speak.
"""

from __future__ import annotations

from collections.abc import Callable

witnesses: list[Callable[[Refused], None]] = []
"""Heard at the birth of every refusal, so that a test notices one that an `except` swallowed."""


class Refused(Exception):
    """The gate did not let something pass. Never a database error: nobody catches it by habit."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        for witness in tuple(witnesses):
            witness(self)


class NoPurpose(Refused):
    """Personal data was touched outside any door, or after its door closed."""


class NotListed(Refused):
    """A door tried to enter a purpose that its declaration does not list."""


class NotPermitted(Refused):
    """The purpose of the moment may not use this column or table."""


class PersonRefuses(Refused):
    """A row about a person who does not permit the purpose, or about somebody else, was written."""


class Unsourced(Refused):
    """Data about people was to be written without a source, or from another than is declared."""


class Unwarranted(Refused):
    """A request was to be about somebody else than the person at the door, without a warrant."""


class Caseless(Refused):
    """The staff were to see something of somebody without an open case about them."""


class NotOurs(Refused):
    """A statement that the compiler did not make, outside a duty."""


def _remedies(column: str, purpose: str) -> str:
    return (
        f"\n  1. Don't touch it: select fewer columns with .only(…), .defer(…) or .values(…)."
        "\n  2. If this step serves another purpose, list that one in the door's may=[…] and do"
        " the step inside `with entering(…)`."
        f"\n  3. If {purpose} truly needs {column}, that is a change of the policy: add the"
        f" category to uses = […] in policy/purposes/ and let the privacy officer review it."
    )


def no_purpose(what: str) -> NoPurpose:
    """No scope is open, yet `what` is personal."""
    return NoPurpose(
        f"{what} is personal, and no purpose is open here."
        '\n  1. In a view, task or command: declare the door with @serves("<purpose>", source=…).'
        "\n  2. In a thread, a generator or after the response: do the reading inside the door and"
        " hand on what it found, or declare a door there."
        "\n  3. In a test: open the fixture duty, or go through a door."
    )


def not_permitted(what: str, category: str, door: str, purpose: str) -> NotPermitted:
    """`purpose` may not use `what`, which holds `category`."""
    return NotPermitted(
        f"door {door}, purpose {purpose}: {what} holds {category}, which {purpose} may not use."
        + _remedies(what, purpose)
    )


def unmarked(what: str, door: str, purpose: str) -> NotPermitted:
    """Nobody said what `what` holds, so only a duty may touch it."""
    return NotPermitted(
        f"door {door}, purpose {purpose}: {what} is not marked, so only a duty may touch it."
        "\n  1. Our own model: mark the field with personal(…) or impersonal(…)."
        "\n  2. A third party's: add it to the table of marks in wiring.py."
        "\n  3. A table behind a raw statement or a view: ask the ORM for it instead."
    )


def unsourced(table: str, door: str, source: str) -> Unsourced:
    """Something personal was written to `table` behind a door that says no source of the policy."""
    return Unsourced(
        f"door {door}: {table} is about people, and where this comes from is"
        f" {f'{source}, which the policy does not have' if source else 'not said'}."
        '\n  1. Say it where the door is declared: @serves("<purpose>", source="…").'
        "\n  2. If it comes in by a new way, declare that as [source.…] in policy/categories.toml,"
        " so that the notice names it."
    )


def comes_otherwise(table: str, category: str, door: str, source: str) -> Unsourced:
    """What was to be written to `table` is of a kind that does not come from there."""
    return Unsourced(
        f"door {door}: {table} holds {category}, which by the policy does not come from {source}."
        "\n  1. If the door says it wrongly, put its source right."
        f"\n  2. If {category} does come from there, add it to the category's sources = […] in"
        " policy/categories.toml, so that people are told."
    )


def not_ours(beginning: str, door: str, purpose: str) -> NotOurs:
    """A statement starting with the keyword `beginning` did not come from the compiler."""
    return NotOurs(
        f"door {door}, purpose {purpose}: a statement ({beginning} …) that the ORM's compiler did"
        " not make runs only under a duty."
        "\n  1. Say it with the ORM, expressions and database functions included."
        "\n  2. If it is a migration, an export or an erasure, it belongs into that duty."
        "\n  3. If the ORM truly cannot say it, write an expression and list it in docs/gate.md."
    )
