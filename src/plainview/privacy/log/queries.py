"""What was done with people's data, and by the service itself: to read, and to check elsewhere."""

from __future__ import annotations

import datetime as dt
import heapq
import json
from dataclasses import dataclass, field
from typing import Any

from plainview.privacy.log.models import Act, Deed, Key
from plainview.privacy.log.proving import proof

PAGE = 25


def keys() -> list[dict[str, Any]]:
    """The public keys with the signature by which each was endorsed, the oldest first."""
    rows = Key.objects.order_by("id").values_list("public", "size", "endorsed")
    return [{"key": key, "from": size, "endorsed": endorsed} for key, size, endorsed in rows]


@dataclass(frozen=True, slots=True)
class Done:
    """One act or deed: what, when, what was said of it, and by which member of the staff."""

    leaf: int
    what: str
    at: dt.datetime
    said: dict[str, Any] = field(hash=False)
    salt: bytes = field(repr=False)
    staff: int | None = None

    @property
    def door(self) -> str:
        """Where in the code, or which duty by whom; as recorded."""
        return str(self.said.get("pv:door") or self.said.get("pv:place") or "")

    @property
    def of(self) -> str:
        """Which duty, policy or kind of request."""
        said = self.said
        return str(said.get("pv:duty") or said.get("pv:version") or said.get("pv:method") or "")


def done(before: int | None = None, most: int = PAGE) -> list[Done]:
    """The latest acts and deeds, those before leaf `before` if it is given.

    Needs a door that sees everyone and may use `access.looks`.
    """
    columns = ("leaf_id", "what", "at", "body", "salt")
    acts, deeds = Act.objects.all(), Deed.objects.all()
    if before is not None:
        acts, deeds = acts.filter(leaf__lt=before), deeds.filter(leaf__lt=before)
    rows = [
        *acts.values_list(*columns, "staff")[:most],
        *((*row, None) for row in deeds.values_list(*columns)[:most]),
    ]
    return [
        Done(leaf, what, at, json.loads(body), bytes(salt), staff)
        for leaf, what, at, body, salt, staff in heapq.nlargest(most, rows)
    ]


def handed_out(before: int | None = None) -> list[dict[str, Any]]:
    """The same with the proof of each, as `plainview-verify acts` reads it; no staff by number."""
    return [
        {"said": each.said, "proof": proof(each.leaf).block(each.salt)} for each in done(before)
    ]
