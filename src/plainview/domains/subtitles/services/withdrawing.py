"""Taking back what one gave: lines go from the studio and from the films."""

from __future__ import annotations

from django.db import transaction

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.models import Edition, Revision, State
from plainview.domains.subtitles.services.passing import publish


def take_back(account: int) -> int:
    """Delete every version of a line that `account` wrote; returns how many.

    Each line says again what the version before it said. Tracks of released editions are put on
    their films anew. Credit for accepted work stays, without being about any line.
    """
    with transaction.atomic():
        own = Revision.objects.filter(account=account)
        touched = Edition.objects.filter(lines__history__in=own).distinct()
        editions = list(Edition.objects.filter(pk__in=list(touched.values_list("pk", flat=True))))
        count = own.delete()[0]
        for edition in editions:
            recount(edition)
            if edition.state in (State.RELEASED, State.LOCKED):
                publish(edition)
    return count


def recount(edition: Edition) -> None:
    """Count anew how many segments have a line, after versions were deleted."""
    edition.filled = sum(1 for row in queries.rows(edition) if row.text)
    edition.changes += 1
    edition.save(update_fields=["filled", "changes"])
