"""The work on the queue: what is due is carried out, brought to somebody, or closed, on its day."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.privacy.policies import controller, in_force
from plainview.privacy.requests import clock, due, scanning, services
from plainview.privacy.requests.machine import Impossible
from plainview.privacy.requests.services import By
from plainview.privacy.tasks import task

EVERYBODY = "a day comes for everybody who asked for something"
OFFICE = "en"


@task("requests", serves="rights", everyone=EVERYBODY, every=timedelta(hours=1))
def requests() -> None:
    """Carry out what can be by itself, tell somebody what is due, close what is over (P5.2c)."""
    for request in due.to_carry_out(timezone.now()):
        services.carry_out(request)
    for request in due.being_erased():
        services.finish(request)
    today = clock.today()
    near = [_step(request, "escalate") for request in due.to_escalate(today)]
    if numbers := [number for number in near if number]:
        _bring(numbers)
    for request in due.to_close(today):
        _step(request, "close")


@task(
    scanning.SCAN,
    serves="rights",
    everyone="whom the request is about stands in the row that it is given",
)
def scan(*, request: int, staff: int) -> None:
    """Look for whom a request is about everywhere, and note in its timeline what was found."""
    scanning.note(request, staff)


def _step(request: int, step: str) -> str:
    """The number of a request that took a step; "" if somebody moved it meanwhile."""
    try:
        return services.move(request, step, by=By.SERVICE).number
    except (Impossible, services.Overtaken):
        return ""


def _bring(numbers: list[str]) -> None:
    """Tell the officer which requests are due soon, by their numbers alone."""
    with override(OFFICE):
        title = _("Requests that are due soon")
        context = {"numbers": numbers, "desk": settings.PUBLIC.geturl().rstrip("/")}
        text = render_to_string("privacy/mail/due_message.txt", context).strip()
    to = in_force().controller.officer or controller().email
    EmailMessage(title, text, None, [to]).send()
