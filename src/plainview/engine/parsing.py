"""Parses TOML and goes on after each fault, so that one hides no other.

A whole text goes straight through `tomllib`. One with faults is cut into statements (a header, or
a key with its value); each is parsed by itself, what can't be parsed is left out, and the rest is
read as usual. Lines keep their numbers.
"""

import re
import tomllib
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from plainview.engine.positions import Path

_START = re.compile(
    r"""\s*(?:\[\[?\s*[\w"'-]|(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*\S+)?\s*=)"""
)
_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_END = "(at end"
_LONGEST = 200  # lines of one statement
_REPEATED = 50  # names that are told to stand twice: to find each, the whole is parsed again
_DEEP = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}""")
"""A key of a hundred parts, whose cost to `tomllib` grows with their square."""
_TEXT = "text goes in quotes, lists in square brackets, dates as 2026-12-01"
_TAUGHT = {
    "Illegal character": (
        "a text is not closed on its line",
        "close the quotes; text over several lines goes between triple quotes",
    ),
    "Unterminated string": ("a text over several lines is not closed", "close the triple quotes"),
    "Unclosed array": ("a list is not closed", "close it with `]`"),
    "Unclosed inline table": ("a table in braces is not closed", "close it with `}`"),
    "Unescaped": (
        "a backslash stands alone in a text",
        "write it twice, or put the text in single quotes",
    ),
    "Expected '='": ("a key without `=`", "write `key = value`, one a line"),
    "Invalid statement": (
        "neither a key with its value nor a header",
        "write `key = value` or `[table]`; a remark begins with `#`",
    ),
    "Invalid value": ("a value that is none", _TEXT),
    "Nested too deep": ("a list or table is nested too deep", "nest it less"),
    "Exceeds the limit": ("a number longer than any", "write fewer digits"),
    "Invalid date": ("a date that is none", "write it as 2026-12-01"),
    "Expected newline": ("something stands behind the value", "put each key on a line of its own"),
    "Expected ']'": ("a header is not closed", "close it with `]` on the same line"),
    "Duplicate inline": ("a key is written twice in the braces", "keep one of the two"),
}
_MORE = ("more names stand twice, and nothing from here on was read", "mend those above first")
_OPENED = {"[": "Unclosed array", "{": "Unclosed inline table"}


class Fault(NamedTuple):
    """One thing wrong with a text: its line, the table it stands in, and what to do."""

    line: int
    table: Path
    problem: str
    remedy: str
    lost: bool  # whether something that was written could not be read


class Parsed(NamedTuple):
    """What could be read of a text; `text` is the part of it that is TOML."""

    value: dict[str, Any]
    text: str
    faults: list[Fault]


@lru_cache(maxsize=1024)
def parse(text: str) -> Parsed:
    """Return all of a TOML text that can be read, and a fault for each thing that can't.

    A text is parsed once a process: a policy that is read again, for a new version or beside
    another, differs in a few files. What is returned is shared, so it is never changed.
    """
    try:
        return Parsed(_loads(text), text, [])
    except ValueError:
        return _Mender(text).parsed()


class _Statement:
    """Some lines of the text, from `start` (from 0), and the table they stand in."""

    def __init__(self, start: int, lines: list[str]) -> None:
        self.start = start
        self.lines = lines
        self.table: Path = ()

    @property
    def header(self) -> bool:
        return self.lines[0].lstrip().startswith("[")

    def blank(self) -> None:
        self.lines = [""] * len(self.lines)


class _Mender:
    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        self.statements = _split(text.split("\n"))

    def parsed(self) -> Parsed:
        self._parse_each()
        repeated = 0
        while True:
            text = "\n".join(line for each in self.statements for line in each.lines)
            try:
                return Parsed(_loads(text), text, sorted(self.faults))
            except ValueError as error:
                at, said = self._at(error, text), _said(error, 0)[0]
            repeated += 1
            if repeated <= _REPEATED:
                self._leave_out_repeated(at, said)
            else:
                self._leave_out_rest(at)

    def _parse_each(self) -> None:
        table: Path = ()
        counts: dict[Path, int] = {}
        headless = False  # whether the header above could not be read
        kept: list[_Statement] = []
        while self.statements:
            statement = self.statements.pop(0)
            kept.append(statement)
            header = statement.header
            if headless and not header:
                statement.blank()
                continue
            good = len(statement.lines)
            error = self._whole(statement)
            if error is not None:
                good = _good(statement.lines)
            if header:
                headless = not good
                table = _named(statement.lines[:good], counts) if good else ()
            statement.table = table
            if error is not None:
                self._leave_out_wrong(statement, good, error)
        self.statements = kept

    def _whole(self, statement: _Statement) -> ValueError | None:
        """Parse a statement, with the lines after it where it needs them."""
        first = error = _error(statement.lines)
        lines = list(statement.lines)
        following = (line for each in self.statements for line in each.lines)
        for line in islice(following, _LONGEST):
            if error is None or _END not in str(error):
                return first  # what stands wrong before the end stays so
            lines.append(line)
            error = _error(lines)
            if error is None and len(_loads(_joined(lines))) == 1:
                self._take(len(lines) - len(statement.lines))
                statement.lines = lines
                return None
        return first

    def _take(self, count: int) -> None:
        """Take lines away from the statements to come."""
        while count:
            first = self.statements[0]
            taken = min(count, len(first.lines))
            first.start += taken
            del first.lines[:taken]
            count -= taken
            if not first.lines:
                self.statements.pop(0)

    def _leave_out_wrong(self, statement: _Statement, good: int, error: ValueError) -> None:
        """Blank what can't be parsed: the lines after the first `good` ones."""
        wrong = statement.lines[good:]
        said, line = _said(_error(wrong) or error, 1)
        value = wrong[0].partition("=")[2].strip()
        if _END in str(error) and value[:1] in _OPENED:
            said = _OPENED[value[0]]
        if said.startswith("Unclosed"):
            line = 1
        problem, remedy = _taught(said)
        at = statement.start + good + line
        lost = not good and bool(_START.match(wrong[0]))
        self.faults.append(Fault(at, statement.table, problem, remedy, lost))
        statement.lines[good:] = [""] * len(wrong)

    def _at(self, error: ValueError, text: str) -> int:
        """Return which statement (from 0) an error of the whole text is about."""
        line = _said(error, text.count("\n") + 1)[1]
        return next(
            n
            for n in range(len(self.statements) - 1, -1, -1)
            if self.statements[n].start < line and any(self.statements[n].lines)
        )

    def _leave_out_rest(self, at: int) -> None:
        """Blank all from a statement on: it is one too many that stands twice."""
        self.faults.append(Fault(self.statements[at].start + 1, (), *_MORE, lost=True))
        for each in self.statements[at:]:
            each.blank()

    def _leave_out_repeated(self, at: int, said: str) -> None:
        """Blank the second of two statements that can't both stand, as was `said` of it."""
        statement = self.statements[at]
        if statement.header:
            name = statement.lines[0].strip()
            problem, remedy = f"`{name}` stands twice", "join the lines of both under one header"
        else:
            name = statement.lines[0].partition("=")[0].strip()
            problem, remedy = f"`{name}` is written twice", "keep one of the two"
        if "twice" not in said and "overwrite" not in said:
            problem, remedy = _taught(said)
        fault = Fault(statement.start + 1, statement.table, problem, remedy, statement.header)
        self.faults.append(fault)
        if statement.header:
            for each in self.statements[at + 1 :]:
                if each.header:
                    break
                each.blank()
        statement.blank()


