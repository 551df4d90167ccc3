"""Who decides a request: not whose own it is, and on an appeal not whoever decided before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.utils.translation import gettext as _

from plainview.platform.languages import speaking
from plainview.privacy.disclosures import post
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Event, Request

COMPLAINT = "complaint"


class Ports:
    """What rooms above tell; `wiring` joins them."""

    officers: Callable[[], Mapping[int, str]] = staticmethod(dict)
    """The accounts of everybody who works on requests, each with its address."""
    suspended_by: Callable[[int], int | None] = staticmethod(lambda _: None)
    """Who of the staff suspended an account; None for one that is not, or nobody knows by whom."""
    decided_against: Callable[[int | None, str], Collection[int]] = staticmethod(lambda *_: ())
    """Who took down what an account put on, or refused a notice sent from it or an address."""


def whom(row: Request) -> int | None:
    """The account that a request is about, or that has the address it came from; None if none."""
    if row.member:
        return row.subject
    return post.whose(row.contact, confirmed=True) if "@" in row.contact else None


def contact(row: Request) -> str:
    """The address that a request came from or named; empty for none."""
    return row.contact if "@" in row.contact else ""


def owners(row: Request) -> frozenset[int]:
    """Whose own a request is: the account that it is about, and those of who wrote it."""
    wrote = [each for each in (row.contact, row.agent) if "@" in each]
    found = {post.whose(each, confirmed=True) for each in wrote}
    found.add(row.subject if row.member else None)
    return frozenset(each for each in found if each is not None)


def did(row: Request) -> frozenset[int]:
    """Who did what a complaint may be about: suspended an account, took down, refused a notice."""
    if row.kind != COMPLAINT:
        return frozenset()
    account = whom(row)
    found = {*Ports.decided_against(account, contact(row))}
    who = None if account is None else Ports.suspended_by(account)
    return frozenset(found if who is None else {*found, who})


def by_themselves(row: Request, officer: int) -> str:
    """What is read where nobody but whoever it is about could decide, in the request's language."""
    mine = officer in owners(row)
    with speaking(row.language):
        if not mine:
            return _("Whoever did what you complain of also decided this: nobody else here could.")
        return _("Whoever asked also decided it: nobody else here works on requests.")


def decider(row: Request) -> int | None:
    """Who answered or refused a request; None if nobody has, or the service did by itself."""
    decided = Event.objects.filter(request=row, step__in=("answer", "refuse"))
    return decided.order_by("-seq").values_list("staff", flat=True).first()


def barred(row: Request) -> frozenset[int]:
    """Who does not decide the appeal: whoever decided before, whose own it is, or who did it."""
    before = decider(row)
    return owners(row) | did(row) | (frozenset() if before is None else {before})


def finds_nobody(row: Request) -> bool:
    """Whether nobody works on requests who may decide this one, so that an appeal has to wait."""
    with Opened(DOOR):
        before = barred(row)
    return bool(before) and not {*Ports.officers()} - before
