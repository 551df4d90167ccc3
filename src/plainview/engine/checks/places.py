"""Checks of jurisdictions/*.toml: each place ruled once, each law whole, the unknown strictest."""

import datetime as dt

from plainview.engine import breaches
from plainview.engine.clocks import NEVER, NOTICE, Calendar, length
from plainview.engine.compiling import members
from plainview.engine.declarations import Duty, Jurisdiction
from plainview.engine.folder import Folder
from plainview.engine.inheriting import LENGTHS, Raw
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

UNKNOWN = "unknown"
_SECTIONS = ("consent", "signals", "ages", "transfers")
_ANY_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_TOLD: tuple[Duty, ...] = ("authority", "people")
_EXTENSIONS = ("extend", "appeal_extend")


def check_places(folder: Folder, reader: Reader) -> None:
    """No place has two laws, every kind and right is known, and the unknown is the strictest.

    Promises: P3.1b.
    """
    claimed: dict[str, str] = {}
    for id_, place in folder.jurisdictions.items():
        file = f"jurisdictions/{id_}.toml"
        for n, code in enumerate(place.places):
            if code in claimed:
                remedy = f"remove it here or in `jurisdictions/{claimed[code]}.toml`"
                problem = f"`{code}` has two laws, this and `{claimed[code]}`"
                reader.add(file, ("places", n), problem, remedy)
            claimed.setdefault(code, id_)
        _check_part(folder, reader, file, (), folder.statutes.files[id_])
        if place.strictest_of:
            _check_strictest(folder, reader, place)
        else:
            _check_own(folder, reader, place)
    unknown = folder.jurisdictions.get(UNKNOWN)
    if unknown is None:
        remedy = 'create `jurisdictions/unknown.toml` with `strictest_of = ["*"]`'
        reader.add("policy.toml", (), "nothing says what holds for an unknown place", remedy)
    elif set(unknown.strictest_of) != {"*"}:
        remedy = 'write `strictest_of = ["*"]`: an unknown place is every place at once'
        reader.add("jurisdictions/unknown.toml", (), "the unknown is not the strictest", remedy)


def _check_part(folder: Folder, reader: Reader, file: str, at: Path, part: Raw) -> None:
    """Check what a file or an amendment of it says itself."""
    for word in part.get("kinds", ()):
        if word not in folder.rules.kind:
            remedy = nearest(word, folder.rules.kind, "remove it, or declare it first")
            reader.add(file, (*at, "kinds", word), f"unknown kind `{word}`", remedy)
    rights: list[tuple[Path, str, Raw]] = [
        ((*at, "rights", word), word, said) for word, said in part.get("rights", {}).items()
    ]
    for n, given in enumerate(part.get("gives", ())):
        rights += [
            ((*at, "gives", n, "rights", m), word, {}) for m, word in enumerate(given["rights"])
        ]
        _check_lengths(reader, file, (*at, "gives", n), given)
    for path, word, said in rights:
        if word not in folder.rights and "rights.toml" not in reader.lost:
            remedy = nearest(word, folder.rights, "remove it, or declare it first")
            reader.add(file, path, f"unknown right `{word}`", remedy)
        _check_lengths(reader, file, path, said)
    _check_lengths(reader, file, (*at, "clocks"), part.get("clocks", {}))
    _check_breach(reader, file, at, part)
    for n, name in enumerate(part.get("clocks", {}).get("doubt", ())):
        if name not in part["clocks"]:
            remedy = nearest(name, part["clocks"], "name a term of this table")
            reader.add(file, (*at, "clocks", "doubt", n), f"`{name}` is not said here", remedy)
    if "until" in part and "from" in part and part["until"] < part["from"]:
        remedy = "write the day it ends after the day it begins"
        reader.add(file, (*at, "until"), "it ends before it begins", remedy)
    for n, amendment in enumerate(part.get("amendment", ())):
        _check_part(folder, reader, file, (*at, "amendment", n), amendment)


