"""Proves invariants: by enumeration of every combination of the facts that a purpose's rules read.

For one purpose the books that bind somebody shrink to the few rules that bear on it; the facts
that those read span a crowd, and one fold over the crowd says who in it is permitted. Places
whose rules are alike share that fold. What is broken is shown by the smallest person who shows it.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import msgspec

from plainview.engine.compiling import Atom, Book, Merged, merge
from plainview.engine.counterexamples import Counterexample, Found, Places, changed, smallest
from plainview.engine.crowds import Crowd, Dimension, TooManyPeople, dimension, standing_of, worded
from plainview.engine.deciding import combine
from plainview.engine.declarations import Ids, Jurisdiction, Purpose
from plainview.engine.declarations.invariants import FACTS, Given, Invariant
from plainview.engine.facts import Facts
from plainview.engine.policy import Policy

_OPENING = frozenset({"permitted", "permits-no-less"})
_NOTHING = Invariant(id="", sentence="", source="", then="denied")
_ALL = -1  # a mask of all people, however many


class Proof(msgspec.Struct, frozen=True):
    """What became of an invariant: it holds when there is no `counterexample`.

    `purposes` are those it is about, `broken` those for which it does not hold; `combinations`
    counts the people it was checked for, in every place and pair of places.
    """

    invariant: Invariant
    purposes: tuple[str, ...]
    broken: tuple[str, ...]
    combinations: int
    counterexample: Counterexample | None

    @property
    def holds(self) -> bool:
        """Whether it was proved; so is one that concerns no purpose."""
        return self.counterexample is None


class _Shape(NamedTuple):
    """Those rules of one book that bear on one purpose, as far as facts can tell."""

    allows: frozenset[tuple[Atom, ...]]
    denies: frozenset[tuple[tuple[Atom, ...], tuple[Atom, ...] | None]]


_Shapes = frozenset[_Shape]
_Alone = tuple[str, _Shapes]


class _Alike(NamedTuple):
    """What places are alike in, for one purpose: the rules that bind there, and who is meant.

    `any_` and `all_` say whether the invariant means the purpose under one, or all, of the laws.
    """

    shapes: _Shapes
    any_: bool
    all_: bool


class _Bound(NamedTuple):
    """Somebody's places and the shapes of the books that bind there; so many are alike."""

    places: Places
    shapes: _Shapes
    places_alike: int


