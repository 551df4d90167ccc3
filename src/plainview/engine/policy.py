"""The policy as a whole: linked, compiled, immutable; and `load`, which makes one of a folder."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import msgspec

from plainview.engine.checks import check, check_reviews
from plainview.engine.compiling import Book, Joint, compile_books, join, members
from plainview.engine.declarations import (
    AutomatedDecision,
    Category,
    Closed,
    Controller,
    Document,
    Duty,
    Footing,
    Head,
    Jurisdiction,
    Kind,
    Mail,
    Measure,
    Named,
    Programme,
    Purpose,
    Recipient,
    Retention,
    Right,
    Schedule,
    SensitiveKind,
    Source,
)
from plainview.engine.folder import Folder, fingerprint, read_folder
from plainview.engine.problems import PolicyErrors, Problem, nearest
from plainview.engine.promises import Carried, Promise, carried
from plainview.engine.reading import Reader
from plainview.engine.words import Words

UNKNOWN_PLACE = "unknown"


class UnknownPurpose(KeyError):
    """A purpose that the policy does not declare."""


class UnknownCategory(KeyError):
    """A category that the policy does not declare."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator promises, ready to decide. Made by `load`; never changed afterwards."""

    head: Head
    fingerprint: str
    purposes: dict[str, Purpose]
    categories: dict[str, Category]
    sources: dict[str, Source]
    sensitive: dict[str, SensitiveKind]
    kinds: dict[str, Kind]
    traits: dict[str, Named]
    signals: dict[str, Named]
    footings: dict[str, Footing]
    recipients: dict[str, Recipient]
    closed: Closed
    programmes: dict[str, Programme]
    decisions: dict[str, AutomatedDecision]
    measures: dict[str, Measure]
    rights: dict[str, Right]
    mail: Mail | None
    retention: Retention
    jurisdictions: dict[str, Jurisdiction]
    documents: dict[str, Document]
    words: dict[str, Words]
    promises: dict[str, Promise]
    carried: dict[str, tuple[Carried, ...]]
    books: dict[str, Book]
    places: dict[str, str]
    masks: dict[str, int]
    everything: int
    permitted_by_default: int = 0
    _uses: dict[str, frozenset[str]]
    _users: dict[str, frozenset[str]]
    _needing: dict[str, int]
    _surviving: frozenset[str]
    _schedules: dict[str, Schedule]
    _joints: dict[tuple[str, str], Joint] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Policy {self.version} {self.fingerprint[:16]}>"

    @property
    def version(self) -> str:
        """The version that policy.toml names."""
        return self.head.version

    @property
    def controller(self) -> Controller:
        """Who answers for the service."""
        return self.head.controller

    @property
    def duties(self) -> dict[str, Duty]:
        """What may work on personal data outside the purposes, by id."""
        return self.head.duty

    def bit(self, purpose: str) -> int:
        """Return the index of the purpose's bit in `permitted`. Raises UnknownPurpose."""
        return self.purpose(purpose).bit

    def purpose(self, purpose: str) -> Purpose:
        """Return a purpose by id. Raises UnknownPurpose, naming the nearest."""
        try:
            return self.purposes[purpose]
        except KeyError:
            remedy = nearest(purpose, self.purposes, f"declare it in `purposes/{purpose}.toml`")
            raise UnknownPurpose(f"no purpose `{purpose}` in the policy; {remedy}") from None

    def mask(self, purposes: Iterable[str]) -> int:
        """Return the bits of all these purposes; names the policy does not know have none."""
        mask = 0
        for purpose in purposes:
            mask |= self.masks.get(purpose, 0)
        return mask

    def uses(self, purpose: str) -> frozenset[str]:
        """Return the categories a purpose may touch, families of dotted ones included."""
        return self._uses[self.purpose(purpose).id]

    def purposes_of(self, category: str) -> frozenset[str]:
        """Return the purposes that may touch a category. Raises UnknownCategory."""
        try:
            return self._users[category]
        except KeyError:
            remedy = nearest(category, self.categories, "declare it in `categories.toml`")
            raise UnknownCategory(f"no category `{category}` in the policy; {remedy}") from None

    def schedule(self, category: str) -> Schedule:
        """Return how long a category is kept, and what ends it. Raises UnknownCategory."""
        if category not in self._schedules:
            self.purposes_of(category)  # raises, naming the nearest
        return self._schedules[category]

    def refusable(self, purpose: str) -> bool:
        """Whether some standing lacks the purpose; False means every standing has it."""
        return not self.permitted_by_default >> self.bit(purpose) & 1

    def closed_by(self, purpose: str) -> frozenset[str]:
        """Return the rules that can close a purpose or keep it shut, in any jurisdiction.

        A basis that opens only on a condition counts under the id of its rule.
        """
        mask = 1 << self.bit(purpose)
        found = set()
        for book in self.books.values():
            found |= {term.rule.id for term in book.denies if term.mask & mask}
            allows = [term for term in book.allows if term.mask & mask]
            if all(term.when for term in allows):
                found |= {term.id for term in allows}
        return frozenset(found)

    def asks(self, presence: str | None, residence: str | None = None) -> frozenset[str]:
        """Return the purposes that a person's answer can open or close there."""
        mask = 0
        for law in self.laws(presence, residence):
            book = self.books[law.id]
            for term in (*book.allows, *book.denies):
                if any(atom.fact == "choice" for atom in term.when):
                    mask |= term.mask
        return frozenset(id_ for id_, bit in self.masks.items() if bit & mask)

    def survives_restriction(self, purpose: str) -> bool:
        """Whether a restriction of use leaves the purpose and its data alone."""
        return self.purpose(purpose).id in self._surviving

    def withholdable(self, purpose: str) -> frozenset[str]:
        """Return the categories that a restriction may take from a purpose and leave it open."""
        if self.survives_restriction(purpose):
            return frozenset()
        bit = self.masks[purpose]
        return frozenset(each for each in self._uses[purpose] if not self._needing[each] & bit)

    def restricted_mask(self, purposes: Iterable[str], categories: Iterable[str]) -> int:
        """Return the bits a restriction falls on: purposes named, or in need of a category."""
        mask = self.mask(purposes)
        for category in categories:
            mask |= self._needing.get(category, 0)
        return mask

    def jurisdiction(self, code: str | None) -> Jurisdiction:
        """Return the law of an ISO code or of its own id; what nobody knows gets the strictest."""
        return self.jurisdictions[self._place(code)]

    def laws(self, presence: str | None, residence: str | None) -> list[Jurisdiction]:
        """Return the jurisdictions that bind somebody present and resident there, each once."""
        pair = (self._place(presence), self._place(presence if residence is None else residence))
        ids = [
            member
            for place in pair
            for member in members(self.jurisdictions, self.jurisdictions[place])
        ]
        return [self.jurisdictions[id_] for id_ in dict.fromkeys(ids)]

    def age_of_majority(self, code: str | None) -> int:
        """Return the age to certify for somebody who lives in a place (P10a).

        Of age there, and no younger than the policy's own least age. A country whose states
        differ, and a place that nobody knows, take the highest.
        """
        place = self.jurisdictions[self._place(code)]
        laws = [self.jurisdictions[id_] for id_ in members(self.jurisdictions, place)]
        ages = [law.ages for law in laws if law.ages is not None]
        for name in (code or "", (code or "").partition("-")[0]):
            if own := [each.exceptions[name] for each in ages if name in each.exceptions]:
                return max(self.head.minors.least, *own)
        found = [each.majority for each in ages]
        if place.strictest_of:
            found += [age for each in ages for age in each.exceptions.values()]
        return max([self.head.minors.least, *found])

    def joint(self, presence: str | None, residence: str | None) -> Joint:
        """Return the rules that bind somebody present and resident there, both together."""
        pair = (self._place(presence), self._place(presence if residence is None else residence))
        joint = self._joints.get(pair)
        if joint is None:
            joint = join(self.books[law.id] for law in self.laws(presence, residence))
            self._joints[pair] = joint  # at most one for each pair of jurisdictions
        return joint

    def text(self, key: str, language: str = "en", **facts: str) -> str:
        """Return the words for a key in a language, else in the first language of the policy.

        Raises KeyError when neither has them; `load` sees to it that this does not happen for
        keys derived from declarations.
        """
        first = self.head.languages[0]
        for words in (self.words.get(language), self.words[first]):
            if words is not None and key in words.sentences:
                return words.say(key, facts)
        raise KeyError(key)

    def language_of(self, key: str, language: str) -> str:
        """Return the language in which `text` says these words: that one, or the first."""
        words = self.words.get(language)
        said = words is not None and key in words.sentences
        return language if said else self.head.languages[0]

    def unreviewed(self) -> dict[str, list[str]]:
        """Return, by language, the files of words that no lawyer has reviewed as they stand."""
        return {language: words.unreviewed() for language, words in self.words.items()}

    def untranslated(self) -> dict[str, list[str]]:
        """Return, by language, the keys that only the first language has so far (P0h)."""
        first, *others = self.head.languages
        keys = [*filter(self.head.is_first_language_only, self.words[first].sentences)]
        return {
            language: [key for key in keys if key not in self.words[language].sentences]
            for language in others
        }

    def _place(self, code: str | None) -> str:
        if code is None or code in self.jurisdictions:
            return code or UNKNOWN_PLACE
        found = self.places.get(code) or self.places.get(code.partition("-")[0])
        return found or UNKNOWN_PLACE


