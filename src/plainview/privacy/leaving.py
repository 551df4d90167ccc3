"""Links that lead away from the service: marked, and telling the other site nothing (P4.3a).

No referrer and no identifier goes along, and the other page gets no hold on ours. A test walks
every page and finds none that leaves otherwise.
"""

from __future__ import annotations

import html
import re

from django.conf import settings
from django.utils.html import Urlizer, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plainview.platform import languages

REL = "external noopener noreferrer"
_ISOLATES = "\u2066-\u2069"
_LINK = re.compile(r'<a href="(https?)(://[^"]*)">([^<]*)</a>', re.IGNORECASE)


def leaving(url: str, text: str, *, language: str = "") -> SafeString:
    """A link to a page of somebody else. Raises ValueError for what is no web address."""
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"not an address to lead to: {url!r}")
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html(
        '<a class="leaves" href="{}" rel="{}" referrerpolicy="no-referrer"{}>{}'
        '<span class="visually-hidden">{}</span></a>',
        url,
        REL,
        lang,
        text,
        languages.aside(_("leads to another site")),
    )


class _Links(Urlizer):
    """As Django's, and finds an address that stands apart in words set right to left."""

    word_split_re = re.compile(rf"""([\s<>"'{_ISOLATES}]+)""")


def linked(text: str) -> SafeString:
    """`text`, escaped, with the addresses in it as links; those that leave are marked."""

    def link(found: re.Match[str]) -> str:
        scheme, rest, words = (html.unescape(each) for each in found.groups())
        host = re.split(r"[/?#]", rest[3:], maxsplit=1)[0]  # not parsed: anything may be typed
        ours = host == settings.PUBLIC.netloc
        return found[0] if ours else leaving(f"{scheme.lower()}{rest}", words)

    return SafeString(_LINK.sub(link, _Links()(text, autoescape=True)))
