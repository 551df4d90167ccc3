"""`request.user` is a small person: who it is and what they may do, and nothing more.

Takes the place of Django's AuthenticationMiddleware. The session's check needs the whole account,
under the identity's own scope; after it the personal attributes are put away again, so that each is
loaded late, and so compiles under the purpose of the moment.
"""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from plainview.privacy.gate.identity import identifying

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
    """Finds out who is at the door when somebody asks, and not before."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]
