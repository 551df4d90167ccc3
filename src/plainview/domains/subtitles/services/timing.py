"""Setting many times at once, taking segments away and bringing them back: each can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.subtitles.models import Edition, Line, Revision, Segment
from plainview.domains.subtitles.services.crediting import JOINED
from plainview.domains.subtitles.services.refusing import Conflict, Refusal
from plainview.domains.subtitles.services.segmenting import (
    BATCH,
    UNSPLIT,
    enter_times,
    lock_all,
    may_time,
    sensible,
    set_times,
)
from plainview.domains.subtitles.services.writing import add_version, words

MOST = 20_000
"""So many segments are timed at once; a film of twelve hours has fewer."""


@dataclass(frozen=True, slots=True)
class Change:
    """New times of a segment, in ms, set against the version of its times that was seen."""

    segment: int
    based_on: int
    start_ms: int
    end_ms: int


def set_all_times(
    edition: int, changes: Sequence[Change], *, account: int, act: str, manages: bool = False
) -> list[Segment]:
    """Set the times of several segments, all or none.

    Raises Conflict if somebody set other times of one of them since, Refusal (bad-times, gone,
    invalid, not-yours).
    """
    if not 0 < len(changes) <= MOST:
        raise Refusal("invalid", _("There is nothing to time."))
    with transaction.atomic():
        found = may_time(edition, account, manages)
        rows = Segment.objects.select_for_update().filter(video=found.video_id, removed_at=None)
        known = rows.in_bulk([each.segment for each in changes])
        moved = [known[each.segment] for each in changes if _moves(known.get(each.segment), each)]
        Segment.objects.bulk_update(moved, ["start_ms", "end_ms", "version"], batch_size=BATCH)
        enter_times(moved, account, act[:10])
    return moved


def _moves(segment: Segment | None, change: Change) -> bool:
    """Put the new times into a row, unless they are its own already."""
    if segment is None:
        raise Refusal("gone", _("This segment was merged with another."))
    sensible(change.start_ms, change.end_ms)
    if (segment.start_ms, segment.end_ms) == (change.start_ms, change.end_ms):
        return False
    if segment.version != change.based_on:
        raise Conflict(segment.version, f"{segment.start_ms} {segment.end_ms}")
    segment.start_ms, segment.end_ms = change.start_ms, change.end_ms
    segment.version += 1
    return True


def remove_segment(
    edition: int, segment: int, *, account: int, based_on: int, manages: bool = False
) -> Segment:
    """Take a segment away in every language; its lines stay with its history.

    Raises Conflict if its times were set since, Refusal (gone, not-yours; invalid if somebody
    wrote a line of it in another language).
    """
    with transaction.atomic():
        found = may_time(edition, account, manages)
        place = _present(found, segment)
        if place.version != based_on:
            raise Conflict(place.version, f"{place.start_ms} {place.end_ms}")
        for line in Line.objects.filter(segment=place).exclude(edition=found):
            if words(line):
                raise Refusal("invalid", _("Another language has a line here. Merge it instead."))
        place.removed_at = timezone.now()
        place.save(update_fields=["removed_at"])
        set_times(place, account, place.start_ms, place.end_ms, "remove")
        _recount(found, place, -1)
    return place


def bring_back(edition: int, segment: int, *, account: int, manages: bool = False) -> Segment:
    """Bring back a segment that was taken away, with its lines. Raises Refusal (gone)."""
    with transaction.atomic():
        editions = lock_all(edition)
        found = may_time(edition, account, manages)
        place = _removed(found, segment)
        place.removed_at = None
        place.save(update_fields=["removed_at"])
        set_times(place, account, place.start_ms, place.end_ms, "back")
        for each in editions:
            _recount(each, place, 1)
    return place


def part_segments(
    edition: int, first: int, second: int, *, account: int, end_ms: int, manages: bool = False
) -> tuple[Segment, Segment]:
    """Undo a merge: `first` ends at `end_ms` again, `second` is back with its lines.

    Where nobody wrote over the joined line, the first half says again what it said before.
    Raises Refusal.
    """
    with transaction.atomic():
        editions = lock_all(edition)
        found = may_time(edition, account, manages)
        place, other = _present(found, first), _removed(found, second)
        sensible(place.start_ms, end_ms)
        joined_at = other.removed_at
        other.removed_at = None
        other.save(update_fields=["removed_at"])
        set_times(place, account, place.start_ms, end_ms, "part")
        set_times(other, account, other.start_ms, other.end_ms, "part")
        for each in editions:
            _unjoin(each, place, joined_at)
            _recount(each, other, 1)
    return place, other


def _unjoin(edition: Edition, segment: Segment, joined_at: datetime | None) -> None:
    """Where the newest version is the joined one of that moment, put back the one before."""
    line = Line.objects.filter(edition=edition, segment=segment).first()
    if line is None:
        return
    newest = list(Revision.objects.filter(line=line).order_by("-version")[:2])
    if not newest or joined_at is None or newest[0].made_at < joined_at:
        return
    if newest[0].reason in (JOINED, UNSPLIT):
        before, put = (newest[1].text, newest[1].settings) if len(newest) > 1 else ("", "")
        kept = {"settings": put, "reason": "part"}
        add_version(edition, line, before, before=newest[0].text, account=None, **kept)


def _recount(edition: Edition, segment: Segment, by: int) -> None:
    """Count the line of a segment that came or went."""
    line = Line.objects.filter(edition=edition, segment=segment).first()
    if line is None or not words(line):
        return
    edition.filled += by
    edition.changes += 1
    edition.save(update_fields=["filled", "changes"])
    line.change = edition.changes
    line.save(update_fields=["change"])


def _present(edition: Edition, segment: int) -> Segment:
    return _row(edition, segment, removed=False)


def _removed(edition: Edition, segment: int) -> Segment:
    return _row(edition, segment, removed=True)


def _row(edition: Edition, segment: int, *, removed: bool) -> Segment:
    rows = Segment.objects.select_for_update().filter(video=edition.video_id)
    place = rows.filter(pk=segment, removed_at__isnull=not removed).first()
    if place is None:
        gone = _("This segment was brought back already.")
        raise Refusal("gone", gone if removed else _("This segment was merged with another."))
    return place
