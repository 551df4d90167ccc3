"""Log lines that name nobody: of an error its kind and where it was raised, not what it says.

What an error says is often what somebody sent: a mail server that refuses an address repeats it.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from types import TracebackType

SPEAKING = (ImportError, AttributeError, NameError)
"""Errors whose words are about code alone."""
_SYSTEMS = frozenset(map(os.strerror, errno.errorcode))
"""What the system itself says; a library's words in the same place may repeat what was sent."""
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Writes tracebacks without the words of the errors, causes included."""

    def formatException(self, ei: ExcInfo) -> str:
        """The frames and the name of each error, the first cause first.

        Of a database that nobody could connect to its server's words alone: nothing of anybody was
        asked yet, where it was raised says nothing, and every request says so at once.
        """
        told = []
        for error in _chain(ei[1]):
            if getattr(error, "pgconn", None) is not None:  # psycopg: it was never connected
                return f"{_kind(error)}: {' '.join(str(error).split())}"
            told.append(_told(error))
        return "\nthen:\n".join(reversed(told))


def _told(error: BaseException) -> str:
    words = ""
    if isinstance(error, SPEAKING):
        words = f": {error}"
    elif isinstance(error, OSError) and error.strerror in _SYSTEMS:
        words = f": {error.strerror}"  # without the name of a file
    elif code := getattr(error, "sqlite_errorname", ""):  # SQLITE_FULL, say
        words = f": {code}"
    return "".join(traceback.format_tb(error.__traceback__)) + _kind(error) + words


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        silent = error.__suppress_context__
        error = error.__cause__ or (None if silent else error.__context__)


class Bounded(WatchedFileHandler):
    """A file that several processes write to, with one before it, `NAME.1`: both end by themselves.

    `most` is the size, in bytes, past which a file becomes the one before. Every process notices by
    itself that another moved it, and goes on in the new one.
    """

    def __init__(self, filename: str, most: int) -> None:
        super().__init__(filename, delay=True, encoding="utf-8")
        self.most = most
        self._refused = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, into a new file where the old one is full."""
        try:
            with suppress(FileNotFoundError):  # nothing was written yet
                if os.stat(self.baseFilename).st_size > self.most:
                    self._begin_anew()
            super().emit(record)
        except OSError:  # also of a stream that is left, with what it could not write
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Say once what keeps lines from being written; each would be said with its traceback."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif self._refused != (said := error.strerror or type(error).__name__):
            self._refused = said
            with suppress(OSError, AttributeError):
                sys.stderr.write(f"{self.baseFilename} can't be written to: {said}\n")

    def _begin_anew(self) -> None:
        with open(self.baseFilename, "rb") as full:
            fcntl.flock(full, fcntl.LOCK_EX)
            held = os.fstat(full.fileno())
            if held.st_size > self.most and os.path.samestat(held, os.stat(self.baseFilename)):
                os.replace(self.baseFilename, f"{self.baseFilename}.1")
