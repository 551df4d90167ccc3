"""Signing in links the device, signing out lets it go: hears Django's two signals, and no more."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from plainview.privacy.consent import cookie, services
from plainview.privacy.gate.scope import current
from plainview.privacy.visitors import Visitor


def _turn(request: HttpRequest) -> Visitor:
    """Whoever was at the door is somebody else from here on, also for the gate."""
    visitor = Visitor(request)
    request.visitor = visitor  # type: ignore[attr-defined]
    if (scope := current()) is not None:
        scope.life.become(visitor.subject)
    return visitor


def _signed_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is None:
        return
    remembered = cookie.read(request)
    if remembered is not None:
        services.link(user.pk, remembered.device)
    _turn(request)


def _signed_out(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is None:
        return
    remembered = cookie.read(request)
    if remembered is not None:
        services.unlink(remembered.device)


def listen() -> None:
    """Connect both, once."""
    user_logged_in.connect(_signed_in, dispatch_uid="privacy_link")
    user_logged_out.connect(_signed_out, dispatch_uid="privacy_unlink")
