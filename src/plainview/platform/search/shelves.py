"""Declaring what can be found, keeping the index in step with it, and making it anew.

A domain declares its kind of thing once, beside the table, and says when one changed:

    shelves.declare("person", Person, describe=lambda person: Description(names_of(person)))
    shelves.changed(person)

Both are written in the transaction of the change. What is deleted goes from the index by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete

from plainview.platform.search import typos
from plainview.platform.search.asking import NAME, WHOLE
from plainview.platform.search.models import Entry, Passage, Spelling
from plainview.platform.search.terms import index_terms, squeezed, unspaced

NAMED, SAID = 0, 1
"""The shelves of spellings: of entries, of passages."""
BATCH = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Description:
    """By which texts a thing is found: its own `names`, and what else (`about`) belongs to it."""

    names: list[str]
    about: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """One line: its number, and its text without markup."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    kind: str
    model: type[Model]
    describe: Callable[[Any], Description]
    every: Callable[[], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class _Lines:
    model: type[Model]
    language: Callable[[Any], str]
    lines: Callable[[Any], Iterable[Said]]


_shelves: dict[type[Model], _Shelf] = {}
_lines: dict[type[Model], _Lines] = {}


def declare(
    kind: str,
    model: type[Model],
    *,
    describe: Callable[[Any], Description],
    every: Callable[[], QuerySet[Any]] | None = None,
) -> None:
    """Make rows of `model` to be found as `kind`; `every` fetches them with what describes them."""
    _shelves[model] = _Shelf(kind, model, describe, every or model._default_manager.all)
    post_delete.connect(_gone, sender=model, dispatch_uid=f"search {kind}")


def declare_lines(
    model: type[Model], *, language: Callable[[Any], str], lines: Callable[[Any], Iterable[Said]]
) -> None:
    """Make the lines of rows of `model`, such as a track of subtitles, to be found."""
    _lines[model] = _Lines(model, language, lines)
    post_delete.connect(_gone, sender=model, dispatch_uid=f"search lines of {model.__name__}")


def _gone(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    if sender in _shelves:
        Entry.objects.filter(kind=_shelves[sender].kind, ref=instance.pk).delete()
    if sender in _lines:
        Passage.objects.filter(scope=instance.pk).delete()


def changed(*things: Model) -> None:
    """Bring the index up to date with these things, in the caller's transaction."""
    with transaction.atomic():
        for thing in things:
            if (shelf := _shelves.get(type(thing))) is not None:
                _put(shelf, [thing])
            if (lines := _lines.get(type(thing))) is not None:
                _put_lines(lines, thing)


def is_bare() -> bool:
    """Whether nothing is in the index though there is something to be found."""
    if Entry.objects.exists():
        return False
    return any(shelf.model._default_manager.exists() for shelf in _shelves.values())


def rebuild() -> Iterator[tuple[str, int]]:
    """Make the index anew, a kind at a time, each in one transaction; yields what was put.

    Also what spellings no thing has any more are gone after it.
    """
    with transaction.atomic():
        Spelling.objects.filter(shelf=NAMED).delete()
        Entry.objects.all().delete()
        for shelf in _shelves.values():
            count = 0
            for part in _batches(shelf.every().order_by("pk").iterator(BATCH), BATCH):
                _put(shelf, part, fresh=True)
                count += len(part)
            yield shelf.kind, count
    with transaction.atomic():
        Spelling.objects.filter(shelf=SAID).delete()
        Passage.objects.all().delete()
        for lines in _lines.values():
            count = sum(
                _put_lines(lines, each, fresh=True)
                for each in lines.model._default_manager.order_by("pk").iterator(BATCH)
            )
            yield "line", count


def _put(shelf: _Shelf, things: Iterable[Model], *, fresh: bool = False) -> None:
    entries: list[Entry] = []
    spelled: set[str] = set()
    for thing in things:
        described = shelf.describe(thing)
        names = [term for name in described.names for term in index_terms(name)]
        terms = dict.fromkeys([*names, *(t for each in described.about for t in index_terms(each))])
        spelled |= terms.keys()
        whole = dict.fromkeys(WHOLE + squeezed(name) for name in described.names)
        every = [*whole, *dict.fromkeys(NAME + term for term in names), *terms]
        size = len(squeezed(described.names[0])) if described.names else 0
        entries.append(Entry(kind=shelf.kind, ref=thing.pk, size=size, terms=" ".join(every)))
    if not fresh:
        refs = [entry.ref for entry in entries]
        Entry.objects.filter(kind=shelf.kind, ref__in=refs).delete()
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    _spell(NAMED, spelled)


def _put_lines(lines: _Lines, thing: Model, *, fresh: bool = False) -> int:
    if not fresh:
        Passage.objects.filter(scope=thing.pk).delete()
    language = lines.language(thing)
    passages: list[Passage] = []
    spelled: set[str] = set()
    for said in lines.lines(thing):
        terms = dict.fromkeys(index_terms(said.text))
        if terms:
            spelled |= terms.keys()
            passages.append(
                Passage(
                    id=said.id,
                    scope=thing.pk,
                    language=language,
                    size=len(said.text),
                    terms=" ".join(terms),
                )
            )
    Passage.objects.bulk_create(passages, batch_size=BATCH)
    _spell(SAID, spelled)
    return len(passages)


def _spell(shelf: int, terms: Iterable[str]) -> None:
    """Keep how words are spelled that a slip may be of; lines are kept under fewer keys."""
    most = 1 if shelf == SAID else 2
    words = {term for term in terms if len(term) >= typos.SHORTEST - 1 and not unspaced(term)}
    rows = (
        Spelling(shelf=shelf, key=key, word=word)
        for word in sorted(words)
        for key in typos.keys(word, min(most, typos.reach(word)))
    )
    for part in _batches(rows, BATCH * 4):
        Spelling.objects.bulk_create(part, ignore_conflicts=True, batch_size=BATCH)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """`rows` in lists of `size` at most."""
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part
