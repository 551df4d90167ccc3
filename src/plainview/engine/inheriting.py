"""Jurisdictions by inheritance: each file over its parent's, as the law stands on a day.

Works on the plain values of the files, so that what a file leaves out is told from what it says.
"""

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from plainview.engine.declarations import Jurisdiction
from plainview.engine.problems import nearest
from plainview.engine.provenance import TABLES
from plainview.engine.reading import Reader

Raw = dict[str, Any]

LENGTHS = ("acknowledge", "answer", "extend", "opt_out", "appeal", "appeal_extend")
_TIMES = (*LENGTHS, "within")
_ORIGIN = ("provenance", "source", "as_of", "review_by")
# What is said of one law alone, even where its terms are another's too.
_NOT_INHERITED = (*_ORIGIN, "note", "article", "from", "display_from", "doubt")
_WORDS = ("regime", "represented", "leader", "court", "model", "gdpr_like")
_MAPS = ("kinds", "bases", "terms")
_LISTS = ("authority", "settlement")
# What a file says of itself, and of its place whatever its law says.
_OWN = ("name", "law", "from", "until", "early", "places", "strictest_of", "parent", *_ORIGIN)


class _Resolved(NamedTuple):
    """A jurisdiction with all that it inherits, and which tables of its files held for it."""

    state: tuple[object, ...]
    raw: Raw
    read: Jurisdiction


class Statutes(msgspec.Struct, frozen=True, dict=True):
    """All files of `jurisdictions/` as they were written, by id."""

    files: dict[str, Raw]

    def days(self) -> list[dt.date]:
        """Return the days on which something begins to hold or ceases to, in order."""
        return sorted(set(self._days()))

    def _days(self) -> Iterator[dt.date]:
        for file in self.files.values():
            for table in (file, *file.get("amendment", ())):
                if isinstance(start := table.get("from"), dt.date):
                    yield start
                if isinstance(end := table.get("until"), dt.date):
                    yield end + dt.timedelta(days=1)

    def on(self, day: dt.date) -> dict[str, Jurisdiction]:
        """Return every jurisdiction with all that it inherits, as of a day.

        One that is the same on two days is one object.
        """
        done: dict[str, _Resolved] = {}
        return {id_: self._resolve(id_, day, done).read for id_ in sorted(self.files)}

    @cached_property
    def _known(self) -> dict[tuple[object, ...], _Resolved]:
        return {}

    def _resolve(self, id_: str, day: dt.date, done: dict[str, _Resolved]) -> _Resolved:
        if id_ not in done:
            file = self.files[id_]
            parent = file.get("parent", "")
            above = self._resolve(parent, day, done) if parent else None
            applies = bool(file.get("early")) or _holds(file, day)
            amended = tuple(_holds(each, day) for each in file.get("amendment", ()))
            state = (id_, applies, amended, above and above.state)
            if state not in self._known:
                raw = self._laid(id_, day, above.raw if above else {}, applies=applies)
                self._known[state] = _Resolved(state, raw, msgspec.convert(raw, Jurisdiction))
            done[id_] = self._known[state]
        return done[id_]

    def _laid(self, id_: str, day: dt.date, above: Raw, *, applies: bool) -> Raw:
        """Return a file laid over what is above it."""
        file = self.files[id_]
        parent = file.get("parent", "")
        merged = {key: value for key, value in above.items() if key not in _OWN}
        merged["parents"] = [parent, *above.get("parents", ())] if parent else []
        merged |= {key: file[key] for key in (*_OWN, "zone") if key in file}
        for part in _parts(file, day) if applies else [_standing(file)]:
            merged = _over(merged, part)
        if "exceptions" in merged.get("ages", ()):  # they are of single places
            own = merged["ages"]["exceptions"]
            ours = {code: own[code] for code in file.get("places", ()) if code in own}
            merged["ages"] = merged["ages"] | {"exceptions": ours}
        return merged | {"id": id_}


_RULED_BY = frozenset({"parent", "strictest_of"})


def read_statutes(reader: Reader) -> Statutes:
    """Read `jurisdictions/*.toml`; what can't be inherited is noted and left out."""
    files: dict[str, Raw] = {}
    for name in reader.names("jurisdictions/*.toml"):
        before = len(reader.problems)
        reader.read(name, Jurisdiction)
        file = reader.raw.get(name, {})
        if len(reader.problems) > before:
            file = {"name": "", **{key: said for key, said in file.items() if _fits(key, said)}}
        files[name.rsplit("/", 1)[-1].removesuffix(".toml")] = file
    whole: dict[str, Raw] = {}
    for id_, file in files.items():
        problem = _lineage(id_, files)
        if problem is None:
            whole[id_] = file
            continue
        reader.add(f"jurisdictions/{id_}.toml", ("parent",), *problem)
        # Something stands in for the parent, so that what follows from its loss is no news.
        meant = difflib.get_close_matches(file["parent"], files, n=1)
        roots = [each for each, said in files.items() if not _RULED_BY.intersection(said)]
        fit = [each for each in (*meant, *roots) if each != id_ and _lineage(each, files) is None]
        instead = {"parent": fit[0]} if fit else {}
        whole[id_] = {key: value for key, value in file.items() if key != "parent"} | instead
    return Statutes(whole)


