"""What subtitles need from rooms above them; `wiring.py` joins them."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest

from plainview.domains.catalogue.models import Video


class Manages(Protocol):
    """Knows whether whoever asks looks after every title, as the staff of the catalogue do."""

    def __call__(self, request: HttpRequest) -> bool:
        """Whether they may do in the studio what a channel manager may."""


class MayWatch(Protocol):
    """Knows whether the licence of a video lets whoever asks see it where they are."""

    def __call__(self, request: HttpRequest, video: Video) -> bool:
        """Whether they may see it; who may not is told before they begin."""


def _everybody(request: HttpRequest, video: Video) -> bool:
    return True


def _nobody(request: HttpRequest) -> bool:
    return False


class Ports:
    """The joined rooms; until `wiring` has run, nobody manages, and what is published is shown."""

    manages: Manages = staticmethod(_nobody)
    may_watch: MayWatch = staticmethod(_everybody)
