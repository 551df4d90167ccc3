"""Remembering what somebody watched: heard as events, so only of those who permit it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from plainview.domains.playback.models import Mark, Progress, Viewing
from plainview.privacy.rights import services as rights

KEPT = HISTORY, PLACES = "viewing.history", "viewing.progress"
"""The categories of what is kept of watching: that it was watched, and how far."""
END_SECONDS, END_PART = 20, 10
"""So close to its end a film counts as seen, or in its last tenth if that is shorter."""
SLACK = dt.timedelta(seconds=90)
"""How much longer than the clock says a sitting may claim to be, for signals that were late."""
MOST_A_DAY = 500
"""So many sittings of somebody are kept within a day: a program may claim any number."""
FARTHEST_OFFSET = 60_000
"""How far subtitles can be moved, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A signal of the player: so far into a video, after so many seconds of watching.

    `offset` is how many milliseconds later the subtitles come than they were made to.
    """

    subject: int
    video: int
    duration: int
    sitting: str
    told: int
    position: int
    seconds: int
    ended: bool = False
    offset: int = 0


def remember(event: Watched) -> None:
    """Keep the sitting and the place in the film; heard for the purpose `history` (P1.2.2b)."""
    now = timezone.now()
    with transaction.atomic():
        row, fresh = Viewing.objects.select_for_update().get_or_create(
            subject=event.subject,
            sitting=event.sitting,
            video_id=event.video,
            defaults={"began_at": now, "watched_at": now},
        )
        if fresh and _beyond(event.subject, now):
            row.delete()
            return
        if not fresh and event.told <= row.told:
            return  # late, or the same once more
        longest = int((now - row.began_at + SLACK).total_seconds())
        row.told = event.told
        row.watched_at = now
        row.seconds = max(row.seconds, min(event.seconds, longest))
        row.save(update_fields=["told", "watched_at", "seconds"])
        finished = event.ended or event.position >= _seen_from(event.video, event.duration)
        with suppress(IntegrityError), transaction.atomic():  # a disputed place stays as it is
            Progress.objects.update_or_create(
                subject=event.subject,
                video_id=event.video,
                defaults={
                    "position": 0 if finished else event.position,
                    "finished": finished,
                    "caption_offset": max(-FARTHEST_OFFSET, min(FARTHEST_OFFSET, event.offset)),
                    "stopped_at": now,
                },
            )


def _seen_from(video: int, duration: int) -> int:
    """From which second on a film counts as seen: near its end, or in credits that reach there."""
    near = duration - min(END_SECONDS, duration // END_PART)
    marks = Mark.objects.filter(video_id=video, kind=Mark.Kind.CREDITS, end_ms__gte=near * 1000)
    credits_from = marks.values_list("start_ms", flat=True).first()
    return near if credits_from is None else min(near, credits_from // 1000)


def _beyond(subject: int, now: dt.datetime) -> bool:
    """Whether more sittings are kept of a day than there may be."""
    latest = Viewing.objects.filter(subject=subject, watched_at__gt=now - dt.timedelta(1))
    return latest[MOST_A_DAY:].exists()


def forget(subject: int, viewing: int) -> None:
    """Delete one sitting, and the place in its film if no other sitting stands for it."""
    _drop(subject, Viewing.objects.filter(subject=subject, pk=viewing))


def forget_place(subject: int, key: str) -> None:
    """Delete the place in a film by its public key; the history keeps that it was watched."""
    rights.let_go(subject, Progress.objects.filter(subject=subject, video__key=key))


def forget_sitting(subject: int, sitting: str) -> None:
    """Delete all that a sitting left: it went on privately."""
    _drop(subject, Viewing.objects.filter(subject=subject, sitting=sitting))


def forget_all(subject: int) -> None:
    """Delete the whole history and every place in a film."""
    with transaction.atomic():
        rights.let_go(subject, Viewing.objects.filter(subject=subject), all_of=HISTORY)
        rights.let_go(subject, Progress.objects.filter(subject=subject), all_of=PLACES)


def forget_between(subject: int, first: dt.datetime, last: dt.datetime) -> int:
    """Delete the sittings that were going on from `first` until before `last`; how many."""
    return _drop(
        subject,
        Viewing.objects.filter(subject=subject, watched_at__gte=first, began_at__lt=last),
    )


def _drop(subject: int, rows: QuerySet[Viewing]) -> int:
    """Delete sittings, and the places in their films that no later one left (P1.2.2b); how many.

    All at once: a note for each was written through to the disk while nobody else could write.
    """
    with transaction.atomic():
        count, dropped = rows.count(), _latest(rows)
        rights.let_go(subject, rows)
        left = _latest(Viewing.objects.filter(subject=subject, video__in=dropped))
        videos = [each for each, last in dropped.items() if left.get(each, last) <= last]
        rights.let_go(subject, Progress.objects.filter(subject=subject, video__in=videos))
    return count


def _latest(rows: QuerySet[Viewing]) -> dict[int, dt.datetime]:
    """When each video was watched last, of these sittings."""
    found = rows.order_by().values_list("video").annotate(last=Max("watched_at"))
    return dict(found)
