"""The lists of the documents, made from the policy's declarations and never typed."""

from collections.abc import Callable, Iterator

from plainview.engine import Jurisdiction, Purpose
from plainview.platform.languages import numbers, speaking
from plainview.privacy.consent import receivers
from plainview.privacy.notice import handed
from plainview.privacy.notice.blocks import Block, Heading, Items, Link, Paragraph
from plainview.privacy.notice.speaking import Speaker, capital
from plainview.privacy.places.territories import territory_name

Maker = Callable[[Speaker, list[Jurisdiction]], Iterator[Block]]


def listed(name: str, speaker: Speaker, laws: list[Jurisdiction]) -> tuple[Block, ...]:
    """Return the list of this name (`engine.LISTS`) for a reader whom these laws bind."""
    return tuple(MAKERS[name](speaker, laws))


def _group(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """The group's own site (P0a)."""
    controller = speaker.policy.controller
    if controller.group_url:
        yield Items((Link(speaker.apart(controller.group), controller.group_url),))


def _representatives(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Who answers in the controller's stead, by law (GDPR Art. 13(1)(a))."""
    yield Items(tuple(represented(speaker)))


def represented(speaker: Speaker) -> Iterator[str]:
    """Say each representative: under which laws, who and where."""
    for each in speaker.policy.head.representative:
        where = capital(speaker.listed(map(speaker.law, each.regimes)))
        said = map(speaker.apart, (each.name, each.address, each.email))
        yield f"{where}{speaker.colon}{speaker.comma.join(said)}"


def _joint(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Who answers together with us, and the essence of what was agreed (GDPR Art. 26(2))."""
    yield Items(
        tuple(
            speaker.link(
                speaker.called(each.id),
                each.notice_url,
                f"{speaker.apart(each.contact)}{speaker.stop}{speaker.say(f'joint.{each.id}')}",
            )
            for each in speaker.policy.joint_controllers
        )
    )


def _officer(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Who looks after data protection, as what, and by which telephone, where that is said."""
    if who := officer(speaker):
        yield Items((who,))


def officer(speaker: Speaker) -> str:
    """Say what is published of the officer beside the address."""
    return speaker.comma.join(map(speaker.apart, speaker.policy.controller.officer_details))


def _categories(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    policy = speaker.policy
    kept = {
        category: schedule
        for schedule, declared in policy.retention.schedule.items()
        for category in declared.categories
    }

    alike: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for id_, category in policy.categories.items():
        if category.parent:
            alike.setdefault((category.parent, category.sources, kept[id_]), []).append(id_)

    def rows() -> Iterator[tuple[str, ...]]:
        for (_, sources, schedule), ids in alike.items():
            where = speaker.listed(speaker.say(f"sources.{source}") for source in sources)
            what = capital(speaker.categories(ids))
            yield what, capital(where), speaker.say(f"retention.{schedule}")

    yield from speaker.table("categories", rows())


def _purposes(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    policy = speaker.policy
    yield Paragraph(speaker.say("notice.purposes_intro"))
    for kind in policy.kinds:
        mine = [p for p in policy.purposes.values() if p.kind == kind]
        if mine:
            yield Heading(4, speaker.say(f"notice.kinds.{kind}"), f"law-kind-{kind}")
            yield from speaker.table("purposes", (_purpose(speaker, each) for each in mine))


def _purpose(speaker: Speaker, purpose: Purpose) -> tuple[str, ...]:
    """A use, what it takes, and its footing with the articles of each law."""
    name = speaker.say(f"purposes.{purpose.id}.name")
    why = speaker.say(f"purposes.{purpose.id}.why")
    uses = speaker.categories(purpose.uses) or speaker.say("notice.purposes_nothing")
    footing: dict[str, dict[str, Jurisdiction]] = {}
    policy = speaker.policy
    for head in dict.fromkeys(map(policy.head_of, policy.books)):
        for term in policy.books[head].allows:
            if term.basis and term.mask >> purpose.bit & 1:
                footing.setdefault(term.basis, {})[head] = policy.jurisdictions[head]
    said = []
    for basis, places in footing.items():
        articles = dict.fromkeys(place.bases.get(basis, "") for place in places.values())
        cited = speaker.comma.join(speaker.apart(article) for article in articles if article)
        words = capital(speaker.say(f"bases.{basis}")) + speaker.aside(speaker.places(places))
        said.append(f"{words}{speaker.semicolon}{cited}" if cited else words)
    footed = "".join(f"{each}{speaker.stop}" for each in said).rstrip()
    return f"{name}{speaker.stop}{why}", capital(uses), footed


def _programmes(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Of each reward: terms, what data it uses, its worth and how to leave (P5.2.2.4a).

    Of several also what all of them together are worth (P5.2.2.4b).
    """
    lines = []
    together: dict[str, int] = {}
    for id_, programme in speaker.policy.programmes.items():
        data = speaker.categories(programme.categories)
        said = receivers.terms(speaker.policy, id_, speaker.say, data, speaker.language)
        lines.append(said)
        made = programme.estimate
        together[made.currency] = together.get(made.currency, 0) + made.balance
    if len(lines) > 1:
        for currency, cents in together.items():
            value = numbers.written(max(0, cents) / 100, speaker.language, places=2)
            lines.append(speaker.say("notice.programmes_total", value=value, currency=currency))
    if lines:
        yield Items(tuple(lines))


def _rights(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    def rows() -> Iterator[tuple[str, ...]]:
        for id_, right in speaker.policy.rights.items():
            there = [
                place.id for place in speaker.policy.jurisdictions.values() if id_ in place.rights
            ]
            means = capital(speaker.say(f"notice.means.{right.means}"))
            yield speaker.say(f"rights.{id_}"), capital(speaker.places(there)), means

    yield Paragraph(speaker.say("notice.rights_intro"))
    yield from speaker.table("rights", rows())


def _retention(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Each schedule: what it is for, and how long."""
    schedules = speaker.policy.retention.schedule.values()

    def rows() -> Iterator[tuple[str, ...]]:
        for schedule in schedules:
            kinds = [each for each in schedule.categories if "." in each]
            yield capital(speaker.categories(kinds)), speaker.say(f"retention.{schedule.id}")

    yield from speaker.table("retention", rows())


def _laws(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """The laws that make us keep something longer."""

    def rows() -> Iterator[tuple[str, ...]]:
        for law in speaker.policy.retention.must_keep.values():
            what = capital(speaker.categories(law.categories))
            keep = speaker.lasting(law.keep)
            cited = speaker.flagged(speaker.apart(law.law), law)
            yield what, capital(speaker.countries(law.places)), keep, cited

    yield from speaker.table("retention_law", rows())


def _jurisdictions(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    policy = speaker.policy
    uses = speaker.asked(id_ for id_ in policy.purposes if policy.refusable(id_))

    def rows() -> Iterator[tuple[str, ...]]:
        for place in policy.jurisdictions.values():
            model = speaker.say(f"notice.jurisdictions_{place.model.replace('-', '_')}")
            name = capital(speaker.say(f"jurisdictions.{place.id}"))
            authorities = speaker.semicolon.join(_authorities(speaker, place))
            yield name, capital(model), authorities

    yield from speaker.table("jurisdictions", rows(), uses=uses)


def _authorities(speaker: Speaker, place: Jurisdiction) -> Iterator[str]:
    for authority in place.authority:
        at = f"{authority.place}: " if len(place.authority) > 1 else ""
        called = speaker.policy.described(place.id, speaker.language) or authority.name
        page = authority.complain or authority.url
        name = speaker.comma.join(speaker.apart(it) for it in (called, page) if it)
        yield at + speaker.flagged(name, authority)


def _signals(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    policy = speaker.policy
    closed = [id_ for id_ in policy.purposes if "signal" in policy.closed_by(id_)]
    if policy.signals and closed:
        purposes = speaker.semicolon.join(speaker.say(f"purposes.{id_}.name") for id_ in closed)
        signals = speaker.facts()["signals"]
        yield Paragraph(speaker.say("notice.signals", signals=signals, purposes=purposes))
        if not any("DNT" in each.headers for each in policy.signals.values()):
            yield Paragraph(speaker.say("notice.signals_none"))


def _ages(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """The places where one is of age later than elsewhere."""
    least = speaker.policy.head.minors.least
    older: dict[int, list[str]] = {}
    for place in speaker.policy.jurisdictions.values():
        if place.ages is None:
            continue
        if place.ages.majority > least:
            older.setdefault(place.ages.majority, []).append(
                speaker.say(f"jurisdictions.{place.id}")
            )
        for code, age in place.ages.exceptions.items():
            if age > least:
                with speaking(speaker.language):
                    older.setdefault(age, []).append(territory_name(code))
    if older:
        yield Items(
            tuple(
                speaker.say("notice.ages_line", age=str(age), places=speaker.listed(places))
                for age, places in sorted(older.items())
            )
        )


def _changes(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """What this version changed, in the language it was written in."""
    policy = speaker.policy
    first = policy.head.languages[0]
    said = tuple(change.summary for change in policy.head.change)
    if said:
        yield Items(said, "" if speaker.language == first else first)


def _decisions(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """The register of what programs decide: from what, by which logic, with what effect (P6a)."""

    def rows() -> Iterator[tuple[str, ...]]:
        for id_, decision in speaker.policy.decisions.items():
            said = speaker.decision(id_)
            what = capital(speaker.categories(decision.inputs))
            if decision.moments:
                kinds = speaker.categories(decision.moments)
                what = speaker.say("notice.decisions_moments", inputs=what, moments=kinds)
            yield said.name, what, speaker.together(said.logic, said.effect)

    yield from speaker.table("decisions", rows())


def _measures(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """What protects data (P8a)."""
    said = tuple(speaker.say(f"measures.{id_}") for id_ in speaker.policy.measures)
    if said:
        yield Items(said)


def _storage(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """What cookies and the like may be for, beyond the necessary (P1.2.6c)."""
    purposes = speaker.policy.purposes.items()
    yield Items(
        tuple(speaker.say(f"purposes.{id_}.name") for id_, it in purposes if it.kind == "storage")
    )


MAKERS: dict[str, Maker] = {
    "group": _group,
    "representatives": _representatives,
    "joint": _joint,
    "officer": _officer,
    "categories": _categories,
    "purposes": _purposes,
    "recipients": handed.recipients,
    "services": handed.services,
    "shareable": handed.shareable,
    "sold": handed.sold,
    "destinations": handed.destinations,
    "abroad": handed.abroad,
    "programmes": _programmes,
    "rights": _rights,
    "retention": _retention,
    "laws": _laws,
    "jurisdictions": _jurisdictions,
    "signals": _signals,
    "ages": _ages,
    "changes": _changes,
    "decisions": _decisions,
    "measures": _measures,
    "storage": _storage,
}
