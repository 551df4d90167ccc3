"""What a page, a style sheet or a letter has a program fetch from others, read off its text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_AWAY = r"""\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)"""
_LOADS = re.compile(
    rf"""<(?:img|iframe|frame|video|audio|source|track|embed|object|script|input|image|use)\b
        [^>]*?\b(?:src|data|srcset|poster|href){_AWAY}
      | <(?:form|button|input)\b[^>]*?\b(?:form)?action{_AWAY}
      | <(?:link|base)\b(?![^>]*\brel\s*=\s*["']?(?:canonical|alternate|license))[^>]*?\bhref{_AWAY}
      | \bping{_AWAY}
      | \bbackground{_AWAY}
      | http-equiv\s*=\s*["']?refresh[^>]*?url{_AWAY}
      | (?:url\(\s*["']?\s*|@import\s+["'])((?:https?:)?//[^"')\s]+)""",
    re.IGNORECASE | re.VERBOSE,
)


def origin(address: str) -> str:
    """The origin of an address, as the Content-Security-Policy writes it."""
    parts = urlsplit(address if "//" not in address[:2] else f"https:{address}")
    return f"{parts.scheme}://{parts.netloc}".lower()


def foreign(markup: str, *, own: str = "") -> set[str]:
    """The origins from which a page or style sheet has a browser fetch, or to which it sends it.

    Links that a person follows are not among them (`privacy.leaving` makes those), nor is what
    only names an address. `own` is the page's own host.
    """
    found = set[str]()
    if "//" not in markup:  # most pages and templates name no other place: a thousandth of the time
        return found
    for each in _LOADS.finditer(markup):
        address = next(filter(None, each.groups()))
        if urlsplit(address).netloc != own:
            found.add(origin(address))
    return found
