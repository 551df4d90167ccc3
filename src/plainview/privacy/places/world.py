"""The officer's map of the world: which law holds where, and what of it nobody has verified."""

from __future__ import annotations

import datetime as dt
import functools
import json
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from plainview.engine import Policy
from plainview.privacy.places.territories import territory_name

FILE = Path(__file__).with_name("world.json")
"""Outlines by ISO code; the file says where they are from and under what licence."""

_TILES = {
    "CA": ".. YT NT NU .. .. .. .. .. .. NL / .. BC AB SK MB .. ON QC .. NB PE NS",
    "US": (
        "AK .. .. .. .. .. .. .. .. .. .. ME / .. .. .. .. .. .. .. .. .. .. VT NH"
        " / .. WA ID MT ND MN IL WI MI NY RI MA / .. OR NV WY SD IA IN OH PA NJ CT"
        " / .. CA UT CO NE MO KY WV VA MD DE / .. .. AZ NM KS AR TN NC SC DC"
        " / .. .. .. .. OK LA MS AL GA / HI .. .. .. TX .. .. .. .. FL"
    ),
}
"""States and provinces as squares, roughly where they lie; they are too small on a map."""
_TILE = 40  # px, with the gap


class Row(NamedTuple):
    """One jurisdiction: what it is called, its law, its places, and its facts in doubt."""

    id: str
    name: str
    law: str
    begins: dt.date | None
    kind: str
    several: bool
    places: tuple[str, ...]
    facts: int
    unverified: int
    disputed: int
    stale: int
    review_by: dt.date | None


def rows(policy: Policy, language: str, today: dt.date) -> list[Row]:
    """Every jurisdiction, with its own facts counted; heirs count what they add."""
    told = policy.stated(today)
    found = []
    for id_, place in policy.jurisdictions.items():
        mine = [each for each in told if each.jurisdiction == id_]
        counted = {
            state: sum(state in each.states for each in mine)
            for state in ("unverified", "disputed", "stale")
        }
        found.append(
            Row(
                id=id_,
                name=policy.text(f"jurisdictions.{id_}", language),
                law=place.law,
                begins=None if place.in_force(today) else place.from_,
                kind=kind(policy, id_),
                several=bool(place.strictest_of),
                places=tuple(territory_name(code) for code in place.places),
                facts=len(mine),
                review_by=min((each.review_by for each in mine if each.review_by), default=None),
                **counted,
            )
        )
    return found


def kind(policy: Policy, id_: str) -> str:
    """How a place is ruled: `asks` or `lets` by a law (or several), or by our `choice`."""
    place = policy.jurisdictions[id_]
    lawful = place.law or any(policy.jurisdictions[parent].law for parent in place.parents)
    if not lawful and not place.strictest_of:
        return "choice"
    return "asks" if place.model == "opt-in" else "lets"


def drawn(policy: Policy, today: dt.date) -> str:
    """The map as SVG: each country in the class of its kind, dashed where facts are in doubt."""
    doubtful, world = _doubtful(policy, today), _world()
    parts = [
        _linked(policy, code, doubtful, f'<path {{}} d="{escape(path)}">{{}}</path>')
        for code, path in world["countries"].items()
    ]
    return _picture(world["width"], world["height"], parts)


def states(policy: Policy, today: dt.date) -> str:
    """The states of the countries whose states have laws of their own, as squares, likewise."""
    doubtful = _doubtful(policy, today)
    rows = [(land, row) for land, text in _TILES.items() for row in text.split(" / ")]
    parts = [
        _linked(
            policy,
            f"{land}-{code}",
            doubtful,
            f'<rect {{}} x="{x * _TILE}" y="{y * _TILE}" width="{_TILE - 3}" height="{_TILE - 3}"'
            f' rx="4">{{}}</rect><text x="{x * _TILE + 18}" y="{y * _TILE + 23}">{code}</text>',
        )
        for y, (land, row) in enumerate(rows)
        for x, code in enumerate(row.split())
        if code != ".."
    ]
    return _picture(12 * _TILE, len(rows) * _TILE, parts)


def _doubtful(policy: Policy, today: dt.date) -> set[str]:
    return {each.jurisdiction for each in policy.stated(today) if each.states}


def _linked(policy: Policy, code: str, doubtful: set[str], shape: str) -> str:
    """`shape` with its class and title filled in, leading to what applies there."""
    place = policy.jurisdiction(code)
    doubt = " world-doubt" if place.id in doubtful else ""
    title = escape(f"{territory_name(code)}: {place.law or territory_name(place.id)}")
    ruled = f'class="world-{kind(policy, place.id)}{doubt}"'
    inner = shape.format(ruled, f"<title>{title}</title>")
    return f'<a href="/legal/place/?place={escape(code)}">{inner}</a>'


def _picture(width: int, height: int, parts: list[str]) -> str:
    size = f"0 0 {width} {height}"
    return f'<svg class="world" viewBox="{size}" role="group">{"".join(parts)}</svg>'


@functools.cache
def _world() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found
