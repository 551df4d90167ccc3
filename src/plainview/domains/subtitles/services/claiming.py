"""Claims: who works on which stretch, until it expires by itself."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.subtitles.models import Claim, Edition, Segment
from plainview.domains.subtitles.services import teams
from plainview.domains.subtitles.services.refusing import Refusal

LASTS = timedelta(minutes=30)
PUT_OFF = timedelta(minutes=1)
SEGMENTS = 30
"""How many segments one key claims."""


def claim(
    edition: Edition, *, account: int, from_ms: int, manages: bool = False, most: int = SEGMENTS
) -> Claim:
    """Claim the next `most` segments from a time on, up to the next claim of somebody else.

    What one had claimed before is let go: one stretch of an edition a person. Raises Refusal
    (not-yours, claimed, gone).
    """
    standing = teams.of_edition(edition, account, manages=manages)
    if not standing.writes(edition.state):
        raise Refusal("not-yours", _("Join this team to claim a part of it."))
    with transaction.atomic():
        Edition.objects.select_for_update().get(pk=edition.pk)
        Claim.objects.filter(edition=edition, account=account).delete()
        others = held(edition.pk)
        if any(each.from_ms <= from_ms < each.until_ms for each in others):
            raise Refusal("claimed", _("Somebody else is working on this part."))
        limit = min((each.from_ms for each in others if each.from_ms > from_ms), default=None)
        reach = Segment.objects.filter(
            video=edition.video_id, removed_at=None, start_ms__gte=from_ms
        )
        if limit is not None:
            reach = reach.filter(start_ms__lt=limit)
        ends = [end for _start, end in reach.values_list("start_ms", "end_ms")[:most]]
        if not ends:
            raise Refusal("gone", _("There is no segment from here on."))
        return Claim.objects.create(
            edition=edition,
            account_id=account,
            from_ms=from_ms,
            until_ms=min(max(ends), limit or max(ends)),
            expires_at=timezone.now() + LASTS,
        )


def held(*editions: int) -> list[Claim]:
    """The claims of these editions that have not expired, from their beginning on."""
    running = Claim.objects.filter(edition__in=editions, expires_at__gt=timezone.now())
    return list(running.order_by("from_ms", "id"))


def let_go(edition: Edition, *, account: int) -> None:
    """Give back what one had claimed."""
    Claim.objects.filter(edition=edition, account=account).delete()


def keep(held: list[Claim], account: int) -> None:
    """A claim lasts while its holder works on it; put off once a minute at most."""
    now = timezone.now()
    for each in held:
        if each.account_id == account and each.expires_at < now + LASTS - PUT_OFF:
            Claim.objects.filter(pk=each.pk).update(expires_at=now + LASTS)


def end_claims() -> None:
    """Delete every claim that has expired."""
    Claim.objects.filter(expires_at__lte=timezone.now()).delete()