def load(folder: Path | str) -> Policy:
    """Read, check, link and compile a policy folder.

    Raises PolicyErrors holding everything that is wrong with it. Nothing else is touched: who
    serves a policy already keeps serving it.
    """
    reader = Reader(Path(folder))
    parts = read_folder(reader)
    unfit = {(problem.file, problem.table) for problem in reader.problems if problem.key}
    found = len(reader.problems)
    check(parts, reader)
    # What follows only from a table that could not be read whole is no news.
    reader.problems[found:] = [
        problem for problem in reader.problems[found:] if (problem.file, problem.table) not in unfit
    ]
    if reader.problems:
        raise PolicyErrors(reader.problems)
    return assembled(parts, fingerprint(reader.raw), carried(reader))


def overdue(folder: Path | str, today: dt.date) -> list[Problem]:
    """Return the reviews of assessments and safeguards that a folder owes on `today`."""
    reader = Reader(Path(folder))
    parts = read_folder(reader)
    reader.problems.clear()
    check_reviews(parts, reader, today)
    return sorted(reader.problems)


def assembled(
    parts: Folder, digest: str, carriers: dict[str, tuple[Carried, ...]] | None = None
) -> Policy:
    """Link and compile a folder that has passed its checks."""
    purposes = parts.purposes
    uses = {id_: _with_families(purpose.uses, parts) for id_, purpose in purposes.items()}
    needs = {
        id_: uses[id_] if purpose.needs is None else _with_families(purpose.needs, parts)
        for id_, purpose in purposes.items()
    }
    masks = {id_: 1 << purpose.bit for id_, purpose in purposes.items()}
    books = compile_books(parts.jurisdictions, purposes, parts.rules.rule)
    policy = Policy(
        head=parts.head,
        fingerprint=digest,
        purposes=purposes,
        categories=parts.category,
        sources=parts.categories.source,
        sensitive=parts.categories.sensitive,
        kinds=parts.rules.kind,
        traits=parts.rules.trait,
        signals=parts.rules.signal,
        footings=parts.rules.basis,
        recipients=parts.recipients,
        closed=parts.closed,
        programmes=parts.programmes,
        decisions=parts.decisions,
        measures=parts.measures,
        rights=parts.rights,
        mail=parts.mail,
        retention=parts.retention,
        jurisdictions=parts.jurisdictions,
        documents=parts.documents,
        words=parts.words,
        promises=parts.promises,
        carried=carriers or {},
        books=books,
        places={code: place.id for place in parts.jurisdictions.values() for code in place.places},
        masks=masks,
        everything=sum(masks.values()),
        _uses=uses,
        _users=_inverted(uses, parts.category),
        _schedules=parts.kept(),
        _needing={
            category: sum(masks[purpose] for purpose, needed in needs.items() if category in needed)
            for category in parts.category
        },
        _surviving=frozenset(
            id_
            for id_, mask in masks.items()
            if not any(_restricts(book, mask) for book in books.values())
        ),
    )
    return msgspec.structs.replace(policy, permitted_by_default=_steady(policy))


def _steady(policy: Policy) -> int:
    """Return the purposes that no fact can close: permitted everywhere on no condition."""
    steady = policy.everything
    for book in policy.books.values():
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
