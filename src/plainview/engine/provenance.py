"""What the jurisdictions state as facts, and which of it wants looking after."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import msgspec

State = Literal["unverified", "disputed", "stale"]
STATES: tuple[State, ...] = get_args(State)
TABLES = ("clocks", "consent", "signals", "ages", "officer", "transfers")


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a file of `jurisdictions/`, and what is wrong with it: nothing, or a few words.

    `what` is the table, `of` what it is about; dates as the file has them.
    """

    jurisdiction: str
    what: str
    of: str
    provenance: str
    source: str
    as_of: dt.date | None
    review_by: dt.date | None
    states: tuple[State, ...]


def stated(files: Mapping[str, dict[str, Any]], today: dt.date) -> Iterator[Stated]:
    """Yield every fact of the files as they were written; heirs state only their own."""
    for id_, file in files.items():
        yield from _of(id_, file, file, today)
        for amendment in file.get("amendment", ()):
            yield from _of(id_, file | amendment, amendment, today)


def _of(id_: str, file: dict[str, Any], part: dict[str, Any], today: dt.date) -> Iterator[Stated]:
    if "kinds" in part or "law" in part:
        yield _fact(id_, "law", part.get("law", "kinds"), file, {}, today)
    for table in TABLES:
        said = part.get(table)
        if said is None:
            continue
        yield _fact(id_, table, str(said.get("note", "")), file, said, today)
        for term in said.get("doubt", ()):
            doubted = said | {"provenance": "unverified"}
            yield _fact(id_, table, f"{term} = {said[term]}", file, doubted, today)
    for duty, said in part.get("breach", {}).items():
        of = f"{duty}: {said.get('within', '')} {said.get('article', '')}".strip()
        yield _fact(id_, "breach", of, file, said, today)
    for given in part.get("gives", ()):
        of = f"{given.get('article', '')} {', '.join(given['rights'])}".strip()
        yield _fact(id_, "gives", of, file, given, today)
    for right, said in part.get("rights", {}).items():
        yield _fact(id_, "rights", right, file, said, today)
    for told in ("authority", "settlement"):
        for each in part.get(told, ()):
            yield _fact(id_, told, each["name"], file, each, today)


def _fact(
    id_: str, what: str, of: str, file: dict[str, Any], said: dict[str, Any], today: dt.date
) -> Stated:
    found = {key: said.get(key, file.get(key)) for key in ("provenance", "source")}
    days = {key: said.get(key, file.get(key)) for key in ("as_of", "review_by")}
    provenance = str(found["provenance"] or "")
    states: list[State] = []
    if "unverified" in provenance:
        states.append("unverified")
    if provenance.startswith("conflict"):
        states.append("disputed")
    if days["review_by"] is not None and days["review_by"] < today:
        states.append("stale")
    return Stated(
        jurisdiction=id_,
        what=what,
        of=of,
        provenance=provenance,
        source=str(found["source"] or ""),
        as_of=days["as_of"],
        review_by=days["review_by"],
        states=tuple(states),
    )
