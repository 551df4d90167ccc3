"""Writing lines: each saved against the version it was written on, so that nothing is lost."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from plainview.domains.subtitles.formats import of_typed, typed
from plainview.domains.subtitles.models import Claim, Edition, Line, Note, Revision, Segment
from plainview.domains.subtitles.services import claiming, teams
from plainview.domains.subtitles.services.agreeing import agrees
from plainview.domains.subtitles.services.refusing import Conflict, Refusal

LONGEST = 2000
LONGEST_NOTE = 1000
_TURN = threading.Lock()


def in_turn() -> AbstractContextManager[object]:
    """A fair queue of those who save in this process, where the database has none.

    SQLite lets one write at a time; who waits looks again ever more seldom, and is overtaken.
    """
    alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    return _TURN if alone else nullcontext()


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands in a line after saving."""

    version: int
    text: str


def save_line(
    edition: int,
    segment: int,
    *,
    account: int,
    text: str,
    based_on: int,
    reason: str = "",
    manages: bool = False,
    standing: teams.Standing | None = None,
) -> Saved:
    """Save a line that was written on version `based_on` of it (P1.2.3a).

    The text is as one types it (`formats.typed`), a place before its words. Saving what stands
    there already adds no version. `standing` is what they are in the team, where the caller has
    just asked. Raises Conflict if another text was saved since, Refusal (not-yours,
    not-in-this-state, claimed, gone).
    """
    if standing is None:
        standing = teams.of_edition(
            _edition(edition, Edition.objects.all()), account, manages=manages
        )
    agreed, held = agrees(account), claiming.held(edition)
    with in_turn(), transaction.atomic():  # whoever else saves waits: what can be asked before, was
        found = locked(edition)
        _may_write(standing, found.state, agreed=agreed)
        line = _line(found, segment)
        _unclaimed(held, line.segment, account)
        now, place_now, original = standing_version(line) if line.pk else ("", "", "")
        wanted, put = of_typed(text[:LONGEST], place_now)
        if (wanted, put) != (now, place_now):
            if line.version != based_on:
                raise Conflict(line.version, typed(now, place_now))
            kept = {"settings": put, "original": original if wanted == now else ""}
            add_version(found, line, wanted, before=now, account=account, reason=reason, **kept)
            claiming.keep(held, account)
        return Saved(line.version, typed(wanted, put))


def locked(edition: int) -> Edition:
    """The edition, for whoever changes it: one at a time. Raises Refusal (gone)."""
    return _edition(edition, Edition.objects.select_for_update(of=("self",)))


def _edition(edition: int, rows: QuerySet[Edition]) -> Edition:
    found = rows.select_related("video").order_by().filter(pk=edition).first()
    if found is None:
        raise Refusal("gone", _("This language is not worked on any more."))
    return found


def _line(edition: Edition, segment: int) -> Line:
    """The line of a segment that is still there; one without a key where nothing was said yet."""
    rows = Line.objects.select_related("segment")
    line = rows.filter(edition=edition.pk, segment=segment).first()
    place = line.segment if line is not None else Segment.objects.filter(pk=segment).first()
    if place is None or place.removed_at is not None or place.video_id != edition.video_id:
        raise Refusal("gone", _("This segment was merged with another."))
    return line or Line(edition=edition, segment=place)


def may_write(edition: Edition, account: int, *, manages: bool) -> None:
    """Raises Refusal unless `account` may write lines of it in its present state."""
    standing = teams.of_edition(edition, account, manages=manages)
    _may_write(standing, edition.state, agreed=agrees(account))


def may_say(edition: Edition, segment: Segment, account: int, *, manages: bool) -> None:
    """Raises Refusal unless `account` may write a segment's line, which nobody else claimed."""
    may_write(edition, account, manages=manages)
    _unclaimed(claiming.held(edition.pk), segment, account)


def _may_write(standing: teams.Standing, state: str, *, agreed: bool) -> None:
    if standing.writes(state):
        if not agreed:
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


def reason_kept(text: str) -> str:
    """Why somebody did something, as the tables keep it: not long, nothing that no column takes."""
    return text.replace("\0", "")[:200]


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
    line.save(update_fields=["version", "change"] if line.pk else None)
    Revision.objects.create(
        line=line,
        version=line.version,
        account_id=account,
        text=text,
        settings=settings,
        original=original,
        reason=reason_kept(reason),
    )
    edition.save(update_fields=["filled", "changes"])


def _unclaimed(held: list[Claim], segment: Segment, account: int) -> None:
    for claim in held:
        if claim.account_id != account and claim.from_ms <= segment.start_ms < claim.until_ms:
            raise Refusal("claimed", _("Somebody else is working on this part."))


def note(edition: Edition, segment: int, *, account: int, text: str) -> Note:
    """Ask or remark something on a segment, for everybody in the studio. Raises Refusal."""
    said = text.replace("\r\n", "\n").replace("\0", "").strip()
    place = Segment.objects.filter(pk=segment, video=edition.video_id).first()
    if place is None or not said:
        raise Refusal("invalid", _("Write the note first."))
    if len(said) > LONGEST_NOTE:
        raise Refusal("invalid", _("A note has at most 1,000 characters. Write two."))
    with transaction.atomic():
        locked(edition.pk)
        line, _fresh = Line.objects.get_or_create(edition=edition, segment=place)
        last = Note.objects.filter(line=line).aggregate(last=Max("number"))["last"] or 0
        return Note.objects.create(line=line, number=last + 1, account_id=account, text=said)


def settle_note(
    edition: Edition, note: int, *, account: int, manages: bool = False, settled: bool = True
) -> None:
    """Mark a note as settled, or not `settled` any more. Raises Refusal.

    Whoever wrote it may, and the chiefs of the team.
    """
    found = _note(edition, note)
    chief = teams.of_edition(edition, account, manages=manages).roles & teams.CHIEFS
    if found.account_id != account and not chief:
        raise Refusal("not-yours", _("Whoever asked settles it, or a moderator."))
    Note.objects.filter(pk=found.pk).update(settled=settled)


def drop_note(edition: Edition, note: int, *, account: int) -> None:
    """Delete a note for whoever wrote it. Raises Refusal."""
    found = _note(edition, note)
    if found.account_id != account:
        raise Refusal("not-yours", _("Only whoever wrote a note deletes it."))
    Note.objects.filter(pk=found.pk).delete()


def _note(edition: Edition, note: int) -> Note:
    found = Note.objects.filter(pk=note, line__edition=edition).first()
    if found is None:
        raise Refusal("gone", _("This note is not there any more."))
    return found
