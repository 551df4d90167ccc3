"""Proves invariants: by enumeration of every combination of the facts that a purpose's rules read.

For one purpose the books that bind somebody shrink to the few rules that bear on it; the facts
that those read span a crowd, and one fold over the crowd says who in it is permitted. Places
whose rules are alike share that fold. What is broken is shown by the smallest person who shows it.
"""

import copy
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import msgspec

from plainview.engine.compiling import Atom, Book, Merged, meets, merge
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
Shapes = frozenset[object]
"""What the rules of a place come to for one purpose, to compare."""
_Rules = tuple[int, int]
"""The lists of rules that a law has, by identity: most laws have those that another has."""
Ruled = frozenset[_Rules]
"""Those of all the laws that bind at a place."""
_Peers = dict[frozenset[tuple[_Rules, bool]], list[str]]
"""Places by the rules of the laws that bind there, and whether the invariant means each law."""


class _Alike(NamedTuple):
    """What places are alike in, for one purpose: the rules that bind there, and who is meant.

    `any_` and `all_` say whether the invariant means the purpose under one, or all, of the laws.
    """

    shapes: _Shapes
    any_: bool
    all_: bool


class _Bound(NamedTuple):
    """Somebody's places and the shapes of the books that bind there; so many are alike.

    `apart` are the shapes of each place by itself.
    """

    places: Places
    shapes: _Shapes
    places_alike: int
    apart: frozenset[_Shapes]


