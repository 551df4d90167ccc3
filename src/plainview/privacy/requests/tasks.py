"""The work on the queue: what is due is carried out, brought to somebody, or closed, on its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from plainview.platform.jobs.apart import apart
from plainview.privacy.requests import clock, due, ending, letters, minors, scanning, services
from plainview.privacy.requests.machine import Impossible
from plainview.privacy.requests.models import Request
from plainview.privacy.requests.services import By
from plainview.privacy.tasks import task

EVERYBODY = "a day comes for everybody who asked for something"
SOON = gettext_noop("Requests that are due soon")
LATE = gettext_noop("Requests whose day is over")


@task(ending.TASK, serves="rights", everyone=EVERYBODY, every=timedelta(hours=1))
def requests() -> None:
    """Carry out what can be by itself, tell somebody what is due, close what is over (P5.2c)."""
    today = clock.today()
    with apart() as tried:
        for request in due.to_carry_out(timezone.now()):
            tried(ending.carry_out, request)
        for request in due.being_erased():
            tried(ending.finish, request)
        tried(_rise, "due", SOON, due.to_escalate(today), tried)
        tried(_rise, "late", LATE, due.too_late(today, timezone.now()), tried)
        for request in due.to_close(today):
            tried(_step, request, "close")


@task("children", serves="rights", everyone=EVERYBODY, every=timedelta(minutes=5))
def children() -> None:
    """Tell somebody again of each account of a child that nobody has closed yet (P10d)."""
    now = timezone.now()

    @transaction.atomic
    def remind(row: Request) -> None:
        if number := _step(row.pk, "escalate"):
            by = minors.close_by(row.received_at)
            letters.bring("child", letters.A_CHILD, number=number, by=by, late=now > by)

    with apart() as tried:
        for row in due.to_remind(now):
            tried(remind, row)


@task(
    scanning.SCAN,
    serves="rights",
    everyone="whom the request is about stands in the row that it is given",
)
def scan(*, request: int, staff: int) -> None:
    """Look for whom a request is about everywhere, and note in its timeline what was found."""
    scanning.note(request, staff)


@transaction.atomic
def _rise(what: str, title: str, requests: list[int], tried: Callable[..., Any]) -> None:
    """Tell somebody of requests; who is noted as told of stands in the letter."""
    risen = [tried(_step, request, "escalate") for request in requests]
    if numbers := [number for number in risen if number]:
        letters.bring(what, title, numbers=numbers, late=what == "late")


def _step(request: int, step: str) -> str:
    """The number of a request that took a step; "" if somebody moved it meanwhile."""
    try:
        return services.move(request, step, by=By.SERVICE).number
    except (Impossible, services.Overtaken):
        return ""
