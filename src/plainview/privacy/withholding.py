"""What a restriction withholds, category by category, from purposes that stay open.

A restriction that names a category closes the purposes that need it: that is a bit of the standing.
Purposes that can do without it stay open and leave it untouched: those are rows of a table, one for
each person and category, which the gate's row filter asks for people whose standing says that
anything is set aside. A fact that somebody disputes is such a row too, with the entry in which it
stands. Standing and rows are written together, in one transaction (`permissions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from django.db import models

from plainview.engine import Standing as Facts
from plainview.engine import set_aside, withheld
from plainview.engine.standing import Objection, Restriction
from plainview.privacy.declarations import personal, subject
from plainview.privacy.gate.filters import WHOLE, WITHHOLDS
from plainview.privacy.policies import in_force

CONSENT = "consent"
"""The basis of what only a yes opens."""


@subject("subject", row="consent")
class Withheld(models.Model):
    """One category that one person withholds; bit n of `purposes` is the purpose with that bit.

    `entry` is empty but for what is disputed: then it is the table and the key of one row, or `*`
    for all of the category.
    """

    subject = models.BigIntegerField()
    category = personal(models.CharField(max_length=80), "consent.choices")
    entry = personal(models.CharField(max_length=200, blank=True, default=""), "consent.choices")
    purposes = personal(models.BigIntegerField(), "consent.choices")

    class Meta:
        db_table = "privacy_withheld"
        constraints = [
            models.UniqueConstraint("subject", "category", "entry", name="privacy_withheld_each")
        ]


def reopened(facts: Facts, yes: frozenset[str]) -> tuple[Restriction, ...] | None:
    """What is set aside after a yes of now to these uses: for them no more (P5.2.1.6a).

    It says nothing of a fact that is disputed.
    """
    if facts.restrictions is None:
        return None
    return tuple(
        each if each.disputed else msgspec.structs.replace(each, reopened=each.reopened | yes)
        for each in facts.restrictions
    )


def objected(facts: Facts, yes: frozenset[str]) -> Mapping[str, Objection] | None:
    """What is objected to after a yes of now to these uses: not those that only a yes opens.

    Against an interest of ours an objection stays, whatever is answered later (P3.1.3h).
    """
    if not facts.objections:
        return facts.objections
    policy = in_force()
    laws = policy.laws(facts.presence, facts.residence)

    def opened(name: str) -> bool:
        purpose = policy.purposes.get(name) if name in yes else None
        return purpose is not None and all(law.kinds.get(purpose.kind) == CONSENT for law in laws)

    return {name: said for name, said in facts.objections.items() if not opened(name)}


def purposes_by_category(facts: Facts) -> dict[tuple[str, str], int]:
    """Each category withheld by `facts`, with the bits of the purposes that must leave it alone.

    Beside it stands the entry, empty where it is not one fact that is disputed.
    """
    policy = in_force()
    found: dict[tuple[str, str], int] = {}
    if any(each.categories or each.disputed for each in facts.restrictions or ()):
        for purpose in policy.purposes:
            bit = 1 << policy.bit(purpose)
            for category in withheld(policy, facts, purpose) & policy.withholdable(purpose):
                found[category, ""] = found.get((category, ""), 0) | bit
            for fact in set_aside(policy, facts, purpose):
                category, _, entry = fact.partition(" ")
                key = (category, entry or WHOLE)
                found[key] = found.get(key, 0) | bit
    return found


def flag(facts: Facts) -> int:
    """The bit that a folded standing carries while anything is set aside by `facts`, else 0.

    Of a restriction that names purposes alone nothing stands in the table, but the sweep has to
    know of it: what is set aside is kept (P5.2.1.6a).
    """
    return WITHHOLDS if facts.restrictions else 0


def record(subjects: Iterable[int], facts: Facts) -> None:
    """Put the rows of these people, who all have `facts`, in the place of earlier ones.

    Belongs into the door and the transaction that write their standings with `flag(facts)`.
    """
    people = list(subjects)
    Withheld.objects.filter(subject__in=people).delete()
    Withheld.objects.bulk_create(
        Withheld(subject=person, category=category, entry=entry, purposes=purposes)
        for person in people
        for (category, entry), purposes in purposes_by_category(facts).items()
    )
