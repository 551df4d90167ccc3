"""The plural forms of a language, by CLDR's categories, each with numbers that take it."""

from __future__ import annotations

from functools import lru_cache
from gettext import c2py
from typing import NamedTuple

from babel.messages.plurals import get_plural

from plainview.platform.languages import locale

_TRIED = (*range(201), 1000, 1_000_000)
_SHOWN = 5


class Form(NamedTuple):
    """A plural form: CLDR's names for it (`one`, `few`) and the first numbers that take it."""

    names: tuple[str, ...]
    examples: tuple[int, ...]


@lru_cache(maxsize=32)
def forms(language: str) -> tuple[Form, ...]:
    """The forms of a language in the order of its translation files."""
    known = locale(language)
    plural = get_plural(str(known))
    which = c2py(plural.plural_expr)
    taking: list[list[int]] = [[] for _ in range(plural.num_plurals)]
    for number in _TRIED:
        taking[int(which(number))].append(number)
    return tuple(
        Form(
            tuple(dict.fromkeys(known.plural_form(each) for each in numbers)),
            tuple(numbers[:_SHOWN]),
        )
        for numbers in taking
    )
