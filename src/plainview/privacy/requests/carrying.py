"""What a request brings about: choices, objections and restrictions at the gate, a copy, an end.

Nothing here moves a request; `services` does, and asks here for the effect. What acts at the gate
acts at once and for good: a purpose closed by an objection stays closed (P3.1.3h). Of purposes that
are compelling, such as security, each goes on until a person has weighed the objection to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import Standing as Facts
from plainview.engine.standing import Restriction
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.privacy import permissions
from plainview.privacy.consent import questions, stopping
from plainview.privacy.disclosures import post
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force
from plainview.privacy.requests import disputing, letters, minors, objecting, refusing
from plainview.privacy.requests.deciders import whom
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.machine import FINAL, State
from plainview.privacy.requests.models import RESTRICT, Channel, Outcome, Proof, Request, Restricts
from plainview.privacy.rights import services as rights
from plainview.privacy.rights import statements

DELETE, SHINE = "delete", "shine-the-light"
ACTS = (objecting.OBJECT, RESTRICT, *refusing.CLOSING)
"""The rights that act at the gate at once."""
PAGES = {
    "know-confirm": "privacy-statement",
    "list-specific-third-parties": "privacy-disclosures",
    "list-third-party-categories": "privacy-statement",
    "access": "privacy-copy",
    "portability": "privacy-copy",
}
"""The rights that a page of ours fulfils for whoever is signed in."""
GRACE = dt.timedelta(days=3)
"""So long a deletion that was asked for waits: for a change of mind, or for a person to object."""
OWN, SHOWN = (Channel.ACCOUNT, Channel.API), (Proof.SESSION, Proof.MAIL)


class Aside(Exception):
    """This can't be carried out by itself; a person has to."""


def on_their_word(kind: str) -> bool:
    """Whether a right acts at the gate and the policy asks for no proof of who wants it."""
    right = in_force().rights.get(kind)
    return kind in ACTS and right is not None and right.identity == "none"


def home(account: int) -> tuple[str, str]:
    """Where an account was seen and where it lives, as its law goes by it; "" where not known."""
    found = permissions.read(account)
    return (found[0].presence or "", found[0].residence or "") if found else ("", "")


def at_once(row: Request) -> tuple[str, bool]:
    """Bring about what acts at the gate; return words for the person, and whether that was all.

    Nobody learns from the words whether anybody has an account. Raises Aside for other rights, and
    where nothing tells whom it is about.
    """
    if row.kind == disputing.CORRECT and disputing.close(row):
        words = _(
            "What you say is wrong is set aside from now on. A person looks at it and decides."
        )
        return words, False
    if row.kind not in ACTS or not (row.member or "@" in row.contact):
        raise Aside
    account = whom(row)
    if row.kind == RESTRICT:
        if account is not None:
            restrict(account, row.purposes.split(), row.restricts)
        words = _("What we hold about you is set aside from now on, until it is settled.")
        return languages.together(words, refusing.reach(row)), False
    if account is None:
        stopping.stop(row.contact)
    if row.kind == objecting.OBJECT:
        chosen = row.purposes.split()
        weighed = objecting.enter(account, chosen)
        if weighed and chosen:
            words = _(
                "It protects the service, so it goes on while a person weighs your objection; you"
                " get a reasoned answer."
            )
            return languages.together(words, refusing.reach(row)), False
        if weighed:
            words = _(
                "What rests on our interest has stopped. Protecting the service goes on while a"
                " person weighs your objection; you get a reasoned answer."
            )
            return languages.together(words, refusing.reach(row)), False
    elif account is not None:
        refusing.close(account, row)
    words = _("It holds from now on.")
    return languages.together(words, refusing.reach(row)), True


def weighed(row: Request, *, upheld: bool) -> None:
    """A person has weighed an objection: it is closed, or goes on (`objecting.settle`)."""
    account = whom(row)
    if row.kind == objecting.OBJECT and account is not None:
        objecting.settle(account, row.purposes.split(), upheld=upheld)


def restrict(account: int, chosen: list[str], ground: str = "") -> None:
    """Set what is held of somebody aside: what may be refused rests, the rest only stores.

    `ground` is one of `Restricts`; unsaid it counts as the first, until a person has asked.
    """
    policy = in_force()
    purposes = frozenset(
        id_
        for id_ in policy.purposes
        if not policy.survives_restriction(id_) and (not chosen or id_ in chosen)
    )
    why: Any = ground or Restricts.ACCURACY.value
    rests = Restriction(ground=why, purposes=purposes)
    permissions.change(
        account,
        lambda facts: msgspec.structs.replace(
            facts, restrictions=(*_others(facts, purposes), rests)
        ),
    )


def found(row: Request) -> int | None:
    """The account of whoever a request is about, while it is there."""
    account = whom(row)
    return account if account is not None and permissions.read(account) is not None else None


def lift(row: Request) -> None:
    """End what a restriction set aside: the matter is settled, and the person was told before.

    What they dispute, or asked for anew meanwhile, stays set aside until that is decided; be it
    from their account or by their address.
    """
    account = found(row)
    if row.kind != RESTRICT or account is None:
        return
    by_address = Q(member=False) & ~Q(proof="")
    same = Request.objects.filter(Q(subject=account) | by_address, kind=RESTRICT)
    others = same.exclude(pk=row.pk).exclude(state__in=FINAL)
    theirs = post.belonging_to(account)
    asked = [
        frozenset(each.purposes.split())
        for each in others.only("member", "contact", "purposes")
        if each.member or theirs(each.contact)
    ]

    def stays(each: Restriction) -> bool:
        return bool(each.disputed) or any(not some or each.purposes <= some for some in asked)

    def lifted(facts: Facts) -> Facts:
        left = tuple(each for each in facts.restrictions or () if stays(each))
        return msgspec.structs.replace(facts, restrictions=left)

    permissions.change(account, lifted)


