"""What became of each store in an erasure: in one word each for programs, and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from django.utils.translation import gettext as _

from plainview.platform.languages import dates
from plainview.privacy.disclosures import queries as disclosures
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.scope import Opened
from plainview.privacy.models import Erasure
from plainview.privacy.registry import registry
from plainview.privacy.rights import holdings, reports, scanning, services, undeclared
from plainview.privacy.rights.erasing import LEFT, Report
from plainview.privacy.rights.planning import Line
from plainview.privacy.rights.reports import COPIES

NOTHING = "nothing-held"
_ORDER = ("failed", "waiting", "retained", "anonymised", "removed")
"""Of several results the one that claims least is told."""
_FILES = ("outbox",)
"""The holdings beside the tables that are files."""
KINDS = {"failed": "bad", "waiting": "busy", "retained": "busy", "removed": "good"}


class Stored(NamedTuple):
    """A store and what became of it, in words; `why` has each ground on which some of it stays."""

    name: str
    outcome: str
    kind: str
    why: list[str]


def results(report: Report, *, asked: bool, awaited: bool) -> dict[str, str]:
    """One of failed, waiting, retained, anonymised, removed and nothing-held for each store.

    `asked` says whether a recipient was asked to erase something, `awaited` whether one of them has
    not confirmed it. A place in which something is left has failed. Before it was searched nobody
    says of one that it holds nothing.
    """
    found = {store: _least(lines) for store, lines in _lines(report).items()}
    for store in ("search-index", "logs"):
        found[store] = NOTHING
    for store, holding in (("caches", "cache"), ("jobs", "jobs")):
        found[store] = report.stores.get(holding, NOTHING)
    if not report.scanned:
        found |= {store: "waiting" for store, said in found.items() if said == NOTHING}
    found["recipients"] = "waiting" if awaited else "removed" if asked else NOTHING
    unknown = {_head(each.where) for each in report.found if each.kind == "unknown"}
    for each in report.found:
        if each.kind in LEFT:
            found[_store(each.where, unknown | registry().tables.keys())] = "failed"
    return {store: found[store] for store in (*_names(), *sorted(found.keys() - _names().keys()))}


def of(erasure: int) -> dict[str, str]:
    """The same of the erasure with a number; nothing once its report has had its time."""
    report = _report(erasure)
    return _results(erasure, report) if report else {}


def in_words(erasure: int) -> list[Stored]:
    """What became of each store, as a page says it; nothing once the report has had its time."""
    report = _report(erasure)
    if report is None:
        return []
    lines, names = _lines(report), _names()
    return [
        Stored(names.get(store, store), *_said(result, lines.get(store, [])))
        for store, result in _results(erasure, report).items()
    ]


def _report(erasure: int) -> Report | None:
    with Opened(services.REPORTS):
        row = Erasure.objects.filter(pk=erasure).first()
    return services.read(row) if row else None


def _results(erasure: int, report: Report) -> dict[str, str]:
    asked = bool(disclosures.asked_by(erasure))
    return results(report, asked=asked, awaited=recalls.awaits(erasure))


def _lines(report: Report) -> dict[str, list[Line]]:
    """The lines of a report by the store that they speak of; what a table's file fields name, too.

    A store that joined from outside stands under its own name.
    """
    known = registry().tables
    found: dict[str, list[Line]] = {"database": [], "files": [], "backups": []}
    for line in report.lines:
        if line.holding in known:
            found["database"].append(line)
            if any(holdings.file_fields(known[line.holding])):
                found["files"].append(line)
        elif line.holding == undeclared.Undeclared.name:
            found["database"].append(line)
        elif line.holding in _FILES:
            found["files"].append(line)
        elif line.holding == COPIES:
            found["backups"].append(line)
        elif line.holding not in ("cache", "jobs"):
            found.setdefault(line.holding, []).append(line)
    return found


def _head(where: str) -> str:
    return where.partition(".")[0]


def _store(where: str, known: AbstractSet[str]) -> str:
    """In which store a place is that a search names: a table and column, a file, a cache."""
    table = _head(where)
    if where == "cache":
        return "caches"
    if "_fts" in table:
        return "search-index"
    if table == "jobs_job":
        return "jobs"
    files = {path.name for path in scanning.database_files()}
    if where in files or table in known:
        return "database"
    return "logs" if ".log" in where else "files"


def _least(lines: Iterable[Line]) -> str:
    found = {line.outcome if line.state == "done" else line.state for line in lines}
    said = {"retained" if each == "kept" else str(each) for each in found}
    return next((each for each in _ORDER if each in said), NOTHING)


def _names() -> dict[str, str]:
    return {
        "database": _("The database"),
        "files": _("Files"),
        "search-index": _("The search index"),
        "caches": _("Caches"),
        "jobs": _("Work that waits"),
        "logs": _("Logs"),
        "recipients": _("Whoever got something from us"),
        "backups": _("Encrypted emergency copies"),
    }


def _said(result: str, lines: list[Line]) -> tuple[str, str, list[str]]:
    """A result in words, how it is coloured, and each ground on which some of it stays."""
    words = {
        "failed": _("Not removed yet"),
        "waiting": _("Not at its end yet"),
        "anonymised": _("Kept without a name"),
        "removed": _("Removed"),
        NOTHING: _("Nothing held there"),
    }
    kept = [line for line in lines if line.outcome == "kept"]
    if result == "retained":
        last = dt.date.fromisoformat(max(line.until for line in kept))
        day = dates.written(last, "DATE_FORMAT")
        words["retained"] = _("Some of it is kept until %(day)s") % {"day": day}
    why = [reports.why("kept", line.because) for line in kept] if result == "retained" else []
    return words[result], KINDS.get(result, ""), list(dict.fromkeys(filter(None, why)))
