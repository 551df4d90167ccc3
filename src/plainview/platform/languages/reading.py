"""How hard a text is to read: a hint for whoever writes an answer, and no more.

Two measures, each only where it holds:

- LIX (Björnsson 1968): words a sentence, plus the percentage of words longer than six letters. It
  counts letters and no syllables, and is used for English, Spanish, French and Portuguese. A school
  year is told for English alone, by RIX (Anderson, *Journal of Reading* 26, 1983), which was
  compared with what pupils of each year understand.
- How long sentences are, everywhere: in words, or in characters where words are not parted. Nobody
  has compared that with what readers understand of Arabic, Korean or Chinese; for Japanese the
  Agency for Cultural Affairs advises 50 to 60 characters (2022).
"""

from __future__ import annotations

from typing import NamedTuple

import regex

LONG = 6
"""A word of more letters than this is a long one."""
GRADED = "en"
MEASURED = frozenset({"en", "es", "fr", "pt"})
BY_CHARACTERS = {"ja": 60, "zh": 50}
"""How many characters a sentence has at most, on the average of a text that reads well."""
WORDS = 20
_FEWER = {"ar": 18, "ko": 15}
"""Languages that write into one word what others write in two."""
HARD = 60
"""From here on Björnsson calls a text very hard."""
FEW = 5
"""Of fewer sentences LIX wavers too much to warn by it."""
_YEARS = (0.2, 0.5, 0.8, 1.3, 1.8, 2.4, 3.0, 3.7, 4.5, 5.3, 6.2, 7.2)
_END = regex.compile(r"(?<=[.!?…؟۔][\p{Pe}\p{Pf}\"']*)\s+(?![\p{Ll}\p{Nd}])|(?<=[。！？])|\n\s*\n")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\p{Nd}'’-]*|\p{Nd}+")
_LETTER = regex.compile(r"[\p{L}\p{M}]")
_CHARACTER = regex.compile(r"[\p{L}\p{M}\p{N}]")


class Reading(NamedTuple):
    """How a text reads: its sentences' average length, and what can be said of it.

    `unit` is `words` or `characters`, `most` the average up to which a text reads well. `lix` is
    None where that measure does not hold, `year` (of school, 13 for beyond) where no year is known.
    """

    sentences: int
    average: float
    unit: str
    most: int
    lix: int | None = None
    year: int | None = None

    @property
    def hard(self) -> bool:
        """Whether sentences are longer than reads well, or words are."""
        words = self.sentences >= FEW and (self.lix or 0) >= HARD
        return self.average > self.most or words


def read(text: str, language: str) -> Reading | None:
    """How hard a text in a language (BCP 47) is to read; None of a text without words.

    >>> read("We deleted your account. Nothing of it is left.", "en").year
    5
    """
    spoken = language.partition("-")[0].lower()
    sentences = [each for each in _END.split(text) if each and _CHARACTER.search(each)]
    if not sentences:
        return None
    if (most := BY_CHARACTERS.get(spoken)) is not None:
        characters = len(_CHARACTER.findall(text))
        return Reading(len(sentences), characters / len(sentences), "characters", most)
    words = _WORD.findall(text)
    average = len(words) / len(sentences)
    most = _FEWER.get(spoken, WORDS)
    if spoken not in MEASURED:
        return Reading(len(sentences), average, "words", most)
    long = sum(len(_LETTER.findall(word)) > LONG for word in words)
    lix = round(average + 100 * long / len(words))
    rix = long / len(sentences)
    year = 1 + sum(rix >= bound for bound in _YEARS) if spoken == GRADED else None
    return Reading(len(sentences), average, "words", most, lix, year)
