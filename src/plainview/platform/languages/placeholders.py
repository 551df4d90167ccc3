"""What stands in a sentence and is no word: `%(name)s`, `{fact}`, tags. A translation keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plainview.platform.languages import plurals

_BLANKS = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|%[sd]")
_TAGS = re.compile(r"</?[a-z][^>]*>")
_ANY = re.compile(f"{_BLANKS.pattern}|{_TAGS.pattern}")
_APART = "\u200e\u200e"  # marks of left to right, two as nobody types them


def faults(
    language: str, source: tuple[str, ...], said: tuple[str, ...]
) -> tuple[set[str], set[str]]:
    """What the forms of a translation leave out of its original, and what they invent.

    A form that one number alone takes may leave the number out: "a film" for "%(count)s films".
    """
    forms = plurals.forms(language) if len(source) > 1 else ()
    common = [each for each in _found(source[0]) if all(each in _found(one) for one in source)]
    known = [each for one in source for each in _found(one)]
    lost: set[str] = set()
    invented: set[str] = set()
    for place, form in enumerate(said):
        has = _found(form)
        left_out = _without(common, has)
        alone = place < len(forms) and len(forms[place].examples) == 1
        if not (alone and len(left_out) == 1 and left_out[0].startswith("%")):
            lost.update(left_out)
        invented.update(_without(has, known if len(source) > 1 else _found(source[0])))
    return lost, invented


def isolated(text: str) -> str:
    """`text` with its blanks and tags kept whole among words set right to left (UAX 9)."""
    return _ANY.sub(rf"{_APART}\g<0>{_APART}", text)


def bare(text: str) -> str:
    """`text` without what `isolated` put into it."""
    return text.replace(_APART, "")


def _found(text: str) -> list[str]:
    return _BLANKS.findall(text) + _TAGS.findall(text)


def _without(these: Iterable[str], those: Iterable[str]) -> list[str]:
    left = list(those)
    missing = []
    for each in these:
        if each in left:
            left.remove(each)
        else:
            missing.append(each)
    return missing
