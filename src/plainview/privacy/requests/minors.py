"""A child has an account here: somebody is told at once, who closes it to use (P10d, P10e).

Whoever writes has proved nothing, so their word alone closes nothing: an officer says which account
it is, and a second person agrees before it is erased.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec
from django.utils import timezone

from plainview.privacy import permissions
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force
from plainview.privacy.requests import ages
from plainview.privacy.requests.doors import FINDING
from plainview.privacy.requests.machine import RUNNING, State
from plainview.privacy.requests.models import Request
from plainview.privacy.rights.planning import later

MINOR = "minor-remedy"
WAITING = dt.timedelta(days=1)
"""While we wait for an answer to our question, nobody is told again sooner."""


def closed(row: Request) -> bool:
    """Whether a request has come to the account of a child, which is not that of whoever asks."""
    found = permissions.read(row.subject) if row.kind == MINOR and row.member else None
    return found is not None and found[0].age == "minor"


def told(words: str, account: int | None) -> bool:
    """Whether words say that a child wrote them, or that a child has an account here.

    A child is who is younger than of age where the account of whoever wrote lives.
    """
    found = permissions.read(account) if account is not None else None
    residence = found[0].residence if found is not None else None
    policy = in_force()
    adult = policy.age_of_majority(residence) if residence else policy.head.minors.least
    return ages.a_childs(words, adult) or ages.of_a_child(words, adult)


def unfound(row: Request) -> bool:
    """Whether no account of a child was named for a request that a child, or of one, asked for."""
    return row.kind == MINOR and row.erasure is None and not closed(row)


def goes_on(row: Request, other: Request | None) -> bool:
    """Whether somebody is left to decide on the account that a request closed, if it did (P10e).

    `other` is the request that it would be joined to.
    """
    same = other is not None and other.subject == row.subject and closed(other)
    return same or not closed(row)


def decides(account: int) -> str:
    """The number of the request that decides on an account that was closed as a child's, or ""."""
    with Opened(FINDING):
        rows = Request.objects.filter(subject=account, member=True, kind=MINOR, state__in=RUNNING)
        row = rows.first()
        return row.number if row is not None and closed(row) else ""


def known(account: int, *, minor: bool) -> None:
    """Let the gate know that an account is a child's, or that it is not after all."""
    found = permissions.read(account)
    if found is not None and (found[0].age == "minor") != minor:
        age = "minor" if minor else "certified-adult"
        permissions.change(account, lambda facts: msgspec.structs.replace(facts, age=age))


def told_again(row: Request) -> dt.datetime:
    """When somebody is told once more to look for the account of a child."""
    told = row.escalated_at or row.received_at
    half = (close_by(row.received_at) - row.received_at) / 2
    least = max(half, WAITING) if row.state == State.PAUSED else half
    return told + max(least, (told - row.received_at) / 2)


def awaited(row: Request) -> dt.datetime | None:
    """Until when the account of an open request is to be closed; None if it is for no child."""
    return close_by(row.received_at) if row.kind == MINOR and row.open else None


def close_by(told: dt.datetime) -> dt.datetime:
    """Until when an account is to be closed to use of which we were told at a moment."""
    length = in_force().head.minors.suspend_within
    if hours := re.fullmatch(r"PT(\d+)H", length):
        return told + dt.timedelta(hours=int(hours[1]))
    day = timezone.localdate(told)
    return told + (later(day, length) - day)
