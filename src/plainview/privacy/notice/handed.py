"""The lists of what leaves: who receives what, where, protected how, sold or not."""

from collections.abc import Iterator

from plainview import engine
from plainview.engine import Jurisdiction, Policy, Recipient
from plainview.privacy.disclosures import transfers
from plainview.privacy.notice.blocks import Block, Cell, Items, Paragraph
from plainview.privacy.notice.speaking import Speaker, capital

SALE = "optout-sale-sharing"
"""The right that ends whatever California calls selling or sharing."""
_Roles = dict[str, dict[str, None]]


def recipients(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for id_, recipient in speaker.policy.recipients.items():
            name, does = speaker.called(id_), speaker.say(f"recipients.{id_}")
            own = recipient.notice_url
            who = speaker.link(name, own, does) if own else f"{name}{speaker.colon}{does}"
            countries = speaker.countries(recipient.countries)
            what = _received(speaker, recipient)
            role = capital(speaker.say(f"notice.roles.{recipient.role}"))
            protection = _protection(speaker, recipient)
            yield who, f"{role}{speaker.semicolon}{countries}", what, protection

    yield from speaker.table("recipients", rows())


def _received(speaker: Speaker, recipient: Recipient) -> str:
    return speaker.stop.join(
        f"{speaker.say(f'purposes.{purpose}.name')}{speaker.colon}{speaker.categories(categories)}"
        for purpose, categories in recipient.receives.items()
    )


def _protection(speaker: Speaker, recipient: Recipient) -> str:
    said = []
    for safeguard in recipient.safeguard:
        known = (safeguard.reference, safeguard.authority, safeguard.url)
        cited = speaker.comma.join(speaker.apart(it) for it in known if it)
        said.append(speaker.say(f"safeguards.{safeguard.kind}") + speaker.aside(cited))
    return speaker.stop.join(said) or capital(speaker.say("notice.recipients_within"))


def services(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Those who act on their own account, with their own notices (P2.1.5b)."""
    own = {k: r for k, r in speaker.policy.recipients.items() if r.role == "independent"}
    if own:
        yield Items(
            tuple(
                speaker.link(
                    speaker.apart(each.name), each.notice_url, speaker.say(f"recipients.{id_}")
                )
                for id_, each in own.items()
            )
        )


def shareable(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """The closed list of what may be handed on (P4.2a)."""
    kinds = [id_ for id_, category in speaker.policy.categories.items() if category.shareable]
    yield Items(tuple(capital(speaker.say(f"categories.{id_}")) for id_ in kinds))


def sold(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Of each kind of data, whom it is sold to or shared with, and to whom it goes otherwise.

    What California wants of the last twelve months (11 CCR 7011(e)(1)), by the terms of its law;
    older versions say theirs.
    """
    policy = speaker.policy
    ends = policy.rights[SALE].closes if SALE in policy.rights else ()
    kinds: dict[str, set[str]] = {}
    for id_, category in policy.categories.items():
        if category.heading:
            kinds.setdefault(category.heading, set()).add(id_)
    gone = {heading: _gone(policy, ids, set(ends)) for heading, ids in kinds.items()}
    called = {str(heading): term for law in laws for heading, term in law.terms.items()}

    def name(heading: str) -> str:
        term = speaker.apart(called.get(heading, ""))
        return speaker.say(f"headings.{heading}") + (speaker.aside(term) if term else "")

    def said(roles: _Roles) -> str:
        return speaker.stop.join(
            f"{capital(speaker.say(f'notice.roles.{role}'))}{speaker.colon}"
            f"{speaker.semicolon.join(speaker.say(f'purposes.{it}.name') for it in purposes)}"
            for role, purposes in roles.items()
        ) or speaker.say("notice.sold_nobody")

    rows = (
        (name(heading), said(to_sell), said(otherwise))
        for heading, (to_sell, otherwise) in gone.items()
        if to_sell or otherwise
    )
    yield from speaker.table("sold", rows)
    rest = [heading for heading, ways in gone.items() if not any(ways)]
    if rest:
        kinds_ = speaker.semicolon.join(map(name, rest))
        yield Paragraph(speaker.say("notice.sold_rest", kinds=kinds_))


def _gone(policy: Policy, ids: set[str], ends: set[str]) -> tuple[_Roles, _Roles]:
    """For which purposes these kinds go to recipients of each role: sold or shared, and otherwise.

    What an opt-out of sale ends is a sale, unless who gets it works on our instruction.
    """
    found: tuple[_Roles, _Roles] = ({}, {})
    for each in policy.recipients.values():
        for purpose, categories in each.receives.items():
            if not ids.isdisjoint(categories):
                way = found[not (purpose in ends and each.role != "processor")]
                way.setdefault(each.role, {})[purpose] = None
    return found


def destinations(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Each country that data goes to, and how the reader's laws see it (P7d)."""
    found = transfers.destinations(speaker.policy, laws)
    several = len({law for each in found for ids in each.seen.values() for law in ids}) > 1

    def rows() -> Iterator[tuple[str, ...]]:
        for country, ids, seen in found:
            names = [speaker.called(id_) for id_ in ids]
            said = [
                capital(speaker.say(f"notice.destinations.{how}"))
                + (speaker.aside(speaker.places(places)) if several else "")
                for how, places in seen.items()
            ]
            how = speaker.semicolon.join(said) or speaker.say("notice.destinations.ungoverned")
            name = capital(speaker.say(f"countries.{country}"))
            yield name, speaker.listed(names), how

    yield from speaker.table("destinations", rows())


def abroad(speaker: Speaker, laws: list[Jurisdiction]) -> Iterator[Block]:
    """Each recipient abroad, where a law wants people to learn of each (PIPA Art. 28-8(2))."""
    wanted = {law.id: there for law in laws if (there := engine.abroad(speaker.policy, law))}
    found = {each.id: each for there in wanted.values() for each in there}

    def rows() -> Iterator[tuple[Cell, ...]]:
        for id_, each in found.items():
            who = speaker.comma.join((speaker.called(id_), speaker.apart(each.contact)))
            what = _received(speaker, each)
            how = capital(speaker.semicolon.join(_ways(speaker, each)))
            kept = speaker.say("notice.abroad.told")
            if each.deletes_after:
                time = speaker.lasting(each.deletes_after)
                kept = speaker.say("notice.abroad.lapses", time=time)
            yield who, capital(speaker.countries(each.countries)), what, how, kept

    if found:
        places = capital(speaker.places(wanted))
        yield Paragraph(speaker.say("notice.abroad.intro", places=places))
        yield from speaker.table("abroad", rows())


def _ways(speaker: Speaker, recipient: Recipient) -> Iterator[str]:
    """When and how data goes to a recipient."""
    embedded = {each.purpose for each in recipient.embeds.values()}
    if recipient.carries:
        yield speaker.say("notice.abroad.message")
    elif {*recipient.receives} - embedded:
        yield speaker.say("notice.abroad.sent")
    if embedded:
        yield speaker.say("notice.abroad.browser")
