"""What the player reports of itself, heard as events, so only of those who permit it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from plainview.domains.playback.models import PlatformUse, PlaybackFault

MOST_A_DAY = 1000


@dataclass(frozen=True, slots=True)
class PlayedOn:
    """A film began to play on a platform."""

    subject: int
    platform: str


@dataclass(frozen=True, slots=True)
class StoodStill:
    """A film stood still on a platform: `kind` is of `PlaybackFault.Kind`."""

    subject: int
    platform: str
    kind: str


def count_platform(event: PlayedOn) -> None:
    """Keep that somebody used a platform this month; heard for `business-analytics` (P2.8a)."""
    PlatformUse.objects.get_or_create(
        subject=event.subject,
        platform=event.platform,
        month=timezone.localdate().replace(day=1),
    )


def note_fault(event: StoodStill) -> None:
    """Keep that playing failed, by kind and platform; heard for `error-reports` (P2.6a)."""
    with transaction.atomic():
        row, _fresh = PlaybackFault.objects.get_or_create(
            subject=event.subject,
            platform=event.platform,
            kind=event.kind,
            day=timezone.localdate(),
        )
        PlaybackFault.objects.filter(pk=row.pk, times__lt=MOST_A_DAY).update(times=F("times") + 1)
