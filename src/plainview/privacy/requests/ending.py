"""Deletions on their way: carried out when their days of grace are over, answered when done."""

from __future__ import annotations

from django.db import transaction

from plainview.platform.jobs import queue
from plainview.platform.languages import speaking
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import carrying
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Proof, Request
from plainview.privacy.requests.moving import By, moved

TASK = "requests"


def carry_out(request: int) -> bool:
    """Do what a request asks without anybody, its time of grace being over (P5.2c).

    False if a person has to, who then finds it marked so. It is answered once all of it is done.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if row.state != State.WORKING or row.by_hand or row.erasure is not None:
            return False
        with speaking(row.language):
            try:
                words = carrying.leave(row)
            except carrying.Aside:
                moved(row, "by-hand", By.SERVICE, reason="hindered")
                return False
            moved(row, "act", By.SERVICE, said=words)
    return True


def begun(subject: int, erasure: int) -> None:
    """Somebody is being erased, by whatever door: it is what their own request waits for."""
    with Opened(DOOR), transaction.atomic():
        mine = Request.objects.filter(subject=subject, member=True, kind=carrying.DELETE)
        for row in mine.filter(state=State.IDENTIFYING):
            row.proof = Proof.NEEDLESS
            moved(row, "begin", By.SERVICE)
        waiting = mine.filter(erasure=None, state__in=(State.WORKING, State.PAUSED))
        waiting.update(erasure=erasure)


def ended(erasure: int) -> None:
    """An erasure may be complete: who asked for it by a request is answered now, not in an hour."""
    with Opened(DOOR):
        waits = Request.objects.filter(erasure=erasure, state__in=(State.WORKING, State.PAUSED))
        if waits.exists():
            queue.enqueue(TASK)


def finish(request: int) -> bool:
    """Answer a deletion of which no step is failed or open any more; whether it was so."""
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if row.state not in (State.WORKING, State.PAUSED) or not carrying.erased(row):
            return False
        moved(row, "answer", By.SERVICE)
    return True
