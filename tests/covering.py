"""Which tests PostgreSQL need not run again: those of which others send every clause.

`tools/test.py --cover` notes what each test sends, chooses the cheapest that together send all of
it, and lists the others. A statement is taken apart into its clauses (a column, a join, a
condition), each of which the database takes or refuses by itself; what it judges by the whole, as
grouping or locking, stays whole. A test that is not listed is run, so a new one is until the list
is made anew; `make soak` runs them all.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import re
import time
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db.backends import utils

LISTED = Path(__file__).with_name("sent_elsewhere.txt")
_VALUES, _DIGITS = re.compile(r"(%s(, )?)+"), re.compile(r"\d+")
_TAKEN_APART = re.compile(r"\S* (SELECT|UPDATE|DELETE) ")
_JUDGED_WHOLE = re.compile(
    r"DISTINCT|GROUP BY|HAVING|OVER \(|UNION|WITH |ON CONFLICT|RETURNING|FOR UPDATE", re.IGNORECASE
)
_BETWEEN = re.compile(
    r", |SELECT | (?:FROM|INNER JOIN|LEFT OUTER JOIN|ON|SET|WHERE|AND|OR|ORDER BY|LIMIT) "
)
_LEAST = 0.02
"""Seconds that any test costs beside its own work."""


def listed() -> frozenset[str]:
    """The tests that PostgreSQL need not run, by their ids without a case."""
    return frozenset(LISTED.read_text().split())


def without_case(item: pytest.Item) -> str:
    """The id of a test, the same for each of its cases."""
    return item.nodeid.partition("[")[0]


class Noting:
    """Writes down for each test its seconds of the processor and the statements that it sends.

    A statement is told apart by its text and by the role that sends it, which may lack a right.
    With how many values, or with which number in the name of a savepoint, is all one.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._sent = file, set[str]()
        execute: Callable[..., Any] = utils.CursorWrapper._execute_with_wrappers

        def noted(cursor: Any, sql: Any, *rest: Any, **more: Any) -> Any:
            try:
                return execute(cursor, sql, *rest, **more)
            finally:
                role = getattr(cursor.db, "wanted", "")
                self._sent.add(_DIGITS.sub("0", f"{role} {_VALUES.sub('%s', str(sql))}"))

        utils.CursorWrapper._execute_with_wrappers = noted  # type: ignore[method-assign]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note one test, its fixtures included."""
        self._sent.clear()
        started = time.process_time()
        yield
        took, always = time.process_time() - started, item.get_closest_marker("every_case")
        row = json.dumps([without_case(item), took, always is not None, sorted(self._sent)])
        with self._file.open("a") as lines:
            fcntl.flock(lines, fcntl.LOCK_EX)
            lines.write(row + "\n")


@cache  # hundreds of tests send the same
def clauses(statement: str) -> frozenset[str]:
    """What the database takes or refuses of a statement, which its role stands before."""
    if not _TAKEN_APART.match(statement) or _JUDGED_WHOLE.search(statement):
        return frozenset({statement})
    role, _, text = statement.partition(" ")
    return frozenset(f"{role} {clause.strip(' ()')}" for clause in _BETWEEN.split(text))


def write(noted: Path) -> str:
    """Make the list of what `Noting` has written down; returns what it comes to, in words."""
    tests: dict[str, tuple[float, set[str]]] = {}
    kept = set[str]()
    for line in noted.read_text().splitlines():
        test, took, always, sent = json.loads(line)
        before = tests.get(test, (0.0, set[str]()))
        tests[test] = before[0] + took, before[1].union(*map(clauses, sent))
        kept |= {test} if always else set()
    kept |= set(_cheapest(tests, kept))
    LISTED.write_text("".join(f"{test}\n" for test in sorted(tests.keys() - kept)))
    whole, part = (sum(tests[test][0] for test in some) for some in (tests, kept))
    return f"{len(kept)} of {len(tests)} tests send every clause, in {part:.0f} of {whole:.0f} s"


def _cheapest(tests: dict[str, tuple[float, set[str]]], kept: Collection[str]) -> Iterator[str]:
    """Further tests, one by one, that send most for their seconds of what is not sent yet."""
    left = set[str]().union(*(sent for _, sent in tests.values()))
    left -= set[str]().union(*(tests[test][1] for test in kept))
    queue = [
        (-len(sent & left) / (took + _LEAST), test)
        for test, (took, sent) in tests.items()
        if test not in kept
    ]
    heapq.heapify(queue)
    while left and queue:
        _, test = heapq.heappop(queue)
        took, sent = tests[test]
        worth = -len(sent & left) / (took + _LEAST)
        if queue and worth > queue[0][0]:  # others are worth more by now
            heapq.heappush(queue, (worth, test))
        elif worth:
            left -= sent
            yield test