def _check_lengths(reader: Reader, file: str, at: Path, said: Raw) -> None:
    for name in LENGTHS:
        text = said.get(name, "")
        if text in NEVER or (text == NOTICE and name in _EXTENSIONS):
            continue
        try:
            length(text)
        except ValueError as error:
            more = ", or `notice` where the person is told a date" if name in _EXTENSIONS else ""
            remedy = "write `45 days`, `1 month`, `10 business days`, `at once`, or `none`" + more
            reader.add(file, (*at, name), str(error), remedy)


def _check_breach(reader: Reader, file: str, at: Path, part: Raw) -> None:
    """Each duty after a breach has a time that can be counted, from something else than itself."""
    for duty, said in part.get("breach", {}).items():
        if "within" in said:
            try:
                breaches.after(said["within"], _ANY_MOMENT, (Calendar(),))
            except ValueError as error:
                remedy = "write `72 hours`, `30 days` or `3 business days`"
                reader.add(file, (*at, "breach", duty, "within"), str(error), remedy)
        if said.get("after") == duty:
            remedy = "count from `aware`, or from another duty"
            reader.add(file, (*at, "breach", duty, "after"), "it counts from itself", remedy)


def _check_strictest(folder: Folder, reader: Reader, place: Jurisdiction) -> None:
    file = f"jurisdictions/{place.id}.toml"
    if not members(folder.jurisdictions, place):
        remedy = "name files of `jurisdictions/` that have rules of their own"
        problem = "`strictest_of` matches no jurisdiction, so nothing would bind"
        reader.add(file, ("strictest_of",), problem, remedy)
    if place.kinds:
        remedy = "remove it; what every matching jurisdiction permits is permitted"
        reader.add(file, ("kinds",), "a strictest place has no bases of its own", remedy)


def _check_own(folder: Folder, reader: Reader, place: Jurisdiction) -> None:
    file = f"jurisdictions/{place.id}.toml"
    remedy = 'write `provenance = "sourced"`, `"unverified"` or `"product rule"`'
    if not place.regime:
        more = "name it, as `regime`, or the `parent` that has it"
        reader.add(file, (), f"`{place.id}` is of no regime", more)
    parent = folder.jurisdictions.get(place.parent)
    for section in _SECTIONS:
        facts = getattr(place, section)
        if parent is not None and facts == getattr(parent, section):
            continue
        if facts is None:
            more = f"add a `[{section}]` table with its provenance, or name a `parent`"
            reader.add(file, (), f"`{place.id}` says nothing of {section}", more)
        elif not facts.provenance:
            reader.add(file, (section,), "a fact without provenance", remedy)
    if not place.clocks.answer and (parent is None or parent.clocks.answer):
        more = 'add `answer = "1 month"` to `[clocks]`, or name a `parent`'
        reader.add(file, ("clocks",), f"`{place.id}` sets no time for an answer", more)
    elif not place.clocks.provenance and (parent is None or parent.clocks != place.clocks):
        reader.add(file, ("clocks",), "a fact without provenance", remedy)
    for duty in _TOLD:
        if duty not in place.breach or not place.breach[duty].within:
            more = f'add `[breach.{duty}]` with `within = "72 hours"`, or name a `parent`'
            reader.add(file, (), f"`{place.id}` says nothing of a breach to the {duty}", more)
    for duty, told in place.breach.items():
        inherited = parent is not None and parent.breach.get(duty) == told
        if not told.provenance and not inherited:
            reader.add(file, ("breach", duty), "a fact without provenance", remedy)
    for right, there in place.rights.items():
        inherited = parent is not None and parent.rights.get(right) == there
        if not there.provenance and not inherited:
            reader.add(file, ("rights", right), "a fact without provenance", remedy)
    if not place.authority:
        more = "add `[[authority]]` with name and url"
        reader.add(file, (), f"`{place.id}` names no authority to complain to", more)
