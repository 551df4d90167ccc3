"""Turning text into terms: one normalisation of our own, the same on every database engine.

Text is folded (NFKC, case, accents, the variants of Arabic letters, katakana as hiragana,
traditional and Japanese characters as simplified ones, digits of every script) and cut into words.
No database cuts scripts without spaces alike, so none is asked to: Chinese, Japanese, Korean, Thai,
Lao, Khmer and Burmese become bigrams here.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

LONGEST = 40
"""Characters of a term; a longer word is cut."""

_CJK = (
    "\u3005\u3040-\u30ff"  # hiragana, katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # ideographs
    "\uac00-\ud7a3"  # hangul
)
_UNSPACED = (
    f"{_CJK}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
    "\U00020000-\U0003134f"  # further ideographs
)
_MARKS = "".join(
    c
    for c in map(chr, range(0x300, sys.maxunicode // 16))
    if unicodedata.category(c) in ("Mn", "Mc")
    and not ("\u0e00" <= c <= "\u0eff" or "\u1000" <= c <= "\u109f" or "\u1780" <= c <= "\u17ff")
    and not "\u3000" <= c <= "\u30ff"
)
_PICTURES = "\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
"""Emoji, each a word of its own; not the colours of skin that follow one."""
_TOKEN = re.compile(rf"[{_UNSPACED}]+|[{_PICTURES}]|(?:[^\W_{_UNSPACED}][{_MARKS}]*)+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_IS_PICTURE = re.compile(rf"[{_PICTURES}]")
_APOSTROPHES = re.compile(r"(?<=\w)['\u2019\u02bc\u05f3\uff07](?=\w)")
_JOINED = "\u02bc"  # a letter to `re`, and so part of its word
_HAN = "".join(
    line
    for line in Path(__file__).with_name("han.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
_LETTERS = str.maketrans(
    {
        "\u0640": "",  # tatweel
        "\u0629": "\u0647",  # ta marbuta
        "\u0649": "\u064a",  # alef maksura
        "\u06cc": "\u064a",  # Persian yeh
        "\u06a9": "\u0643",  # Persian kaf
        "\u0671": "\u0627",  # alef wasla
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e",
        **{chr(c): chr(c - 0x60) for c in range(0x30A1, 0x30F7)},  # katakana as hiragana
        **dict(zip(_HAN[::2], _HAN[1::2], strict=True)),
    }
)  # fmt: skip
_ARTICLE = "\u0627\u0644"


def fold(text: str) -> str:
    """`text` in lower case and compatibility form, without accents and vowel marks."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    if decomposed.isascii():
        return decomposed
    bare = "".join(c for c in decomposed if not _is_accent(c))
    folded = unicodedata.normalize("NFKC", bare.casefold()).translate(_LETTERS)
    return "".join(_digit(c) for c in folded)


def _is_accent(character: str) -> bool:
    """Combining marks, but for the voicing marks that make another Japanese syllable."""
    return unicodedata.combining(character) > 0 and character not in "\u3099\u309a"


def _digit(character: str) -> str:
    return character if character.isascii() else str(unicodedata.decimal(character, character))


def tokens(text: str) -> list[str]:
    """The words of `text`, folded, in order; of a script without spaces, its unbroken runs."""
    joined = _APOSTROPHES.sub(_JOINED, text)
    return _TOKEN.findall(fold(joined))


def unspaced(token: str) -> bool:
    """Whether a token is of a script that sets no spaces between words."""
    return bool(_IS_UNSPACED.match(token))


def bigrams(token: str) -> list[str]:
    """Each two neighbouring characters of a token."""
    return [token[i : i + 2] for i in range(len(token) - 1)]


def index_terms(text: str) -> list[str]:
    """Every term of `text`, in order, for the index: words, and unspaced runs with their bigrams.

    An elided article stands apart too (`l'amour` is `lamour` and `amour`), and so does a word
    without the Arabic article.
    """
    terms: list[str] = []
    for token in tokens(text):
        if unspaced(token):
            terms += [token[:LONGEST], *bigrams(token), *token]
            continue
        terms += _word_terms(token)
    return terms


def _word_terms(token: str) -> list[str]:
    word = token.replace(_JOINED, "")[:LONGEST]
    terms = [word]
    if _JOINED in token:
        terms += [part[:LONGEST] for part in token.split(_JOINED) if len(part) > 2]
    if (bare := without_article(word)) != word:
        terms.append(bare)
    return terms


def line_terms(text: str) -> list[str]:
    """The terms of a line: as of the index, but that an unspaced run is its bigrams alone."""
    terms: list[str] = []
    for token in tokens(text):
        if unspaced(token):
            terms += bigrams(token) or [token]
        else:
            terms += _word_terms(token)
    return terms


def without_article(word: str) -> str:
    """An Arabic word without its article, or without `and` and the article."""
    for article in (_ARTICLE, "\u0648" + _ARTICLE):
        if word.startswith(article) and len(word) > len(article) + 2:
            return word[len(article) :]
    return word


def words(text: str) -> list[str]:
    """The words of a query, each as it stands in the index; unspaced runs whole."""
    return [token.replace(_JOINED, "")[:LONGEST] for token in tokens(text)]


def query_terms(text: str) -> list[str]:
    """The terms that a hit must hold: words as prefixes, unspaced runs as all their bigrams."""
    terms: list[str] = []
    for token in words(text):
        terms += bigrams(token) if unspaced(token) and len(token) > 1 else [token]
    return terms


def squeezed(text: str) -> str:
    """The words of `text` without the spaces between them: how a name is compared as a whole.

    Emoji are left out, but of a name that has nothing else.
    """
    said = words(text)
    return "".join([each for each in said if not _IS_PICTURE.match(each)] or said)[:LONGEST]


def column(texts: list[str]) -> str:
    """The content of a search column: each distinct term once, each after a space."""
    seen = dict.fromkeys(term for text in texts for term in index_terms(text))
    return "".join(f" {term}" for term in seen)
