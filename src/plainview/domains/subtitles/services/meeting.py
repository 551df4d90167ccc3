"""Who is in the room: where in an edition people are, for a moment."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from plainview.domains.subtitles.models import Edition, Presence

LASTS = timedelta(seconds=40)
"""How long somebody is taken to be there after they were last heard of; browsers speak every 15."""


def be_here(edition: Edition, *, account: int, segment: int) -> None:
    """Say where one is; whoever was elsewhere in this edition moves."""
    now = timezone.now()
    with transaction.atomic():
        mine = Presence.objects.filter(edition=edition, account=account)
        if not mine.update(segment=segment, seen_at=now):
            Presence.objects.get_or_create(
                edition=edition,
                account_id=account,
                defaults={"segment": segment, "seen_at": now},
            )


def go(edition: Edition, *, account: int) -> None:
    """Leave the room."""
    Presence.objects.filter(edition=edition, account=account).delete()


def present(*editions: int) -> list[Presence]:
    """Whoever is in these editions now."""
    since = timezone.now() - LASTS
    return list(Presence.objects.filter(edition__in=editions, seen_at__gt=since).order_by("id"))


def forget_absent() -> None:
    """Delete where people were: it is nobody's business any more."""
    Presence.objects.filter(seen_at__lte=timezone.now() - LASTS).delete()
