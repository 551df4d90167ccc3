"""Declaring what can be found, keeping the index in step with it, and making it anew.

A domain declares its kind of thing once, beside the table, and says when one changed:

    shelves.declare("person", Person, describe=lambda person: Description(names_of(person)))
    shelves.changed(person)

Both are written in the transaction of the change. What is deleted goes from the index by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, pre_delete

from plainview.platform.parts import part
from plainview.platform.search import vocabulary
from plainview.platform.search.asking import NAME, WHOLE
from plainview.platform.search.models import Entry, Passage
from plainview.platform.search.terms import index_terms, line_terms, squeezed
from plainview.platform.search.vocabulary import NAMED, SAID

BATCH = 1000
ENTRIES_AT_ONCE, LINES_AT_ONCE = 500, 10_000
"""What is put in one transaction while the index is made anew: a quarter of a second's work."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Description:
    """By which texts a thing is found: its own `names`, and what else (`about`) belongs to it."""

    names: list[str]
    about: list[str] = field(default_factory=list)


class Said(NamedTuple):
    """One line: what it is of, its number, and its text without markup."""

    scope: int
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    kind: str
    model: type[Model]
    describe: Callable[[Any], Description]
    shown: Callable[[], QuerySet[Any]]
    beside: Callable[[Any], Iterable[Model]]


@dataclass(frozen=True, slots=True)
class _Lines:
    model: type[Model]
    language: Callable[[Any], str]
    lines: Callable[[Sequence[Any]], Iterable[Said]]
    shown: Callable[[], QuerySet[Any]]
    size: Callable[[QuerySet[Any]], Iterable[tuple[int, int]]]
    of: Mapping[type[Model], Callable[[Sequence[Any]], QuerySet[Any]]]


_shelves: dict[type[Model], _Shelf] = {}
_lines: dict[type[Model], _Lines] = {}


def declare(
    kind: str,
    model: type[Model],
    *,
    describe: Callable[[Any], Description],
    shown: Callable[[], QuerySet[Any]],
    beside: Callable[[Any], Iterable[Model]] = lambda thing: (),
) -> None:
    """Make rows of `model` to be found as `kind`.

    `shown` are those that anybody may ever see, with what describes them at hand; of no other a
    word is kept. Who may see one of them now is asked at each question. `beside` a thing are those
    that may be shown for its sake alone.
    """
    _shelves[model] = _Shelf(kind, model, describe, shown, beside)
    pre_delete.connect(_going, sender=model, dispatch_uid=f"search {kind}")
    post_delete.connect(_gone, sender=model, dispatch_uid=f"search {kind}")


def declare_lines(
    model: type[Model],
    *,
    language: Callable[[Any], str],
    lines: Callable[[Sequence[Any]], Iterable[Said]],
    shown: Callable[[], QuerySet[Any]],
    size: Callable[[QuerySet[Any]], Iterable[tuple[int, int]]],
    of: Mapping[type[Model], Callable[[Sequence[Any]], QuerySet[Any]]],
) -> None:
    """Make the lines of rows of `model`, such as a track of subtitles, to be found.

    `size` says of rows how many lines each has: pairs of key and number, in the order of keys. By
    `of` those rows come and go with what they belong to: the tracks of titles with the titles.
    """
    _lines[model] = _Lines(model, language, lines, shown, size, of)
    post_delete.connect(_gone, sender=model, dispatch_uid=f"search lines of {model.__name__}")


