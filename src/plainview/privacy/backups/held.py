"""Legal holds through a restore: one put since the copy stands in it, one that ended does not.

A hold that is lost would let the replayed erasure take what a claim needs, for good. Its reason is
in no ledger: whoever answers for it is told so beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from plainview.privacy.backups.ledger import Finder, Note
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import LegalHold
from plainview.privacy.rights import services


def again(finder: Finder, note: Note, subject: int, staff: Iterable[int]) -> None:
    """Put a person's hold as its last note says, or end it; one of the `staff` answers for it."""
    with duty("erasure"):
        same = LegalHold.objects.filter(
            subject=subject, since=dt.datetime.fromisoformat(note.ended)
        )
        here = list(same.values_list("pk", "ended_at"))
        if note.facts and not here:
            LegalHold.objects.create(
                subject=subject,
                owner=next((one for one in staff if not finder.newer(note, [one])), None),
                reason="",
                categories=note.facts["categories"],
                since=dt.datetime.fromisoformat(note.ended),
                until=dt.date.fromisoformat(note.facts["until"]),
            )
    for hold, ended_at in here:
        if ended_at is None and not note.facts:
            services.release(hold)


def last(finder: Finder, notes: Iterable[Note]) -> dict[tuple[int, str], Note]:
    """The last note of each hold of people who are here, by whom it is about and when it began."""
    return {
        (subject, note.ended): note
        for note in notes
        if note.what == "held" and (subject := finder.person(note)) is not None
    }
