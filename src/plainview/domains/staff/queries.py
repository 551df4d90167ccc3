"""What the desk asks about the service."""

from __future__ import annotations

from typing import NamedTuple

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.playback import queries as playback
from plainview.domains.playback.models import Ingest


class Figures(NamedTuple):
    """How the service stands, in numbers."""

    titles: int
    under_way: int
    failed: int


def figures() -> Figures:
    """Published titles, ingests under way, ingests that failed."""
    return Figures(
        titles=catalogue.published().count(),
        under_way=playback.ingests()
        .filter(state__in=[Ingest.State.WAITING, Ingest.State.WORKING])
        .count(),
        failed=playback.ingests().filter(state=Ingest.State.FAILED).count(),
    )
