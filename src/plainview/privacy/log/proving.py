"""What the log can prove: that an entry is in it, and that it was only appended to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plainview.privacy.log import sequencing
from plainview.privacy.log.models import Entry, Head, Leaf


class NoSuchEntry(LookupError):
    """The log has no such leaf, or no tree of that size."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that a leaf is in the tree of a head (RFC 9162 section 2.1.3).

    `path` are hashes of 32 bytes, the lowest first; `head` is the signed note of the head, `size`
    its number of leaves. `before` is the last head that does not have the leaf, which is therefore
    later; empty for the leaves of the very first.
    """

    index: int
    size: int
    path: tuple[bytes, ...]
    head: str
    before: str

    def block(self, salt: bytes) -> dict[str, Any]:
        """The proof as JSON, as receipts carry it (docs/receipts.md)."""
        block: dict[str, Any] = {
            "type": "sha256-salt-rfc9162",
            "salt": bytes(salt).hex(),
            "index": self.index,
            "path": [step.hex() for step in self.path],
            "head": self.head,
        }
        return block | ({"before": self.before} if self.before else {})


@dataclass(frozen=True, slots=True)
class Consistency:
    """The proof that the tree of `second` leaves continues that of `first` (section 2.1.4)."""

    first: int
    second: int
    path: tuple[bytes, ...]


def proof(entry: Entry | int, *, head: Head | None = None) -> Inclusion:
    """Prove that an entry (or the leaf of that id) is in the log, under `head` or the latest one.

    An entry without a place is given one, so the transaction that made it must be over; several
    such are placed at once. Raises NoSuchEntry, also where `head` is older than the entry.
    """
    leaf = entry if isinstance(entry, int) else entry.pk
    index = _index(leaf)
    if index is None:
        sequencing.sequence()
        index = _index(leaf)
    head = head or sequencing.latest()
    if index is None or head is None or index >= head.size:
        raise NoSuchEntry(f"no leaf {leaf} under this head")
    path = sequencing.tree(head.size).inclusion(index)
    earlier = Head.objects.filter(size__lte=index, id__lte=head.pk, epoch=head.epoch_id)
    before = earlier.order_by("-size", "-id").values_list("note", flat=True).first() or ""
    return Inclusion(index, head.size, tuple(path), head.note, before)


def head() -> Head:
    """The latest signed head; the first is signed now, if the log is empty so far."""
    return sequencing.latest() or sequencing.sequence()


def consistency(first: int, second: int) -> Consistency:
    """Prove that the log of `second` entries continues that of `first`.

    Raises NoSuchEntry unless 0 < first <= second <= the size of the latest head.
    """
    newest = sequencing.latest()
    if newest is None or not 0 < first <= second <= newest.size:
        raise NoSuchEntry(f"no trees of {first} and {second} entries")
    path = sequencing.tree(newest.size).consistency(first, second)
    return Consistency(first, second, tuple(path))


def _index(leaf: int) -> int | None:
    return Leaf.objects.filter(pk=leaf).values_list("index", flat=True).first()
