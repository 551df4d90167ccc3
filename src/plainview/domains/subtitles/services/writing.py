"""Writing lines: each saved against the version it was written on, so that nothing is lost."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.subtitles.formats import of_typed, typed
from plainview.domains.subtitles.models import Claim, Edition, Line, Note, Revision, Segment
from plainview.domains.subtitles.services import teams
from plainview.domains.subtitles.services.agreeing import agrees
from plainview.domains.subtitles.services.refusing import Conflict, Refusal
from plainview.privacy import events

LONGEST = 2000
_TURN = threading.Lock()


def in_turn() -> AbstractContextManager[object]:
    """A fair queue of those who save in this process, where the database has none.

    SQLite lets one write at a time; who waits looks again ever more seldom, and is overtaken.
    """
    alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    return _TURN if alone else nullcontext()


@dataclass(frozen=True, slots=True)
class Contributed:
    """Somebody wrote a line or set a time (P1.2.3a)."""

    subject: int
    edition: int
    what: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands in a line after saving: its text, version, and how far the edition is."""

    version: int
    text: str
    filled: int
    changes: int


def save_line(
    edition: int,
    segment: int,
    *,
    account: int,
    text: str,
    based_on: int,
    reason: str = "",
    manages: bool = False,
) -> Saved:
    """Save a line that was written on version `based_on` of it.

    The text is as one types it (`formats.typed`), a place before its words. Saving what stands
    there already adds no version. Raises Conflict if another text was saved since, Refusal
    (not-yours, not-in-this-state, claimed, gone).
    """
    with in_turn(), transaction.atomic():
        found = locked(edition)
        may_write(found, account, manages=manages)
        place = Segment.objects.filter(pk=segment, video=found.video_id, removed_at=None).first()
        if place is None:
            raise Refusal("gone", _("This segment was merged with another."))
        _unclaimed(found, place, account)
        line, _fresh = Line.objects.get_or_create(edition=found, segment=place)
        now, place_now, original = standing_version(line)
        wanted, put = of_typed(text[:LONGEST], place_now)
        if (wanted, put) != (now, place_now):
            if line.version != based_on:
                raise Conflict(line.version, typed(now, place_now))
            kept = {"settings": put, "original": original if wanted == now else ""}
            add_version(found, line, wanted, before=now, account=account, reason=reason, **kept)
            told = Contributed(subject=account, edition=found.pk, what="line")
            events.publish(told)
        return Saved(line.version, typed(wanted, put), found.filled, found.changes)


def locked(edition: int) -> Edition:
    """The edition, for whoever changes it: one at a time. Raises Refusal (gone)."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("video")
    found = rows.filter(pk=edition).first()
    if found is None:
        raise Refusal("gone", _("This language is not worked on any more."))
    return found


def may_write(edition: Edition, account: int, *, manages: bool) -> None:
    """Raises Refusal unless `account` may write lines of it in its present state."""
    standing = teams.of_edition(edition, account, manages=manages)
    if standing.writes(edition.state):
        if not agrees(account):
            raise Refusal("terms", _("Read and accept the terms for contributors first."))
        return
    if standing.writes("draft"):
        raise Refusal(
            "not-in-this-state", _("These subtitles are past draft. Ask for them to be sent back.")
        )
    raise Refusal("not-yours", _("Join this team to write here."))


def words(line: Line) -> str:
    """What a line says: the newest version that is still there."""
    found = Revision.objects.filter(line=line).order_by("-version")
    return found.values_list("text", flat=True).first() or ""


def standing_version(line: Line) -> tuple[str, str, str]:
    """Text, settings and original of the newest version that is still there."""
    found = Revision.objects.filter(line=line).order_by("-version")
    return found.values_list("text", "settings", "original").first() or ("", "", "")


def add_version(
    edition: Edition,
    line: Line,
    text: str,
    *,
    before: str,
    account: int | None,
    reason: str = "",
    settings: str = "",
    original: str = "",
) -> None:
    """Append a version to a line of a locked edition, and keep its counts."""
    line.version += 1
    edition.changes += 1
    edition.filled = edition.filled + bool(text) - bool(before)
    line.change = edition.changes
    Revision.objects.create(
        line=line,
        version=line.version,
        account_id=account,
        text=text,
        settings=settings,
        original=original,
        reason=reason[:200],
    )
    line.save(update_fields=["version", "change"])
    edition.save(update_fields=["filled", "changes"])


def _unclaimed(edition: Edition, segment: Segment, account: int) -> None:
    taken = Claim.objects.filter(
        edition=edition,
        from_ms__lte=segment.start_ms,
        until_ms__gt=segment.start_ms,
        expires_at__gt=timezone.now(),
    ).exclude(account=account)
    if taken.exists():
        raise Refusal("claimed", _("Somebody else is working on this part."))


def note(edition: Edition, segment: int, *, account: int, text: str) -> Note:
    """Ask or remark something on a segment, for everybody in the studio. Raises Refusal."""
    place = Segment.objects.filter(pk=segment, video=edition.video_id).first()
    if place is None or not text.strip():
        raise Refusal("invalid", _("Write the note first."))
    with transaction.atomic():
        locked(edition.pk)
        line, _fresh = Line.objects.get_or_create(edition=edition, segment=place)
        last = Note.objects.filter(line=line).aggregate(last=Max("number"))["last"] or 0
        return Note.objects.create(
            line=line, number=last + 1, account_id=account, text=text.strip()[:1000]
        )


def settle_note(edition: Edition, note: int, *, account: int, manages: bool = False) -> None:
    """Mark a note as settled: whoever wrote it may, and the chiefs of the team. Raises Refusal."""
    found = Note.objects.filter(pk=note, line__edition=edition).first()
    if found is None:
        raise Refusal("gone", _("This note is not there any more."))
    chief = teams.of_edition(edition, account, manages=manages).roles & teams.CHIEFS
    if found.account_id != account and not chief:
        raise Refusal("not-yours", _("Whoever asked settles it, or a moderator."))
    Note.objects.filter(pk=found.pk).update(settled=True)
