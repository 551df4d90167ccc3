"""Composes the notice: words from the policy's texts, lists and facts from its declarations."""

from collections.abc import Iterable, Iterator

from plainview.engine import Jurisdiction, Policy, Purpose, Recipient
from plainview.privacy.notice.blocks import Block, Heading, Items, Paragraph, Table

_GIVEN = ("yes", "via", "implied", "consent")


def compose(policy: Policy, language: str = "en") -> list[Block]:
    """Return the whole notice in a language of the policy."""
    return list(_Notice(policy, language).blocks())


class _Notice:
    def __init__(self, policy: Policy, language: str) -> None:
        self.policy = policy
        self.language = language

    def say(self, key: str, **facts: str) -> str:
        return self.policy.text(key, self.language, **facts)

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
        controller = self.policy.controller
        facts = {
            "controller": controller.name,
            "group": controller.group,
            "seat": controller.group_seat,
            "email": controller.email,
            "officer": controller.officer,
            "address": controller.address,
            "covers": ", ".join(self.policy.head.covers),
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
                sources = ", ".join(self.say(f"sources.{source}") for source in category.sources)
                how_long = self.say(f"retention.{kept[id_]}")
                yield _capital(self.say(f"categories.{id_}")), sources, how_long

    def purposes(self) -> Iterator[Block]:
        yield self.heading("purposes")
        yield Paragraph(self.say("notice.purposes_intro"))
        for kind, named in self.policy.kinds.items():
            mine = [p for p in self.policy.purposes.values() if p.kind == kind]
            if mine:
                yield Heading(3, named.name, f"kind-{kind}")
            for purpose in mine:
                yield Heading(4, self.say(f"purposes.{purpose.id}.name"), f"purpose-{purpose.id}")
                yield Paragraph(self.say(f"purposes.{purpose.id}.why"))
                yield Items(tuple(self.particulars(purpose)))

    def particulars(self, purpose: Purpose) -> Iterator[str]:
        uses = "; ".join(self.say(f"categories.{category}") for category in purpose.uses)
        uses = uses or self.say("notice.purposes_nothing")
        yield f"{self.say('notice.purposes_uses')}: {uses}"
        footing: dict[str, list[str]] = {}
        for book in self.policy.books.values():
            for term in book.allows:
                if term.basis and term.mask >> purpose.bit & 1:
                    footing.setdefault(term.basis, []).append(book.jurisdiction.id)
        for basis, places in footing.items():
            where = self.listed(places)
            yield f"{self.say('notice.purposes_bases')}: {self.say(f'bases.{basis}')} ({where})"
        if purpose.loses:
            without = self.say(f"purposes.{purpose.id}.without")
            yield f"{self.say('notice.purposes_without')}: {without}"

    def listed(self, places: list[str]) -> str:
        if set(places) == set(self.policy.books):
            return self.say("notice.everywhere")
        return ", ".join(self.say(f"jurisdictions.{place}") for place in places)

    def recipients(self) -> Iterator[tuple[str, ...]]:
        for id_, recipient in self.policy.recipients.items():
            name = f"{recipient.name}: {self.say(f'recipients.{id_}')}"
            if recipient.notice_url:
                name += f" ({recipient.notice_url})"
            country = self.say(f"countries.{recipient.country}")
            what = ". ".join(
                f"{self.say(f'purposes.{purpose}.name')}: "
                + "; ".join(self.say(f"categories.{category}") for category in categories)
                for purpose, categories in recipient.receives.items()
            )
            role = self.say(f"notice.roles.{recipient.role}")
            yield name, f"{_capital(role)}; {country}", what, self.protection(recipient)

    def protection(self, recipient: Recipient) -> str:
        said = [
            f"{self.say(f'safeguards.{safeguard.kind}')} ({', '.join(_known(safeguard))})"
            for safeguard in recipient.safeguard
        ]
        return " ".join(said) or _capital(self.say("notice.recipients_within"))

    def programmes(self) -> Iterator[Block]:
        if not self.policy.programmes:
            return
        yield self.heading("programmes")
        lines = []
        for id_, programme in self.policy.programmes.items():
            estimate = programme.estimate
            facts = {
                "name": self.say(f"programmes.{id_}"),
                "terms": programme.terms,
                "value": f"{estimate.value / 100:.2f}",
                "currency": estimate.currency,
                "method": estimate.method,
                "leaving": programme.leaving,
            }
            lines.append(self.say("notice.programmes_line", **facts))
        yield Items(tuple(lines))

    def rights(self) -> Iterator[tuple[str, ...]]:
        for id_, right in self.policy.rights.items():
            there = [
                place.id
                for place in self.policy.jurisdictions.values()
                if id_ in place.rights and place.rights[id_].available.startswith(_GIVEN)
            ]
            yield self.say(f"rights.{id_}"), _capital(self.listed(there)), _capital(right.means)

    def retention(self) -> Iterator[Block]:
        retention = self.policy.retention
        yield self.heading("retention")
        yield Items(tuple(self.say(f"retention.{schedule}") for schedule in retention.schedule))
        days = retention.backups.removeprefix("P").removesuffix("D")
        yield Paragraph(self.say("notice.retention_backups", days=days))
        if retention.must_keep:
            yield self.heading("retention_laws", 3)
            yield self.table("retention_law", self.laws())

    def laws(self) -> Iterator[tuple[str, ...]]:
        for law in self.policy.retention.must_keep.values():
            what = ", ".join(self.say(f"categories.{category}") for category in law.categories)
            yield _capital(what), ", ".join(law.places), law.keep, self.flagged(law.law, law)

    def places(self) -> Iterator[Block]:
        yield self.heading("jurisdictions")
        yield self.table("jurisdictions", self.jurisdictions())
        signals = ", ".join(named.name for named in self.policy.signals.values())
        closed = [
            self.say(f"purposes.{id_}.name")
            for id_ in self.policy.purposes
            if "signal" in self.policy.closed_by(id_)
        ]
        if signals and closed:
            yield Paragraph(self.say("notice.signals", signals=signals, purposes="; ".join(closed)))

    def jurisdictions(self) -> Iterator[tuple[str, ...]]:
        for place in self.policy.jurisdictions.values():
            model = self.say(f"notice.jurisdictions_{place.model.replace('-', '_')}")
            name = _capital(self.say(f"jurisdictions.{place.id}"))
            yield name, _capital(model), "; ".join(self.authorities(place))

    def authorities(self, place: Jurisdiction) -> Iterator[str]:
        for authority in place.authority:
            at = f"{authority.place}: " if len(place.authority) > 1 else ""
            name = f"{authority.name}, {authority.url}" if authority.url else authority.name
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
