"""Verbs that make what is there once: whoever is overtaken looks again, and sees what stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

P = ParamSpec("P")
R = TypeVar("R")


def looks_again(verb: Callable[P, R]) -> Callable[P, R]:
    """Runs a verb in a transaction, and once more where somebody was faster with the same row.

    The first time it saw no such row, the second time it does, and answers as if it had come later.
    Whatever it does outside of the database belongs on commit. Raises IntegrityError for a row that
    is wrong by itself.
    """

    @wraps(verb)
    def run(*given: P.args, **named: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return verb(*given, **named)
        except IntegrityError:
            with transaction.atomic():
                return verb(*given, **named)

    return run