def _others(facts: Facts, purposes: frozenset[str]) -> tuple[Restriction, ...]:
    return tuple(each for each in facts.restrictions or () if each.purposes != purposes)


class Comes(Protocol):
    """A request, or its row of the queue: by which door somebody asked, and whether it waits."""

    @property
    def member(self) -> bool: ...
    @property
    def channel(self) -> str: ...
    @property
    def proof(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def by_hand(self) -> bool: ...
    @property
    def erasure(self) -> int | None: ...
    @property
    def received_at(self) -> dt.datetime: ...


def own_door(row: Comes) -> bool:
    """Whether somebody asked from their own account, and showed that it is they."""
    return row.member and row.channel in OWN and row.proof in SHOWN


def itself_at(row: Comes) -> dt.datetime | None:
    """When a deletion is carried out by itself if nobody keeps it from that; None if never."""
    waits = row.kind == DELETE and row.state == State.WORKING and own_door(row)
    if not waits or row.by_hand or row.erasure is not None:
        return None
    return row.received_at + GRACE


def page(row: Request) -> str:
    """The words that send whoever is signed in to the page of ours that fulfils their right.

    Raises Aside where there is none, or where it was not they who asked from their account.
    """
    if not own_door(row) or row.kind not in PAGES:
        raise Aside
    where = link(PAGES[row.kind])
    if row.kind == "portability":
        return _(
            "Your copy is ready. Sign in and take it here: %(address)s Or have it sent straight to"
            " the service that you name: %(straight)s"
        ) % {"address": where, "straight": straight()}
    if row.kind == "access":
        return _("Your copy is ready. Sign in and take it here: %(address)s") % {"address": where}
    return _("What you asked stands here, always as of now: %(address)s") % {"address": where}


def straight() -> str:
    """Where somebody has what travels sent to a service that they name (GDPR 20(2))."""
    return link("privacy-send")


def leave(row: Request) -> str:
    """Carry a deletion out; return the words with the address of its report. Raises Aside."""
    if not own_door(row):
        raise Aside
    return erase(row)


def erase(row: Request, said: str = "") -> str:
    """Begin a deletion for whoever proved it otherwise. Raises Aside where it can't be.

    They are written to before their address goes, with the words `said` of whoever decided.
    """
    if not erasable(row) or row.erasure is not None:
        raise Aside
    words = _(
        "Your account is closed. What we hold about you is being erased, and whoever got something"
        " of it from us is asked to erase it too. The page of your request says how far it is."
    )
    if row.kind == minors.MINOR:
        words = _(
            "The account is closed. What we hold about the child is being erased, and whoever got"
            " something of it from us is asked to erase it too. The page of your request says how"
            " far it is."
        )
    said = f"{said}\n\n{words}".strip()
    with transaction.atomic():
        letters.write(row, "said", said=said, last=True)
        try:
            key = rights.leave(row.subject)
        except (rights.Hindered, rights.NobodyThere):
            raise Aside from None
    row.erasure = rights.numbered(key)
    where = link("privacy-left", key)
    return f"{said}\n{where}"


def erasable(row: Request) -> bool:
    """Whether to grant a request is to erase an account: its own, or that of a child (P10d)."""
    begun = row.kind == minors.MINOR and row.erasure is not None
    return (row.kind == DELETE and row.member) or begun or minors.closed(row)


def erased(row: Request) -> bool:
    """Whether the deletion that a request asked for is complete, here and by every recipient."""
    return row.erasure is not None and rights.complete(row.erasure)


def light(row: Request) -> str:
    """The statement of Shine the Light, or when the next is due: one a calendar year (P5.2.2.3a).

    Raises Aside for other rights, and where it was not from their account that somebody asked.
    """
    if row.kind != SHINE:
        raise Aside
    year = timezone.localtime(row.received_at).year
    with Opened(DOOR):
        same = Request.objects.filter(kind=SHINE, received_at__year=year, decided_at__isnull=False)
        same = same.exclude(pk=row.pk).exclude(outcome=Outcome.REFUSED)
        who = same.filter(subject=row.subject) if row.member else same.filter(contact=row.contact)
        before = who.order_by("decided_at").values_list("decided_at", flat=True).first()
    if before is not None:
        on = timezone.localdate(before)
        day, due = questions.dated(on), questions.dated(dt.date(year + 1, 1, 1))
        words = _("You had this on %(day)s; it is free once a year. The next is due from %(next)s.")
        return words % {"day": day, "next": due}
    if not own_door(row):
        raise Aside
    theirs = statements.marketing(row.subject, year - 1)
    names = [questions.in_a_row(part.recipients) + languages.aside(part.what) for part in theirs]
    if not names:
        return _("In the year before, nobody got your data for their own marketing.")
    return _("In the year before, these got your data for their own marketing: %(names)s") % {
        "names": questions.say("notice.semicolon").join(names)
    }
