"""The Merkle tree against RFC 9162: its worked tree, its rules by hand, and random trees."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many

from plainview import verify
from plainview.privacy.log import merkle
from plainview.privacy.log.merkle import Tree, leaf_hash, node_hash

NAMES = [f"d{number}".encode() for number in range(7)]
"""The seven inputs of the worked tree of section 2.1.5."""


def tree_of(leaves: list[bytes]) -> Tree:
    """A tree whose stored blocks are kept in a dictionary, as the database keeps them."""
    stored: dict[tuple[int, int], list[bytes]] = {}

    def fetch(level: int, number: int) -> list[bytes]:
        if level == 0:
            return leaves[number << merkle.WIDTH : (number + 1) << merkle.WIDTH]
        return stored.get((level, number), [])

    tree = Tree(len(leaves), fetch)
    for level, number, made in tree.grown(0):
        block = stored.setdefault((level, number >> merkle.WIDTH), [])
        assert len(block) == number & ((1 << merkle.WIDTH) - 1), "one after another"
        block.append(made)
    return Tree(len(leaves), fetch)


def continues(first: int, second: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """Whether what people check our log with takes the second tree for a continued first."""
    heads = [verify.Head("", *each, None, [], "", {}) for each in ((first, old), (second, new))]
    return verify.continues(*heads, path)


def by_the_book(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1.1 defines it, without a thought for speed."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_the_book(leaves[:split]), by_the_book(leaves[split:]))


def test_p2_11e_the_worked_tree_of_the_rfc():
    """RFC 9162 section 2.1.5: the paths of d0, d3, d4 and d6, and three consistency proofs."""
    a, b, c, d, e, f, j = (leaf_hash(name) for name in NAMES)
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741 - the RFC's own letters
    root = node_hash(k, l)
    tree = tree_of([a, b, c, d, e, f, j])
    assert tree.root() == root
    assert tree.inclusion(0) == [b, h, l]
    assert tree.inclusion(3) == [c, g, l]
    assert tree.inclusion(4) == [f, j, k]
    assert tree.inclusion(6) == [i, k]
    assert tree.root(3) == node_hash(g, c)
    assert tree.root(4) == k
    assert tree.root(6) == node_hash(k, i)
    assert tree.consistency(3) == [c, d, g, l]
    assert tree.consistency(4) == [l]
    assert tree.consistency(6) == [i, j, k]


def test_the_empty_tree_has_the_root_that_the_rfc_gives_it():
    assert tree_of([]).root() == merkle.EMPTY == hashlib.sha256().digest()


leaves = st.integers(1, 700).map(
    lambda count: [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]
)


@settings(max_examples=many(40), deadline=None)
@given(leaves, st.data())
def test_p2_11e_every_leaf_is_proved_and_only_in_its_place(leaves, data):
    tree = tree_of(leaves)
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    root = by_the_book(leaves[:size])
    assert tree.root(size) == root
    path = tree.inclusion(index, size)
    assert verify.root_of(leaves[index], index, size, path) == root
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert verify.root_of(leaves[index], other, size, path) != root
        assert verify.root_of(leaves[other], index, size, path) != root
    assert verify.root_of(leaves[index], index, size, [*path, root]) != root
    if path:
        assert verify.root_of(leaves[index], index, size, path[:-1]) != root


@settings(max_examples=many(40), deadline=None)
@given(leaves, st.data())
def test_p2_11e_growth_is_proved_and_nothing_else_passes_for_it(leaves, data):
    tree = tree_of(leaves)
    second = data.draw(st.integers(1, len(leaves)))
    first = data.draw(st.integers(1, second))
    path = tree.consistency(first, second)
    old, new = by_the_book(leaves[:first]), by_the_book(leaves[:second])
    assert continues(first, second, old, new, path)
    changed = data.draw(st.integers(0, first - 1))
    forged = by_the_book([*leaves[:changed], leaf_hash(b"forged"), *leaves[changed + 1 : second]])
    assert not continues(first, second, old, forged, path)
    assert not continues(first, second, forged, new, path)
    if first < second:
        assert not continues(first, second, old, new, path[:-1])
    assert not continues(first, second, old, new, [*path, old])


def test_what_the_tree_does_not_have_is_refused():
    tree = tree_of([leaf_hash(b"one"), leaf_hash(b"two")])
    for ask in (
        lambda: tree.inclusion(2),
        lambda: tree.inclusion(-1),
        lambda: tree.inclusion(0, 3),
        lambda: tree.consistency(0),
        lambda: tree.consistency(2, 1),
        lambda: tree.root(3),
    ):
        with pytest.raises(IndexError):
            ask()
