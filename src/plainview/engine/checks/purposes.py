"""Checks of the purposes: their words, their bits, and a basis for each in every jurisdiction."""

import re

from plainview.engine.checks.rules import check_list
from plainview.engine.compiling import MOST_PURPOSES, atoms_of, basis_there
from plainview.engine.declarations import Jurisdiction, Purpose
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader


def check_purposes(folder: Folder, reader: Reader) -> None:
    """Every purpose is well said, has a bit of its own, and a basis or a denial everywhere.

    Promises: P3.1a.
    """
    owners: dict[int, str] = {}
    free = sorted(set(range(MOST_PURPOSES)) - {purpose.bit for purpose in folder.purposes.values()})
    next_free = f"the next free one is {free[0]}" if free else "none is free: remove a purpose"
    for id_, purpose in folder.purposes.items():
        file, at = f"purposes/{id_}.toml", ("purpose", id_)
        if not re.fullmatch(r"[a-z][a-z0-9-]*", id_):
            remedy = "use small letters, digits and hyphens, no dots"
            reader.add(file, at, f"`{id_}` is no name for a purpose", remedy)
        if not 0 <= purpose.bit < MOST_PURPOSES:
            remedy = f"write a number from 0 to {MOST_PURPOSES - 1}; {next_free}"
            reader.add(file, (*at, "bit"), f"bit `{purpose.bit}` is out of range", remedy)
        elif purpose.bit in owners:
            problem = f"bit `{purpose.bit}` belongs to `{owners[purpose.bit]}`"
            reader.add(file, (*at, "bit"), problem, next_free)
        owners.setdefault(purpose.bit, id_)
        _check_words(folder, reader, file, at, purpose)
        check_list(folder, reader, file, (*at, "rule"), purpose.rule)
        _check_bases(folder, reader, file, at, purpose)
    if len(folder.purposes) > MOST_PURPOSES:
        remedy = "join purposes that share their rules, or ask finer consents one by one"
        problem = f"{len(folder.purposes)} purposes, and one integer holds {MOST_PURPOSES}"
        reader.add("policy.toml", (), problem, remedy)
    if not folder.purposes:
        remedy = "add a file to `purposes/`"
        reader.add("policy.toml", (), "the policy has no purpose", remedy)


def _check_words(folder: Folder, reader: Reader, file: str, at: Path, purpose: Purpose) -> None:
    if purpose.kind not in folder.rules.kind:
        remedy = nearest(purpose.kind, folder.rules.kind, "declare it in `rules.toml`")
        reader.add(file, (*at, "kind"), f"unknown kind `{purpose.kind}`", remedy)
    for key, words, known, what in (
        ("traits", purpose.traits, folder.rules.trait, "trait"),
        ("uses", purpose.uses, folder.category, "category"),
        ("needs", purpose.needs or (), folder.category, "category"),
    ):
        where = "`rules.toml`" if what == "trait" else "`categories.toml`"
        for n, word in enumerate(words):
            if word not in known:
                remedy = nearest(word, known, f"declare it in {where}")
                reader.add(file, (*at, key, n), f"unknown {what} `{word}`", remedy)
    for n, category in enumerate(purpose.needs or ()):
        if category in folder.category and category not in purpose.uses:
            remedy = "add it to `uses`, or take it out of `needs`"
            problem = f"`{category}` is needed but not used"
            reader.add(file, (*at, "needs", n), problem, remedy)


def _check_bases(folder: Folder, reader: Reader, file: str, at: Path, purpose: Purpose) -> None:
    """Note a place without basis or denial, an interest nobody weighed (P3.1a, P3.1.3g)."""
    interest = False
    without: set[str] = set()
    for alike in folder.laws_alike:
        rules = folder.rulings.of(purpose, alike[0])
        allows = ((rule.id, basis_there(rule, purpose, alike[0])) for rule in rules if rule.allow)
        bases = [(id_, basis) for id_, basis in allows if basis is not None]
        interest = interest or any(basis == "legitimate-interest" for _, basis in bases)
        for place in alike:
            for id_, basis in bases:
                if basis not in place.bases:
                    _unknown_basis(reader, file, at, purpose, place, basis, id_)
        closed = any(
            rule.deny and rule.unless is None and not atoms_of(rule.when) for rule in rules
        )
        if not bases and not closed:
            without.update(place.id for place in alike)
    bare = [
        place.id
        for place in folder.laws
        if place.id in without and not _left_to_parent(folder, purpose, place)
    ]
    if bare:
        listed = ", ".join(f"`{id_}`" for id_ in bare)
        remedy = (
            f"add `{purpose.kind}` to `[kinds]` of `jurisdictions/{bare[0]}.toml`, "
            "or give the purpose a rule that allows or denies it there"
        )
        problem = f"purpose `{purpose.id}` has neither basis nor denial in {listed}"
        reader.add(file, at, problem, remedy)
    if interest and purpose.assessment is None:
        remedy = f"add `[purpose.{purpose.id}.assessment]` with done, review, safeguards"
        problem = f"purpose `{purpose.id}` rests on legitimate interest without an assessment"
        reader.add(file, at, problem, remedy)
    weighed = purpose.assessment
    if weighed is not None and weighed.review <= weighed.done:
        remedy = "write the day on which the interest will be weighed again"
        problem = f"the review of {weighed.review} is not after {weighed.done}"
        reader.add(file, (*at, "assessment", "review"), problem, remedy)
    if weighed is not None and weighed.done > folder.head.effective:
        remedy = "weigh the interest before the version counts, or let the version wait"
        problem = f"weighed on {weighed.done}, and the version counts from {folder.head.effective}"
        reader.add(file, (*at, "assessment", "done"), problem, remedy)
    if weighed is not None and not weighed.safeguards:
        remedy = 'name at least one, as `safeguards = ["threshold"]`'
        reader.add(file, (*at, "assessment"), "the assessment names no safeguard", remedy)


def _left_to_parent(folder: Folder, purpose: Purpose, place: Jurisdiction) -> bool:
    """Whether the parent of a place lacks a basis too, and is named for both."""
    parent = folder.jurisdictions.get(place.parent)
    return parent is not None and purpose.kind not in parent.kinds


def _unknown_basis(
    reader: Reader,
    file: str,
    at: Path,
    purpose: Purpose,
    place: Jurisdiction,
    basis: str,
    rule: str,
) -> None:
    """Note a basis that the law of a place does not offer (P3.3a)."""
    own = next((n for n, own in enumerate(purpose.rule) if own.id == rule), None)
    path = at if own is None else (*at, "rule", own, "allow")
    remedy = f"keep the rule out of `{place.id}`, or name the article in its `[bases]`"
    problem = f"`{purpose.id}` rests on `{basis}`, which the law of `{place.id}` does not offer"
    reader.add(file, path, problem, remedy)
