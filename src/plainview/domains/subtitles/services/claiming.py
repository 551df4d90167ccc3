"""Claims: who works on which stretch, until it expires by itself."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.subtitles.models import Claim, Edition, Segment
from plainview.domains.subtitles.services import teams
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.subtitles.services.writing import Contributed

LASTS = timedelta(minutes=30)
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
        others = list(held(edition))
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


def held(edition: Edition) -> list[Claim]:
    """The claims of an edition that have not expired."""
    return list(Claim.objects.filter(edition=edition, expires_at__gt=timezone.now()))


def let_go(edition: Edition, *, account: int) -> None:
    """Give back what one had claimed."""
    Claim.objects.filter(edition=edition, account=account).delete()


def keep_alive(event: Contributed) -> None:
    """A claim lasts while its holder works on it; heard for the purpose `contribute`."""
    Claim.objects.filter(
        edition=event.edition, account=event.subject, expires_at__gt=timezone.now()
    ).update(expires_at=timezone.now() + LASTS)


def end_claims() -> None:
    """Delete every claim that has expired."""
    Claim.objects.filter(expires_at__lte=timezone.now()).delete()
