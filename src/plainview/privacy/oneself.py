"""Nobody on the staff decides about themselves while somebody else could; else it is said.

The one rule for each decision of the staff about a person: it asks here with whom it is about and
who else may take it. What takes two people never bends: whom it is about is not the second.
"""

from __future__ import annotations

from collections.abc import Collection


class OwnMatter(Exception):
    """Whom a decision is about takes it only where nobody else is there who could."""


def others(staff: int, about: Collection[int], able: Collection[int]) -> set[int] | None:
    """Who could decide what is about an account instead of it; None where it is not about it.

    `about` are the accounts that a decision is about, `able` those who may take it.
    """
    return {*able} - {*about} if staff in about else None


def alone(staff: int, about: Collection[int], able: Collection[int]) -> bool:
    """Whether an account decides about itself, since nobody else is there who could.

    Whoever decides so says it where it is kept. Raises OwnMatter where somebody else could.
    """
    found = others(staff, about, able)
    if found:
        raise OwnMatter
    return found is not None
