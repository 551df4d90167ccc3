"""Whoever asks for somebody else: where the law lets them, and what shows that they may (P5.2d).

What they send is hostile until somebody has looked: it is small, of a type that its bytes say, lies
sealed, is read in an open case alone and as a download, and goes with the other evidence (P5.2e).
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import clock, identity, letters, machine, moving, refusing
from plainview.privacy.requests.doors import DOOR, PROVING
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Evidence, Request

LARGEST = 5_000_000
"""Bytes of a file that shows that somebody may act."""
MOST = 5
"""So many times something is taken for one request."""
TYPES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}
"""What a file may be: how its bytes begin, its type, and how its name ends."""
THERE = {
    "allowed": gettext_lazy("The law there lets others ask for somebody."),
    "written": gettext_lazy("The law there lets others ask with a signed permission."),
    "opt-outs": gettext_lazy("The law there lets others ask for opt-outs alone."),
    "parents": gettext_lazy("The law there lets parents and guardians ask, and nobody else."),
}
_WAITS = (State.RECEIVED, State.IDENTIFYING)
MANDATE = Evidence.Kind.MANDATE


class Unfit(ValueError):
    """A file is too large, none of the types that are taken, or one too many."""


class Shown(NamedTuple):
    """What was sent to show that somebody may act: words, and how the name of its file ends."""

    key: int
    said: str
    ending: str
    asked_at: dt.datetime


def media_of(data: bytes) -> str:
    """The type of a file, as its first bytes say it. Raises Unfit."""
    for begins, (media, _ending) in TYPES.items():
        if data.startswith(begins) and len(data) <= LARGEST:
            return media
    raise Unfit


def there(row: Request) -> str:
    """How far the laws of a request let others ask: the word of the most generous, as THERE."""
    found = {law.clocks.agents for law in clock.laws(row.place, row.residence)}
    return next((each for each in THERE if each in found), "written")


def may_act(row: Request) -> bool:
    """Whether the law there lets somebody who is no parent ask this for another."""
    word = there(row)
    return word in ("allowed", "written") or (word == "opt-outs" and row.kind in refusing.CLOSING)


def keep(row: Request, words: str, data: bytes = b"") -> None:
    """Keep what shows that somebody may act: words, a file, or both. Raises Unfit."""
    media = media_of(data) if data else ""
    if not (words.strip() or data):
        return
    with Opened(PROVING):
        if Evidence.objects.filter(request=row, kind=MANDATE).count() >= MOST:
            raise Unfit
        Evidence.objects.create(
            request=row,
            kind=MANDATE,
            said=words,
            file=data or None,
            media=media,
            asked_at=timezone.now(),
            served_at=timezone.now(),
        )


def shown(row: Request) -> list[Shown]:
    """What was sent for a request to show that somebody may act, the first one first."""
    with Opened(PROVING):
        rows = Evidence.objects.filter(request=row, kind=MANDATE).order_by("asked_at")
        found = list(rows.values_list("pk", "said", "media", "asked_at"))
    endings = dict(TYPES.values())
    return [Shown(key, said, endings.get(media, ""), at) for key, said, media, at in found]


def file(row: Request, key: int) -> tuple[bytes, str] | None:
    """A file that was sent for a request, and how its name ends; None if it is not there."""
    with Opened(PROVING):
        mine = Evidence.objects.filter(request=row, pk=key, kind=MANDATE).exclude(media="")
        found = mine.values_list("file", "media").first()
    if found is None or found[0] is None:
        return None
    return bytes(found[0]), dict(TYPES.values())[found[1]]


def answered(row: Request, proved: bool) -> tuple[Request, bool]:
    """Write to whoever acts for somebody what is next; the request, and whether it was written.

    Where the law lets nobody ask this for another, the person is asked to confirm it themselves,
    and nothing is refused for that. Whoever acts learns no more than this.
    """
    if not may_act(row) and letters.mailed(row) and row.kind:
        row = moving.moved(row, "ask-identity", moving.By.SERVICE)
        return row, letters.write(row, "confirming")
    return row, letters.write(row, "received" if proved else "mandate")


def show(
    request: int,
    words: str,
    data: bytes = b"",
    *,
    by: moving.By = moving.By.PERSON,
    staff: int | None = None,
) -> Request:
    """Whoever acts for somebody shows that they may, after asking (P5.2d); the person is told.

    It is kept for an officer to look at, and begins nothing. Raises Unfit, and machine.Impossible
    where it was begun or decided meanwhile.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if not waits(row):
            raise machine.Impossible("hear", row.state)
        first = not shown(row)
        keep(row, moving.cut(words), data)
        row = moving.moved(row, "hear", by, staff=staff, reason=MANDATE)
        if first:
            letters.write(row, "received")
        return row


def waits(row: Request) -> bool:
    """Whether a request of somebody who acts for another can still be shown that they may."""
    return bool(row.agent) and row.state in _WAITS


def awaited_from(row: Request, sender: str) -> bool:
    """Whether an address is that of who acts for somebody and has yet to be seen to."""
    return waits(row) and sender.lower() == row.agent


def of_link(number: str, token: str) -> str:
    """Who asks for whoever holds a link to their address; "" for nobody, or a spent link."""
    request = identity.request_of(number, token)
    if request is None:
        return ""
    with Opened(DOOR):
        found = Request.objects.filter(pk=request).values_list("agent", flat=True).first()
    return found or ""


def reseal() -> int:
    """Write every sealed file anew, one by one, under the first key; return how many there are.

    What goes meanwhile stays gone.
    """
    done = 0
    with Opened(PROVING):
        papers = Evidence.objects.exclude(media="")
        for key in list(papers.values_list("pk", flat=True)):
            one = papers.select_for_update().filter(pk=key)
            for file in list(one.values_list("file", flat=True)):
                done += one.update(file=file)
    return done
