"""Links that lead away from the service: marked, and telling the other site nothing (P4.3a).

No referrer and no identifier goes along, and the other page gets no hold on ours. A test walks
every page and finds none that leaves otherwise.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

REL = "external noopener noreferrer"


def leaving(url: str, text: str, *, language: str = "") -> SafeString:
    """A link to a page of somebody else. Raises ValueError for what is no web address."""
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"not an address to lead to: {url!r}")
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html(
        '<a class="leaves" href="{}" rel="{}" referrerpolicy="no-referrer"{}>{}'
        '<span class="visually-hidden"> ({})</span></a>',
        url,
        REL,
        lang,
        text,
        _("leads to another site"),
    )
