"""`request.user`: who is at the door, found under the purpose of signing people in and no other.

What stays in memory is a small person: an id and what it may do here. All else about the account
is loaded when it is asked for, and so compiles under the purpose of that moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import auth
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from plainview.privacy.gate.identity import identifying

Handler = Callable[[HttpRequest], HttpResponseBase]
KEPT = frozenset({"is_active", "is_staff"})


class Visitor:
    """Stands where Django's AuthenticationMiddleware stood, after the sessions."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: _small(request))  # type: ignore[assignment]
        return self.get_response(request)


def _small(request: HttpRequest) -> Any:
    """The person of the session, or an AnonymousUser; the session is checked against the password.

    Asked for once and remembered where Django itself looks, as its own middleware does.
    """
    if not hasattr(request, "_cached_user"):
        with identifying():
            person = auth.get_user(request)
        if person.pk is not None:
            for field in person._meta.concrete_fields:
                if not field.primary_key and field.name not in KEPT:
                    person.__dict__.pop(field.attname, None)
        request._cached_user = person  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]
