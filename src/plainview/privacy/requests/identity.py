"""Showing who asks, in proportion: a one-time link to an address, and nothing more than needed.

What was given stands apart from the request, and goes two weeks after it is decided (P5.2e). No
answer here says whether anybody has an account.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from plainview.platform import addresses
from plainview.platform.identifiers import keyed, new_key
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force
from plainview.privacy.requests.doors import PROVING
from plainview.privacy.requests.models import Evidence, Proof, Request

LENGTH = 26
LIFE = dt.timedelta(days=14)
"""So long a link to an address works."""
MOST = 3
"""So many links are sent for one request."""
Kind = Evidence.Kind


class TooMany(Exception):
    """So many links went out for this request already; a person helps from here."""


def needless(kind: str) -> str:
    """The proof of a right that asks for none; empty for the others."""
    right = in_force().rights.get(kind)
    return Proof.NEEDLESS if right is not None and right.identity == "none" else ""


def link(row: Request) -> str:
    """A link that shows, when it is opened, that mail to the requester's address is read.

    Only a keyed hash of it is kept. Raises TooMany.
    """
    token = new_key(LENGTH)
    with Opened(PROVING), transaction.atomic():
        sent = Evidence.objects.filter(request=row, kind=Kind.LINK)
        if sent.count() >= MOST:
            raise TooMany
        Evidence.objects.create(
            request=row, kind=Kind.LINK, digest=_digests(token)[0], asked_at=timezone.now()
        )
    return addresses.link("privacy-request-prove", row.number, token)


def request_of(number: str, token: str) -> int | None:
    """The request that a link is for, while it works; None for every other."""
    since = timezone.now() - LIFE
    with Opened(PROVING):
        good = Evidence.objects.filter(
            digest__in=_digests(token), kind=Kind.LINK, served_at=None, ended_at=None
        )
        found = good.filter(request__number=number, asked_at__gte=since)
        return found.values_list("request_id", flat=True).first()


def serve(token: str) -> bool:
    """Use a link up; whether it was still good. Belongs into the transaction of the step."""
    with Opened(PROVING):
        good = Evidence.objects.filter(digest__in=_digests(token), kind=Kind.LINK, served_at=None)
        return bool(good.update(served_at=timezone.now()))


def end(row: Request) -> None:
    """The request is decided: from here on the time of its evidence runs."""
    with Opened(PROVING):
        Evidence.objects.filter(request=row, ended_at=None).update(ended_at=timezone.now())


def _digests(token: str) -> list[str]:
    return keyed("plainview.privacy.requests.link", token)
