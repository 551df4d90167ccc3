"""A request sees one version of the policy, from its beginning to the end of its response."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from plainview.privacy.gate import purposes
from plainview.privacy.versions import fence, following

PROBES = frozenset({"/healthz", "/readyz"})
"""What asks after the process itself is answered also where the database does not."""
Handler = Callable[[HttpRequest], HttpResponseBase]


class OneVersion:
    """Middleware: the version in force as the request begins holds until it ends.

    What would have written by one that was superseded meanwhile wrote nothing; the browser is told
    to send the same again, with all that was typed (RFC 9110 section 15.4.8), and meets the new.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in PROBES and not request.path.startswith(settings.STATIC_URL):
            following.arrive()
        with purposes.holding():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what was refused because it came by an older version."""
        if not isinstance(error, fence.Superseded):
            return None
        again = HttpResponse(status=307)
        again["Location"], again["Cache-Control"] = request.get_full_path(), "no-store"
        return again
