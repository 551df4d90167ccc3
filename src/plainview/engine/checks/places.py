"""Checks of jurisdictions/*.toml: each place ruled once, each law whole, the unknown strictest."""

import datetime as dt
from collections.abc import Iterator

from plainview.engine import breaches
from plainview.engine.clocks import NEVER, NOTICE, Calendar, length
from plainview.engine.compiling import members
from plainview.engine.declarations import Duty, Jurisdiction
from plainview.engine.declarations.places import Fact
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
    _check_representatives(folder, reader)
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


def _check_representatives(folder: Folder, reader: Reader) -> None:
    """Each represents the controller under laws of this policy."""
    known = {each.regime for each in folder.jurisdictions.values()}
    for n, each in enumerate(folder.head.representative):
        for m, regime in enumerate(each.regimes):
            if regime not in known:
                path = ("representative", n, "regimes", m)
                remedy = nearest(regime, known, "name the `regime` of a file in `jurisdictions/`")
                reader.add("policy.toml", path, f"unknown regime `{regime}`", remedy)


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
    """A law says all that one must, from where it has each fact, and nothing against itself.

    What its parent lacks too is noted there.
    """
    file = f"jurisdictions/{place.id}.toml"
    parent = folder.jurisdictions.get(place.parent)
    above = dict(_lacking(parent)) if parent else {}
    for lack, remedy in _lacking(place):
        if lack not in above:
            reader.add(file, (), f"`{place.id}` {lack}", remedy)
    inherited = dict(_facts(parent)) if parent else {}
    for at, fact in _facts(place):
        if not fact.provenance and inherited.get(at) != fact:
            remedy = 'write `provenance = "sourced"`, `"unverified"` or `"product rule"`'
            reader.add(file, at, "a fact without provenance", remedy)
    for kind, basis in place.kinds.items() if place.gdpr_like else ():
        if basis == "notice-and-opt-out" and (parent is None or parent.kinds.get(kind) != basis):
            remedy = "write a basis of the GDPR, or `gdpr_like = false` if the law is not like it"
            reader.add(file, ("kinds", kind), f"`{basis}` is no basis there", remedy)
    if ages := place.ages:
        youngest = max(folder.head.minors.least, min([ages.majority, *ages.exceptions.values()]))
        if youngest < ages.no_ads:
            remedy = f"write {ages.no_ads} as the `majority`, so that nobody younger comes in"
            problem = f"somebody of {youngest} would be shown tailored ads"
            reader.add(file, ("ages", "no_ads"), problem, remedy)


def _lacking(place: Jurisdiction) -> Iterator[tuple[str, str]]:
    """Yield what a law fails to say, and the remedy."""
    if not place.regime:
        yield "is of no regime", "name it, as `regime`, or the `parent` that has it"
    for section in _SECTIONS:
        if getattr(place, section) is None:
            remedy = f"add a `[{section}]` table with its provenance, or name a `parent`"
            yield f"says nothing of {section}", remedy
    if not place.clocks.answer:
        remedy = 'add `answer = "1 month"` to `[clocks]`, or name a `parent`'
        yield "sets no time for an answer", remedy
    for duty in _TOLD:
        if duty not in place.breach or not place.breach[duty].within:
            remedy = f'add `[breach.{duty}]` with `within = "72 hours"`, or name a `parent`'
            yield f"says nothing of a breach to the {duty}", remedy
    if not place.authority:
        yield "names no authority to complain to", "add `[[authority]]` with name and url"


def _facts(place: Jurisdiction) -> Iterator[tuple[Path, Fact]]:
    """Yield each fact that a law has, and where it stands."""
    for section in (*_SECTIONS, "officer"):
        if fact := getattr(place, section):
            yield (section,), fact
    if place.clocks.answer:
        yield ("clocks",), place.clocks
    yield from ((("breach", duty), told) for duty, told in place.breach.items())
    yield from ((("rights", right), there) for right, there in place.rights.items())
