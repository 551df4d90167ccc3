"""Holding the ledger of answers against the log: `plainview log verify` asks it to.

Every answer that has a receipt says what its entry says, and neither is there without the other; an
entry that an erasure took may be missing, where the answer is still kept as evidence.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from plainview.privacy.consent.models import Answer, Shown, Style
from plainview.privacy.consent.recording import KIND, digest, statuses
from plainview.privacy.log.inspecting import Damage
from plainview.privacy.log.models import Entry
from plainview.privacy.rights.models import Kept

CHUNK = 2000
AT = "dpv:isIndicatedAtTime"


def disagreements() -> Iterator[Damage]:
    """Where ledger and log part. Needs the duty `audit`."""
    rows = Entry.objects.filter(kind=KIND).order_by("pk")
    told = rows.values_list("pk", "leaf__index", "subject", "body").iterator(CHUNK)
    seen: set[str] = set()
    batch: list[tuple[str, int, dict[str, Any]]] = []
    going, left = _kept(Entry), _kept(Answer)
    for pk, index, subject, body in told:
        if str(pk) in going:  # with the answer that it is of, but not in one breath
            seen.add(json.loads(body).get("dct:identifier", ""))
            continue
        where = f"entry {index}" if index is not None else f"the waiting leaf {pk}"
        batch.append((where, subject, json.loads(body)))
        if len(batch) == CHUNK:
            yield from _held_against(batch, seen)
            batch = []
    yield from _held_against(batch, seen)
    alone = Answer.objects.exclude(key=None).order_by("pk").values_list("pk", "key")
    for pk, key in alone.iterator(CHUNK):
        if key not in seen and str(pk) not in left:
            yield Damage("an answer of the ledger", "is not in the log, and no erasure explains it")
    yield from _shown()


def _shown() -> Iterator[Damage]:
    """Where what a question told, its page or its style sheet is not what answers were given to."""
    sheets = {each.pk for each in Style.objects.iterator(CHUNK) if digest(each.text) == each.pk}
    for row in Shown.objects.exclude(document="").iterator(CHUNK):
        layout = {"page": digest(row.page), "style": row.style_id or ""}
        if digest(row.document) != row.digest or json.loads(row.document)["pv:layout"] != layout:
            yield Damage(
                f"the question {row.pk[:12]}", "is not what was answered: it was rewritten"
            )
        elif row.style_id and row.style_id not in sheets:
            yield Damage(f"the style sheet {row.style_id[:12]}", "was rewritten")


def _kept(table: type[Model]) -> set[str]:
    """The keys of rows that stay until a day that somebody was told."""
    rows = Kept.objects.filter(table=table._meta.db_table)
    return {str(key) for each in rows for key in each.keys}


def _held_against(batch: list[tuple[str, int, dict[str, Any]]], seen: set[str]) -> Iterator[Damage]:
    keys = [body.get("dct:identifier", "") for _, _, body in batch]
    rows = Answer.objects.filter(key__in=keys).select_related("shown")
    answers = {row.key: row for row in rows}
    for (where, subject, body), key in zip(batch, keys, strict=True):
        seen.add(key)
        row = answers.get(key)
        if row is None:
            yield Damage(where, "has no answer in the ledger any more")
        elif row.subject != subject or _said(row, body) != _logged(body):
            yield Damage(where, "is not what the ledger says now: its row was rewritten")


def _logged(body: dict[str, Any]) -> dict[str, Any]:
    """What a record says, as far as the ledger says it too."""
    states = body.get("dpv:hasConsentStatus", [])
    times = {state.get(AT) for state in states}
    return {
        "states": [{name: state[name] for name in state if name != AT} for state in states],
        "at": {body["pv:said"]} if "pv:said" in body else times,
        "notice": body.get("dpv:hasNotice"),
        "form": body.get("pv:form"),
        "scope": body.get("pv:scope"),
        "surface": body.get("pv:surface", ""),
        "signals": body.get("pv:signals"),
        "corrects": body.get("pv:corrects", ""),
    }


def _said(row: Answer, body: dict[str, Any]) -> dict[str, Any]:
    """What the row says, as its record would; a letter counts from the day on which it was."""
    at = row.given_at.astimezone(dt.UTC)
    record = {
        "dpv:hasConsentStatus": list(statuses(json.loads(row.answers), at, row.via)),
        "dpv:hasNotice": f"urn:sha256:{row.shown.digest}",
        "pv:form": row.via,
        "pv:scope": row.scope,
        "pv:surface": row.surface,
        "pv:signals": row.signals.split(),
        "pv:corrects": row.corrects,
    }
    if "pv:said" in body:
        record["pv:said"] = f"{row.given_at:%Y-%m-%d}"
    return _logged(record)
