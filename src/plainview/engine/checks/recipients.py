"""Checks of recipients.toml and programmes.toml: nothing leaves but what may, protected."""

import re

from plainview.engine.checks.interests import months
from plainview.engine.checks.rules import check_list
from plainview.engine.declarations import Jurisdiction, Recipient, Safeguard, Transfers
from plainview.engine.declarations.recipients import COSTS
from plainview.engine.folder import Folder
from plainview.engine.positions import Path
from plainview.engine.problems import nearest
from plainview.engine.reading import Reader

FILE = "recipients.toml"
WHOLE_DAYS = re.compile(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?")
"""An ISO 8601 duration of whole days, as `retention.sweeping` counts it."""
_OWN_POLICY = frozenset({"joint", "independent", "partner", "advertiser", "group"})
_WITHOUT_CONTRACT = frozenset({"authority"})
_DAYS_A_MONTH = 30
BASKET = "activity.purchase"
"""What tells of a basket that somebody left (P5.2.2.4c)."""
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?")


def check_recipients(folder: Folder, reader: Reader) -> None:
    """Each recipient has its purposes, a closed list, contract, notice and safeguards.

    Promises: P2.1.5b, P4.1.1a, P4.1.3e.
    """
    _check_closed(folder, reader)
    carriers = [id_ for id_, each in folder.recipients.items() if each.carries == "mail"]
    for id_, recipient in folder.recipients.items():
        at: Path = ("recipient", id_)
        if id_ in carriers[1:]:
            problem = f"mail is carried by `{carriers[0]}` already"
            reader.add(FILE, (*at, "carries"), problem, "let one recipient carry the mail")
        if recipient.deletes_after and not WHOLE_DAYS.fullmatch(recipient.deletes_after):
            remedy = "write years, months, weeks or days, as `P30D`"
            problem = f"`{recipient.deletes_after}` is no ISO 8601 time"
            reader.add(FILE, (*at, "deletes_after"), problem, remedy)
        if recipient.role in _OWN_POLICY and not recipient.notice_url:
            remedy = "add `notice_url`, the address of its own privacy notice"
            reader.add(FILE, at, f"recipient `{id_}` has no link to its notice", remedy)
        if recipient.role == "joint" and not recipient.contact:
            remedy = "add `contact`, where people reach it: mail, telephone or a page"
            reader.add(FILE, at, f"nobody learns how to reach `{id_}`", remedy)
        contract = recipient.contract
        if recipient.role not in _WITHOUT_CONTRACT and not (contract and contract.reference):
            remedy = "add `contract` with its reference and date"
            reader.add(FILE, at, f"recipient `{id_}` is bound by no contract", remedy)
        for purpose, categories in recipient.receives.items():
            _check_received(folder, reader, recipient, purpose, categories)
        _check_keys(folder, reader, recipient)
        _check_hosts(folder, reader, recipient)
        _check_embeds(reader, recipient)
        check_list(folder, reader, FILE, (*at, "rule"), recipient.rule)
        _check_days(folder, reader, recipient)
        for n, rule in enumerate(recipient.rule):
            if rule.allow:
                remedy = "write it as `deny = true` with `when` or `unless`"
                problem = "a recipient's rule can only deny; the purpose permits"
                reader.add(FILE, (*at, "rule", n, "allow"), problem, remedy)
        _check_binding_rules(reader, recipient)
        for place in folder.laws:
            if place.transfers is not None and place.transfers.governed:
                _check_transfer(reader, recipient, place)


def _check_days(folder: Folder, reader: Reader, recipient: Recipient) -> None:
    """Contract and safeguards hold from the first day of the version on (P4.1.1a, P7b)."""
    at: Path = ("recipient", recipient.id)
    begin = [((*at, "safeguard", n), each.since) for n, each in enumerate(recipient.safeguard)]
    if recipient.contract is not None:
        begin.append(((*at, "contract"), recipient.contract.since))
    for where, since in begin:
        if since > folder.head.effective:
            problem = f"it binds from {since} on, the version from {folder.head.effective}"
            remedy = "let the version wait for it, or leave the recipient out until then"
            reader.add(FILE, (*where, "since"), problem, remedy)
    for n, safeguard in enumerate(recipient.safeguard):
        if safeguard.review <= safeguard.since:
            remedy = "write the day on which the safeguard will be looked at again"
            problem = f"the review of {safeguard.review} is not after {safeguard.since}"
            reader.add(FILE, (*at, "safeguard", n, "review"), problem, remedy)


def _check_closed(folder: Folder, reader: Reader) -> None:
    """Only listed headings may leave, and advertisers get from a list of their own.

    Promises: P4.1.3c, P4.2a.
    """
    closed = folder.closed
    for id_, category in folder.category.items():
        if category.shareable and category.heading not in closed.shareable:
            path: Path = ("category", id_, "shareable")
            listed = ", ".join(f"`{heading}`" for heading in closed.shareable) or "none"
            problem = f"`{category.heading}` may go to nobody, so `{id_}` may not either"
            remedy = f"remove it; headings that may: {listed}"
            reader.add("categories.toml", path, problem, remedy)
    for n, id_ in enumerate(closed.advertisers):
        category_ = folder.category.get(id_)
        at: Path = ("closed", "advertisers", n)
        if category_ is None:
            remedy = nearest(id_, folder.category, "declare it in `categories.toml`")
            reader.add(FILE, at, f"unknown category `{id_}`", remedy)
        elif not category_.shareable:
            remedy = "remove it; only categories with `shareable = true` may leave"
            reader.add(FILE, at, f"`{id_}` may go to nobody", remedy)


def _check_keys(folder: Folder, reader: Reader, recipient: Recipient) -> None:
    """What a recipient keeps on a device: for a purpose it serves, and not too long (P1.2.6c)."""
    kept = folder.kept()
    longest = months(kept["device.storage"].keep) if "device.storage" in kept else 0
    for name, key in recipient.keys.items():
        at: Path = ("recipient", recipient.id, "keys", name)
        if "device.storage" not in recipient.receives.get(key.purpose, ()):
            remedy = f"remove it, or let it receive `device.storage` for `{key.purpose}`"
            problem = f"`{recipient.id}` may keep nothing on a device for `{key.purpose}`"
            reader.add(FILE, (*at, "purpose"), problem, remedy)
        if key.days > longest * _DAYS_A_MONTH:
            remedy = f"keep it {int(longest * _DAYS_A_MONTH)} days at most"
            problem = f"`{name}` outlives what is kept on a device"
            reader.add(FILE, (*at, "days"), problem, remedy)


def _check_hosts(folder: Folder, reader: Reader, recipient: Recipient) -> None:
    """Whoever carries push is known by its hosts, nobody else has any, and none is of two."""
    at: Path = ("recipient", recipient.id)
    if bool(recipient.hosts) != (recipient.carries == "push"):
        remedy = 'write `carries = "push"` and the `hosts` of its addresses, or neither'
        reader.add(FILE, at, "push is carried by hosts, and hosts carry push", remedy)
    rest = (each for id_, each in folder.recipients.items() if id_ != recipient.id)
    others = {host for each in rest for host in each.hosts}
    for n, host in enumerate(recipient.hosts):
        if not _HOST.fullmatch(host):
            remedy = "write a name alone, `push.example.org` or `*.push.example.org`"
            reader.add(FILE, (*at, "hosts", n), f"`{host}` is no host", remedy)
        elif host in others:
            problem = f"`{host}` is a host of another recipient too"
            reader.add(FILE, (*at, "hosts", n), problem, "leave it to one of them")


def _check_embeds(reader: Reader, recipient: Recipient) -> None:
    """What a browser is led to tell a recipient is what it may have (P1.3.2a, P4.1.1a)."""
    for name, embed in recipient.embeds.items():
        at: Path = ("recipient", recipient.id, "embeds", name)
        more = sorted(set(embed.discloses) - set(recipient.receives.get(embed.purpose, ())))
        if more:
            told = ", ".join(f"`{each}`" for each in more)
            remedy = f"remove it, or let it receive them: `receives.{embed.purpose}`"
            problem = f"a browser would tell `{recipient.id}` {told}, which it may not have"
            reader.add(FILE, (*at, "purpose"), problem, remedy)
        for list_, what in ((embed.kinds, "kinds"), (embed.origins, "origins")):
            if not list_:
                remedy = "say at least one"
                reader.add(FILE, (*at, what), f"`{name}` has no {what}", remedy)
        for n, origin in enumerate(embed.origins):
            if not _ORIGIN.fullmatch(origin):
                remedy = "write scheme and host alone, without a wildcard: `https://a.example`"
                reader.add(FILE, (*at, "origins", n), f"`{origin}` is no origin", remedy)


def _check_received(
    folder: Folder, reader: Reader, recipient: Recipient, purpose: str, categories: tuple[str, ...]
) -> None:
    """Note what a recipient may not get: the list is closed (P4.1.1a, P4.1.3c, P4.2a)."""
    at: Path = ("recipient", recipient.id, "receives", purpose)
    if purpose not in folder.purposes:
        remedy = nearest(purpose, folder.purposes, "declare it in `purposes/`")
        reader.add(FILE, at, f"unknown purpose `{purpose}`", remedy)
        return
    for n, id_ in enumerate(categories):
        category = folder.category.get(id_)
        if category is None:
            remedy = nearest(id_, folder.category, "declare it in `categories.toml`")
            reader.add(FILE, (*at, n), f"unknown category `{id_}`", remedy)
        elif id_ not in folder.purposes[purpose].uses:
            remedy = f"remove it, or add it to the `uses` of `{purpose}`"
            reader.add(FILE, (*at, n), f"purpose `{purpose}` does not use `{id_}`", remedy)
        elif recipient.role != "authority" and (category.sensitive or not category.shareable):
            remedy = "remove it; only categories with `shareable = true` may leave"
            reader.add(FILE, (*at, n), f"`{id_}` may go to nobody", remedy)
        elif recipient.role == "advertiser" and id_ not in folder.closed.advertisers:
            listed = ", ".join(f"`{name}`" for name in folder.closed.advertisers) or "nothing"
            remedy = f"remove it; an advertiser may get {listed}"
            reader.add(FILE, (*at, n), f"`{id_}` may go to no advertiser", remedy)
        elif id_.startswith("viewing.") and not (
            recipient.role == "processor" or (recipient.titles and recipient.by_name)
        ):
            remedy = "remove it, or set `titles = true` and `by_name = true`: a consent apart"
            problem = f"`{id_}` tells which titles were watched"
            reader.add(FILE, (*at, n), problem, remedy)


def _check_binding_rules(reader: Reader, recipient: Recipient) -> None:
    """They are the group's, and readable, also where a country needs no safeguard (P7c)."""
    for n, safeguard in enumerate(recipient.safeguard):
        if safeguard.kind != "binding-rules":
            continue
        where: Path = ("recipient", recipient.id, "safeguard", n)
        if recipient.role != "group":
            remedy = "use clauses; binding rules are for companies of the group"
            reader.add(FILE, (*where, "kind"), "binding rules bind only the group", remedy)
        if not (safeguard.authority and safeguard.url):
            remedy = "add `authority` and `url` of the approved rules"
            reader.add(FILE, where, "binding rules name who approved them and where", remedy)


def _check_transfer(reader: Reader, recipient: Recipient, place: Jurisdiction) -> None:
    """Each country from which the data can be reached is protected as the law asks (P7b, P7c)."""
    transfers = place.transfers
    if transfers is None or recipient.role == "authority":
        return
    at: Path = ("recipient", recipient.id)
    for country in recipient.countries:
        if country in (*transfers.inside, *transfers.adequate):
            continue
        mine = [
            (n, safeguard)
            for n, safeguard in enumerate(recipient.safeguard)
            if place.regime in safeguard.regimes
            and (not safeguard.countries or country in safeguard.countries)
        ]
        if not mine:
            regimes = f'`regimes = ["{place.regime}"]`'
            remedy = f"add `[[recipient.{recipient.id}.safeguard]]` with {regimes}"
            problem = f"data from `{place.id}` would reach `{country}` without a safeguard"
            reader.add(FILE, at, problem, remedy)
        for n, safeguard in mine:
            where = (*at, "safeguard", n)
            _check_safeguard(reader, place, transfers, country, safeguard, where)


def _check_safeguard(
    reader: Reader,
    place: Jurisdiction,
    transfers: Transfers,
    country: str,
    safeguard: Safeguard,
    where: Path,
) -> None:
    if safeguard.kind == "adequacy" and country not in transfers.certified:
        problem = f"`{place.id}` has found no adequacy for `{country}`"
        reader.add(FILE, (*where, "kind"), problem, "use clauses with an assessment")
    if safeguard.kind == "consent" and not transfers.consent:
        problem = f"the law of `{place.id}` does not carry transfers on consent"
        reader.add(FILE, (*where, "kind"), problem, "use clauses with an assessment")
    if safeguard.kind == "clauses" and country in transfers.assess and not safeguard.assessment:
        remedy = "add `assessment`, the reference of the transfer assessment"
        problem = f"clauses towards `{country}` need an assessment"
        reader.add(FILE, where, problem, remedy)


def check_programmes(folder: Folder, reader: Reader) -> None:
    """Each incentive has a purpose of its own, known categories, terms and a reasoned value.

    One that a basket sets off says that it goes by the way to a purchase: so its purpose has to
    use that, and nobody who refuses it is looked at.

    Promises: P5.2.2.4b, P5.2.2.4c.
    """
    owners: dict[str, str] = {}
    for id_, programme in folder.programmes.items():
        at: Path = ("programme", id_)
        file = "programmes.toml"
        purpose = folder.purposes.get(programme.purpose)
        if purpose is None:
            remedy = nearest(programme.purpose, folder.purposes, "declare it in `purposes/`")
            reader.add(file, (*at, "purpose"), f"unknown purpose `{programme.purpose}`", remedy)
            continue
        if programme.purpose in owners:
            remedy = "give each programme a purpose of its own, so that joining one opens one"
            problem = f"purpose `{programme.purpose}` belongs to `{owners[programme.purpose]}`"
            reader.add(file, (*at, "purpose"), problem, remedy)
        owners.setdefault(programme.purpose, id_)
        for name in ("sales", *COSTS):
            if getattr(programme.estimate, name) < 0:
                remedy = "write the amount without a sign: what is a cost is taken away"
                reader.add(file, (*at, "estimate", name), f"`{name}` is below zero", remedy)
        for n, category in enumerate(programme.categories):
            if category not in purpose.uses:
                remedy = f"remove it, or add it to the `uses` of `{purpose.id}`"
                problem = f"purpose `{purpose.id}` does not use `{category}`"
                reader.add(file, (*at, "categories", n), problem, remedy)
        if programme.trigger == "basket" and BASKET not in programme.categories:
            remedy = f"add it, and to the `uses` of `{purpose.id}`, or name another trigger"
            problem = f"a basket is told by `{BASKET}`, which is not named"
            reader.add(file, (*at, "categories"), problem, remedy)
