"""Who decides an appeal: somebody of the desk who neither decided before nor asked themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Event, Request


class Ports:
    """What rooms above tell; `wiring` joins them."""

    officers: Callable[[], Mapping[int, str]] = staticmethod(dict)
    """The accounts of everybody who works on requests, each with its address."""


def decider(row: Request) -> int | None:
    """Who answered or refused a request; None if nobody has, or the service did by itself."""
    decided = Event.objects.filter(request=row, step__in=("answer", "refuse"))
    return decided.order_by("-seq").values_list("staff", flat=True).first()


def barred(row: Request) -> frozenset[int]:
    """Who does not decide the appeal: whoever decided before, and whom the request is about."""
    found = {decider(row), row.subject if row.member else None}
    return frozenset(each for each in found if each is not None)


def finds_nobody(row: Request) -> bool:
    """Whether nobody works on requests who may decide this one, so that an appeal has to wait."""
    with Opened(DOOR):
        before = barred(row)
    return bool(before) and not {*Ports.officers()} - before
