"""Looking at the whole log: does everything that stands there still lead to what was signed?

Reads every leaf once and makes the tree anew: some seconds for each million. What is wrong is named
as exactly as it can be: the entry whose text is another, the block of 64 in which a hash is, the
head that does not fit.
"""

from __future__ import annotations

import bisect
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model

from plainview.privacy.gate.duties import duty
from plainview.privacy.log import merkle, notes, sequencing
from plainview.privacy.log.models import Act, Deed, Entry, Head, Key, Leaf, Node
from plainview.privacy.log.services import leaf_of, named

BLOCK = 1 << merkle.WIDTH
CHUNK = 5000
LENIENCE = dt.timedelta(minutes=10)
"""Clocks of processes differ, and a transaction takes a moment."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DONE = ("what", "at")
_WHO = ("staff", "staff_salt", "person", "person_salt")
_SAID: dict[type[Model], tuple[str, ...]] = {Entry: (), Act: (*_DONE, *_WHO), Deed: _DONE}
"""The columns that say what the committed text says, too; of an entry, its ledger is asked."""


class Damage(NamedTuple):
    """One thing that does not hold: where, and what is wrong there. Names nobody."""

    where: str
    what: str


class Findings(NamedTuple):
    """What was looked at, and all that is wrong with it."""

    placed: int
    waiting: int
    openings: int
    """Entries whose text is still there; the others were erased with their person."""
    damage: list[Damage]


Comparison = Callable[[], Iterable[Damage]]
_comparisons: list[Comparison] = []


def compare_with(ledger: Comparison) -> None:
    """Let a ledger say where it and the log disagree; asked under the duty `audit`."""
    if ledger not in _comparisons:
        _comparisons.append(ledger)


def inspect() -> Findings:
    """Look at everything. Changes nothing but that the looking is recorded, as any audit is."""
    with duty("audit"):
        heads = list(Head.objects.select_related("epoch").order_by("id"))
        damage = [*_signatures(heads), *_tree(heads)]
        openings = 0
        for table in _SAID:
            count, wrong = _openings(table, heads)
            openings += count
            damage += wrong
        damage += [each for ledger in _comparisons for each in ledger()]
        placed = Leaf.objects.exclude(index=None).count()
        return Findings(placed, Leaf.objects.filter(index=None).count(), openings, damage)


def _signatures(heads: list[Head]) -> Iterator[Damage]:
    """Each head says what its row does, is signed by a key of its epoch, and none goes back."""
    keys: dict[int, list[notes.Public]] = {}
    old: notes.Public | None = None
    for key in Key.objects.order_by("id"):
        where = f"key {key.pk}, from entry {key.size}"
        try:
            public = notes.read_key(key.public)
            good = old is not None and _endorsed(key, public, old)
            if not good and (key.endorsed or key.epoch_id in keys):
                yield Damage(where, "is not what the key before it endorsed")
            keys.setdefault(key.epoch_id, []).append(public)
        except notes.NotANote:
            yield Damage(where, "is no key any more")
            continue
        old = public
    before: Head | None = None
    for head in heads:
        where = f"head {head.pk}, of {head.size} entries"
        try:
            said = notes.read(head.note)
            good = any(notes.signed_by(head.note, key) for key in keys.get(head.epoch_id, []))
        except notes.NotANote:
            yield Damage(where, "is no head any more")
            continue
        if not good:
            yield Damage(where, "is signed by no key of its epoch, or was changed")
        elif said != sequencing.said(head):
            yield Damage(where, "stands in the table otherwise than it was signed")
        if before is not None and (head.size < before.size or head.at < before.at):
            yield Damage(where, f"goes back behind head {before.pk}")
        before = head
    kept = sequencing.kept_note()
    if kept and not any(head.note == kept for head in heads):
        yield Damage(
            "the head kept outside the database",
            "is none of this database's: it was put back to an earlier state; the next batch says"
            " so in a new epoch",
        )


def _endorsed(key: Key, public: notes.Public, old: notes.Public) -> bool:
    try:
        return notes.endorses(key.endorsed, public, key.size, key.began_at, old)
    except notes.NotANote:
        return False


def _tree(heads: list[Head]) -> Iterator[Damage]:
    """Every leaf has its place, and the tree over them is the one that was signed."""
    kept = _Kept({key: bytes(made) for key, made in Node.objects.values_list("key", "hash")})
    wanted = {head.size: head for head in heads if head.size}
    ends, stack, last, next_ = sorted(wanted), _Stack(), 0, 0
    good = 0
    leaves = Leaf.objects.exclude(index=None).order_by("index").values_list("pk", "index", "hash")
    for pk, place, hash_ in leaves.iterator(CHUNK):
        index = place or 0
        if index != next_:
            yield Damage(_range(next_, index), "is missing from the log")
            return  # what follows has no place to be compared in
        begins_batch = bisect.bisect_right(ends, index) != bisect.bisect_right(ends, index - 1)
        if pk < last and not begins_batch:
            yield Damage(_range(index - 1, index + 1), "changed places")
        last, next_ = pk, index + 1
        stack.add(bytes(hash_))
        yield from kept.add(bytes(hash_), next_)
        head = wanted.get(next_)
        if head is not None and stack.root() != bytes(head.root):
            yield Damage(_range(good, next_), f"does not lead to the root of head {head.pk}")
            return  # nor does anything after it
        good = next_ if head is not None else good
    if ends and next_ < ends[-1]:
        yield Damage(_range(next_, ends[-1]), "is missing at the end of the log")
    elif kept.stored:
        yield Damage(
            f"{len(kept.stored)} nodes of the tree", "stand over entries that there are not"
        )


class _Kept:
    """The nodes of the tree that are kept, each held against what lies below it."""

    def __init__(self, stored: dict[int, bytes]) -> None:
        self.stored = stored
        self._blocks: dict[int, list[bytes]] = {}

    def add(self, made: bytes, end: int, level: int = 0) -> Iterator[Damage]:
        """The next node of a level, over entries up to `end`; those of level 0 are leaves."""
        block = self._blocks.setdefault(level, [])
        block.append(made)
        if len(block) < BLOCK:
            return
        above = level + merkle.WIDTH
        whole, first = merkle.folded(block), end - (1 << above)
        stored = self.stored.pop(sequencing.node_key(above, first >> above), None)
        if stored != whole:
            yield Damage(_range(first, end), "is not what was placed there")
        self._blocks[level] = []
        yield from self.add(whole, end, above)


class _Stack:
    """The roots of the complete subtrees over the leaves so far, the largest first."""

    def __init__(self) -> None:
        self._count = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        made, count = leaf, self._count
        while count & 1:
            made = merkle.node_hash(self._roots.pop(), made)
            count >>= 1
        self._roots.append(made)
        self._count += 1

    def root(self) -> bytes:
        made = self._roots[-1]
        for left in self._roots[-2::-1]:
            made = merkle.node_hash(left, made)
        return made


def _openings(table: Any, heads: list[Head]) -> tuple[int, list[Damage]]:
    """What opens leaves still does, and is dated as its place allows."""
    sizes, count, damage = [head.size for head in heads], 0, []
    rows = table._base_manager.order_by("pk").values(
        "pk", "leaf__index", "leaf__hash", "body", "salt", *_SAID[table]
    )
    for row in rows.iterator(CHUNK):
        count += 1
        index = row["leaf__index"]
        where = f"entry {index}" if index is not None else f"the waiting leaf {row['pk']}"
        if leaf_of(bytes(row["salt"]), row["body"].encode()) != bytes(row["leaf__hash"]):
            damage.append(Damage(where, "was rewritten: it is not what was committed to"))
            continue
        body = json.loads(row["body"])
        if _otherwise(row, body):
            damage.append(Damage(where, "stands in the table otherwise than it was committed to"))
        before = bisect.bisect_right(sizes, index) - 1 if index is not None else -1
        said = said_at(body)
        if before >= 0 and said is not None and said < heads[before].at - LENIENCE:
            dated, after = (f"{at:%Y-%m-%d %H:%M}" for at in (said, heads[before].at))
            damage.append(Damage(where, f"is dated {dated}, and came after {after}"))
    return count, damage


def _otherwise(row: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether the columns beside a text tell of another act, moment or person; who left is gone."""
    if "what" in row and (row["what"], f"{row['at']:%Y-%m-%dT%H:%M:%SZ}") != (
        body.get("pv:what"), body.get("pv:at")
    ):  # fmt: skip
        return True
    return any(
        named(bytes(row[f"{role}_salt"] or b""), row[role]) != body.get(f"pv:{role}")
        for role in ("staff", "person")
        if row.get(role) is not None
    )


def said_at(body: Any) -> dt.datetime | None:
    """The latest moment that a record names: when what it says was so."""
    found = [each for each in _strings(body) if _MOMENT.fullmatch(each)]
    if not found:
        return None
    return dt.datetime.strptime(max(found), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _range(first: int, end: int) -> str:
    return f"entry {first}" if end == first + 1 else f"entries {first} to {end - 1}"