class Prover:
    """Proves the invariants of one policy; `folds` counts how many folds that took."""

    def __init__(self, policy: Policy) -> None:
        # What rules come to is the same in whatever place, and on whatever day, they are the law.
        self._with: dict[_Rules, Book] = {}
        self._shaped: dict[tuple[_Rules, int, Ids], _Shape] = {}
        self._folded: dict[object, int] = {}
        self._shapes: dict[tuple[str, Ruled], Shapes] = {}
        self._books: dict[_Shape, Book] = {}
        self._merged: dict[_Shapes, Merged] = {}
        self._holding: dict[Invariant, dict[tuple[str, object], int]] = {}
        self._begin(policy)

    def under(self, era: Policy) -> "Prover":
        """Return a prover of the same policy by the law of another day, which knows all this."""
        other = copy.copy(self)
        other._begin(era)
        return other

    def _begin(self, policy: Policy) -> None:
        self.policy = policy
        self.folds = 0
        self._with.update((_rules(book), book) for book in policy.books.values())
        self._law: dict[str, list[Jurisdiction]] = {}
        self._binding: dict[str, Ruled] = {}

    def prove(self, invariant: Invariant) -> Proof:
        """Check one invariant for everybody. Raises TooManyPeople when there are too many."""
        concerned, broken = [], []
        combinations = 0
        worst: Found | None = None
        peers = self._peers(invariant)
        holding = self._holding.setdefault(invariant, {})
        for purpose in self.policy.purposes.values():
            if not meets(invariant.applies, purpose):
                continue
            checked = 0
            found: list[Found] = []
            for bound in self._bound(invariant, purpose, peers):
                pairs = invariant.compare == "second-place"
                key = (purpose.id, bound.apart if pairs else bound.shapes)
                people = holding.get(key)
                if people is None:
                    crowd = self._crowd(invariant, purpose, bound.shapes)
                    people = crowd.given(invariant.given).bit_count()
                    wrong = [*self._broken(invariant, purpose, bound, crowd)]
                    found += wrong
                    if not wrong:
                        holding[key] = people
                checked += people * bound.places_alike
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

    def rules_of(self, place: str) -> Ruled:
        """Return what two places share where every purpose has the same rules."""
        if place not in self._binding:
            laws = self._laws(place)
            self._binding[place] = frozenset(_rules(self.policy.books[law.id]) for law in laws)
        return self._binding[place]

    def shapes(self, purpose: str, there: Ruled) -> Shapes:
        """Return what the rules of a place come to for a purpose, to compare."""
        key = (purpose, there)
        if key not in self._shapes:
            mine = self.policy.purpose(purpose)
            self._shapes[key] = frozenset(self._shaped_by(mine, rules) for rules in there)
        return self._shapes[key]

    def read_by(self, shapes: Shapes) -> Iterable[Atom]:
        """Return the conditions on facts that such rules read."""
        return self._rules(shapes).atoms  # type: ignore[arg-type]

    def among(self, purpose: str, shapes: Shapes, crowd: Crowd) -> int:
        """Return those of a crowd whom such rules permit the purpose."""
        return self._permitted(self.policy.purpose(purpose), shapes, crowd)  # type: ignore[arg-type]

    def _bound(self, invariant: Invariant, purpose: Purpose, peers: _Peers) -> Iterator[_Bound]:
        """Yield where to look: one place or pair of places of all that are alike."""
        opening = invariant.then in _OPENING
        classes = self._classes(invariant, purpose, peers)
        for alike, ids in classes.items():
            if invariant.compare != "second-place" and (alike.all_ if opening else alike.any_):
                yield _Bound((ids[0], None), alike.shapes, len(ids), frozenset({alike.shapes}))
        if invariant.compare == "unknown-place" or invariant.then == "rests-on":
            return
        for (one, here), (two, there) in product(classes.items(), repeat=2):
            meant = one.all_ and two.all_ if opening else one.any_ or two.any_
            count = len(here) * len(there) if one != two else len(here) * (len(here) - 1)
            if meant and count:
                places = (here[0], there[0] if one != two else here[1])
                apart = frozenset({one.shapes, two.shapes})
                yield _Bound(places, one.shapes | two.shapes, count, apart)

    def _peers(self, invariant: Invariant) -> _Peers:
        """Return the places to look at, those together that have the same rules."""
        found: _Peers = {}
        strictest = {id_ for id_, law in self.policy.jurisdictions.items() if law.strictest_of}
        if invariant.compare == "unknown-place":
            looked_at = [id_ for id_ in self.policy.jurisdictions if id_ in strictest]
        elif invariant.then == "rests-on":
            looked_at = [id_ for id_ in self.policy.jurisdictions if id_ not in strictest]
        else:
            looked_at = sorted(self.policy.jurisdictions, key=strictest.__contains__)
        meant = {
            id_: (_rules(book), _means(invariant, self.policy.jurisdictions[id_]))
            for id_, book in self.policy.books.items()
        }
        for id_ in looked_at:
            found.setdefault(frozenset(meant[law.id] for law in self._laws(id_)), []).append(id_)
        return found

    def _classes(
        self, invariant: Invariant, purpose: Purpose, peers: _Peers
    ) -> dict[_Alike, list[str]]:
        """Return the places to look at, those together that no rule and no word tells apart."""
        found: dict[_Alike, list[str]] = {}
        but = invariant.on if invariant.then == "rests-on" else ()
        bases = frozenset(invariant.applies.bases)
        for laws, ids in peers.items():
            meant = [
                means and (not bases or not self._bases(purpose, rules).isdisjoint(bases))
                for rules, means in laws
            ]
            shapes = frozenset(self._shaped_by(purpose, rules, but) for rules, _ in laws)
            found.setdefault(_Alike(shapes, any(meant), all(meant)), []).extend(ids)
        return found

    def _laws(self, place: str) -> list[Jurisdiction]:
        if place not in self._law:
            self._law[place] = self.policy.laws(place, None)
        return self._law[place]

    def _bases(self, purpose: Purpose, rules: _Rules) -> set[str | None]:
        mask = self.policy.masks[purpose.id]
        return {term.basis for term in self._with[rules].allows if term.mask & mask}

    def _shape(self, purpose: Purpose, law: Jurisdiction) -> _Shape:
        return self._shaped_by(purpose, _rules(self.policy.books[law.id]))

    def _shaped_by(self, purpose: Purpose, rules: _Rules, but: Ids = ()) -> _Shape:
        """Return the rules of laws for one purpose, less what they permit on the bases `but`."""
        key = (rules, purpose.bit, but)
        if key in self._shaped:
            return self._shaped[key]
        book, mask = self._with[rules], self.policy.masks[purpose.id]
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


def _rules(book: Book) -> _Rules:
    return id(book.allows), id(book.denies)


def _means(invariant: Invariant, law: Jurisdiction) -> bool:
    """Whether an invariant is about a law, whatever rests on it there."""
    scope = invariant.applies
    return (
        (not scope.regime or law.regime in scope.regime)
        and (not scope.place or not {law.id, *law.parents}.isdisjoint(scope.place))
        and (not scope.model or law.model in scope.model)
    )