def _going(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    instance.found_beside = [*_shelves[sender].beside(instance)]


def _gone(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    if (shelf := _shelves.get(sender)) is not None:
        _put(shelf, [instance.pk], [])
        changed(*instance.found_beside)
    if sender in _lines:
        _put_lines(_lines[sender], [instance.pk], [])


def changed(*things: Model, described: bool = False) -> None:
    """Bring the index up to date with these things, in the caller's transaction.

    Things that have at hand what describes them (`described`) are not read again.
    """
    with transaction.atomic():
        for model in dict.fromkeys(type(thing) for thing in things):
            same = [thing for thing in things if type(thing) is model]
            keys = list({thing.pk for thing in same})
            if (shelf := _shelves.get(model)) is not None:
                rows = shelf.shown().filter(pk__in=keys)
                shown: Iterable[Model] = rows
                if described:
                    seen = set(rows.prefetch_related(None).order_by().values_list("pk", flat=True))
                    shown = [thing for thing in same if thing.pk in seen]
                _put(shelf, keys, shown)
            if (lines := _lines.get(model)) is not None:
                _put_lines(lines, keys, list(lines.shown().filter(pk__in=keys)))
            for lines in _lines.values():
                if model in lines.of:
                    _follow(lines, lines.of[model](same))


def _follow(lines: _Lines, rows: QuerySet[Any]) -> None:
    """Let those of `rows` be found that may be, and no others; what is right already stays."""
    keys = set(rows.order_by().values_list("pk", flat=True))
    passages = Passage.objects.order_by().filter(scope__in=keys)
    held = set(passages.values_list("scope", flat=True).distinct())
    shown = set(lines.shown().filter(pk__in=keys).values_list("pk", flat=True))
    _put_lines(lines, [*(held - shown)], [])
    fresh = lines.shown().filter(pk__in=shown - held)
    for some in _loads(lines.size(fresh) if shown - held else ()):
        _put_lines(lines, some, list(lines.shown().filter(pk__in=some)))


def is_bare() -> bool:
    """Whether nothing is in the index though there is something to be found."""
    if Entry.objects.exists():
        return False
    return any(shelf.model._default_manager.exists() for shelf in _shelves.values())


def rebuild() -> Iterator[tuple[str, int]]:
    """Make the index anew, some rows at a time, so that nobody waits; yields what was put.

    It can be searched meanwhile. What belongs to nothing any more is gone after it.
    """
    for shelf in _shelves.values():
        put = 0
        keys = shelf.shown().prefetch_related(None).order_by("pk").values_list("pk", flat=True)
        every = list(keys)
        for some in _batches(every, ENTRIES_AT_ONCE):
            with part():
                put += _put(shelf, some, shelf.shown().filter(pk__in=some))
        with part():
            held = Entry.objects.filter(kind=shelf.kind).values_list("ref", flat=True)
            _put(shelf, [*set(held).difference(every)], [])
        yield shelf.kind, put
    for lines in _lines.values():
        put = 0
        sizes = list(lines.size(lines.shown()))
        for some in _loads(sizes):
            with part():
                put += _put_lines(lines, some, list(lines.shown().filter(pk__in=some)))
        scopes = Passage.objects.order_by().values_list("scope", flat=True).distinct()
        for some in _batches(sorted(set(scopes).difference(key for key, _ in sizes)), 20):
            with part():
                _put_lines(lines, some, [])
        yield "line", put
    vocabulary.settle()


def _put(shelf: _Shelf, keys: Sequence[int], things: Iterable[Model]) -> int:
    """Let the entries under `keys` be those of `things` alone; returns how many."""
    old = Entry.objects.order_by().filter(kind=shelf.kind, ref__in=keys)
    left = {ref: (size, terms) for ref, size, terms in old.values_list("ref", "size", "terms")}
    fresh: list[Entry] = []
    come: Counter[str] = Counter()
    things = list(things)
    for thing in things:
        described = shelf.describe(thing)
        names = [term for name in described.names for term in index_terms(name)]
        terms = dict.fromkeys([*names, *(t for each in described.about for t in index_terms(each))])
        whole = dict.fromkeys(WHOLE + squeezed(name) for name in described.names)
        every = " ".join([*whole, *dict.fromkeys(NAME + term for term in names), *terms])
        size = len(squeezed(described.names[0])) if described.names else 0
        if left.get(thing.pk) == (size, every):
            del left[thing.pk]  # it stands as it is
            continue
        come.update(terms.keys())
        fresh.append(Entry(kind=shelf.kind, ref=thing.pk, size=size, terms=every))
    if left:
        old.filter(ref__in=left).delete()
    Entry.objects.bulk_create(fresh, batch_size=BATCH)
    gone = Counter(word for _, terms in left.values() for word in _unmarked(terms))
    vocabulary.adjust(NAMED, gone, come)
    return len(things)


def _put_lines(lines: _Lines, keys: Sequence[int], things: Sequence[Model]) -> int:
    """Let the passages of `keys` be the lines of `things` alone; returns how many."""
    if not keys:
        return 0
    old = Passage.objects.filter(scope__in=keys)
    gone = Counter(word for terms in _held(old) for word in terms.split(" "))
    languages = {thing.pk: lines.language(thing) for thing in things}
    come: Counter[str] = Counter()
    passages: list[Passage] = []
    for said in lines.lines(things) if things else ():
        if terms := dict.fromkeys(line_terms(said.text)):
            come.update(terms.keys())
            passages.append(
                Passage(
                    said.id,
                    said.scope,
                    languages[said.scope],
                    len(said.text),
                    " ".join(terms),
                )
            )
    if gone:
        old.delete()
    Passage.objects.bulk_create(passages, batch_size=BATCH * 5)
    vocabulary.adjust(SAID, gone, come)
    return len(passages)


def _held(rows: QuerySet[Any]) -> Iterator[str]:
    return rows.order_by().values_list("terms", flat=True).iterator(BATCH)


def _unmarked(terms: str) -> Iterator[str]:
    return (term for term in terms.split(" ") if term[0] not in (NAME, WHOLE))


def _loads(sizes: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Keys in lists that have so many lines together as one transaction takes."""
    total = 0
    placed = []
    for key, size in sizes:
        total += size
        placed.append((total // LINES_AT_ONCE, key))
    for _, load in groupby(placed, key=lambda each: each[0]):
        yield [key for _, key in load]


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """`rows` in lists of `size` at most."""
    source = iter(rows)
    while some := list(islice(source, size)):
        yield some
