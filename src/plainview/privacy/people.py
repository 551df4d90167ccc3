"""`request.user` is a small person: who it is and what they may do, and nothing more.

Who it is counts as of when the form has come: a body may take minutes, in which they can leave, be
signed out elsewhere or lose a role, and what they sent is then nobody's.

Takes the place of Django's AuthenticationMiddleware. The session's check needs the whole account,
under the identity's own scope; after it the personal attributes are put away again, so that each is
loaded late, and so compiles under the purpose of the moment.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.functional import SimpleLazyObject

from plainview.platform.storage.bodies import is_long
from plainview.privacy.consent import connected
from plainview.privacy.consent.cookie import from_api
from plainview.privacy.gate.identity import identifying
from plainview.privacy.staying import Left

KEPT = frozenset({"is_active", "roles"})


def small(user: Any) -> Any:
    """`user` with all its columns put away but its key and roles."""
    if user.pk is None:
        return user
    kept = KEPT | {user._meta.pk.attname}
    for column in user._meta.concrete_fields:
        if column.attname not in kept:
            user.__dict__.pop(column.attname, None)
    return user


def _person(request: Any) -> Any:
    if not hasattr(request, "_cached_user"):
        with identifying():
            request._cached_user = small(auth.get_user(request))
    return request._cached_user


class Identity(AuthenticationMiddleware):
    """Finds out who is at the door when somebody asks, and anew when their form has come."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        """Have all of the form here before its view asks who sent it.

        Of what may be as long as a film nothing is read before; its view asks `there_still`.
        """
        if request.method in ("GET", "HEAD") or is_long(view):
            return
        if settings.SESSION_COOKIE_NAME in request.COOKIES or connected.bearer(request):
            _read(request)
            _ask_again(request)


def there_still(request: Any) -> None:
    """Raises Left unless whoever began to send a form is at the door still, with the same roles."""
    before = request.user.pk, getattr(request.user, "roles", "")
    _read(request)
    _ask_again(request)
    if (request.user.pk, getattr(request.user, "roles", "")) != before:
        raise Left


def _read(request: HttpRequest) -> None:
    try:
        request.body  # noqa: B018 - kept by that
    except RawPostDataException:  # the check of its token has read it
        return
    except RequestDataTooBig:
        if request.user.is_authenticated and not from_api(request):  # which refuses it by itself
            request.POST  # noqa: B018 - its files go to the disk; all else is too long


def _ask_again(request: Any) -> None:
    request.session.ask_again()
    request.__dict__.pop("_cached_user", None)
    request.user = SimpleLazyObject(lambda: _person(request))
    request.visitor.ask_again()
