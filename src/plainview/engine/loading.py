"""`load` makes a policy of a folder: reads, checks, links and compiles it."""

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from plainview.engine.checks import check, check_reviews
from plainview.engine.compiling import Book, compile_books
from plainview.engine.folder import Declared, Folder, fingerprint, read_folder
from plainview.engine.policy import Policy
from plainview.engine.problems import PolicyErrors, Problem
from plainview.engine.promises import Carried, carried
from plainview.engine.reading import Reader, Source
from plainview.engine.words import Standing, Words, completed


def load(
    folder: Source | str,
    given: Mapping[str, str] | None = None,
    *,
    passed: bool = False,
    standing: Standing | None = None,
) -> Policy:
    """Read, check, link and compile a policy folder, as of the day it takes effect.

    In its place there may be its files, bytes by their names. `given` are texts of files by their
    names, which count where the folder has none of its own. One that `passed` the checks of its
    day, and has been in force, is read without those of today: what came to be demanded since is no
    fault of it. What neither its language nor its first has words for is said in those that are
    `standing` in.

    Raises PolicyErrors holding everything that is wrong with it. Nothing else is touched: who
    serves a policy already keeps serving it.
    """
    reader = Reader(Path(folder) if isinstance(folder, str) else folder, given)
    parts = read_folder(reader)
    unfit = {(problem.file, problem.table) for problem in reader.problems if problem.key}
    found = len(reader.problems)
    if not passed:
        check(parts, reader)
    # What follows only from a table that could not be read whole is no news.
    reader.problems[found:] = [
        problem for problem in reader.problems[found:] if (problem.file, problem.table) not in unfit
    ]
    if reader.problems:
        raise PolicyErrors(reader.problems)
    if standing is not None:
        words = completed(parts.words, parts.head.languages[0], standing)
        parts = msgspec.structs.replace(parts, words=words)
    return assembled(parts, fingerprint(reader.raw), carried(reader))


def overdue(folder: Path | str, today: dt.date) -> list[Problem]:
    """Return the reviews of assessments and safeguards that a folder owes on `today`."""
    reader = Reader(Path(folder))
    parts = read_folder(reader)
    reader.problems.clear()
    check_reviews(parts, reader, today)
    return sorted(reader.problems)


def retired(folder: Path | str) -> list[str]:
    """Return the keys of a folder that no program reads any more, each with its file."""
    reader = Reader(Path(folder))
    read_folder(reader)
    return reader.retired


def _era(parts: Folder, day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first day of the law of a day, and the first day of the next."""
    days = parts.statutes.days()
    at = bisect_right(days, day)
    since = days[at - 1] if at else dt.date.min
    return since, days[at] if at < len(days) else dt.date.max


def assembled(
    parts: Folder, digest: str, carriers: dict[str, tuple[Carried, ...]] | None = None
) -> Policy:
    """Link and compile a folder that has passed its checks, as of the day it takes effect."""
    rulings, eras = parts.rulings, dict[dt.date, Policy]()
    said = {name: _inherited(words, parts) for name, words in parts.words.items()}

    def on(day: dt.date) -> Policy:
        since, until = _era(parts, day)
        if since not in eras:
            laws = parts.statutes.on(day)
            then = msgspec.structs.replace(parts, jurisdictions=laws, words=said)
            books = compile_books(laws, rulings)
            policy = _linked(then, digest, carriers or {}, books, since, until, on)
            eras[since] = msgspec.structs.replace(policy, permitted_by_default=_steady(policy))
        return eras[since]

    return on(parts.head.effective)


def _linked(
    parts: Folder,
    digest: str,
    carriers: dict[str, tuple[Carried, ...]],
    books: dict[str, Book],
    since: dt.date,
    until: dt.date,
    on: Callable[[dt.date], Policy],
) -> Policy:
    purposes = parts.purposes
    uses = {id_: _with_families(purpose.uses, parts) for id_, purpose in purposes.items()}
    needs = {
        id_: uses[id_] if purpose.needs is None else _with_families(purpose.needs, parts)
        for id_, purpose in purposes.items()
    }
    masks = {id_: 1 << purpose.bit for id_, purpose in purposes.items()}
    apart = {id(book.denies): book for book in books.values()}.values()
    declared = {name: getattr(parts, name) for name in Declared.__struct_fields__}
    return Policy(
        **declared,
        fingerprint=_fingerprint(parts, digest),
        since=since,
        until=until,
        categories=parts.category,
        sources=parts.categories.source,
        sensitive=parts.categories.sensitive,
        kinds=parts.rules.kind,
        traits=parts.rules.trait,
        material=parts.rules.material,
        notified=parts.rules.notified,
        signals=parts.rules.signal,
        cases=parts.rules.case,
        footings=parts.rules.basis,
        carried=carriers,
        books=books,
        places={code: place.id for place in parts.jurisdictions.values() for code in place.places},
        masks=masks,
        everything=sum(masks.values()),
        _statutes=parts.statutes,
        _on=on,
        _uses=uses,
        _users=_inverted(uses, parts.category),
        _schedules=parts.kept(),
        _needing={
            category: sum(masks[purpose] for purpose, needed in needs.items() if category in needed)
            for category in parts.category
        },
        _surviving=frozenset(
            id_ for id_, mask in masks.items() if not any(_restricts(book, mask) for book in apart)
        ),
    )


def _fingerprint(parts: Folder, digest: str) -> str:
    """Return the folder's own fingerprint; where another day's law decides otherwise, another."""
    at_first, now = (
        {
            id_: (place.regime, place.model, place.kinds, place.bases)
            for id_, place in places.items()
        }
        for places in (parts.statutes.on(parts.head.effective), parts.jurisdictions)
    )
    if now == at_first:
        return digest
    return hashlib.sha256(digest.encode() + msgspec.json.encode(now, order="sorted")).hexdigest()


def _inherited(words: Words, parts: Folder) -> Words:
    """Return words in which each jurisdiction has a name, and what its parent calls its opt-out."""
    said = dict(words.sentences)
    for place in parts.jurisdictions.values():
        said.setdefault(f"jurisdictions.{place.id}", place.name)
        for ancestor in place.parents:
            key = f"local.optout.{ancestor}"
            if key in said:
                said.setdefault(f"local.optout.{place.id}", said[key])
    return msgspec.structs.replace(words, sentences=said)


def _steady(policy: Policy) -> int:
    """Return the purposes that no fact can close: permitted everywhere on no condition."""
    steady = policy.everything
    for book in policy.laws_apart:
        given = 0
        for term in book.allows:
            given |= 0 if term.when else term.mask
        steady &= given
        for term in book.denies:
            steady &= ~term.mask
    return steady


def _restricts(book: Book, mask: int) -> bool:
    return any(
        term.mask & mask and any(atom.fact == "restricted" for atom in term.when)
        for term in book.denies
    )


def _with_families(categories: Iterable[str], parts: Folder) -> frozenset[str]:
    found = set(categories)
    found |= {parts.category[category].parent or category for category in found}
    return frozenset(found)


def _inverted(
    uses: dict[str, frozenset[str]], categories: Iterable[str]
) -> dict[str, frozenset[str]]:
    return {
        category: frozenset(purpose for purpose, used in uses.items() if category in used)
        for category in categories
    }
