"""Backups as a place that holds something about people: what leaving does to it, and until when."""

from __future__ import annotations

from collections.abc import Iterator

from plainview.privacy.backups import shelf
from plainview.privacy.rights.holdings import Quiet
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line
from plainview.privacy.rights.reports import COPIES


class Copies(Quiet):
    """Archives can't be opened here, so nobody is taken out of one: each goes whole on its day."""

    name = COPIES

    def plan(self, person: Person) -> Iterator[Line]:
        """Until when the last of them is there."""
        found = shelf.archives()
        if found:
            until = max(each.ends for each in found).isoformat()
            yield Line(COPIES, "", "kept", len(found), until=until, because=COPIES)
