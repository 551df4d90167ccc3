"""The scan that an officer asks for: where something of a person stands, and what that place is.

It finds what an erasure would look for, of somebody who is here or is gone, in every form in which
it may be written. What it says names places, never what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec
from django.utils import timezone

from plainview.platform.identifiers import number_in
from plainview.privacy.disclosures import post
from plainview.privacy.gate.duties import duty
from plainview.privacy.registry import registry
from plainview.privacy.rights import holdings, person, stores, tables
from plainview.privacy.rights.holdings import Found
from plainview.privacy.rights.person import Person

What = Literal["held", "stray", "claimed", "shared", "hashed", "unknown"]
SHORTEST_NUMBER, SHORTEST_ADDRESS = 10, 5
"""Numbers are drawn from 63 bits: one of a billion is shorter."""


class Place(NamedTuple):
    """A table and column, a file or another store; how often it was met there, and what it is.

    "held": in rows about them, as *Your privacy* shows, or in mails to them; "stray": where nothing
    leads to them; "claimed": in what somebody wrote who showed nobody who they are; "shared": a
    word of theirs that others have too; "hashed": a keyed hash in rows that lead back to nobody;
    "unknown": nobody declared what is in there.
    """

    where: str
    times: int
    what: What


class Scan(NamedTuple):
    """What was found, of how many values, and which places can't be opened."""

    places: list[Place]
    values: int
    closed: list[str]

    @property
    def stray(self) -> list[Place]:
        """What should not be where it is, or of which nobody can say so."""
        return [each for each in self.places if each.what in ("stray", "unknown")]


def whom(said: str) -> Person:
    """The person of a number or an address, with all that identifies them; as far as known."""
    said = said.strip()
    number = number_in(said)
    if number is None and "@" in said:
        number = post.whose(said)
    with duty("erasure"):
        found = _nobody() if number is None else person.find(number)
    return msgspec.structs.replace(found, unique=found.unique | {said})


def too_short(said: str) -> bool:
    """Whether it can be nobody's number or address, and would only be met by chance everywhere."""
    said = said.strip()
    return len(said) < (SHORTEST_NUMBER if said.isdigit() else SHORTEST_ADDRESS)


def _nobody() -> Person:
    """Somebody without a number here."""
    return Person(subject=0, member=False, day=timezone.localdate())


def scan(one: Person) -> Scan:
    """Look for a person everywhere. Reads the whole database and every file."""
    with duty("erasure"):
        found = [each for held in holdings.everything() for _, each in held.look_for([one])]
        closed = [
            line.holding
            for holding in holdings.registered()
            for line in holding.plan(one)
            if line.outcome == "kept"
        ]
        mails = stores.Outbox().holding(one)
        places = [Place(each.where, each.times, _what(each, one, mails)) for each in found]
    return Scan(sorted(places, key=lambda each: (each.what == "held", each)), len(_of(one)), closed)


def _of(one: Person) -> frozenset[str]:
    return one.unique | one.shared


def _what(found: Found, one: Person, mails: set[str]) -> What:
    if found.kind == "elsewhere":
        return "shared"
    if found.where in mails:
        return "held"
    if found.kind != "left":
        return found.kind
    table = registry().tables.get(found.where.partition(".")[0])
    if table is None or table.model is None or not table.subjects:
        return "stray"
    return "held" if found.times <= tables.about(table, one.subject).count() else "stray"


def written(places: Iterable[Place]) -> str:
    """Places a line each, as a command and the note of a case have them."""
    return "\n".join(f"{each.what:<8} {each.times:>6}  {each.where}" for each in places)
