"""What a request says of its own text, before Django believes it.

Python has codecs that make no text (`rot13`), raise whatever they meet (`undefined`) or make
something else of the plainest letters (`punycode`). Django takes each charset that Python knows,
for the address too, while it makes the request: what fails there is no page of ours, and looks in
the log like a fault of ours. A form in an address's letters has none to say: it is UTF-8 (WHATWG
URL, 5), and Django refuses one that says anything else, `utf8` and `us-ascii` too, which the
programs of mail providers and old clients do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

_BOUNDARY = re.compile(r';\s*boundary="?([^";\s]+)', re.IGNORECASE)
_ASCII = "a=1"
_FORM = "application/x-www-form-urlencoded"
_TYPE = "CONTENT_TYPE"


def readable(content_type: str) -> str:
    """A content type without what can't be read: then its kind and boundary alone."""
    kind = content_type.partition(";")[0]
    if kind.strip().lower() == _FORM:
        return kind
    try:
        _kind, said = parse_header_parameters(content_type)
        known = _ASCII.encode().decode(said.get("charset", "utf-8"), "replace") == _ASCII
    except (LookupError, ValueError):
        known = False
    if not known:
        boundary = _BOUNDARY.search(content_type)
        return f'{kind}; boundary="{boundary[1]}"' if boundary else kind
    return content_type


def charsets(site: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A WSGI application in front of `site`, which gets content types that can be read."""

    def served(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if ";" in environ.get(_TYPE, ""):
            environ[_TYPE] = readable(environ[_TYPE])
        return site(environ, start_response)

    return served
