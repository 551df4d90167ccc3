"""Whether somebody says that they, or a child of theirs, are one, in any language (P10e).

No model and no guess: `ages.toml` lists the words. All languages are looked for in every text: who
is a child is known by any route. What says it only in passing is sorted by an officer.
"""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from plainview.platform.languages.folding import plain

WORDS = Path(__file__).with_suffix(".toml")
MOST = 20_000
"""So many characters are looked at."""
LEAST = 4
"""Nobody younger writes; a smaller number counts something else."""
_UNSPACED, _THEIR_FIRST = ("ja", "ko", "zh-Hant"), "\u1100"
"""Languages written without spaces, and the first of all their letters."""
_TENS = "(?<![一二三四五六七八九十])(?<!스물)(?<!서른)(?<!마흔)(?<!쉰)(?<!예순)(?<!일흔)"
_END = re.compile(r"[.!?。！？؟\n]+")
_ENDS = r"(?=\s*(?:$|[^\w\s%]))"


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: list[str]
    not_: list[str] = msgspec.field(name="not")
    aged: list[str]
    younger: list[str]
    kin: list[str]
    kin_aged: list[str]
    kin_younger: list[str]
    using: list[str]


class _Known(NamedTuple):
    aged: re.Pattern[str]
    younger: re.Pattern[str]
    kin: re.Pattern[str]
    kin_aged: re.Pattern[str]
    kin_younger: re.Pattern[str]
    using: re.Pattern[str]
    numbers: dict[str, int]


def a_childs(words: str, adult: int) -> bool:
    """Whether words say that whoever wrote them is younger than `adult` years."""
    text = plain(words[:MOST])
    return any(_young(each.aged, each.younger, each, text, adult) for each in _heard(text))


def of_a_child(words: str, adult: int) -> bool:
    """Whether words say that somebody younger than `adult` years has an account, as parents write.

    Who it is and how old they are stand in one sentence or in two that follow each other.
    """
    text = plain(words[:MOST])
    sentences = [each for each in _END.split(text) if each.strip()]
    near = [" . ".join(pair) for pair in pairwise([*sentences, ""])]
    return any(
        each.using.search(text) and any(_kin(each, pair, adult) for pair in near)
        for each in _heard(text)
    )


def _heard(text: str) -> list[_Known]:
    """The words of each language of whose letters there are any."""
    unspaced = max(text, default="") >= _THEIR_FIRST
    return [words for each, words in known().items() if unspaced or each not in _UNSPACED]


def _kin(words: _Known, text: str, adult: int) -> bool:
    if not words.kin.search(text):
        return False
    return _young(words.kin_aged, words.kin_younger, words, text, adult)


def _young(
    aged: re.Pattern[str], younger: re.Pattern[str], words: _Known, text: str, adult: int
) -> bool:
    if younger.search(text):
        return True
    for found in aged.finditer(text):
        said = next(group for group in found.groups() if group)
        age = words.numbers.get(said) or (int(said) if said.isdecimal() else 0)
        if LEAST <= age < adult:
            return True
    return False


@functools.cache
def known() -> dict[str, _Known]:
    """The words of each language. Raises msgspec.ValidationError for a list that is none."""
    read = msgspec.toml.decode(WORDS.read_bytes(), type=dict[str, _Words])
    return {language: _compiled(language, words) for language, words in read.items()}


def _compiled(language: str, words: _Words) -> _Known:
    numbers = {
        plain(form): age for age, forms in enumerate(words.numbers, 1) for form in forms.split("|")
    }
    spaced = language not in _UNSPACED
    written = "|".join(re.escape(each) for each in sorted(numbers, key=len, reverse=True))
    inside = rf"({'' if spaced else _TENS}(?:{written})|(?<!\d)\d{{1,2}})(?!\d)"
    noes = "".join(rf"(?<!\b{re.escape(plain(each))} )" for each in words.not_)
    before = r"(?<!\w)" if spaced else ""
    after = r"(?!\w)" if spaced else ""

    def phrase(line: str) -> str:
        text = re.escape(plain(line)).replace(r"\ ", r"\s+")
        text = text.replace(r"\#", "#").replace(r"\$", "$").replace(r"\*", r"\w*")
        closed = text.endswith("$")
        text = text.removesuffix("$").replace("#", inside)
        return text + (_ENDS if closed else after)

    def any_of(lines: list[str], noes: str = noes) -> re.Pattern[str]:
        return re.compile(f"{before}{noes}(?:{'|'.join(map(phrase, lines))})", re.MULTILINE)

    return _Known(
        any_of(words.aged),
        any_of(words.younger),
        any_of(words.kin, noes=""),
        any_of(words.kin_aged),
        any_of(words.kin_younger),
        any_of(words.using, noes=""),
        numbers,
    )
