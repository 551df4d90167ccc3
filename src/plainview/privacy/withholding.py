"""What a restriction withholds, category by category, from purposes that stay open.

A restriction that names a category closes the purposes that need it: that is a bit of the standing.
Purposes that can do without it stay open and leave it untouched: those are rows of a table, one for
each person and category, which the gate's row filter asks for people whose standing says that there
are any. Standing and rows are written together, in one transaction (`permissions`).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from plainview.engine import Standing as Facts
from plainview.engine import withheld
from plainview.privacy.declarations import personal, subject
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.policies import in_force


@subject("subject", row="consent")
class Withheld(models.Model):
    """One category that one person withholds; bit n of `purposes` is the purpose with that bit."""

    subject = models.BigIntegerField()
    category = personal(models.CharField(max_length=80), "consent.choices")
    purposes = personal(models.BigIntegerField(), "consent.choices")

    class Meta:
        db_table = "privacy_withheld"
        constraints = [models.UniqueConstraint("subject", "category", name="privacy_withheld_once")]

    def __str__(self) -> str:
        return "something withheld"


def purposes_by_category(facts: Facts) -> dict[str, int]:
    """Each category withheld by `facts`, with the bits of the purposes that must leave it alone."""
    policy = in_force()
    found: dict[str, int] = {}
    if any(restriction.categories for restriction in facts.restrictions or ()):
        for purpose in policy.purposes:
            for category in withheld(policy, facts, purpose) & policy.withholdable(purpose):
                found[category] = found.get(category, 0) | 1 << policy.bit(purpose)
    return found


def flag(facts: Facts) -> int:
    """The bit that a folded standing carries if `facts` withhold anything, else 0."""
    return WITHHOLDS if purposes_by_category(facts) else 0


def record(subjects: Iterable[int], facts: Facts) -> None:
    """Put the rows of these people, who all have `facts`, in the place of earlier ones.

    Belongs into the door and the transaction that write their standings with `flag(facts)`.
    """
    people = list(subjects)
    Withheld.objects.filter(subject__in=people).delete()
    Withheld.objects.bulk_create(
        Withheld(subject=person, category=category, purposes=purposes)
        for person in people
        for category, purposes in purposes_by_category(facts).items()
    )
