"""A sample that nobody picked: drawn from the log by what an authority states, and by its head.

The authority is told a head first and states its seed after, so that neither side can choose whom
the draw hits; a verifier draws again (docs/receipts.md).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from plainview.platform import days
from plainview.privacy import log
from plainview.privacy.consent.recording import KIND
from plainview.privacy.gate.scope import entering
from plainview.privacy.log.models import Act, Deed, Entry, Head, Leaf

MOST = 1000


@dataclass(frozen=True, slots=True)
class Draw:
    """What a sample was drawn by: a seed, a stretch of the log (`to` not included), how many."""

    seed: str
    start: int
    end: int
    count: int


@dataclass(slots=True)
class Sample:
    """What was drawn: entries to show, places that nothing opens any more, and acts of our own."""

    draw: Draw
    head: Head
    entries: list[Entry] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    others: list[Act | Deed] = field(default_factory=list)


def numbers(draw: Draw, root: bytes) -> Iterator[int]:
    """The places drawn, in order, each once: SHA-256 of seed, root and a counter, by the length.

    Ends when every place of the stretch was drawn.
    """
    length = draw.end - draw.start
    seen: set[int] = set()
    for n in itertools.count():
        if len(seen) >= length:
            return
        drawn = hashlib.sha256(draw.seed.encode() + root + n.to_bytes(8, "big")).digest()
        index = draw.start + int.from_bytes(drawn, "big") % length
        if index not in seen:
            seen.add(index)
            yield index


def sample(draw: Draw, head: Head) -> Sample:
    """Draw until `count` answers were hit or no place is left.

    Belongs behind a door that sees everyone and may enter `account`. A place whose person has left
    counts: what stood there can't be shown. One that holds an act of the service itself does not,
    and is shown as such.
    """
    found = Sample(draw, head)
    hit: dict[int, int] = {}
    places = numbers(draw, bytes(head.root))
    while (some := list(itertools.islice(places, MOST))) and _sort(found, hit, some):
        pass
    entries = Entry.objects.in_bulk(hit)
    found.entries = [entries[leaf] for leaf in hit if leaf in entries]
    found.erased += [index for leaf, index in hit.items() if leaf not in entries]
    return found


def _sort(found: Sample, hit: dict[int, int], indices: list[int]) -> bool:
    """Say of each place drawn what stands there; whether more are to be drawn.

    `hit` are the leaves of answers, with their places: none is read that was not drawn.
    """
    leaves = dict(Leaf.objects.filter(index__in=indices).values_list("index", "pk"))
    answers = Entry.objects.filter(leaf__in=leaves.values(), kind=KIND)
    entries = {*answers.values_list("pk", flat=True)}
    others: dict[int, Act | Deed] = {}
    with entering("account"):  # which the record of what the staff did belongs to
        acts = Act.objects.filter(leaf__in=leaves.values()).only("body", "salt")
        others |= {each.pk: each for each in acts}
    others |= {each.pk: each for each in Deed.objects.filter(leaf__in=leaves.values())}
    for index in indices:
        if len(hit) + len(found.erased) == found.draw.count:
            return False
        leaf = leaves[index]
        if leaf in entries:
            hit[leaf] = index
        elif leaf in others:
            found.others.append(others[leaf])
        else:
            found.erased.append(index)
    return True


def stretch(first: dt.date, last: dt.date, head: Head) -> tuple[int, int]:
    """The places of the log that were signed from the first day on until after the last, in UTC.

    Both ends are sizes of heads that were published, so an authority that kept heads can tell.
    """
    start = min(_size_of(at__lt=days.start(first, dt.UTC)), head.size)
    end = min(_size_of(at__lte=days.end(last, dt.UTC)), head.size)
    return start, end


def _size_of(**when: dt.datetime) -> int:
    return Head.objects.filter(**when).values_list("size", flat=True).first() or 0


def head_of(size: int) -> Head | None:
    """The head of so many entries, if one was signed."""
    return Head.objects.filter(size=size).first()


def latest() -> Head:
    """The head of now, over every entry that is there."""
    return log.sequence()
