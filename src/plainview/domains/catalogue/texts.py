"""Words in several languages, kept beside the thing they describe, with a fallback that is told.

`texts` is a JSON object: language tag -> {field -> words}, for example
`{"en": {"name": "Harbour Lights"}, "ko": {"name": "항구의 불빛"}}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from plainview.platform import languages


class Words(NamedTuple):
    """A text and the language it is in, which a page states when it is not the reader's own."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def with_parents(tag: str) -> Iterator[str]:
    """A language and its parent tags: `pt-BR`, `pt`."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def languages_to_try(wanted: str, original: str) -> Iterator[str]:
    """The reader's language, its parent tags, English, the original language."""
    yield from with_parents(wanted)
    yield from ("en", original)


def words(
    texts: dict[str, dict[str, str]], field: str, *, original: str = "", language: str = ""
) -> Words:
    """The best words for `field` in `language` (default: the language of the request).

    Falls back as `languages_to_try` says, then to any language there is; empty if there is none.
    """
    for tag in languages_to_try(language or languages.current(), original):
        if found := texts.get(tag, {}).get(field):
            return Words(found, tag)
    for tag, fields in texts.items():
        if found := fields.get(field):
            return Words(found, tag)
    return Words("", original or "en")
