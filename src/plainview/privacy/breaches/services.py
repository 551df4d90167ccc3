"""What one does with the register: enter a breach, and add to it. Nothing in it is ever changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.platform.jobs import queue
from plainview.privacy.breaches.models import Breach, Line
from plainview.privacy.breaches.said import (
    Closed,
    Opened,
    Said,
    Shown,
    Spared,
    Stated,
    Told,
    Written,
    kind,
    written,
)
from plainview.privacy.log import services as log

if TYPE_CHECKING:
    from plainview.privacy.breaches.queries import Case

REMIND = "breaches"
WHAT, NUMBER, ENTRY, DIGEST = "breach", "pv:breach", "pv:entry", "pv:digest"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LENIENCE = dt.timedelta(minutes=5)
"""A form is filled in by a clock on somebody's wall."""


class Unfounded(ValueError):
    """An entry that can't stand there: `field` is what is wrong with it, the text says why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@transaction.atomic
def enter(facts: Stated, *, staff: int) -> Breach:
    """Enter a breach with what is known of it; the clocks begin, and somebody is told.

    Raises Unfounded.
    """
    _stated(facts)
    breach = Breach.objects.create()
    _write(breach, facts, staff)
    queue.enqueue(REMIND)
    return breach


@transaction.atomic
def add(found: Case, said: Said, *, staff: int | None) -> Line:
    """Add an entry to a breach, by somebody of the staff or by the service. Raises Unfounded."""
    check(found, said)
    breach = Breach.objects.select_for_update().get(pk=found.breach.pk)
    return _write(breach, said, staff)


def check(found: Case, said: Said) -> None:
    """Whether an entry can stand there. Raises Unfounded."""
    if not found.open and not isinstance(said, Opened):
        raise Unfounded("", _("It is closed. Take it up again first."))
    if isinstance(said, Stated):
        _stated(said)
    elif isinstance(said, Told):
        _told(found, said)
    elif isinstance(said, Spared):
        if said.duty not in {each.key for each in found.deadlines}:
            raise Unfounded("duty", _("There is no such duty."))
        if not said.why.strip():
            raise Unfounded("why", _("Say why. An authority may ask."))
    elif isinstance(said, Closed) and found.undone:
        raise Unfounded("", _("Something is still to be done: tell it, or say why not."))
    elif isinstance(said, Opened) and found.open:
        raise Unfounded("", _("Nothing is different."))
    elif isinstance(said, Written | Shown):
        for tag, letter in said.texts.items():
            for part, text in msgspec.structs.asdict(letter).items():
                _names_nobody(f"{part}:{tag}", text)
    for name in said.__struct_fields__:
        if isinstance(text := getattr(said, name), str):
            _names_nobody(name, text)


def digest(said: str) -> str:
    """What the log commits to of an entry: the SHA-256 of how it is kept, in hex."""
    return hashlib.sha256(said.encode()).hexdigest()


def _write(breach: Breach, said: Said, staff: int | None) -> Line:
    text, seq = written(said), breach.lines.count() + 1
    body = {NUMBER: breach.number, ENTRY: str(seq), DIGEST: digest(text)}
    if staff is None:
        leaf = log.deed(WHAT, **body).leaf
    else:
        leaf = log.act(WHAT, staff=staff, person=None, untold=None, **body).leaf
    return Line.objects.create(breach=breach, seq=seq, kind=kind(said), said=text, leaf=leaf)


def _stated(facts: Stated) -> None:
    now = timezone.now() + _LENIENCE
    if not facts.what.strip():
        raise Unfounded("what", _("Say what happened, as far as you know."))
    for name in ("aware", "begun", "ended"):
        if (moment := getattr(facts, name)) is not None and moment > now:
            raise Unfounded(name, _("That is yet to come."))
    if facts.begun and facts.begun > facts.aware + _LENIENCE:
        raise Unfounded("begun", _("Nobody can know of it before it began."))
    if facts.begun and facts.ended and facts.ended < facts.begun:
        raise Unfounded("ended", _("It ended before it began."))
    if facts.risk and not facts.reasons.strip():
        raise Unfounded("reasons", _("Say why the risk is so. An authority may ask."))
    for name in ("what", "effects", "measures", "reasons"):
        _names_nobody(name, getattr(facts, name))


def _told(found: Case, said: Told) -> None:
    mine = next((each for each in found.deadlines if each.key == said.duty), None)
    if mine is None:
        raise Unfounded("duty", _("There is no such duty."))
    if said.at > timezone.now() + _LENIENCE:
        raise Unfounded("at", _("That is yet to come."))
    if said.at < found.facts.aware - _LENIENCE:
        raise Unfounded("at", _("Nobody can tell of it before they know of it."))
    due = mine.clock.due
    if not mine.told and due is not None and said.at > due and not said.late.strip():
        raise Unfounded("late", _("It is late: the law asks for the reasons."))


def _names_nobody(field: str, text: str) -> None:
    if _ADDRESS.search(text):
        raise Unfounded(field, _("There is an address in it. The register names nobody."))
