"""What somebody told and no purpose may see any more: if it is there, and its end (P1.1.3a)."""

from __future__ import annotations

from django.db import transaction

from plainview.privacy.backups import ledger
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.registry import Table
from plainview.privacy.rights import holds, tables


def there(subject: int, category: str) -> bool:
    """Whether somebody's rows of a category are there, whatever they permit."""
    with duty("erasure"):
        return any(tables.about(table, subject).exists() for table in _only_of(category))


def forget(subject: int, category: str) -> None:
    """Delete all that somebody told of a category; what a hold needs stays with it.

    No restored copy gives it back, and whoever got it is told.
    """
    with duty("erasure"), transaction.atomic():
        ledger.removed(subject, category=category)
        for table in _only_of(category):
            if subject not in holds.held_of(table.name):
                tables.about(table, subject).delete()
        recalls.corrected(subject, frozenset({category}), asked=True)


def _only_of(category: str) -> list[Table]:
    """The tables that hold that category and nothing else personal, but whose row it is."""
    own = {category, category.partition(".")[0]}
    return [
        each for each in tables.tables() if category in each.categories and each.categories <= own
    ]
