"""Text as lists of words write it, so that one spelling is found however it was typed."""

from __future__ import annotations

import re
import unicodedata

_ARABIC = str.maketrans("أإآٱىة", "ااااي" + "ه")


def plain(text: str) -> str:
    """Text in one width and case, with plain apostrophes, Arabic without its finer marks."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    folded = re.sub(r"[\u064b-\u0652\u0670\u0640]", "", folded)
    return folded.translate(_ARABIC)


def bare(text: str) -> str:
    """Text as `plain` has it, its Latin letters without accents: many type them without."""
    apart = unicodedata.normalize("NFD", plain(text))
    return unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f]", "", apart))
