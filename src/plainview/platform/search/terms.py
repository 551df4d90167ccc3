"""Turning text into terms: folded, accents off, Chinese, Japanese and Korean cut into bigrams.

No database splits CJK words alike, so none is asked to: the terms are made here, stored in a column
of ours and matched with LIKE (or a full-text index over the same column).
"""

from __future__ import annotations

import re
import unicodedata

_CJK = (
    "\u3040-\u30ff"  # hiragana, katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # ideographs
    "\uac00-\ud7a3"  # hangul
)
_TOKEN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")


def fold(text: str) -> str:
    """`text` in lower case and compatibility form, without accents and vowel marks."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in decomposed if not _is_accent(c))
    return unicodedata.normalize("NFKC", bare.casefold())


def _is_accent(character: str) -> bool:
    """Combining marks, but for the voicing marks that make another Japanese syllable."""
    return unicodedata.combining(character) > 0 and character not in "\u3099\u309a"


def index_terms(text: str) -> list[str]:
    """Every term of `text`, in order, for the index: words, and CJK runs with their bigrams."""
    terms: list[str] = []
    for token in _TOKEN.findall(fold(text)):
        terms.append(token)
        if _IS_CJK.match(token):
            terms += [token[i : i + 2] for i in range(len(token) - 1)]
            terms += list(token)
    return terms


def query_terms(text: str) -> list[str]:
    """The terms that a hit must hold: words as prefixes, CJK runs as all their bigrams."""
    terms: list[str] = []
    for token in _TOKEN.findall(fold(text)):
        if _IS_CJK.match(token) and len(token) > 1:
            terms += [token[i : i + 2] for i in range(len(token) - 1)]
        else:
            terms.append(token)
    return terms


def column(texts: list[str]) -> str:
    """The content of a search column: each distinct term once, each after a space."""
    seen = dict.fromkeys(term for text in texts for term in index_terms(text))
    return "".join(f" {term}" for term in seen)
