"""Turns rules into rule books: bit masks over purposes, one book for each jurisdiction.

A rule becomes the mask of the purposes it is for and the conditions that facts must meet; what
depends on the place alone (regime, model, the basis named there) is settled here and never asked
again. `Joint` merges the books that bind one person, so that a fold touches few groups.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

import msgspec

from plainview.engine.declarations import (
    BASES,
    Basis,
    ConsentTerms,
    Jurisdiction,
    Purpose,
    Rule,
    Scope,
    When,
)
from plainview.engine.standing import YES

_TERMS = ("regime", "model", "bases", "clocks", "breach", "rights", "signals", "transfers")
MOST_PURPOSES = 62  # a signed column of 64 bits, less its sign and the mark of withheld categories


class Atom(NamedTuple):
    """One condition on one fact: met when the fact is any of `values` (or at all, if none)."""

    fact: str
    values: frozenset[str]


class Term(msgspec.Struct, frozen=True):
    """A compiled rule: the purposes it is for and the conditions under which it acts on them."""

    rule: Rule
    basis: Basis | None
    mask: int
    when: tuple[Atom, ...]
    unless: tuple[Atom, ...] | None

    @property
    def id(self) -> str:
        """The rule's id; for the basis that a jurisdiction names, that basis."""
        return self.basis if self.basis and self.rule.allow == "local" else self.rule.id


class Book(msgspec.Struct, frozen=True):
    """All rules of one law, in the order in which they are explained.

    Jurisdictions whose rules, articles and times are the same have one book, that of the furthest
    ancestor; where only the rules are, the terms are the same objects.
    """

    jurisdiction: Jurisdiction
    allows: tuple[Term, ...]
    denies: tuple[Term, ...]


class Allowing(NamedTuple):
    """Purposes permitted when all these atoms (by index) hold."""

    mask: int
    when: tuple[int, ...]


class Denying(NamedTuple):
    """Purposes denied when all of `when` may hold, unless all of `unless` do hold."""

    mask: int
    when: tuple[int, ...]
    unless: tuple[int, ...] | None


class Merged(msgspec.Struct, frozen=True):
    """Rules of several books at once: each table of `allows` must permit."""

    atoms: tuple[Atom, ...]
    allows: tuple[tuple[Allowing, ...], ...]
    denies: tuple[Denying, ...]


class Joint(msgspec.Struct, frozen=True):
    """The books that bind one person together, and their rules merged."""

    books: tuple[Book, ...]
    merged: Merged


def compile_books(jurisdictions: Mapping[str, Jurisdiction], rulings: "Rulings") -> dict[str, Book]:
    """Return the book of every jurisdiction that has rules of its own (not `strictest_of`)."""
    books: dict[str, Book] = {}

    def book(place: Jurisdiction) -> Book:
        if place.id not in books:
            parent = jurisdictions.get(place.parent)
            found = None if parent is None or parent.strictest_of else book(parent)
            own = rulings.terms(place)
            if found is None or not _same(found, place, own):
                found = Book(place, *own)
            books[place.id] = found
        return books[place.id]

    return {place.id: book(place) for place in jurisdictions.values() if not place.strictest_of}


def _same(book: Book, place: Jurisdiction, own: tuple[tuple[Term, ...], ...]) -> bool:
    law = book.jurisdiction
    return book.allows is own[0] and _kept_to(law) == _kept_to(place)


def _kept_to(law: Jurisdiction) -> tuple[object, ...]:
    """What else is decided by the place of a standing, of which no more is kept than its book."""
    asked = law.consent or ConsentTerms()
    return (
        *(getattr(law, term) for term in _TERMS),
        *(asked.ask_again_months, asked.renew_months, asked.lapses_months),
        *(asked.quiet, law.zone if asked.quiet else ""),
    )


def members(jurisdictions: Mapping[str, Jurisdiction], place: Jurisdiction) -> list[str]:
    """Return the ids of the jurisdictions that all must permit at `place`: itself, mostly."""
    if not place.strictest_of:
        return [place.id]
    return sorted(
        other.id
        for other in jurisdictions.values()
        if not other.strictest_of
        and any(fnmatchcase(other.id, pattern) for pattern in place.strictest_of)
    )


def merge(books: Iterable[Book]) -> Merged:
    """Merge books: denials are united, permissions must all be given (P3.1b)."""
    index: dict[Atom, int] = {}

    def numbered(atoms: Iterable[Atom]) -> tuple[int, ...]:
        return tuple(sorted({index.setdefault(atom, len(index)) for atom in atoms}))

    denied: dict[tuple[tuple[int, ...], tuple[int, ...] | None], int] = {}
    tables: dict[tuple[Allowing, ...], None] = {}
    for book in books:
        for term in book.denies:
            unless = None if term.unless is None else numbered(term.unless)
            key = (numbered(term.when), unless)
            denied[key] = denied.get(key, 0) | term.mask
        allowed: dict[tuple[int, ...], int] = {}
        for term in book.allows:
            when = numbered(term.when)
            allowed[when] = allowed.get(when, 0) | term.mask
        tables[tuple(sorted(Allowing(mask, when) for when, mask in allowed.items()))] = None
    return Merged(
        atoms=tuple(index),
        allows=tuple(tables),
        denies=tuple(Denying(mask, when, unless) for (when, unless), mask in denied.items()),
    )


def basis_there(rule: Rule, purpose: Purpose, place: Jurisdiction) -> Basis | None:
    """Return the basis on which an allowing rule permits `purpose` at `place`, if any."""
    if rule.allow == "local":
        return place.kinds.get(purpose.kind)
    return rule.allow or None


