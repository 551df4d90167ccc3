"""What subtitles need from rooms above them; `wiring.py` joins them."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest


class Manages(Protocol):
    """Knows whether whoever asks looks after every title, as the staff of the catalogue do."""

    def __call__(self, request: HttpRequest) -> bool:
        """Whether they may do in the studio what a channel manager may."""


def _nobody(request: HttpRequest) -> bool:
    return False


class Ports:
    """The joined rooms; until `wiring` has run, nobody manages."""

    manages: Manages = staticmethod(_nobody)
