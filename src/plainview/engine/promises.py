"""What the notice promises, clause by clause, and which declarations carry each promise.

`promises.csv` stands in the policy's folder. A declaration names what it carries under the key
`promises`; the code and the tests that keep a promise name its id too (see `docs/promises.md`).
"""

import csv
import io
import re
from itertools import zip_longest
from typing import NamedTuple, cast, get_args

from plainview.engine.declarations import Declaration, Ids, PromiseKind
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader, dotted

FILE = "promises.csv"
_ID = re.compile(r"P[0-9A-Z][0-9A-Za-z.]*")


class Promise(Declaration, frozen=True, kw_only=True):
    """One thing that the notice promises.

    `section` is the clause of the notice, `must` what makes it true, `show` how to see that it is;
    `rooms` are the parts of the product that keep it, as `domains/ads` or `policy/retention.toml`.
    """

    id: str
    section: str
    kind: PromiseKind
    promise: str
    must: str
    show: str
    rooms: Ids


class Carried(NamedTuple):
    """A declaration that carries a promise: its file and its dotted key."""

    file: str
    key: str


def read_promises(reader: Reader) -> dict[str, Promise]:
    """Read promises.csv. What is wrong with it is noted; without the file there are none."""
    text = reader.text(FILE) if reader.names(FILE) else None
    if text is None:
        return {}
    rows = csv.reader(io.StringIO(text))
    columns = list(Promise.__struct_fields__)
    head = next(rows, [])
    if head != columns:
        remedy = f"begin the file with `{','.join(columns)}`"
        reader.add_at(FILE, 1, "", "the first line does not name the columns", remedy)
        return {}
    found: dict[str, Promise] = {}
    line = rows.line_num + 1
    for row in rows:
        promise = _promise(reader, line, row, columns)
        if promise is not None:
            if promise.id in found:
                remedy = "join the two, or give this one the next letter"
                reader.add_at(FILE, line, promise.id, f"`{promise.id}` stands there twice", remedy)
            found.setdefault(promise.id, promise)
        line = rows.line_num + 1
    return found


def _promise(reader: Reader, line: int, row: list[str], columns: list[str]) -> Promise | None:
    if not row:
        return None
    whole = len(row) == len(columns)
    if not whole:
        remedy = f"write {len(columns)} values; put one that holds a comma in double quotes"
        problem = f"the line has {len(row)} values and {len(columns)} columns"
        reader.add_at(FILE, line, row[0], problem, remedy)
    cells = dict(zip_longest(columns, row[: len(columns)], fillvalue=""))
    for column, cell in cells.items():
        if whole and not cell.strip():
            reader.add_at(FILE, line, row[0], f"`{column}` is empty", "fill it in")
    kinds = cast("tuple[str, ...]", get_args(PromiseKind))
    if cells["kind"] not in kinds:
        if whole:
            listed = ", ".join(f"`{kind}`" for kind in kinds)
            remedy = nearest(cells["kind"], kinds, f"write one of {listed}")
            reader.add_at(FILE, line, row[0], f"unknown kind `{cells['kind']}`", remedy)
        cells["kind"] = kinds[0]
    if not _ID.fullmatch(cells["id"]):
        remedy = "write `P`, the clause and a letter, as `P4.1.3c`"
        reader.add_at(FILE, line, row[0], f"`{cells['id']}` is no name for a promise", remedy)
        return None
    rooms = tuple(room.strip() for room in cells.pop("rooms").split(","))
    return Promise(rooms=rooms, **cells)  # type: ignore[arg-type]


def carried(reader: Reader) -> dict[str, tuple[Carried, ...]]:
    """Return the declarations that carry each promise, in the order of the files."""
    found: dict[str, list[Carried]] = {}
    for file, path, promises in reader.promised:
        for promise in promises:
            found.setdefault(promise, []).append(Carried(file, dotted(path)))
    return {promise: tuple(carriers) for promise, carriers in found.items()}


def check_promises(promises: dict[str, Promise], reader: Reader) -> None:
    """Every promise that a declaration says it carries is one of promises.csv."""
    if not promises:
        if reader.promised and not reader.names(FILE):
            remedy = "create it with the promises of your notice, or take the `promises` keys out"
            reader.add_at(
                FILE, 1, "", "the file is missing, and declarations name promises", remedy
            )
        return
    for file, path, named in reader.promised:
        for n, promise in enumerate(named):
            if promise not in promises:
                at: Path = (*path, "promises", n)
                remedy = nearest(promise, promises, f"add a line for it to `{FILE}`")
                reader.add(file, at, f"unknown promise `{promise}`", remedy)
