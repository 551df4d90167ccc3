"""Reads `invariants.toml` and sees to it that each invariant can be checked."""

from pathlib import Path as FilePath

from plainview.engine.declarations.invariants import Given, Invariant, InvariantFile
from plainview.engine.policy import Policy
from plainview.engine.positions import Path
from plainview.engine.problems import PolicyErrors, nearest
from plainview.engine.reading import Reader

FILE = "invariants.toml"
FIRM = ("choice", "objection", "restricted", "pending", "signal", "age")  # what one can refuse by
_NEEDS = {
    "permitted": (),
    "denied": (),
    "only-with": ("with",),
    "rests-on": ("on",),
    "permits-no-more": ("compare",),
    "permits-no-less": ("compare",),
}


def load_invariants(folder: FilePath | str, policy: Policy) -> tuple[Invariant, ...]:
    """Return the invariants of a folder, each fit to be checked against `policy`.

    Raises PolicyErrors holding everything that is wrong with the file.
    """
    reader = Reader(FilePath(folder))
    found = reader.read(FILE, InvariantFile).invariant
    seen: set[str] = set()
    for n, invariant in enumerate(found):
        at: Path = ("invariant", n)
        if invariant.id in seen:
            remedy = "give each invariant its own `id`"
            reader.add(FILE, (*at, "id"), f"two invariants are called `{invariant.id}`", remedy)
        seen.add(invariant.id)
        _check_form(reader, at, invariant)
        _check_words(reader, at, invariant, policy)
    if not found and not reader.problems:
        remedy = "write one, as `[[invariant]]` with id, sentence, source and then"
        reader.add(FILE, (), "the file holds no invariant", remedy)
    if reader.problems:
        raise PolicyErrors(reader.problems)
    return found


def _check_form(reader: Reader, at: Path, invariant: Invariant) -> None:
    """`then` has what it needs, and nothing that it would not read."""
    written = {
        "with": invariant.with_ is not None,
        "on": bool(invariant.on),
        "compare": bool(invariant.compare),
    }
    needed = _NEEDS.get(invariant.then, ())
    for key, there in written.items():
        if key in needed and not there:
            problem = f'`then = "{invariant.then}"` needs `{key}`'
            reader.add(FILE, at, problem, f"add `{key} = ...`")
        elif there and key not in needed:
            problem = f'`then = "{invariant.then}"` does not read `{key}`'
            reader.add(FILE, (*at, key), problem, "remove it, or write another `then`")
    if invariant.compare in ("firmer", "unknown"):
        if not invariant.facts:
            remedy = 'name them, as `facts = ["choice", "objection"]`'
            reader.add(FILE, at, f'`compare = "{invariant.compare}"` needs `facts`', remedy)
        for n, fact in enumerate(invariant.facts):
            if invariant.compare == "firmer" and fact not in FIRM:
                listed = ", ".join(f"`{name}`" for name in FIRM)
                problem = f"nobody refuses by `{fact}`"
                reader.add(FILE, (*at, "facts", n), problem, f"name some of {listed}")
    elif invariant.facts:
        remedy = "remove it; it goes with `firmer` and `unknown`"
        reader.add(FILE, (*at, "facts"), "nothing reads `facts` here", remedy)
    if invariant.compare.endswith("place") and invariant.then == "permits-no-less":
        problem = "a second or unknown place always permits less"
        remedy = 'write `then = "permits-no-more"`'
        reader.add(FILE, (*at, "then"), problem, remedy)


def _check_words(reader: Reader, at: Path, invariant: Invariant, policy: Policy) -> None:
    own = {id_: place for id_, place in policy.jurisdictions.items() if not place.strictest_of}
    scope = invariant.applies
    for key, known, what in (
        ("purposes", policy.purposes, "purpose"),
        ("kinds", policy.kinds, "kind"),
        ("traits", policy.traits, "trait"),
        ("without", policy.traits, "trait"),
        ("regime", {place.regime for place in own.values()}, "regime"),
        ("place", own, "place"),
    ):
        for n, word in enumerate(getattr(scope, key)):
            if word not in known:
                remedy = nearest(word, known, f"declare the {what} first")
                reader.add(FILE, (*at, "for", key, n), f"unknown {what} `{word}`", remedy)
    for key, given in (("given", invariant.given), ("with", invariant.with_ or Given())):
        for fact, named in (("signal", policy.signals), ("case", policy.cases)):
            for n, word in enumerate(getattr(given, fact)):
                if word not in named and word not in ("none", "unknown"):
                    remedy = nearest(word, named, "declare it in `rules.toml`")
                    reader.add(FILE, (*at, key, fact, n), f"unknown {fact} `{word}`", remedy)
