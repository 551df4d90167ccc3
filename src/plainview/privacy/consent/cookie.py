"""A device's answers as its browser carries them: one signed cookie, and no database on the way.

The row is the truth. Whatever reads or writes data about the device meets its standing in the
database; the cookie may only be more protective. An old cookie played back opens nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator

import msgspec
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plainview.engine import Standing as Facts
from plainview.privacy.policies import in_force

NAME = "plainview-choices"
HEADER = "Plainview-Device"
SIGNAL = "plainview-signal"
"""Set for a sitting by a browser whose script knows of a signal that its requests do not carry."""
LIFE = 390 * 24 * 3600
"""Seconds; no cookie outlives thirteen months."""
MONTH = 30 * 24 * 3600
"""Seconds after which the cookie of whoever comes again is written anew, to live on from there."""
SALT = "plainview.privacy.consent.cookie"
MARK = 12
"""So many letters of a policy's fingerprint tell it from the others."""
_LONGEST = 1200
_EPOCH = dt.date(1970, 1, 1)


class Remembered(msgspec.Struct, frozen=True, array_like=True):
    """What the cookie says: whose it is, how often it was folded, and the answers as bits."""

    device: int
    epoch: int
    granted: int = 0
    affirmed: int = 0
    denied: int = 0
    signals: tuple[str, ...] = ()
    asked: bool = True
    """Whether it answered; a browser may have a number without, for a signal heard from it."""
    until: int = 0
    """When its yeses lapse (seconds since 1970), or 0 where they stay."""
    on: int = 0
    """The day of its last answer (days since 1970), or 0 where nobody knows."""
    refused: tuple[str, ...] = ()
    """Single recipients that were refused, as `<bit of the purpose>/<recipient>`."""
    mark: str = ""
    """Of which policy it is: the beginning of its fingerprint. What came later is no part of it."""
    waiting: tuple[str, ...] = ()
    """What changed by then and was not answered, as `<bit>` or `<bit>/<recipient>`."""

    @property
    def choices(self) -> dict[str, str]:
        """The answers, purpose to answer; bits of purposes that are no more are dropped."""
        return {**dict(_answers(self)), **dict.fromkeys(_spelled(self.refused), "denied")}

    @property
    def pending(self) -> frozenset[str]:
        """What waits for an answer, as a standing names it."""
        return frozenset(_spelled(self.waiting))

    @property
    def answered_on(self) -> dt.date | None:
        """The day of its last answer, if there was one and it is known."""
        return _EPOCH + dt.timedelta(days=self.on) if self.asked and self.on else None

    @property
    def answered(self) -> int:
        """The bits of the purposes answered."""
        return self.granted | self.affirmed | self.denied


def _spelled(short: tuple[str, ...]) -> list[str]:
    """Purposes or single recipients by their names; what the policy no longer has is dropped."""
    bits = {str(in_force().bit(id_)): id_ for id_ in in_force().purposes}
    parts = (each.partition("/") for each in short)
    return [f"{bits[bit]}{slash}{who}" for bit, slash, who in parts if bit in bits]


def _answers(remembered: Remembered) -> Iterator[tuple[str, str]]:
    for purpose, mask in in_force().masks.items():
        if remembered.denied & mask:
            yield purpose, "denied"
        elif remembered.affirmed & mask:
            yield purpose, "affirmed"
        elif remembered.granted & mask:
            yield purpose, "granted"


def remember(
    device: int,
    epoch: int,
    facts: Facts,
    *,
    answered_on: dt.date | None = None,
    asked: bool = True,
) -> Remembered:
    """The cookie's content for a device of which these facts are known."""
    policy = in_force()
    masks = {
        answer: policy.mask(
            purpose for purpose, said in (facts.choices or {}).items() if said == answer
        )
        for answer in ("granted", "affirmed", "denied")
    }
    return Remembered(
        device,
        epoch,
        **masks,
        signals=tuple(sorted(facts.signals or ())),
        asked=asked,
        until=int(facts.valid_until or 0),
        on=0 if answered_on is None else (answered_on - _EPOCH).days,
        refused=tuple(_shortened(_refused(facts))),
        mark=policy.fingerprint[:MARK],
        waiting=tuple(_shortened(facts.pending or ())),
    )


def _refused(facts: Facts) -> Iterator[str]:
    """Only refusals: what opens something for one recipient is asked of the row."""
    for name, said in (facts.choices or {}).items():
        if said == "denied" and name.partition("/")[2]:
            yield name


def _shortened(names: Iterable[str]) -> Iterator[str]:
    policy = in_force()
    for name in sorted(names):
        purpose, slash, recipient = name.partition("/")
        if purpose in policy.purposes and (not slash or recipient in policy.recipients):
            yield f"{policy.bit(purpose)}{slash}{recipient}"


def read(request: HttpRequest) -> Remembered | None:
    """What the browser carries; None if it carries nothing, or nothing of ours.

    An app keeps the same and brings it in a header, to the API alone.
    """
    return opened(_sent(request))


def _sent(request: HttpRequest) -> str:
    if HEADER in request.headers and from_api(request):
        return request.headers[HEADER]
    return request.COOKIES.get(NAME, "")


def from_api(request: HttpRequest) -> bool:
    """Whether a request is to the API, as an app's are."""
    return request.path.startswith("/api/")


def sealed(remembered: Remembered) -> str:
    """As it travels: signed, so that nobody changes it."""
    return signing.dumps(msgspec.to_builtins(remembered), salt=SALT)


def opened(sent: str) -> Remembered | None:
    """What was sealed; None for what was not, or is too old."""
    if not sent or len(sent) > _LONGEST:
        return None
    try:
        return msgspec.convert(signing.loads(sent, salt=SALT, max_age=LIFE), Remembered)
    except (signing.BadSignature, msgspec.ValidationError, ValueError):
        return None


def aged(request: HttpRequest) -> bool:
    """Whether what the browser carries was handed to it a month ago or longer.

    The moment stands in it, so that of nearly all nothing is verified a second time.
    """
    sent = _sent(request)
    try:
        if time.time() - signing.b62_decode(sent.rsplit(":", 2)[-2]) <= MONTH:
            return False
        signing.loads(sent, salt=SALT)
    except (signing.BadSignature, ValueError, IndexError):
        return False
    return True


def hand(response: HttpResponseBase, remembered: Remembered | None) -> None:
    """Hand the browser its answers, or take its cookie back where there are none."""
    if remembered is None:
        response.delete_cookie(NAME, samesite="Lax")
        return
    response.set_cookie(
        NAME,
        sealed(remembered),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
