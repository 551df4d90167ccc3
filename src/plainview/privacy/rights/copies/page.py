"""What a person reads of their copy: by time, by kind, their pictures; without a network.

The latest rows of each table stand in it, all of them in the tables beside it. It needs no script;
with it there is a search over all that the page shows.
"""

from __future__ import annotations

import datetime as dt
import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import DateField, F, Field
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from plainview.platform import days, languages
from plainview.platform.addresses import link
from plainview.platform.languages import dates
from plainview.privacy.disclosures import deciding
from plainview.privacy.notice import readers
from plainview.privacy.policies import in_force
from plainview.privacy.rights import wording
from plainview.privacy.rights.copies import form
from plainview.privacy.rights.copies.form import Kind
from plainview.privacy.rights.tables import Part

READABLE = 500
"""So many rows of a table stand in the page, the latest; all of them stand in its file."""
MOMENTS = 400
"""So many moments stand in the timeline."""
LONGEST_NAME = 80
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF8": ".gif",
    b"RIFF": ".webp",
}
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was sent: where it stands in the copy, and its length in bytes."""

    place: str
    size: int

    @property
    def picture(self) -> bool:
        """Whether browsers show it as a picture."""
        return self.place.lower().endswith(PICTURES)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.place.partition("/")[2]


@dataclass(slots=True)
class Moment:
    """Something of a day: when, of which kind, and what of it."""

    at: dt.datetime
    kind: str
    words: list[str]


@dataclass(slots=True)
class Sheet:
    """A table as the page shows it: what it is called, what the policy says of it, its rows."""

    name: str
    file: str
    labels: list[str]
    secrets: list[str]
    kinds: list[Kind]
    count: int
    rows: list[list[str]] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many rows stand only in the file."""
        return self.count - len(self.rows)


def named(name: str, head: bytes) -> str:
    """A name that any system takes, with the ending that its first bytes call for."""
    safe = re.sub(r"[^\w.-]+", "-", name).strip(".-")[-LONGEST_NAME:] or "file"
    ending = next((end for magic, end in _MAGIC.items() if head.startswith(magic)), "")
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        ending = ".avif"
    return safe if not ending or safe.lower().endswith(PICTURES) else safe + ending


def written(
    subject: int,
    parts: Sequence[Part],
    counts: Mapping[str, int],
    kinds: Mapping[str, Kind],
    files: Sequence[Original],
) -> Iterator[tuple[str, bytes]]:
    """The files of the page by name; what is opened first comes last. Needs a duty."""
    order = list(kinds)
    sheets = [_sheet(subject, part, counts[form.name_of(part)], kinds) for part in parts]
    sheets.sort(key=lambda each: min(order.index(id_) for id_ in _ids(each, kinds)))
    moments = heapq.nlargest(
        MOMENTS, (each for sheet in sheets for each in sheet.moments), key=lambda each: each.at
    )
    policy, facts = in_force(), deciding.facts_of(subject)
    place = facts.presence or facts.residence
    law = readers.reader(
        policy, languages.current(), presence=place, residence=facts.residence or place
    )
    yield "look/search.js", get_template("privacy/rights/copy_search.js").render().encode()
    page = render_to_string(
        "privacy/rights/copy_page.html",
        {
            "sheets": sheets,
            "months": _months(moments),
            "pictures": [each for each in files if each.picture],
            "files": files,
            "controller": policy.controller,
            "law": law,
            "notice": link("notice"),
            "made": timezone.localtime(),
            "language": languages.current(),
            "direction": languages.direction(languages.current()),
        },
    )
    yield "index.html", page.encode()


def _ids(sheet: Sheet, kinds: Mapping[str, Kind]) -> list[str]:
    return [id_ for id_, kind in kinds.items() if any(kind is each for each in sheet.kinds)]


def _sheet(subject: int, part: Part, count: int, kinds: Mapping[str, Kind]) -> Sheet:
    fields = _shown(part)
    moment = moment_of(part)
    held = {part.category(each) for each in (*part.fields, *part.secrets)}
    dotted = {each for each in held if "." in each} or held
    mine = [kind for id_, kind in kinds.items() if id_ in dotted]
    sheet = Sheet(
        name="; ".join(kind.name for kind in mine),
        file=f"tables/{form.name_of(part)}.csv",
        labels=[wording.label(part.table.name, each) for each in fields],
        secrets=[kinds[each].name for each in dict.fromkeys(map(part.category, part.secrets))],
        kinds=mine,
        count=count,
    )
    if not fields:
        return sheet
    order = F(moment.attname).desc(nulls_last=True) if moment else "-pk"
    found = part.told(subject).order_by(order).values_list(*(each.attname for each in fields))
    rows = list(found[:READABLE])
    names = wording.names(fields, rows)
    for row in rows:
        said = [wording.value(f, raw, names) for f, raw in zip(fields, row, strict=True)]
        sheet.rows.append(said)
        if moment is not None and (at := row[fields.index(moment)]) is not None:
            words = [w for f, w in zip(fields, said, strict=True) if w and _tells(f, named=names)]
            sheet.moments.append(Moment(_moment(at), sheet.name, words))
    return sheet


def _shown(part: Part) -> list[Field[Any, Any]]:
    """What the page shows of a row: no number of its own or of the person, if there is more."""
    told = [each for each in part.fields if "." in part.category(each)]
    return told or list(part.fields)


def moment_of(part: Part) -> Field[Any, Any] | None:
    """The column that says when a row was made: no schedule counts from later uses of it."""
    times = [each for each in _shown(part) if isinstance(each, DateField)]
    marked = [each for each in times if part.table.columns[str(each.column)].mark.event]
    plain = [each for each in times if each not in marked]
    return next(iter(plain or marked), None)


def _tells(field_: Field[Any, Any], named: wording.Names) -> bool:
    """Whether a value says something by itself: words, a choice, what has a name.

    Beside a name nothing short is of interest: a code of ours would only stand in the way.
    """
    if field_.flatchoices or field_.is_relation:
        return True
    kind = field_.get_internal_type()
    return kind == "TextField" or (not named and kind in ("CharField", "EmailField"))


def _moment(value: dt.datetime | dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else timezone.make_aware(value)
    return days.start(value)


def _months(moments: Sequence[Moment]) -> list[tuple[str, list[tuple[str, list[Moment]]]]]:
    """The moments by month and day, each in words, the latest first."""
    return [
        (
            dates.written(dt.date(*month, 1), "YEAR_MONTH_FORMAT"),
            [
                (dates.written(day, "DATE_FORMAT"), list(of_day))
                for day, of_day in groupby(of_month, key=lambda each: each.at.date())
            ],
        )
        for month, of_month in groupby(moments, key=lambda each: (each.at.year, each.at.month))
    ]
