"""Who decides an appeal: somebody who works on requests and did not decide before."""

from __future__ import annotations

from collections.abc import Callable, Collection

from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Event, Request


class Ports:
    """What rooms above tell; `wiring` joins them."""

    officers: Callable[[], Collection[int]] = staticmethod(tuple)
    """The accounts of everybody who works on requests."""


def decider(row: Request) -> int | None:
    """Who answered or refused a request; None if nobody has, or the service did by itself."""
    decided = Event.objects.filter(request=row, step__in=("answer", "refuse"))
    return decided.order_by("-seq").values_list("staff", flat=True).first()


def finds_nobody(row: Request) -> bool:
    """Whether nobody works on requests but who decided this one, so that an appeal has to wait."""
    with Opened(DOOR):
        before = decider(row)
    return before is not None and not {*Ports.officers()} - {before}