class Rulings:
    """Which rules bear on which purpose at which place, found once for places that are alike."""

    def __init__(
        self,
        purposes: Mapping[str, Purpose],
        shared: Iterable[Rule],
        receiving: Iterable[Rule] = (),
    ) -> None:
        """The rules of recipients (`receiving`) bind no use; it only counts where they are met."""
        self.purposes, self.shared = purposes, tuple(shared)
        own = (rule for purpose in purposes.values() for rule in purpose.rule)
        self._local = [
            when
            for rule in (*self.shared, *own, *receiving)
            for when in (rule.when, rule.unless)
            if when is not None and (when.regime or when.place or when.model)
        ]
        self._kinds: dict[object, int] = {}
        self._alike: dict[int, tuple[int, Jurisdiction]] = {}  # by the identity of what it keeps
        self._found: dict[tuple[str, int], list[Rule]] = {}
        self._terms: dict[int, tuple[tuple[Term, ...], tuple[Term, ...]]] = {}

    def alike(self, place: Jurisdiction) -> int:
        """Return a number that all places have at which the rules of the policy are the same."""
        if id(place) not in self._alike:
            met = tuple(settled(when, place) for when in self._local)
            kind = (met, *sorted(place.kinds.items()))
            self._alike[id(place)] = self._kinds.setdefault(kind, len(self._kinds)), place
        return self._alike[id(place)][0]

    def of(self, purpose: Purpose, place: Jurisdiction) -> list[Rule]:
        """Return the rules that can bear on `purpose` at `place`: shared ones, then its own."""
        key = (purpose.id, self.alike(place))
        if key not in self._found:
            self._found[key] = _rules_for(purpose, place, self.shared)
        return self._found[key]

    def terms(self, place: Jurisdiction) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        """Return what allows at a place and what denies: the same lists at all that are alike."""
        key = self.alike(place)
        if key not in self._terms:
            self._terms[key] = _terms(place, self)
        return self._terms[key]


def _rules_for(purpose: Purpose, place: Jurisdiction, shared: Iterable[Rule]) -> list[Rule]:
    own = [rule for rule in purpose.rule if settled(rule.when, place)]
    near = [rule for rule in shared if meets(rule.applies, purpose) and settled(rule.when, place)]
    local = [rule for rule in near if not rule.applies.bases]
    bases = {basis_there(rule, purpose, place) for rule in (*local, *own) if rule.allow}
    return [
        rule for rule in near if not rule.applies.bases or bases & set(rule.applies.bases)
    ] + own


def settled(when: When, place: Jurisdiction) -> bool:
    """Whether the conditions on the place alone are met there."""
    return (
        (not when.regime or place.regime in when.regime)
        and (not when.place or not {place.id, *place.parents}.isdisjoint(when.place))
        and (not when.model or place.model in when.model)
    )


def atoms_of(when: When) -> tuple[Atom, ...]:
    """Return the conditions on the person, which only a standing can answer."""
    lists = ("objection", "signal", "age", "plan", "feature", "case")
    atoms = [Atom(fact, frozenset(getattr(when, fact))) for fact in lists if getattr(when, fact)]
    if when.choice:
        yes = {"affirmed"} if "granted" in when.choice else set()  # the stronger yes is one too
        atoms.insert(0, Atom("choice", frozenset({*when.choice, *yes})))
    flags = ("restricted", "pending")
    return (*atoms, *(Atom(flag, frozenset()) for flag in flags if getattr(when, flag)))


def unless_there(rule: Rule, place: Jurisdiction) -> tuple[Atom, ...] | None:
    """Return the conditions that hold a rule back at `place`; None when nothing does."""
    if rule.unless is None or not settled(rule.unless, place):
        return None
    return atoms_of(rule.unless)


def meets(scope: Scope, purpose: Purpose) -> bool:
    """Whether a purpose meets every line of a scope that says something of purposes."""
    return (
        (not scope.purposes or purpose.id in scope.purposes)
        and (not scope.kinds or purpose.kind in scope.kinds)
        and (not scope.traits or not set(scope.traits).isdisjoint(purpose.traits))
        and set(scope.without).isdisjoint(purpose.traits)
    )


def _terms(place: Jurisdiction, rulings: Rulings) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    # Shared rules keep one term for all their purposes; insertion order is the order of rules.
    masks: dict[tuple[int, Basis | None], int] = {}
    found: dict[int, Rule] = {}
    for purpose in rulings.purposes.values():
        for rule in rulings.of(purpose, place):
            basis = basis_there(rule, purpose, place)
            if rule.allow and basis is None:
                continue
            found[id(rule)] = rule
            key = (id(rule), basis)
            masks[key] = masks.get(key, 0) | 1 << purpose.bit
    order = {id(rule): position for position, rule in enumerate(rulings.shared)}
    terms = [
        _term(found[rule], basis, mask, place)
        for (rule, basis), mask in sorted(
            masks.items(), key=lambda item: order.get(item[0][0], len(order))
        )
    ]
    allows = [term for term in terms if not term.rule.deny]
    allows.sort(key=lambda term: BASES.index(term.basis) if term.basis else 0)
    # An exception that the place alone settles holds for everybody: such a rule never acts there.
    denies = (term for term in terms if term.rule.deny and term.unless != ())
    return tuple(allows), tuple(denies)


def _term(rule: Rule, basis: Basis | None, mask: int, place: Jurisdiction) -> Term:
    """Compile a rule. What rests on consent demands a grant (P3.1.2b, P3.1.2c, P3.1.2d)."""
    when = atoms_of(rule.when)
    if basis == "consent" and not any(atom.fact == "choice" for atom in when):
        when = (Atom("choice", YES), *when)
    return Term(rule, basis, mask, when, unless_there(rule, place))