class Prover:
    """Proves the invariants of one policy; `folds` counts how many folds that took."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.folds = 0
        self._law: dict[str, list[Jurisdiction]] = {}
        self._folded: dict[object, int] = {}
        self._shaped: dict[tuple[int, int, Ids], _Shape] = {}
        self._books: dict[_Shape, Book] = {}
        self._merged: dict[_Shapes, Merged] = {}

    def prove(self, invariant: Invariant) -> Proof:
        """Check one invariant for everybody. Raises TooManyPeople when there are too many."""
        concerned, broken = [], []
        combinations = 0
        worst: Found | None = None
        for purpose in self.policy.purposes.values():
            if not _about(invariant, purpose):
                continue
            checked = 0
            found: list[Found] = []
            for bound in self._bound(invariant, purpose):
                crowd = self._crowd(invariant, purpose, bound.shapes)
                checked += crowd.given(invariant.given).bit_count() * bound.places_alike
                found += self._broken(invariant, purpose, bound, crowd)
            combinations += checked
            if checked:
                concerned.append(purpose.id)
            if found:
                broken.append(purpose.id)
                mine = min(found, key=lambda each: each.size)
                worst = min(worst or mine, mine, key=lambda each: each.size)
        example = worst.example if worst else None
        return Proof(invariant, tuple(concerned), tuple(broken), combinations, example)

    def permitted(
        self, purpose: str, presence: str, residence: str | None = None
    ) -> tuple[Crowd, int]:
        """Return everybody whom the rules there tell apart, and those who are permitted."""
        mine = self.policy.purpose(purpose)
        shapes = frozenset(self._shape(mine, law) for law in self.policy.laws(presence, residence))
        crowd = self._crowd(_NOTHING, mine, shapes)
        return crowd, self._permitted(mine, shapes, crowd)

    def shapes(self, purpose: str, place: str) -> frozenset[object]:
        """Return what the rules that bind at a place come to for a purpose, to compare."""
        mine = self.policy.purpose(purpose)
        return frozenset(self._shape(mine, law) for law in self._laws(place))

    def read_by(self, shapes: frozenset[object]) -> Iterable[Atom]:
        """Return the conditions on facts that such rules read."""
        return self._rules(shapes).atoms  # type: ignore[arg-type]

    def among(self, purpose: str, shapes: frozenset[object], crowd: Crowd) -> int:
        """Return those of a crowd whom such rules permit the purpose."""
        return self._permitted(self.policy.purpose(purpose), shapes, crowd)  # type: ignore[arg-type]

    def _bound(self, invariant: Invariant, purpose: Purpose) -> Iterator[_Bound]:
        """Yield where to look: one place or pair of places of all that are alike."""
        opening = invariant.then in _OPENING
        classes = self._classes(invariant, purpose)
        for alike, ids in classes.items():
            if invariant.compare != "second-place" and (alike.all_ if opening else alike.any_):
                yield _Bound((ids[0], None), alike.shapes, len(ids))
        if invariant.compare == "unknown-place" or invariant.then == "rests-on":
            return
        for (one, here), (two, there) in product(classes.items(), repeat=2):
            meant = one.all_ and two.all_ if opening else one.any_ or two.any_
            count = len(here) * len(there) if one != two else len(here) * (len(here) - 1)
            if meant and count:
                places = (here[0], there[0] if one != two else here[1])
                yield _Bound(places, one.shapes | two.shapes, count)

    def _classes(self, invariant: Invariant, purpose: Purpose) -> dict[_Alike, list[str]]:
        """Return the places to look at, those together that no rule and no word tells apart."""
        found: dict[_Alike, list[str]] = {}
        strictest = {id_ for id_, law in self.policy.jurisdictions.items() if law.strictest_of}
        if invariant.compare == "unknown-place":
            looked_at = [id_ for id_ in self.policy.jurisdictions if id_ in strictest]
        elif invariant.then == "rests-on":
            looked_at = [id_ for id_ in self.policy.jurisdictions if id_ not in strictest]
        else:
            looked_at = sorted(self.policy.jurisdictions, key=strictest.__contains__)
        but = invariant.on if invariant.then == "rests-on" else ()
        for id_ in looked_at:
            laws = self._laws(id_)
            meant = [self._means(invariant, purpose, law) for law in laws]
            shapes = frozenset(self._shape(purpose, law, but) for law in laws)
            alike = _Alike(shapes, any(meant), all(meant))
            found.setdefault(alike, []).append(id_)
        return found

    def _laws(self, place: str) -> list[Jurisdiction]:
        if place not in self._law:
            self._law[place] = self.policy.laws(place, None)
        return self._law[place]

    def _means(self, invariant: Invariant, purpose: Purpose, law: Jurisdiction) -> bool:
        scope = invariant.applies
        return (
            (not scope.regime or law.regime in scope.regime)
            and (not scope.place or not {law.id, *law.parents}.isdisjoint(scope.place))
            and (not scope.model or law.model in scope.model)
            and (not scope.bases or not self._bases(purpose, law).isdisjoint(scope.bases))
        )

    def _bases(self, purpose: Purpose, law: Jurisdiction) -> set[str | None]:
        mask = self.policy.masks[purpose.id]
        return {term.basis for term in self.policy.books[law.id].allows if term.mask & mask}

    def _shape(self, purpose: Purpose, law: Jurisdiction, but: Ids = ()) -> _Shape:
        """Return the rules of a law for one purpose, less what it permits on the bases `but`."""
        book = self.policy.books[law.id]
        key = (id(book), purpose.bit, but)
        if key in self._shaped:
            return self._shaped[key]
        mask = self.policy.masks[purpose.id]
        allows = [term for term in book.allows if term.mask & mask and term.basis not in but]
        denies = [term for term in book.denies if term.mask & mask]
        shape = _Shape(
            frozenset(term.when for term in allows),
            frozenset((term.when, term.unless) for term in denies),
        )
        self._shaped[key] = shape
        if shape not in self._books:  # most laws come to what another came to
            mine = [
                tuple(msgspec.structs.replace(term, mask=_ALL) for term in terms)
                for terms in (allows, denies)
            ]
            self._books[shape] = Book(book.jurisdiction, *mine)
        return shape

    def _rules(self, shapes: _Shapes) -> Merged:
        if shapes not in self._merged:
            self._merged[shapes] = merge(self._books[shape] for shape in shapes)
        return self._merged[shapes]

    def _crowd(self, invariant: Invariant, purpose: Purpose, shapes: _Shapes) -> Crowd:
        """Return everybody who differs in a fact that these rules or the invariant read."""
        asked = (invariant.given, invariant.with_ or Given())
        given = [
            Atom(fact, words)
            for fact in FACTS
            for words in filter(None, (worded(each, fact) for each in asked))
        ]
        return crowd_of(purpose.id, (self._rules(shapes).atoms, given))

    def _permitted(self, purpose: Purpose, shapes: _Shapes, crowd: Crowd) -> int:
        """Return the people of the crowd whom these rules permit the purpose."""
        key = (purpose.id, shapes, crowd.dimensions)
        if key not in self._folded:
            rules = self._rules(shapes)
            known = [self._known(purpose, atom, crowd) for atom in rules.atoms]
            self._folded[key] = combine(rules, known, crowd.everyone)
            self.folds += 1
        return self._folded[key]

    def _known(self, purpose: Purpose, atom: Atom, crowd: Crowd) -> tuple[int, int]:
        """Return for whom a condition is known to be met, and for whom it may be."""
        bit = self.policy.masks[purpose.id]
        holds = may = 0
        for index, value in enumerate(crowd.values(atom.fact)):
            standing = standing_of(purpose.id, {atom.fact: value}, None, None)
            known = Facts(self.policy, standing).known(atom)
            people = crowd.having(atom.fact, index)
            holds |= people if known.holds & bit else 0
            may |= people if known.may & bit else 0
        return holds, may

    def _alone(self, invariant: Invariant, purpose: Purpose, bound: _Bound) -> list[_Alone]:
        """Return the places that somebody's places are made of, each with its rules."""
        if invariant.compare == "second-place":
            parts = [(place, self._laws(place)) for place in bound.places if place]
        else:
            parts = [(law.id, [law]) for law in self._laws(bound.places[0])]
        found: dict[_Shapes, str] = {}
        for place, laws in parts:
            found.setdefault(frozenset(self._shape(purpose, law) for law in laws), place)
        return [(place, shapes) for shapes, place in found.items()]

    def _broken(
        self, invariant: Invariant, purpose: Purpose, bound: _Bound, crowd: Crowd
    ) -> Iterator[Found]:
        """Yield the smallest of those for whom the invariant does not hold there."""
        permitted = self._permitted(purpose, bound.shapes, crowd)
        given = crowd.given(invariant.given)
        if invariant.compare in ("firmer", "unknown"):
            yield from changed(invariant, purpose, bound.places, crowd, permitted)
        elif invariant.compare:
            for place, shapes in self._alone(invariant, purpose, bound):
                wrong = given & permitted & ~self._permitted(purpose, shapes, crowd)
                yield from smallest(purpose, crowd, wrong, (place, None), there=bound.places)
        elif invariant.then == "permitted":
            yield from smallest(purpose, crowd, given & ~permitted, bound.places)
        else:  # what `rests-on` folds are the permissions on other bases
            wrong = given & permitted
            if invariant.with_ is not None:
                wrong &= ~crowd.given(invariant.with_)
            yield from smallest(purpose, crowd, wrong, bound.places)


def crowd_of(purpose: str, read: Iterable[Iterable[Atom]]) -> Crowd:
    """Return everybody whom conditions tell apart. Raises TooManyPeople, naming the purpose."""
    named: dict[str, set[frozenset[str]]] = {}
    for atoms in read:
        for atom in atoms:
            named.setdefault(atom.fact, set()).add(atom.values)
    try:
        return _crowd(tuple(dimension(fact, named[fact]) for fact in FACTS if fact in named))
    except TooManyPeople as error:
        raise TooManyPeople(f"the rules of `{purpose}`: {error}") from None


@lru_cache(maxsize=256)
def _crowd(dimensions: tuple[Dimension, ...]) -> Crowd:
    return Crowd(dimensions)


def _about(invariant: Invariant, purpose: Purpose) -> bool:
    scope = invariant.applies
    return (
        (not scope.purposes or purpose.id in scope.purposes)
        and (not scope.kinds or purpose.kind in scope.kinds)
        and (not scope.traits or not set(scope.traits).isdisjoint(purpose.traits))
        and set(scope.without).isdisjoint(purpose.traits)
    )
