"""The policy's words for a reader: in their language where it has them, else marked foreign."""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import ngettext

from plainview.engine import LONGEST_MONTHS, Guard, Policy, reached
from plainview.platform import languages
from plainview.platform.languages import dates, direction, numbers
from plainview.privacy.notice.blocks import Cell, Link, Table

# U+2068 and U+2069: what stands between them has a direction of its own.
_ISOLATE, _END = "\u2068", "\u2069"
_INTEREST = "legitimate-interest"


def capital(text: str) -> str:
    """Return `text` beginning with a capital letter."""
    return text[:1].upper() + text[1:]


class Decided(NamedTuple):
    """An automated decision in words: what is decided, by which logic, with what effect."""

    name: str
    logic: str
    effect: str


class Speaker:
    """Says things of a policy in one language, with `terms` those of the DPV beside it."""

    def __init__(self, policy: Policy, language: str, *, terms: bool = False) -> None:
        self.policy = policy
        self.language = language
        self.terms = terms
        self.comma = self.say("notice.comma")
        self.colon = self.say("notice.colon")
        self.semicolon = self.say("notice.semicolon")
        self.stop = languages.stop(language)

    def say(self, key: str, **facts: str) -> str:
        """Return the words for `key`. Raises KeyError when no language has them."""
        return self.policy.text(key, self.language, **facts)

    def foreign(self, key: str) -> str:
        """Return the language that the words for `key` are in, if it is not the reader's."""
        language = self.policy.language_of(key, self.language)
        return "" if language == self.language else language

    def apart(self, name: str) -> str:
        """Return a name, address or citation so that words set right to left leave it whole."""
        return f"{_ISOLATE}{name}{_END}" if name and direction(self.language) == "rtl" else name

    def called(self, recipient: str) -> str:
        """Return what a recipient is called. Raises KeyError for one that is not declared."""
        return self.apart(self.policy.called(recipient, self.language))

    def flagged(self, text: str, fact: object) -> str:
        """Say so when a fact rests on general knowledge alone."""
        unverified = getattr(fact, "provenance", "") == "unverified"
        return text + self.aside(self.say("notice.unverified")) if unverified else text

    def link(self, text: str, url: str, note: str = "") -> Link:
        """Return a page of somebody else, with what is said of it."""
        return Link(text, url, note, self.colon)

    def table(self, key: str, rows: Iterable[tuple[Cell, ...]], **facts: str) -> Iterator[Table]:
        """A table under the heads of its words; a column that has none is left out."""
        head = [part.strip() for part in self.say(f"notice.{key}_head", **facts).split("|")]
        shown = [n for n, part in enumerate(head) if part]
        found = tuple(tuple(row[n] for n in shown) for row in rows)
        if found:
            yield Table(tuple(head[n] for n in shown), found)

    def aside(self, words: str) -> str:
        """Return words in brackets, with the space that belongs before them."""
        return languages.aside(words, self.language)

    def together(self, *sentences: str) -> str:
        """Return whole sentences one after the other."""
        return languages.together(*sentences, language=self.language)

    def categories(self, categories: Iterable[str]) -> str:
        """Return kinds of data in a row."""
        return self.semicolon.join(self.say(f"categories.{category}") for category in categories)

    def places(self, places: Iterable[str]) -> str:
        """Return jurisdictions in a row, heirs of a law under its name, or `everywhere`."""
        found = list(dict.fromkeys(map(self.policy.head_of, places)))
        if set(found) == self._everywhere:
            return self.say("notice.everywhere")
        return self.listed(self.say(f"jurisdictions.{place}") for place in found)

    def law(self, regime: str) -> str:
        """Return the place whose law a regime is; the key of one that this policy has not."""
        known = self.policy.jurisdictions
        of = [id_ for id_, each in known.items() if each.regime == regime]
        head = min(of, key=lambda id_: len(known[id_].parents), default="")
        return self.say(f"jurisdictions.{head}") if head else regime

    @functools.cached_property
    def _everywhere(self) -> set[str]:
        return {self.policy.head_of(id_) for id_ in self.policy.books}

    def countries(self, codes: Iterable[str]) -> str:
        """Return countries in a row."""
        return self.listed(self.say(f"countries.{code}") for code in codes)

    def facts(self) -> dict[str, str]:
        """Return what clauses may fill in (`engine.FACTS`); empty where the policy has none."""
        policy, controller = self.policy, self.policy.controller
        retention = policy.retention
        return {
            "controller": self.apart(controller.name),
            "leader": self.apart(controller.leader),
            "group": self.apart(controller.group),
            "seat": self.apart(controller.group_seat),
            "address": self.apart(controller.address),
            "email": self.apart(controller.email),
            "officer": self.apart(controller.officer),
            "represented": self.listed(self.apart(it.name) for it in policy.head.representative),
            "joint": self.listed(self.called(it.id) for it in policy.joint_controllers),
            "site": self.apart(controller.url),
            "covers": self.listed(self.say(f"notice.covers.{it}") for it in policy.head.covers),
            "adult": str(policy.head.minors.least),
            "dormancy": self.dormancy(),
            "unconfirmed": self.unconfirmed(),
            "backups": self.lasting(retention.backups),
            "longest_hold": self.lasting(retention.holds.longest),
            "signals": self.listed(self.apart(it.name) for it in policy.signals.values()),
            "countries": self.countries(reached(policy)),
            "appeal": self.apart(policy.mail.appeal) if policy.mail else "",
        }

    def asked(self, purposes: Iterable[str]) -> str:
        """Return the kinds of these purposes that rest nowhere on our interest, in few words each.

        `Cookies, mail, and advertising`; empty where the policy has no short words for any.
        """
        policy = self.policy
        laws = policy.jurisdictions.values()
        kinds = {policy.purposes[id_].kind for id_ in purposes}
        kinds -= {kind for law in laws for kind, basis in law.kinds.items() if basis == _INTEREST}
        short = policy.briefly(kind for kind in policy.kinds if kind in kinds)
        return capital(self.listed(map(self.say, short))) if short else ""

    def lasting(self, duration: str) -> str:
        """Return an ISO 8601 length of time in words."""
        return numbers.lasting(duration, self.language)

    def dormancy(self) -> str:
        """Return after how long without use an account is over."""
        return self.lasting(f"P{self.policy.retention.dormancy.months}M")

    def unconfirmed(self) -> str:
        """Return how long an account waits for a yes from its address; empty if for ever."""
        waits = self.policy.retention.unconfirmed
        return "" if waits is None else self.lasting(waits.keep)

    def day(self, day: dt.date) -> str:
        """Return a day as the language writes it."""
        with languages.speaking(self.language):
            return dates.written(day)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as the language lists them: `a, b and c`."""
        return languages.listed(names, self.language)

    def guard(self, purpose: str, guard: Guard) -> str:
        """Return what a safeguard of a purpose means. Raises UnknownPurpose."""
        least = self.policy.purpose(purpose).threshold
        with languages.speaking(self.language):
            people = ngettext("%(n)s person", "%(n)s people", least)
        facts = {
            "threshold": people % {"n": numbers.written(least, self.language)},
            "months": self.lasting(f"P{LONGEST_MONTHS}M"),
        }
        return self.say(f"guards.{guard}", **facts)

    def decision(self, decision: str) -> Decided:
        """Return an automated decision in words. Raises KeyError for one not in the register."""
        least, most = self.policy.decisions[decision].band or (0, 0)
        shares = {"least": least, "most": most}
        facts = {name: numbers.percent(share, self.language) for name, share in shares.items()}
        facts |= {"dormancy": self.dormancy(), "unconfirmed": self.unconfirmed()}
        words = (f"decisions.{decision}.{word}" for word in Decided._fields)
        return Decided(*(self.say(key, **facts) for key in words))
