"""Signing in links the device, signing out lets it go: hears the signals of both."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from plainview.privacy import sessions
from plainview.privacy.consent import connected, cookie, giving, services
from plainview.privacy.gate.scope import current
from plainview.privacy.push import services as push
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
    if remembered is not None and not request.session.get(sessions.SHARED):
        services.link(
            user.pk, remembered.device, sessions.handle(request.session.session_key or "")
        )
        if giving.known_on(user.pk, Visitor(request)):
            messages.info(request, giving.opted_out_before())
    _turn(request)


def _signed_out(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is None:
        return
    if request.session.get(sessions.SHARED):
        request.left_shared = True  # type: ignore[attr-defined]
    if user is not None and (key := request.session.session_key):
        push.end(user.pk, sitting=sessions.handle(key))
    remembered = cookie.read(request)
    if remembered is not None:
        services.unlink(remembered.device)


def _new_password(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """A new password ends what speaks for the account elsewhere; here the session goes on.

    Messages end in every browser: which of them is in good hands, nobody knows.
    """
    connected.end_all(user.pk)
    push.end_all(user.pk)
    remembered = cookie.read(request)
    if remembered is not None and request.session.session_key:
        services.sits_in(user.pk, remembered.device, sessions.handle(request.session.session_key))
    connected.unlink_ended(user.pk)


def _goes_on(account: int, before: list[str], sitting: str) -> None:
    """A session is the same one, whatever it is called from here on."""
    services.goes_on(account, before, sitting)
    push.goes_on(account, before, sitting)


def listen() -> None:
    """Connect them, once."""
    sessions.watch(_goes_on)
    password_changed.connect(_new_password, dispatch_uid="privacy_password_changed")
    password_reset.connect(_new_password, dispatch_uid="privacy_password_reset")
    user_logged_in.connect(_signed_in, dispatch_uid="privacy_link")
    user_logged_out.connect(_signed_out, dispatch_uid="privacy_unlink")
