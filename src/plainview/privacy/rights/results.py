"""What became of each store in an erasure, in one word each, for programs that read the report."""

from __future__ import annotations

from collections.abc import Iterable

from plainview.privacy.registry import registry
from plainview.privacy.rights import holdings
from plainview.privacy.rights.erasing import LEFT, Report
from plainview.privacy.rights.planning import Line
from plainview.privacy.rights.reports import COPIES

NOTHING = "nothing-held"
_ORDER = ("failed", "waiting", "retained", "anonymised", "removed")
"""Of several results the one that claims least is told."""


def results(report: Report, *, asked: bool, awaited: bool) -> dict[str, str]:
    """One of failed, waiting, retained, anonymised, removed and nothing-held for each store.

    `asked` says whether a recipient was asked to erase something, `awaited` whether one of them has
    not confirmed it. A place in which something is left has failed.
    """
    known = registry().tables
    rows = [line for line in report.lines if line.holding in known]
    files = [line for line in rows if any(holdings.file_fields(known[line.holding]))]
    left = {each.where.partition(".")[0] for each in report.found if each.kind in LEFT}
    found = {
        "database": "failed" if left & known.keys() else _least(rows),
        "files": _least(files),
        "search-index": NOTHING,
        "caches": report.stores.get("cache", NOTHING),
        "jobs": report.stores.get("jobs", NOTHING),
        "logs": NOTHING,
        "recipients": "waiting" if awaited else "removed" if asked else NOTHING,
        "backups": _least(line for line in report.lines if line.holding == COPIES),
    }
    for place in left - known.keys():  # a file, an index, a page of the database, a cache
        store = "caches" if place == "cache" else "search-index" if "_fts" in place else "logs"
        found[store] = "failed"
    return found


def _least(lines: Iterable[Line]) -> str:
    found = {line.outcome if line.state == "done" else line.state for line in lines}
    said = {"retained" if each == "kept" else str(each) for each in found}
    return next((each for each in _ORDER if each in said), NOTHING)