def _split(lines: list[str]) -> list[_Statement]:
    starts = [n for n, line in enumerate(lines) if _START.match(line)]
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    return [
        _Statement(start, lines[start:end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


def _loads(text: str) -> dict[str, Any]:
    """Return what a text of TOML says. Raises ValueError for what is none, however it is none."""
    if deep := _DEEP.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise ValueError(f"Nested too deep (at line {line}, column 1)")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("Nested too deep") from None


def _joined(lines: list[str]) -> str:
    """Return lines as a text; the last one ends too, as a carriage return alone ends none."""
    return "\n".join((*lines, ""))


def _error(lines: list[str]) -> ValueError | None:
    try:
        _loads(_joined(lines))
    except ValueError as error:
        return error
    return None


def _good(lines: list[str]) -> int:
    """Return how many of the lines, of those that a statement may have, can be parsed alone."""
    last = min(len(lines) - 1, _LONGEST)
    return next((n for n in range(last, 0, -1) if _error(lines[:n]) is None), 0)


def _named(lines: list[str], counts: dict[Path, int]) -> Path:
    """Return the path of the one table that a header opens; lists of tables are counted."""
    path: Path = ()
    inner: Any = _loads(_joined(lines))
    while inner:
        if isinstance(inner, list):
            counts[path] = counts.get(path, -1) + 1
            return (*path, counts[path])
        [(key, inner)] = inner.items()
        path = (*path, key)
        if path in counts and isinstance(inner, dict):
            path = (*path, counts[path])
    return path


def _said(error: ValueError, last: int) -> tuple[str, int]:
    place = _PLACE.search(str(error))
    line = int(place.group(1)) if place and place.group(1) else last
    return _PLACE.sub("", str(error)), line


def _taught(said: str) -> tuple[str, str]:
    for beginning, words in _TAUGHT.items():
        if said.startswith(beginning):
            return words
    return said[:1].lower() + said[1:], f"mend the TOML there; {_TEXT}"
