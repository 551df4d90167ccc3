"""What a letter asks for, by words of the eight languages; what isn't plain is left to a person.

No model and no guess: `words/<language>.toml` lists which words, standing in one sentence, ask for
which right, and articles of the GDPR count in every language. A sentence that says no, or a letter
that asks for several things, is not decided here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from plainview.platform.languages.folding import bare
from plainview.privacy.requests.carrying import ACTS

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "ar", "es", "fr", "ja", "ko", "pt-BR", "zh-Hant")
LATIN = ("en", "es", "fr", "pt-BR")
APPEAL, SEVERAL = "appeal", "several"
MOST = 6_000
"""So many characters are looked at: who asks for something says so early."""
_UNSPACED = {"ja", "ko", "zh-Hant"}
_END = re.compile(r"[.!?。！？؟\n;；]+")
_ARTICLE = re.compile(
    r"\b(?:art(?:icle|ículo|igo|\.)?|artikel|مادة|المادة)\s*\.?\s*(1[5-8]|2[0-2])\b", re.IGNORECASE
)
_GDPR = re.compile(r"\b(?:gdpr|rgpd|dsgvo|avg)\b|2016/679", re.IGNORECASE)
_BY_ARTICLE = {
    "15": "access",
    "16": "correct",
    "17": "delete",
    "18": "restrict",
    "20": "portability",
    "21": "object",
    "22": "automated-decision-review",
}
# Of two that are asked for together, the first holds the second.
_HOLDS = (
    ("access", "know-confirm"),
    ("portability", "access"),
    ("portability", "know-confirm"),
    ("list-specific-third-parties", "know-confirm"),
    ("object-direct-marketing", "object"),
    ("object-direct-marketing", "optout-targeted-ads"),
    ("optout-sale-sharing", "optout-targeted-ads"),
    ("optout-sale-sharing", "list-specific-third-parties"),
    ("optout-targeted-ads", "optout-profiling"),
    ("optout-profiling", "object"),
    ("limit-sensitive", "restrict"),
    ("minor-remedy", "delete"),
    ("shine-the-light", "list-specific-third-parties"),
    ("automated-decision-review", "optout-profiling"),
)
# They are themselves a no, so a no in their sentence says nothing against them.
_NOES = {*ACTS, "complaint", APPEAL}


class Meaning(NamedTuple):
    """The right that is asked for, and the language of the letter.

    `kind` is empty where none is recognised, and `several` where more than one is. `language` is
    one of `LANGUAGES`, empty where it is none of them or can't be told.
    """

    kind: str
    language: str


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    marks: list[str]
    not_: list[str] = msgspec.field(name="not")
    kinds: dict[str, list[str]]


class _Known(NamedTuple):
    marks: frozenset[str]
    noes: re.Pattern[str]
    kinds: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]


def understood(subject: str, text: str, appeal: str = "") -> Meaning:
    """What a letter with this subject, whose sender wrote `text`, asks for.

    `appeal` are the words by which the policy says that a subject makes an appeal.
    """
    whole = bare(f"{subject}\n{text}"[:MOST])
    language = _language(whole)
    if appeal and bare(appeal) in bare(subject):
        return Meaning(APPEAL, language)
    sentences = [each.strip() for each in _END.split(whole) if each.strip()]
    if language:
        asked = _asked(known(language), sentences)
    else:
        found = {each: _asked(known(each), sentences) for each in LATIN}
        asked = set()
        speaking = [each for each in LATIN if found[each]]
        if len(speaking) == 1 and re.search(r"[a-z]", whole):  # too short to tell by small words
            language, asked = speaking[0], found[speaking[0]]
    if _GDPR.search(whole):
        asked |= {_BY_ARTICLE[found] for found in _ARTICLE.findall(whole) if found in _BY_ARTICLE}
    return Meaning(_one(asked), language)


def _asked(words: _Known, sentences: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for sentence in sentences:
        here = {
            kind for kind, groups in words.kinds if all(group.search(sentence) for group in groups)
        }
        if here & _NOES or not words.noes.search(sentence):
            found |= here
    return found


def _one(asked: set[str]) -> str:
    left = set(asked)
    for more, less in _HOLDS:
        if more in left:
            left.discard(less)
    if len(left) > 1:
        return SEVERAL
    return next(iter(left), "")


def _language(text: str) -> str:
    """The language of a letter by its script, and among those in Latin script by small words."""
    letters = Counter(_script(each) for each in text if each.isalpha())
    total = sum(letters.values())
    if not total:
        return ""
    if letters["kana"] > total / 20:
        return "ja"
    for script, language in (("hangul", "ko"), ("arabic", "ar"), ("han", "zh-Hant")):
        if letters[script] > total / 4:
            return language
    words = Counter(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text))
    scores = {each: sum(words[mark] for mark in known(each).marks) for each in LATIN}
    first, second = sorted(scores, key=lambda each: -scores[each])[:2]
    enough = scores[first] >= 2 and scores[first] > scores[second]
    return first if enough and letters["latin"] > total / 2 else ""


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ")[0]
    return {
        "HIRAGANA": "kana",
        "KATAKANA": "kana",
        "HANGUL": "hangul",
        "CJK": "han",
        "ARABIC": "arabic",
        "LATIN": "latin",
    }.get(name, "")


@functools.cache
def known(language: str) -> _Known:
    """The words of a language. Raises msgspec.ValidationError for a list that is none."""
    read = msgspec.toml.decode((FOLDER / f"{language}.toml").read_bytes(), type=_Words)
    kinds = [
        (kind, tuple(_group(group, language) for group in line.split("&")))
        for kind, lines in read.kinds.items()
        for line in lines
    ]
    return _Known(
        frozenset(map(bare, read.marks)), _group("|".join(read.not_), language), tuple(kinds)
    )


def _group(group: str, language: str) -> re.Pattern[str]:
    """Any of the words or phrases of a group, as whole words where a language parts them."""
    phrases = [bare(each.strip()) for each in group.split("|")]
    if language in _UNSPACED:
        return re.compile("|".join(re.escape(each) for each in phrases))
    # Arabic writes its articles and some prepositions onto the word.
    before = r"(?:\b[وف]?(?:لل|[بلكس]?(?:ال)?))" if language == "ar" else r"(?<![^\W_])"
    written = [re.escape(each).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for each in phrases]
    return re.compile(before + "(?:" + "|".join(written) + r")(?![^\W_])")
