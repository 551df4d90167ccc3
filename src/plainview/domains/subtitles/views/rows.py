"""Rows as the editor's script takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.models import Edition, Proposal


def lines_of(
    edition: Edition, source: Edition | None, only: Collection[int] | None
) -> list[dict[str, object]]:
    """Segments in the order of time, each with its line and the source's words."""
    said = (
        {row.segment: formats.typed(row.text, row.settings) for row in queries.rows(source, only)}
        if source
        else {}
    )
    return [
        {
            "id": row.segment,
            "start": row.start_ms,
            "end": row.end_ms,
            "timing": row.timing,
            "version": row.version,
            "text": formats.typed(row.text, row.settings),
            "source": said.get(row.segment, ""),
            "notes": row.notes,
        }
        for row in queries.rows(edition, only)
    ]


def proposals_of(found: Iterable[Proposal]) -> list[dict[str, int]]:
    """Proposals as times."""
    return [{"id": each.pk, "start": each.start_ms, "end": each.end_ms} for each in found]
