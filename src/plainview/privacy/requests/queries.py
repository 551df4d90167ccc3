"""What can be asked of requests. Each opens its own door, and returns lists."""

from __future__ import annotations

from typing import NamedTuple

from plainview.privacy import permissions
from plainview.privacy.disclosures import queries as disclosures
from plainview.privacy.disclosures.queries import Asked
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import carrying, machine, numbers
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Event, Request
from plainview.privacy.rights import results
from plainview.privacy.rights import services as rights


class Erasing(NamedTuple):
    """How far a deletion is: its report, who was asked to erase too, what became of each store."""

    report: str
    complete: bool
    asked: list[Asked]
    stores: list[results.Stored]


def by_number(typed: str) -> Request | None:
    """The request of a number as somebody typed it, if there is one."""
    number = numbers.read(typed)
    with Opened(DOOR):
        return Request.objects.filter(number=number).first() if number else None


def is_over(request: int) -> bool:
    """Whether nothing more happens with a request."""
    with Opened(DOOR):
        return Request.objects.filter(pk=request, state__in=machine.FINAL).exists()


def opened_by(typed: str, secret: str) -> Request | None:
    """The request of a number, for whoever holds its secret; None for everybody else.

    Raises LinkEnded for a secret by a key that opens nothing any more.
    """
    row = by_number(typed)
    return row if row is not None and numbers.opens(row.pk, secret) else None


def timeline(request: int) -> list[Event]:
    """Every step of a request, the first one first."""
    with Opened(DOOR):
        return list(Event.objects.filter(request=request).order_by("seq"))


def opened_without_address(request: int) -> Request | None:
    """What the last words about a request that is over opened, if no letter can tell of it.

    Whoever wrote them at the page of the request finds the answer at that of the other alone.
    """
    with Opened(DOOR):
        last = Event.objects.filter(request=request).order_by("seq").last()
        number = last.reason if last is not None and last.step == "hear" else ""
        opened = Request.objects.filter(number=number, state__in=machine.OPEN).first()
    if opened is None or "@" in opened.contact:
        return None
    here = opened.member and permissions.read(opened.subject) is not None
    return None if here else opened


def of_account(account: int) -> list[Request]:
    """The requests of an account, the newest first."""
    with Opened(DOOR):
        mine = Request.objects.filter(subject=account, member=True)
        return list(mine.order_by("-received_at"))


def has_left(subject: int) -> bool:
    """Whether somebody who asked for something as a member is none any more.

    Their request may stay, under the number that they had. Who is one still is kept from being
    erased until the transaction ends.
    """
    if permissions.read(subject, held=True) is not None:
        return False
    with Opened(DOOR):
        return Request.objects.filter(subject=subject, member=True).exists()


def erasing(row: Request) -> Erasing | None:
    """How far the deletion is that a request brought about; None where it did not."""
    if row.erasure is None:
        return None
    asked = disclosures.asked_by(row.erasure)
    stores = results.in_words(row.erasure)
    return Erasing(rights.keyed(row.erasure), carrying.erased(row), asked, stores)
