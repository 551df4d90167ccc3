"""Cutting and timing segments, in milliseconds; what is said in them goes along."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.subtitles.formats import of_typed, parted, typed
from plainview.domains.subtitles.models import Edition, Line, Retiming, Segment
from plainview.domains.subtitles.services import claiming, teams
from plainview.domains.subtitles.services.crediting import JOINED
from plainview.domains.subtitles.services.refusing import Conflict, Refusal
from plainview.domains.subtitles.services.writing import (
    add_version,
    locked,
    may_say,
    standing_version,
)

UNSPLIT = "unsplit"
"""Why a line has its version whose split was taken back."""
LONGEST_MS = 48 * 3_600_000
BATCH = 500


def add_segment(
    edition: int, *, account: int, start_ms: int, end_ms: int, manages: bool = False
) -> Segment:
    """Cut a new segment. Raises Refusal."""
    with transaction.atomic():
        found = may_time(edition, account, manages)
        sensible(start_ms, end_ms)
        segment = Segment.objects.create(video=found.video, start_ms=start_ms, end_ms=end_ms)
        enter_times([segment], account, "add")
    return segment


def split_segment(
    edition: int,
    segment: int,
    *,
    account: int,
    at_ms: int,
    texts: tuple[str, str],
    based_on: int | None = None,
    manages: bool = False,
) -> tuple[Segment, Segment]:
    """Cut a segment in two at a time; `texts` are the halves of the line in this edition.

    In other languages the line stays with the first half. Halves that say something else than the
    line does are written as any line is: by who may, on its version `based_on`, if that is said.
    Raises Conflict, Refusal.
    """
    with transaction.atomic():
        found = may_time(edition, account, manages)
        first = _segment(found, segment)
        if not first.start_ms < at_ms < first.end_ms:
            raise Refusal("bad-times", _("Cut between the segment’s beginning and end."))
        _halves(found, first, texts, account=account, based_on=based_on, manages=manages)
        end_ms = first.end_ms
        set_times(first, account, first.start_ms, at_ms, "split")
        second = Segment.objects.create(video=found.video, start_ms=at_ms, end_ms=end_ms)
        enter_times([second], account, "split")
        stood = ""
        for place, text in zip((first, second), texts, strict=True):
            line, _fresh = Line.objects.get_or_create(edition=found, segment=place)
            before, place_before, _original = standing_version(line)
            stood = place_before or stood
            after, put = of_typed(text, stood)
            if before != after:
                kept = {"settings": put, "reason": "split"}
                add_version(found, line, after, before=before, account=account, **kept)
    return first, second


def _halves(
    edition: Edition,
    segment: Segment,
    texts: tuple[str, str],
    *,
    account: int,
    based_on: int | None,
    manages: bool,
) -> None:
    """Hold two halves against the line that is cut. Raises Conflict, Refusal."""
    line = Line.objects.filter(edition=edition, segment=segment).first()
    said, version = (_said(line), line.version) if line is not None else ("", 0)
    if _letters(*texts) == _letters(said):
        return
    may_say(edition, segment, account, manages=manages)
    if based_on not in (None, version):
        raise Conflict(version, said)


def _said(line: Line) -> str:
    """What a line says, as one types it."""
    text, put, _original = standing_version(line)
    return typed(text, put)


def _letters(*texts: str) -> str:
    """Typed lines one after the other, without the place before them and the blanks in them."""
    return "".join("".join(parted(text)[1].split()) for text in texts)


def merge_segments(
    edition: int,
    segment: int,
    other: int | None = None,
    *,
    account: int,
    text: str | None = None,
    manages: bool = False,
) -> tuple[Segment, Segment] | None:
    """Merge a segment with another, or the next one; in every language two lines become one.

    Where segments overlap, the next one may be another than whoever asks sees or has cut: they
    name it. The joined line is nobody's in person: its halves stay in the history of who wrote
    them; with `text`, which says no more than the two, the line of this edition is that, as
    `account` wrote it. Returns the one that stays and the one that went, or None if there is no
    next one. Raises Refusal, and Conflict where somebody wrote in one of them since.
    """
    with transaction.atomic():
        editions = lock_all(edition)
        found = may_time(edition, account, manages)
        first = _segment(found, segment)
        second = _next(found, first) if other is None else _segment(found, other)
        if second is None or second == first:
            return None
        set_times(first, account, first.start_ms, max(first.end_ms, second.end_ms), "merge")
        second.removed_at = timezone.now()
        second.save(update_fields=["removed_at"])
        for each in editions:
            _join(each, first, second, account, text if each.pk == found.pk else None)
    return first, second


def enter_times(segments: Iterable[Segment], account: int, act: str) -> None:
    """Enter who gave segments the times they have, by which act."""
    Retiming.objects.bulk_create(
        (
            Retiming(
                segment=each,
                version=each.version,
                account_id=account,
                act=act,
                start_ms=each.start_ms,
                end_ms=each.end_ms,
            )
            for each in segments
        ),
        batch_size=BATCH,
    )


def lock_all(edition: int) -> list[Edition]:
    """Every edition of the same video, locked in one order: two who do so wait, and never both."""
    film = Edition.objects.filter(pk=edition).values("video")
    return list(Edition.objects.select_for_update().filter(video__in=film).order_by("pk"))


def may_time(edition: int, account: int, manages: bool) -> Edition:
    """The edition, locked, for somebody who sets times of it. Raises Refusal (gone, not-yours)."""
    found = locked(edition)
    standing = teams.of_edition(found, account, manages=manages)
    if not standing.times(found.state):
        raise Refusal("not-yours", _("Times are set by the segmenters of this title."))
    claiming.keep(claiming.held(found.pk), account)
    return found


def sensible(start_ms: int, end_ms: int) -> None:
    """Raises Refusal (bad-times) for times that no segment can have."""
    if not 0 <= start_ms < end_ms <= LONGEST_MS:
        raise Refusal("bad-times", _("A segment ends after it begins, within the film."))


def _next(edition: Edition, segment: Segment) -> Segment | None:
    rows = Segment.objects.select_for_update().exclude(pk=segment.pk)
    following = rows.filter(video=edition.video_id, removed_at=None, start_ms__gte=segment.start_ms)
    return following.order_by("start_ms", "id").first()


def _segment(edition: Edition, segment: int) -> Segment:
    rows = Segment.objects.select_for_update()
    place = rows.filter(pk=segment, video=edition.video_id, removed_at=None).first()
    if place is None:
        raise Refusal("gone", _("This segment was merged with another."))
    return place


def set_times(segment: Segment, account: int, start_ms: int, end_ms: int, act: str) -> None:
    """Give a segment its next version of times, and enter who set them by which act."""
    segment.start_ms, segment.end_ms = start_ms, end_ms
    segment.version += 1
    segment.save(update_fields=["start_ms", "end_ms", "version"])
    enter_times([segment], account, act)


def _join(
    edition: Edition, first: Segment, second: Segment, account: int, text: str | None
) -> None:
    second_line = Line.objects.filter(edition=edition, segment=second).first()
    added, second_put, _original = standing_version(second_line) if second_line else ("", "", "")
    line, _fresh = Line.objects.get_or_create(edition=edition, segment=first)
    before, put, _original = standing_version(line)
    if text is not None:
        halves = (typed(before, put), _said(second_line) if second_line else "")
        if _letters(text) != _letters(*halves):
            raise Conflict(line.version, "\n".join(filter(None, halves)))
        wanted, put = of_typed(text, put)
        if wanted != before:
            kept = {"settings": put, "reason": UNSPLIT}
            add_version(edition, line, wanted, before=before, account=account, **kept)
    elif added:
        joined = f"{before}\n{added}" if before else added
        kept = {"settings": put if before else second_put, "reason": JOINED}
        add_version(edition, line, joined, before=before, account=None, **kept)
    if added:
        edition.filled -= 1
        edition.save(update_fields=["filled"])
