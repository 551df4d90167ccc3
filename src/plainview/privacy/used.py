"""*What this page used*: the gate's record of a request, carried by the page and shown in words.

A page that used nothing of anybody carries no record, so that it stays the same for every stranger.
The record is signed with the day, not the second: an unchanged page stays unchanged.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing

from plainview.privacy.gate.filters import STANDING, WITHHELD
from plainview.privacy.gate.scope import Life
from plainview.privacy.registry import registry

SALT = "plainview.privacy.used"
DAY = 24 * 3600
LONGEST = 8000
"""Characters of a record; a longer one was not made by a page."""
CHOICES = "privacy-choices"
EVERYTHING = "*"
"""Stands for the category where a page looked through all that is held, to show or to erase it."""


@dataclass(frozen=True, slots=True)
class Used:
    """One category that one purpose used, and how many rows it met."""

    purpose: str
    category: str
    rows: int


def used(life: Life, *, whole: bool = True) -> list[Used]:
    """What has been used so far behind a door, most rows first.

    What a duty looked through counts as one, the `whole`, unless its categories are asked for.
    The standing counts where choices are looked at, not where the row filter reads it.
    """
    sums: dict[tuple[str, str], int] = {}
    tables = registry().tables
    for purpose, columns, rows in life.uses:
        found: set[str] = set()
        for name, column in columns:
            table = tables.get(name)
            if (
                table is None
                or not table.personal
                or (name in (STANDING, WITHHELD) and purpose != CHOICES)
            ):
                continue
            if column:
                mark = table.columns[column].mark if column in table.columns else None
                found.add(mark.category if mark else "")
            else:
                found.add(table.row)
        if whole and found and not purpose:  # a duty, which looks into whatever there is
            found = {EVERYTHING}
        for category in found - {""}:
            sums[purpose, category] = sums.get((purpose, category), 0) + rows
    records = [Used(purpose, category, rows) for (purpose, category), rows in sums.items()]
    return sorted(records, key=lambda each: (-each.rows, each.purpose, each.category))


def used_by(request: Any) -> list[Used]:
    """What the request has used so far; nothing outside a door."""
    scope = getattr(request, "scope_of_door", None)
    return used(scope.life) if scope is not None else []


def sign(records: Iterable[Used]) -> str:
    """The record as the page carries it: signed, stored nowhere, good today and tomorrow."""
    rows = [[each.purpose, each.category, each.rows] for each in records]
    text = json.dumps([_today(), rows], separators=(",", ":"))
    return signing.Signer(salt=SALT).sign(signing.b64_encode(zlib.compress(text.encode())).decode())


def read(token: str) -> list[Used]:
    """A record that a page sends back. Raises BadSignature if it isn't ours, or is an old one."""
    if len(token) > LONGEST:
        raise signing.BadSignature("too long for a record")
    packed = signing.Signer(salt=SALT).unsign(token)
    day, rows = json.loads(zlib.decompress(signing.b64_decode(packed.encode())))
    if not 0 <= _today() - day <= 1:
        raise signing.SignatureExpired("the record is of another day")
    return [Used(*row) for row in rows]


def _today() -> int:
    return int(time.time()) // DAY
