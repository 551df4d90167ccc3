"""Where each key of a TOML text stands, since the parser forgets.

The text must already have been accepted by `tomllib`; the scanner relies on that.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+|[^\s,\]}#]+")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:[^"\\]|\\.)*"'),
    re.compile(r"'[^']*'"),
)
_ESCAPE = re.compile(r"\\(.)")


def locate(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and list element of a valid TOML text.

    Paths are as in the parsed value: `("purpose", "recommend", "rule", 0, "allow")`.
    """
    return _Scanner(text).lines


class Span(NamedTuple):
    """Characters `start` to `end` (excluded) of a text; some are `inside` a list or braces."""

    start: int
    end: int
    inside: bool


def spans(text: str) -> dict[Path, list[Span]]:
    """Return where each table, key and list element of a valid TOML text begins and ends.

    A table that is written in several places has a span for each. What follows its last key, as
    blank lines and comments, is no part of a table.
    """
    return _Scanner(text).spans


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}
        self.spans: dict[Path, list[Span]] = {}
        self.lists: dict[Path, int] = {}  # arrays of tables: how many elements so far
        self._document()

    def _document(self) -> None:
        table: Path = ()
        start = end = 0
        while self._skip_blank() < len(self.text):
            if self.text[self.at] == "[":
                self._span(table, (), start, end)
                start = self.at
                grows = self.text.startswith("[[", self.at)
                table = self._header(1 + grows, grows=grows)
            else:
                self._pair(table)
            end = self.at
        self._span(table, (), start, end)

    def _header(self, brackets: int, *, grows: bool) -> Path:
        start = self.at
        self.at += brackets
        path = self._resolve(self._key(), start)
        self._skip_blank()
        self.at += brackets
        if grows:
            index = self.lists.get(path, 0)
            self.lists[path] = index + 1
            self._mark(path, start)
            path = (*path, index)
        self._mark(path, start)
        return path

    def _resolve(self, keys: list[str], start: int) -> Path:
        """Turn a header's keys into a path: a key of an array of tables means its last element."""
        path: Path = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            self._mark(path, start)
            if path in self.lists and position < len(keys) - 1:
                path = (*path, self.lists[path] - 1)
        return path

    def _pair(self, table: Path, *, inside: bool = False) -> None:
        start = self.at
        path = table
        for key in self._key():
            path = (*path, key)
            self._mark(path, start)
        self._skip_blank()
        self.at += 1  # the equals sign
        self._value(path)
        self._span(path, table, start, self.at, inside=inside)

    def _key(self) -> list[str]:
        keys = []
        while True:
            self._skip_blank()
            if self.text[self.at] in "\"'":
                literal = self._string()[1:-1]
                keys.append(_ESCAPE.sub(r"\1", literal))
            else:
                match = _BARE_KEY.match(self.text, self.at)
                keys.append(match.group() if match else "")
                self.at = match.end() if match else len(self.text)
            self._skip_blank()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: Path) -> None:
        self._skip_blank()
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._sequence(path)
        elif first == "{":
            self._inline(path)
        else:
            match = _SCALAR.match(self.text, self.at)
            self.at = match.end() if match else len(self.text)

    def _sequence(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self.text[self._skip_blank()] != "]":
            start = self.at
            self._mark((*path, index), start)
            self._value((*path, index))
            self._span((*path, index), path, start, self.at, inside=True)
            index += 1
            if self.text[self._skip_blank()] == ",":
                self.at += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self.text[self._skip_blank()] != "}":
            self._pair(path, inside=True)
            if self.text[self._skip_blank()] == ",":
                self.at += 1
        self.at += 1

    def _string(self) -> str:
        for pattern in _STRINGS:
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                return match.group()
        self.at = len(self.text)
        return '""'

    def _skip_blank(self) -> int:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _span(self, path: Path, above: Path, start: int, end: int, *, inside: bool = False) -> None:
        """Note it for a path and all that it makes below the table `above`."""
        for length in range(len(above) + 1, len(path) + 1):
            self.spans.setdefault(path[:length], []).append(Span(start, end, inside))

    def _mark(self, path: Path, offset: int) -> None:
        self.lines.setdefault(path, bisect_left(self.newlines, offset) + 1)
