"""Bringing a file's lines into an edition, and giving an edition as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.formats.confined import read_confined
from plainview.domains.subtitles.models import Edition, Line, Revision, Segment, Sheet
from plainview.domains.subtitles.services import claiming, teams
from plainview.domains.subtitles.services.importing import rate_of, too_late
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.subtitles.services.segmenting import BATCH, enter_times
from plainview.domains.subtitles.services.writing import locked, may_write

FROM_FILE = "from the file "
"""How the reason of a version begins whose words a file brought; its name follows."""
_SHOWN = 5
_MOST_AT_ONCE = 200
"""Rows that stand when a cue begins, and as many that begin within it; no more are compared."""


@dataclass(slots=True)
class Brought:
    """What became of a file: how many lines were new, changed, already there, or left out.

    `first` are its first lines, `others` the readings of it in other encodings.
    """

    format: str
    encoding: str
    notes: tuple[str, ...]
    first: tuple[formats.Cue, ...] = ()
    others: tuple[formats.Reading, ...] = ()
    added: int = 0
    changed: int = 0
    same: int = 0
    cut: int = 0
    claimed: int = 0
    homeless: int = 0


def bring_file(
    edition: Edition,
    data: bytes,
    *,
    account: int,
    filename: str = "",
    encoding: str = "",
    manages: bool = False,
    trial: bool = False,
) -> Brought:
    """Take a file's lines into an edition, each as a version by whoever brings it.

    A `trial` says what would become of the file, and keeps nothing of it.

    A cue goes to the segment that it overlaps most, one that fits none cuts a new one where times
    may be set. What stands there already stays in the history; what others claimed is left alone.
    The file is read in a confined process. Raises formats.SubtitleError, Refusal.
    """
    read = read_confined(
        data,
        filename=filename,
        encoding=encoding,
        language=edition.language,
        rate=rate_of(edition.video),
    )
    notes = (*read.notes, *too_late(edition.video, read.cues))
    brought = Brought(read.format, read.encoding, notes, read.cues[:_SHOWN], read.others)
    with transaction.atomic():
        found = locked(edition.pk)
        may_write(found, account, manages=manages)
        times = teams.of_edition(found, account, manages=manages).times(found.state)
        rows = queries.rows(found)
        held = [each for each in claiming.held(found.pk) if each.account_id != account]
        placed = _placed(rows, read.cues, brought, video=found.video_id, by=account if times else 0)
        taken = [
            (row, cue)
            for row, cue in placed
            if not any(each.from_ms <= row.start_ms < each.until_ms for each in held)
        ]
        brought.claimed = len(placed) - len(taken)
        _write(found, taken, brought, account=account, reason=filename[-120:])
        if read.head:
            Sheet.objects.update_or_create(
                edition=found,
                defaults={"account_id": account, "format": read.format, "head": read.head},
            )
        transaction.set_rollback(trial)
    return brought


Placed = list[tuple[queries.Row, formats.Cue]]


def _placed(
    rows: list[queries.Row],
    cues: tuple[formats.Cue, ...],
    brought: Brought,
    *,
    video: int,
    by: int,
) -> Placed:
    """Each cue with the row that its times fit best.

    Both are in the order of time, so one walk finds them. A row or a cue that stands for minutes
    hides none of those within it.
    """
    placed: Placed = []
    fresh: list[formats.Cue] = []
    used: set[int] = set()
    begun: list[queries.Row] = []
    at = 0
    for cue in cues:
        while at < len(rows) and rows[at].start_ms <= cue.start_ms:
            begun.append(rows[at])
            at += 1
        begun = [row for row in begun if row.end_ms > cue.start_ms and row.segment not in used]
        begun = begun[-_MOST_AT_ONCE:]
        soon = [row for row in rows[at : at + _MOST_AT_ONCE] if row.start_ms < cue.end_ms]
        near = begun + [row for row in soon if row.segment not in used]
        if near:
            best = max(near, key=lambda row: _shared(row, cue))
            used.add(best.segment)
            placed.append((best, cue))
        else:
            fresh.append(cue)
    if not by:
        brought.homeless = len(fresh)
        return placed
    cut = Segment.objects.bulk_create(
        (Segment(video_id=video, start_ms=each.start_ms, end_ms=each.end_ms) for each in fresh),
        batch_size=BATCH,
    )
    enter_times(cut, by, "add")
    brought.cut = len(cut)
    placed += [
        (queries.Row(each.pk, each.start_ms, each.end_ms, 1), cue)
        for each, cue in zip(cut, fresh, strict=True)
    ]
    return placed


def _shared(row: queries.Row, cue: formats.Cue) -> float:
    """How much of the time that a row and a cue take together they share, from 0 to 1."""
    both = min(row.end_ms, cue.end_ms) - max(row.start_ms, cue.start_ms)
    return both / (max(row.end_ms, cue.end_ms) - min(row.start_ms, cue.start_ms))


def _write(
    edition: Edition, placed: Placed, brought: Brought, *, account: int, reason: str
) -> None:
    wanted = [
        (row, cue) for row, cue in placed if (row.text, row.settings) != (cue.text, cue.settings)
    ]
    brought.same = len(placed) - len(wanted)
    segments = [row.segment for row, _cue in wanted]
    lines = {
        line.segment_id: line for line in Line.objects.filter(edition=edition, segment__in=segments)
    }
    missing = [each for each in segments if each not in lines]
    for line in Line.objects.bulk_create(
        (Line(edition=edition, segment_id=each) for each in missing), batch_size=BATCH
    ):
        lines[line.segment_id] = line
    edition.changes += 1
    versions = []
    for row, cue in wanted:
        line = lines[row.segment]
        line.version += 1
        line.change = edition.changes
        brought.changed += bool(row.text)
        brought.added += not row.text
        versions.append(
            Revision(
                line=line,
                version=line.version,
                account_id=account,
                text=cue.text,
                settings=cue.settings,
                original=cue.original,
                reason=FROM_FILE + reason,
            )
        )
    Revision.objects.bulk_create(versions, batch_size=BATCH)
    Line.objects.bulk_update(
        [lines[row.segment] for row, _cue in wanted], ["version", "change"], batch_size=BATCH
    )
    edition.filled += brought.added
    edition.save(update_fields=["filled", "changes"])


def give_file(edition: Edition, format: str) -> formats.Written:
    """The lines of an edition as a file. Raises Refusal (invalid) for a format there is not."""
    if format not in formats.NAMES:
        raise Refusal("invalid", _("There is no such format."))
    sheet = Sheet.objects.filter(edition=edition).first()
    head = sheet.head if sheet is not None and sheet.format == format else ""
    cues = _cues(edition, originals=bool(head))
    return formats.write(cues, format, language=edition.language, head=head)


def losses(edition: Edition) -> dict[str, tuple[str, ...]]:
    """What a file of each format can't carry of an edition's lines, for a person."""
    return formats.losses(_cues(edition))


def _cues(edition: Edition, *, originals: bool = False) -> list[formats.Cue]:
    """Its lines, with how the file that they came from wrote them where that is asked for."""
    return [
        formats.Cue(
            row.start_ms, row.end_ms, row.text, row.settings,
            original=row.original if originals else "",
        )
        for row in queries.rows(edition)
        if row.text
    ]  # fmt: skip
