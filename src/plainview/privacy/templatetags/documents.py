"""Template tags of documents: blocks as elements, and links that leave."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from plainview.privacy import leaving as leaving_
from plainview.privacy.notice import to_elements
from plainview.privacy.notice.blocks import Block

register = template.Library()


@register.simple_tag
def elements(blocks: Iterable[Block]) -> SafeString:
    """The blocks of a clause; every word in them is escaped."""
    return SafeString(to_elements(blocks))


@register.simple_tag
def leaving(url: str, text: str, language: str = "") -> SafeString:
    """A link that leads away: marked, and telling the other site nothing (P4.3a)."""
    return leaving_.leaving(url, text, language=language)


@register.filter
def linked(text: str) -> SafeString:
    """What somebody wrote, with the addresses in it as links; those that leave are marked."""
    return leaving_.linked(text)
