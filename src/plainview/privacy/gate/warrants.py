"""Warrants: what lets one person's request be narrowed to the rows of another.

A view says `@serves(…, about="<url keyword>")`. Who issues warrants is named once, in wiring.py,
and is asked at the first statement that needs to know whose rows it may see; a view can't answer
for itself. Without a warrant that statement is refused, whatever the view forgot to check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from django.http import HttpRequest

from plainview.privacy.gate.refusals import Unwarranted
from plainview.privacy.gate.scope import Door, Subject

Issuer = Callable[[HttpRequest, int], str]
"""Says in which open case a request may be about somebody, by its number; "" for none."""
_issuers: list[Issuer] = []


class Knows(Protocol):
    """Says whether a number is that of an open case about somebody."""

    def __call__(self, *, number: str, person: int) -> bool: ...


_knowing: list[Knows] = []


Untold = Callable[[str, int], dt.date | None]
_untold: list[Untold] = []


def untold_by(finds: Untold) -> None:
    """Name who says until which day a law forbids to tell somebody of a case, by its number."""
    _untold[:] = [finds]


def untold(number: str, person: int) -> dt.date | None:
    """The day on which somebody may be told of a case about them; None where nothing forbids it."""
    return next((day for finds in _untold if (day := finds(number, person))), None)


Witness = Callable[[HttpRequest, Door, int, str], None]
_witnesses: list[Witness] = []


def witnessed_by(witness: Witness) -> None:
    """Let `witness(request, door, person, case)` be called when a warrant opens a door."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def issued_by(issuer: Issuer) -> None:
    """Name who says in which case a request is about somebody else. Raises Unwarranted twice."""
    if _issuers and _issuers[0] is not issuer:
        raise Unwarranted("warrants have one issuer, named in wiring.py")
    _issuers[:] = [issuer]


def issued() -> bool:
    """Whether anybody issues warrants at all."""
    return bool(_issuers)


def cases_known_by(knows: Knows) -> None:
    """Name who says whether a number is that of an open case about somebody."""
    _knowing[:] = [knows]


def in_case(number: str, person: int) -> bool:
    """Whether a number is that of an open case about somebody; nobody who knows means no."""
    return any(knows(number=number, person=person) for knows in _knowing)


def named(request: HttpRequest, door: Door, person: int) -> Callable[[], Subject]:
    """Finds that the door is about `person`. Raises Unwarranted without a warrant for them."""

    def find() -> Subject:
        case = next((issuer(request, person) for issuer in _issuers), "")
        if not case:
            raise Unwarranted(
                f"door {door.name} is about somebody else, and the person at it has no warrant."
                "\n  1. Ask before reading: lead them to where they say why they need it."
                "\n  2. Take `about` away, if the page is about the person at the door."
                "\n  3. If it is about nobody in particular, say everyone=… and why."
            )
        for witness in _witnesses:
            witness(request, door, person, case)
        return person

    return find
