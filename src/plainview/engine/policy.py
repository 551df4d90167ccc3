"""The policy as a whole: linked, compiled, immutable. `loading` makes one of a folder."""

import datetime as dt
from collections.abc import Callable, Iterable

import msgspec

from plainview.engine.compiling import Book, Joint, Merged, members, merge
from plainview.engine.declarations import (
    Category,
    ChangeKind,
    Controller,
    Footing,
    Jurisdiction,
    Kind,
    Named,
    Purpose,
    Recipient,
    Schedule,
    SensitiveKind,
    Signal,
    Source,
)
from plainview.engine.folder import Declared
from plainview.engine.inheriting import Statutes
from plainview.engine.problems import nearest
from plainview.engine.promises import Carried
from plainview.engine.provenance import Stated, stated

UNKNOWN_PLACE = "unknown"


class UnknownPurpose(KeyError):
    """A purpose that the policy does not declare."""


class UnknownCategory(KeyError):
    """A category that the policy does not declare."""


class Policy(Declared, frozen=True, kw_only=True):
    """What an operator promises, ready to decide. Made by `load`; never changed afterwards.

    It is the law of the days from `since` until before `until`; `on` returns that of another day.
    `own_keys` are the cookies and storage keys of ours, None in a version from before they were
    part of one.
    """

    fingerprint: str
    since: dt.date
    until: dt.date
    categories: dict[str, Category]
    sources: dict[str, Source]
    sensitive: dict[str, SensitiveKind]
    kinds: dict[str, Kind]
    traits: dict[str, Named]
    material: dict[ChangeKind, Named]
    notified: dict[ChangeKind, Named]
    signals: dict[str, Signal]
    cases: dict[str, Named]
    footings: dict[str, Footing]
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
    _statutes: Statutes
    _on: "Callable[[dt.date], Policy]"
    _schedules: dict[str, Schedule]
    _joints: dict[tuple[str, str], Joint] = msgspec.field(default_factory=dict)
    _heads: dict[str, str] = msgspec.field(default_factory=dict)
    _members: dict[str, list[str]] = msgspec.field(default_factory=dict)
    _merged: dict[frozenset[int], Merged] = msgspec.field(default_factory=dict)

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
    def joint_controllers(self) -> list[Recipient]:
        """Those who answer together with the controller for some of it (GDPR Art. 26)."""
        return [each for each in self.recipients.values() if each.role == "joint"]

    @property
    def laws_apart(self) -> tuple[Book, ...]:
        """The books that differ: one for all jurisdictions of a regime whose law is the same."""
        return tuple({id(book): book for book in self.books.values()}.values())

    def head_of(self, id_: str) -> str:
        """Return the furthest ancestor of a jurisdiction that is of its regime and has its rules.

        What is said of the bases of all its heirs may be said of it once.
        """
        if id_ not in self._heads:
            self._heads[id_] = self._found_head(id_)
        return self._heads[id_]

    def _found_head(self, id_: str) -> str:
        place, book = self.jurisdictions[id_], self.books.get(id_)
        for parent in reversed(place.parents):
            above = self.books.get(parent)
            same = above is not None and book is not None and above.allows is book.allows
            if same and self.jurisdictions[parent].regime == place.regime:
                return parent
        return id_

    def stated(self, today: dt.date) -> list[Stated]:
        """Return every fact of law that the folder states, and which want looking after."""
        return list(stated(self._statutes.files, today))

    def on(self, day: dt.date) -> "Policy":
        """Return the policy as the law stands on a day."""
        if self.since <= day < self.until:
            return self
        return self._on(day)

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

    def comes_from(self, category: str, source: str) -> bool:
        """Whether something of a category may come in by a source (P1a).

        By those that it declares. Whoever fills in a form, or writes, uses the service too; and
        what is all our own work is done at whichever door. Raises KeyError for unknown names.
        """
        declared = self.categories[category].sources
        used = "use" in declared and self.sources[source].from_ == "person"
        return source in declared or used or declared == ("derived",) or not declared

    def schedule(self, category: str) -> Schedule:
        """Return how long a category is kept, and what ends it. Raises UnknownCategory."""
        if category not in self._schedules:
            self.purposes_of(category)  # raises, naming the nearest
        return self._schedules[category]

    def refusable(self, purpose: str) -> bool:
        """Whether some standing lacks the purpose; False means every standing has it.

        Promises: P3.1.1a, P5.2.1.9a.
        """
        return not self.permitted_by_default >> self.bit(purpose) & 1

    def closed_by(self, purpose: str) -> frozenset[str]:
        """Return the rules that can close a purpose or keep it shut, in any jurisdiction.

        A basis that opens only on a condition counts under the id of its rule.
        """
        mask = 1 << self.bit(purpose)
        found = set()
        for book in self.laws_apart:
            found |= {term.rule.id for term in book.denies if term.mask & mask}
            allows = [term for term in book.allows if term.mask & mask]
            if all(term.when for term in allows):
                found |= {term.id for term in allows}
        return frozenset(found)

    def asks(self, presence: str | None, residence: str | None = None) -> frozenset[str]:
        """Return the purposes that a person's answer can open or close there.

        What a law denies to everybody is no question: a yes to it would change nothing.
        """
        asked = closed = 0
        for book in self.joint(presence, residence).books:
            for term in (*book.allows, *book.denies):
                if any(atom.fact == "choice" for atom in term.when):
                    asked |= term.mask
            for term in book.denies:
                if not term.when and term.unless is None:
                    closed |= term.mask
        return frozenset(id_ for id_, bit in self.masks.items() if bit & asked & ~closed)

    def survives_restriction(self, purpose: str) -> bool:
        """Whether a restriction of use leaves the purpose and its data alone."""
        return self.purpose(purpose).id in self._surviving

    def withholdable(self, purpose: str) -> frozenset[str]:
        """Return the categories that a restriction may take from a purpose and leave it open."""
        if self.survives_restriction(purpose):
            return frozenset()
        bit = self.masks[purpose]
        return frozenset(each for each in self._uses[purpose] if not self._needing[each] & bit)

    def disputable(self, purpose: str) -> frozenset[str]:
        """Return the categories of which a disputed fact is closed to a purpose.

        Of what people can change themselves nothing needs to be disputed.
        """
        if self.survives_restriction(purpose):
            return frozenset()
        known = self.categories
        return frozenset(each for each in self._uses[purpose] if not known[each].edit)

    def restricted_mask(self, purposes: Iterable[str], categories: Iterable[str]) -> int:
        """Return the bits a restriction falls on: purposes named, or in need of a category.

        Promises: P5.2.1.6a.
        """
        mask = self.mask(purposes)
        for category in categories:
            mask |= self._needing.get(category, 0)
        return mask

    def jurisdiction(self, code: str | None) -> Jurisdiction:
        """Return the law of an ISO code or of its own id; what nobody knows gets the strictest."""
        return self.jurisdictions[self._place(code)]

    def law_of(self, code: str | None) -> str:
        """Return the id of the law whose rules, articles and times hold there: `eu` for `DE`."""
        place = self._place(code)
        book = self.books.get(place)
        return place if book is None else book.jurisdiction.id

    def own(self, presence: str | None, residence: str | None) -> list[Jurisdiction]:
        """Return the jurisdictions of where somebody is and where they live, each once."""
        pair = (presence, presence if residence is None else residence)
        return [self.jurisdictions[id_] for id_ in dict.fromkeys(map(self._place, pair))]

    def laws(self, presence: str | None, residence: str | None) -> list[Jurisdiction]:
        """Return the jurisdictions that bind somebody present and resident there, each once.

        Promises: P3.1b.
        """
        ids = [id_ for own in self.own(presence, residence) for id_ in self._bound(own.id)]
        return [self.jurisdictions[id_] for id_ in dict.fromkeys(ids)]

    def opt_out_law(self, presence: str | None, residence: str | None) -> Jurisdiction:
        """Return whose words name the opt-out of somebody present and resident there (P4.1.3b).

        Of two places, the one that lets things run until a no; of two such, where they live.
        """
        own = self.own(presence, residence)[::-1]
        return next((law for law in own if law.model == "opt-out"), own[0])

    def models(self, presence: str | None, residence: str | None) -> frozenset[str]:
        """Return how the laws there go about choices: `opt-in`, `opt-out`, or both."""
        return frozenset(law.model for law in self.laws(presence, residence))

    def _bound(self, place: str) -> list[str]:
        """The ids of the jurisdictions that all must permit at one, found once."""
        if place not in self._members:
            self._members[place] = members(self.jurisdictions, self.jurisdictions[place])
        return self._members[place]

    def age_of_majority(self, code: str | None) -> int:
        """Return the age to certify for somebody who lives in a place (P10a).

        Of age there, and no younger than the policy's own least age. A country whose states
        differ, and a place that nobody knows, take the highest.
        """
        place = self.jurisdictions[self._place(code)]
        laws = [self.jurisdictions[id_] for id_ in self._bound(place.id)]
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
            books = {id(book): book for law in self.laws(*pair) for book in [self.books[law.id]]}
            rules = frozenset(id(book.allows) for book in books.values())
            if rules not in self._merged:
                self._merged[rules] = merge(books.values())
            joint = Joint(tuple(books.values()), self._merged[rules])
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

    def called(self, recipient: str, language: str = "en") -> str:
        """Return a recipient's name, or its description. Raises KeyError for none declared."""
        return self.described(recipient, language) or self.recipients[recipient].name

    def described(self, id_: str, language: str = "en") -> str:
        """Return what a language calls a recipient, or a place's authority, that has no name.

        As "courts and authorities" (`called.ID`); empty for whoever has a name.
        """
        try:
            return self.text(f"called.{id_}", language)
        except KeyError:
            return ""

    def briefly(self, kinds: Iterable[str]) -> list[str]:
        """Return the keys of the few words by which the first question names kinds of purposes.

        Those without any are left out.
        """
        known = self.words[self.head.languages[0]].sentences
        return [key for kind in kinds if (key := f"choices.banner.uses.{kind}") in known]

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
