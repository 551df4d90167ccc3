"""Checks of jurisdictions/*.toml: each place ruled once, the unknown ruled by the strictest."""

from plainview.engine.compiling import members
from plainview.engine.declarations import Jurisdiction
from plainview.engine.folder import Folder
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

UNKNOWN = "unknown"


def check_places(folder: Folder, reader: Reader) -> None:
    """No place has two laws, every kind and right is known, and the unknown is the strictest."""
    claimed: dict[str, str] = {}
    for id_, place in folder.jurisdictions.items():
        file = f"jurisdictions/{id_}.toml"
        for n, code in enumerate(place.places):
            if code in claimed:
                remedy = f"remove it here or in `jurisdictions/{claimed[code]}.toml`"
                problem = f"`{code}` has two laws, this and `{claimed[code]}`"
                reader.add(file, ("places", n), problem, remedy)
            claimed.setdefault(code, id_)
        for section, known in (("kinds", folder.rules.kind), ("rights", folder.rights)):
            if f"{section}.toml" in reader.lost:
                continue
            for word in getattr(place, section):
                if word not in known:
                    remedy = nearest(word, known, "remove it, or declare it first")
                    problem = f"unknown {section.removesuffix('s')} `{word}`"
                    reader.add(file, (section, word), problem, remedy)
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
    for section in ("consent", "signals", "ages", "transfers"):
        if getattr(place, section) is None:
            remedy = f"add a `[{section}]` table with its provenance"
            reader.add(file, (), f"`{place.id}` says nothing of {section}", remedy)
    for section in ("consent", "signals", "ages", "transfers"):
        facts = getattr(place, section)
        if facts is not None and not facts.provenance:
            remedy = 'write `provenance = "sourced"`, `"unverified"` or `"product rule"`'
            reader.add(file, (section,), "a fact without provenance", remedy)
    for right, facts in place.rights.items():
        if not facts.provenance:
            remedy = 'write `provenance = "sourced"`, `"unverified"` or `"product rule"`'
            reader.add(file, ("rights", right), "a fact without provenance", remedy)
    if not place.authority:
        remedy = "add `[[authority]]` with place, name and url"
        reader.add(file, (), f"`{place.id}` names no authority to complain to", remedy)
