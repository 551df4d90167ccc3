"""Composes the notice: words from the policy's texts, lists and facts from its declarations."""

from collections.abc import Iterable, Iterator
from typing import Literal

from django.conf import settings

from plainview.engine import Jurisdiction, Policy, Purpose, Recipient
from plainview.privacy.notice.blocks import Block, Heading, Items, Paragraph, Table

# U+2068 and U+2069: what stands between them has a direction of its own.
_ISOLATE, _END = "\u2068", "\u2069"


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return which way a language is written, as HTML's `dir` has it."""
    return "rtl" if language in settings.LANGUAGES_BIDI else "ltr"


def compose(policy: Policy, language: str = "en") -> list[Block]:
    """Return the whole notice in a language of the policy."""
    return list(_Notice(policy, language).blocks())


class _Notice:
    def __init__(self, policy: Policy, language: str) -> None:
        self.policy = policy
        self.language = language
        self.comma = self.say("notice.comma")
        self.semicolon = self.say("notice.semicolon")

    def say(self, key: str, **facts: str) -> str:
        return self.policy.text(key, self.language, **facts)

    def apart(self, name: str) -> str:
        """Return a name, address or citation so that words set right to left leave it whole."""
        return f"{_ISOLATE}{name}{_END}" if name and direction(self.language) == "rtl" else name

    def heading(self, key: str, level: int = 2) -> Heading:
        return Heading(level, self.say(f"notice.{key}"), key)

    def table(self, key: str, rows: Iterable[tuple[str, ...]]) -> Table:
        head = (part.strip() for part in self.say(f"notice.{key}_head").split("|"))
        return Table(tuple(head), tuple(rows))

    def blocks(self) -> Iterator[Block]:
        yield from self.opening()
        yield self.heading("categories")
        yield self.table("categories", self.categories())
        yield from self.purposes()
        yield self.heading("recipients")
        yield self.table("recipients", self.recipients())
        yield from self.programmes()
        yield self.heading("rights")
        yield Paragraph(self.say("notice.rights_intro"))
        yield self.table("rights", self.rights())
        yield from self.retention()
        yield from self.places()
        yield self.heading("contact_title")
        yield self.controller("notice.contact")

    def opening(self) -> Iterator[Block]:
        policy = self.policy
        yield self.heading("title", 1)
        yield Paragraph(
            self.say(
                "notice.version",
                version=policy.version,
                effective=policy.head.effective.isoformat(),
                fingerprint=policy.fingerprint,
            )
        )
        yield self.controller("notice.intro")
        if policy.controller.group:
            yield self.controller("notice.intro_group")
        yield Paragraph(self.say("notice.personal"))
        yield Paragraph(self.say("notice.sensitive"))

    def controller(self, key: str) -> Paragraph:
        head = self.policy.head
        controller = head.controller
        facts = {
            "controller": self.apart(controller.name),
            "group": self.apart(controller.group),
            "seat": self.apart(controller.group_seat),
            "email": self.apart(controller.email),
            "officer": self.apart(controller.officer),
            "address": self.apart(controller.address),
            "covers": self.comma.join(self.say(f"notice.covers.{it}") for it in head.covers),
        }
        return Paragraph(self.say(key, **facts))

    def categories(self) -> Iterator[tuple[str, ...]]:
        kept = {
            category: schedule
            for schedule, declared in self.policy.retention.schedule.items()
            for category in declared.categories
        }
        for id_, category in self.policy.categories.items():
            if category.parent:
                sources = self.comma.join(self.say(f"sources.{it}") for it in category.sources)
                how_long = self.say(f"retention.{kept[id_]}")
                yield _capital(self.say(f"categories.{id_}")), sources, how_long

    def categories_of(self, categories: Iterable[str]) -> str:
        return self.semicolon.join(self.say(f"categories.{category}") for category in categories)

    def purposes(self) -> Iterator[Block]:
        yield self.heading("purposes")
        yield Paragraph(self.say("notice.purposes_intro"))
        for kind in self.policy.kinds:
            mine = [p for p in self.policy.purposes.values() if p.kind == kind]
            if mine:
                yield Heading(3, self.say(f"notice.kinds.{kind}"), f"kind-{kind}")
            for purpose in mine:
                yield Heading(4, self.say(f"purposes.{purpose.id}.name"), f"purpose-{purpose.id}")
                yield Paragraph(self.say(f"purposes.{purpose.id}.why"))
                yield Items(tuple(self.particulars(purpose)))

    def particulars(self, purpose: Purpose) -> Iterator[str]:
        uses = self.categories_of(purpose.uses) or self.say("notice.purposes_nothing")
        yield f"{self.say('notice.purposes_uses')}: {uses}"
        footing: dict[str, list[str]] = {}
        for id_, book in self.policy.books.items():
            for term in book.allows:
                if term.basis and term.mask >> purpose.bit & 1:
                    footing.setdefault(term.basis, []).append(self.policy.head_of(id_))
        for basis, places in footing.items():
            where = self.listed(list(dict.fromkeys(places)))
            yield f"{self.say('notice.purposes_bases')}: {self.say(f'bases.{basis}')} ({where})"
        if purpose.loses:
            without = self.say(f"purposes.{purpose.id}.without")
            yield f"{self.say('notice.purposes_without')}: {without}"

    def listed(self, places: list[str]) -> str:
        if set(places) == {self.policy.head_of(id_) for id_ in self.policy.books}:
            return self.say("notice.everywhere")
        return self.comma.join(self.say(f"jurisdictions.{place}") for place in places)

    def recipients(self) -> Iterator[tuple[str, ...]]:
        for id_, recipient in self.policy.recipients.items():
            name = f"{self.apart(recipient.name)}: {self.say(f'recipients.{id_}')}"
            if recipient.notice_url:
                name += f" ({self.apart(recipient.notice_url)})"
            country = self.say(f"countries.{recipient.country}")
            what = ". ".join(
                f"{self.say(f'purposes.{purpose}.name')}: {self.categories_of(categories)}"
                for purpose, categories in recipient.receives.items()
            )
            role = _capital(self.say(f"notice.roles.{recipient.role}"))
            yield name, f"{role}{self.semicolon}{country}", what, self.protection(recipient)

    def protection(self, recipient: Recipient) -> str:
        said = []
        for safeguard in recipient.safeguard:
            known = self.comma.join(map(self.apart, _known(safeguard)))
            said.append(f"{self.say(f'safeguards.{safeguard.kind}')} ({known})")
        return " ".join(said) or _capital(self.say("notice.recipients_within"))

    def programmes(self) -> Iterator[Block]:
        if not self.policy.programmes:
            return
        yield self.heading("programmes")
        lines = []
        for id_, programme in self.policy.programmes.items():
            estimate = programme.estimate
            facts = {
                "name": self.say(f"programmes.{id_}.name"),
                "terms": self.say(f"programmes.{id_}.terms"),
                "value": f"{estimate.value / 100:.2f}",
                "currency": estimate.currency,
                "method": self.say(f"programmes.{id_}.method"),
                "leaving": self.say(f"programmes.{id_}.leaving"),
            }
            lines.append(self.say("notice.programmes_line", **facts))
        yield Items(tuple(lines))

    def rights(self) -> Iterator[tuple[str, ...]]:
        laws = [self.policy.jurisdictions[id_] for id_ in self.policy.books]
        for id_, right in self.policy.rights.items():
            there = list(
                dict.fromkeys(self.policy.head_of(law.id) for law in laws if id_ in law.rights)
            )
            means = self.say(f"notice.means.{right.means}")
            yield self.say(f"rights.{id_}"), _capital(self.listed(there)), _capital(means)

    def retention(self) -> Iterator[Block]:
        retention = self.policy.retention
        yield self.heading("retention")
        yield Items(tuple(self.say(f"retention.{schedule}") for schedule in retention.schedule))
        time = self.say(f"durations.{retention.backups}")
        yield Paragraph(self.say("notice.retention_backups", time=time))
        if retention.must_keep:
            yield self.heading("retention_laws", 3)
            yield self.table("retention_law", self.laws())

    def laws(self) -> Iterator[tuple[str, ...]]:
        for law in self.policy.retention.must_keep.values():
            what = self.categories_of(law.categories)
            places = self.comma.join(_capital(self.say(f"countries.{it}")) for it in law.places)
            keep = self.say(f"durations.{law.keep}")
            yield _capital(what), places, keep, self.flagged(self.apart(law.law), law)

    def places(self) -> Iterator[Block]:
        yield self.heading("jurisdictions")
        yield self.table("jurisdictions", self.jurisdictions())
        signals = self.comma.join(self.apart(it.name) for it in self.policy.signals.values())
        closed = [
            self.say(f"purposes.{id_}.name")
            for id_ in self.policy.purposes
            if "signal" in self.policy.closed_by(id_)
        ]
        if signals and closed:
            purposes = self.semicolon.join(closed)
            yield Paragraph(self.say("notice.signals", signals=signals, purposes=purposes))

    def jurisdictions(self) -> Iterator[tuple[str, ...]]:
        for place in self.policy.jurisdictions.values():
            model = self.say(f"notice.jurisdictions_{place.model.replace('-', '_')}")
            name = _capital(self.say(f"jurisdictions.{place.id}"))
            yield name, _capital(model), self.semicolon.join(self.authorities(place))

    def authorities(self, place: Jurisdiction) -> Iterator[str]:
        for authority in place.authority:
            at = f"{authority.place}: " if len(place.authority) > 1 else ""
            name = self.comma.join(self.apart(it) for it in (authority.name, authority.url) if it)
            yield at + self.flagged(name, authority)

    def flagged(self, text: str, fact: object) -> str:
        """Say so when a fact rests on general knowledge alone."""
        unverified = getattr(fact, "provenance", "") == "unverified"
        return f"{text} ({self.say('notice.unverified')})" if unverified else text


def _known(safeguard: object) -> Iterator[str]:
    for key in ("reference", "authority", "url"):
        if value := getattr(safeguard, key):
            yield value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