def _fits(key: str, said: Any) -> bool:
    try:
        msgspec.convert({"name": "", key: said}, Jurisdiction)
    except msgspec.ValidationError:
        return False
    return True


def _lineage(id_: str, files: Mapping[str, Raw]) -> tuple[str, str] | None:
    """Return what is wrong with the ancestors of a file, and the remedy."""
    path = [id_]
    while parent := files[path[-1]].get("parent", ""):
        if parent not in files:
            if len(path) > 1:
                return None  # noted at the file that names it
            remedy = nearest(parent, files, f"create `jurisdictions/{parent}.toml`, or remove it")
            return f"unknown parent `{parent}`", remedy
        if parent == id_:
            round_ = " → ".join(f"`{each}`" for each in (*path, parent))
            return f"it inherits from itself: {round_}", "take `parent` out of one of them"
        if parent in path:
            return None  # a circle further up, noted there
        path.append(parent)
    return None


def _holds(table: Raw, day: dt.date) -> bool:
    start, end = table.get("from"), table.get("until")
    return (start is None or start <= day) and (end is None or day <= end)


def _parts(file: Raw, day: dt.date) -> Iterator[Raw]:
    """Yield what a file says, then its amendments of the day, each fact with its origin."""
    origin = {key: file[key] for key in _ORIGIN if key in file}
    yield _with_origin(file, origin)
    for amendment in file.get("amendment", ()):
        if _holds(amendment, day):
            yield _with_origin(amendment, origin | _origin(amendment))


def _standing(file: Raw) -> Raw:
    """Return what holds of a place while its law doesn't."""
    origin = {key: file[key] for key in _ORIGIN if key in file}
    kept: Raw = {key: file[key] for key in ("ages", *_LISTS) if key in file}
    return _with_origin(kept, origin)


def _with_origin(part: Raw, origin: Raw) -> Raw:
    """Return a part with `gives` spread over its rights, and each fact with where it is from."""
    part = dict(part)
    rights: Raw = {}
    for given in part.pop("gives", ()):
        for right in given["rights"]:
            said = {key: value for key, value in given.items() if key != "rights"}
            rights[right] = rights.get(right, {}) | said
    for right, said in part.pop("rights", {}).items():
        rights[right] = rights.get(right, {}) | said
    found = {right: origin | said for right, said in rights.items()}
    if "breach" in part:
        part["breach"] = {duty: origin | said for duty, said in part["breach"].items()}
    if found:
        part["rights"] = found
    for key in TABLES:
        if key in part:
            part[key] = origin | part[key]
    for key in _LISTS:
        if key in part:
            part[key] = [origin | each for each in part[key]]
    return part


def _over(below: Raw, part: Raw) -> Raw:
    """Return what a file inherits with one part of its own laid over it."""
    merged = dict(below)
    for key in (*_WORDS, *_LISTS):
        if key in part:
            merged[key] = part[key]
    for key in _MAPS:
        if key in part:
            merged[key] = below.get(key, {}) | part[key]
    for key in TABLES:
        if key in part:
            merged[key] = _fact_over(below.get(key, {}), part[key])
    if "breach" in part:
        told = merged.get("breach", {})
        over = {duty: _fact_over(told.get(duty, {}), said) for duty, said in part["breach"].items()}
        merged["breach"] = told | over
    if "rights" in part:
        rights = dict(below.get("rights", {}))
        for right, said in part["rights"].items():
            clocks = {
                key: value
                for key, value in rights.get(right, {}).items()
                if key in (*LENGTHS, "also")
            }
            rights[right] = _fact_over(clocks, said, merged.get("clocks", {}))
        merged["rights"] = rights
    return merged


def _fact_over(below: Raw, said: Raw, general: Raw | None = None) -> Raw:
    """Return a fact over the one it inherits.

    What it says of lengths of time and is in doubt stands beside what it replaces, in `also`.
    """
    merged = {key: value for key, value in below.items() if key not in _NOT_INHERITED} | said
    also = {key: value for key, value in below.get("also", {}).items() if key not in said}
    doubted = _TIMES if _doubtful(said) else set(_TIMES) & set(said.get("doubt", ()))
    for key in doubted:
        lasting = "none" if key.endswith("extend") else ""  # no extension is the stricter
        instead = below.get(key) or (general or {}).get(key) or lasting
        if said.get(key, "none") != "none" and instead and instead != said[key]:
            source = below if below.get(key) else general or {}
            also[key] = [instead, *source.get("also", {}).get(key, ())]
    if also:
        merged["also"] = also
    else:
        merged.pop("also", None)
    return merged


def _doubtful(said: Raw) -> bool:
    provenance = str(said.get("provenance", ""))
    return "unverified" in provenance or provenance.startswith("conflict")


def _origin(table: Raw) -> Raw:
    return {key: table[key] for key in _ORIGIN if key in table}
