"""What happens in an edition, as everybody in its room hears it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from plainview.domains.accounts import queries as accounts
from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.models import Edition, Line, Segment
from plainview.domains.subtitles.services import claiming, meeting


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an edition's news are known: its last change, and everything beside the lines."""

    changes: int = 0
    beside: str = ""


def token(edition: int, account: int) -> str:
    """By which a browser knows its own person in an edition; it says nothing elsewhere."""
    told = f"studio {edition} {account}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:12]


def since(edition: Edition, mark: Mark) -> tuple[Mark, dict[str, object] | None]:
    """What is new in an edition since a mark, and the mark for the next time; None for nothing.

    Holds the changed lines, who claims what, who is where (by the name they show to members, by a
    token of this edition), and how far the film's other languages are.
    """
    beside = _beside(edition)
    now = Mark(edition.changes, repr(beside))
    if now == mark:
        return now, None
    rows: list[dict[str, object]] = []
    if edition.changes > mark.changes:
        lines = {
            line.pk: line for line in Line.objects.filter(edition=edition, change__gt=mark.changes)
        }
        texts = {
            each.line_id: formats.typed(each.text, each.settings)
            for each in queries.current(edition, lines)
        }
        rows = [
            {
                "id": line.segment_id,
                "version": line.version,
                "text": texts.get(pk, ""),
            }
            for pk, line in lines.items()
        ]
    return now, {"rows": rows, "changes": edition.changes, **beside}


def _beside(edition: Edition) -> dict[str, object]:
    held, present = claiming.held(edition), meeting.present(edition.pk)
    people = {each.account_id for each in held} | {each.account_id for each in present}
    called = accounts.shown_names(people) if people else {}
    segments = Segment.objects.filter(video=edition.video_id, removed_at=None)
    others = Edition.objects.filter(video=edition.video_id).exclude(pk=edition.pk)
    return {
        "state": edition.state,
        "times": segments.aggregate(all=Sum("version"))["all"] or 0,
        "claims": [
            {
                "from": each.from_ms,
                "until": each.until_ms,
                "who": called.get(each.account_id, ""),
                "by": token(edition.pk, each.account_id),
            }
            for each in held
        ],
        "present": [
            {
                "at": each.segment,
                "who": called.get(each.account_id, ""),
                "by": token(edition.pk, each.account_id),
            }
            for each in present
        ],
        "others": [
            {
                "language": each.language,
                "label": formats.own_name(each.language),
                "state": each.state,
            }
            for each in others
        ],
    }
