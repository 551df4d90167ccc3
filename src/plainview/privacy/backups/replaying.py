"""Replaying the ledger on a restored database, so that what it must not bring back goes again.

Who left is erased by the plan by which they were; who closed something has it closed; what was
deleted is deleted; a wrong value that is back rests, and a person is asked to look. What can't be
known counts as not allowed: sessions and connected apps end, browsers take no messages, nothing is
on its way to another service, and without the ledger nobody's yes counts until they say it again.
Done twice it changes nothing more, so whatever moment it dies at, it is begun anew.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

from plainview.privacy import log as logging_
from plainview.privacy import permissions
from plainview.privacy.backups import barrier, closing, held, ledger, returning
from plainview.privacy.backups.barrier import State
from plainview.privacy.backups.ledger import Finder, Note
from plainview.privacy.consent import questions, stopping
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.recording import ACCOUNT, DEVICE, RESTORED, record
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import sequencing
from plainview.privacy.log.models import Epoch
from plainview.privacy.models import (
    App,
    Bringing,
    Device,
    LegalHold,
    Link,
    Sending,
    Session,
    Standing,
    Subscription,
)
from plainview.privacy.policies import in_force
from plainview.privacy.requests import restored
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import services

log = logging.getLogger("plainview.privacy.backups")


class Replayed(NamedTuple):
    """How many people were erased again, had something closed, what else was deleted.

    `ended` counts those whose roles, passwords, factors or accounts ended again.
    """

    erased: int
    closed: int
    removed: int
    ended: int


class Busy(Exception):
    """Another process replays."""


def replay() -> Replayed:
    """Replay the ledger; afterwards the database is as those who left and refused want it.

    The barrier stays: whoever calls this opens it. Raises Busy, ledger.Unreadable, and
    rights.services.StepsFailed if somebody can't be erased.
    """
    with (ledger.folder() / "replaying").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        barrier.clear()
        return _replayed(_begun())


def worker_rests() -> bool:
    """Whether a worker must take no job now; where only the replay is missing, it does that.

    Not on another database than the one that was put back, as that which others still have open:
    the site would open with everybody in it who had left.
    """
    if not barrier.shut():
        return False
    state = barrier.state()
    if state is not None and state.stage == "replay" and state.base in ("", barrier.base()):
        try:
            done = replay()
        except Busy:
            return True
        barrier.lift()
        log.warning(
            "the database was put back: %s erased again, %s closed, %s deleted, %s ended", *done
        )
    return barrier.shut()


def _begun() -> State:
    """How new the copy is: read from its last head, before the next one is signed."""
    state = barrier.state() or State("replay")
    if not state.since:
        head = sequencing.latest()
        since = head.at.timestamp() if head is not None else 0
        state = msgspec.structs.replace(state, since=since)
        barrier.put_up(state)
    _declare(state)
    return state


def _declare(state: State) -> None:
    """Let the log begin an epoch for this restore, unless it has noticed it by itself."""

    def told() -> bool:
        last = Epoch.objects.order_by("-number").first()
        since = dt.datetime.fromtimestamp(state.since, dt.UTC)
        return last is not None and last.because == "restored" and last.began_at > since

    if not told():
        logging_.sequence()
    if not told():
        sequencing.declare_restored()


def _replayed(state: State) -> Replayed:
    notes = ledger.notes()
    with duty("erasure"):
        Session.objects.all().delete()
        for table in (App, Subscription, Link, Sending, Bringing):
            table.objects.all().delete()
        everybody = get_user_model()._default_manager
        people = {*Standing.objects.values_list("subject", flat=True)}
        people |= {*everybody.values_list("pk", flat=True)}
        people |= {*Device.objects.values_list("pk", flat=True)}
        people |= {*LegalHold.objects.values_list("subject", flat=True)}
        staff = [*everybody.exclude(roles="").values_list("pk", flat=True)]
    finder = Finder(people)
    if state.unknown:
        _ask_everybody_again()
        returning.everything()
    later = [note for note in notes if note.at >= state.since]
    closed = _close_again(finder, (note for note in later if note.what == "narrowed"))
    stopping.stop_again(returning.stopped_since(later))
    returning.take_out_again(later)
    ended = returning.again(finder, (note for note in later if note.what == "ended"))
    removed = _remove_again(finder, later, staff)
    with suppress(services.StepsFailed):  # as it was; who is in the ledger is looked at below
        services.carry_out_all(services.unfinished())
    erased = _erase_again(finder, (note for note in notes if note.what == "erased"))
    _look_again(finder, later)
    sweeping.sweep()
    return Replayed(erased, closed, removed, ended)


def _close_again(finder: Finder, notes: Iterable[Note]) -> int:
    people: dict[int, list[Note]] = {}
    for note in notes:
        if (subject := finder.person(note)) is not None:
            people.setdefault(subject, []).append(note)
    return sum(_close(subject, mine) for subject, mine in people.items())


def _close(subject: int, notes: list[Note]) -> bool:
    """Close what one person closed; whether the copy had any of it open."""
    found = permissions.read(subject)
    if found is None:
        return False
    before = wanted = found[0]
    for note in notes:
        wanted = closing.again(wanted, note.facts)
    if wanted == before:
        return False
    with duty("erasure"):
        scope = DEVICE if Device.objects.filter(pk=subject).exists() else ACCOUNT
    noes = {
        name: said
        for name, said in (wanted.choices or {}).items()
        if said == "denied" and (before.choices or {}).get(name) != said
    }
    with transaction.atomic():
        permissions.change(subject, lambda _: wanted)
        if noes:
            law = wanted.residence or wanted.presence or "unknown"
            off = questions.say("choices.centre.off")
            names = (name.partition("/")[0] for name in noes)
            words = [f"{questions.say(f'purposes.{name}.name')}: {off}" for name in names]
            question = Question(questions.language(), law, "\n".join(words))
            signals = wanted.signals or ()
            record(subject, noes, question, via=RESTORED, scope=scope, signals=signals)
    return True


def _look_again(finder: Finder, notes: Iterable[Note]) -> None:
    """What was disputed since and put right is wrong again in the copy: it rests until decided."""
    said = {
        (subject, fact)
        for note in notes
        if (subject := finder.person(note)) is not None
        for each in note.facts.get("restrictions", ())
        for fact in each.get("disputed", ())
    }
    for subject, fact in sorted(said):
        found = permissions.read(subject)
        rests = found[0].restrictions or () if found is not None else ()
        if any(fact in each.disputed for each in rests):
            restored.look_again(subject, fact)


def _remove_again(finder: Finder, notes: Sequence[Note], staff: Collection[int]) -> int:
    """Delete what was deleted; a hold comes and goes where it did in between: it keeps copies."""
    count = 0
    holds = held.last(finder, notes)
    for note in notes:
        subject = finder.person(note)
        if subject is None:
            continue
        if note.what == "held" and holds[subject, note.ended] is note:
            held.again(finder, note, subject, staff)
        if note.what == "removed":
            picks = partial(finder.rows, note)
            services.remove_again(subject, note.category, note.table, picks)
            count += 1
    return count


def _erase_again(finder: Finder, notes: Iterable[Note]) -> int:
    left = {subject: note for note in notes if (subject := finder.person(note)) is not None}
    leaving = []
    for subject, note in left.items():
        with duty("erasure"):
            accounts = get_user_model()._default_manager.filter(pk=subject)
            here = accounts.exists() or Device.objects.filter(pk=subject).exists()
            here = here or Standing.objects.filter(subject=subject).exists()
        if here:
            day = dt.date.fromisoformat(note.day)
            leaving.append(services.leave_again(subject, note.report, day))
    services.carry_out_all(leaving)
    return len(leaving)


def _ask_everybody_again() -> None:
    """Let every question wait for an answer: what was said since the copy is not known."""
    asked = frozenset(id_ for id_ in in_force().purposes if in_force().refusable(id_))
    permissions.pend(lambda facts: asked)
    permissions.refold()
