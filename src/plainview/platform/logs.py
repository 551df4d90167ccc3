"""Log lines that name nobody: of an error its kind and where it was raised, not what it says.

What an error says is often what somebody sent: a mail server that refuses an address repeats it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

SPEAKING = (ImportError, AttributeError, NameError)
"""Errors whose words are about code alone."""
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Writes tracebacks without the words of the errors, causes included."""

    def formatException(self, ei: ExcInfo) -> str:
        """The frames and the name of each error, the first cause first."""
        error = ei[1]
        return "" if error is None else "\nthen:\n".join(reversed(list(_told(error))))


def _told(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        words = f": {error}" if isinstance(error, SPEAKING) else ""
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        yield "".join(traceback.format_tb(error.__traceback__)) + kind + words
        silent = error.__suppress_context__
        error = error.__cause__ or (None if silent else error.__context__)
