"""Which tests PostgreSQL need not run again: those of which others send every clause.

`tools/test.py --cover` notes what the product sends in each test, and lists tests, the longest
first, as long as the others together send all of it. A statement is taken apart into its clauses (a
column, a join, a condition, a part of a union, a table that is vacuumed, a grant), each of which
the database takes or refuses by itself; what it judges by the whole, as grouping or locking, stays
whole. A test that is not listed is run, so a new one is until the list is made anew; `make soak`
runs them all.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db.backends import utils

LISTED = Path(__file__).with_name("sent_elsewhere.txt")
_VALUES, _DIGITS = re.compile(r"%s(, %s)+"), re.compile(r"\d+")
_CASES = re.compile(r"( WHEN \([^()]*\) THEN %s)\1+")
"""Of many rows that are written at once, each with values of its own."""
_DATABASE = re.compile(r"\bpv-[0-9a-f]+-")
"""How names of roles begin, which each database has of its own."""
_UNION = ") UNION ALL ("
_PLACES = ("SAVEPOINT ", "RELEASE ", "ROLLBACK ")
"""What any role may say of its transaction."""
_TAKEN_APART = re.compile(r"\S* (SELECT|UPDATE|DELETE) ")
_JUDGED_WHOLE = re.compile(
    r"DISTINCT|GROUP BY|HAVING|OVER \(|UNION|WITH |ON CONFLICT|RETURNING|FOR UPDATE", re.IGNORECASE
)
_BETWEEN = re.compile(
    r", |SELECT | (?:FROM|INNER JOIN|LEFT OUTER JOIN|ON|SET|WHERE|AND|OR|ORDER BY|LIMIT) "
)
_ROOT = Path(__file__).resolve().parent.parent
_PRODUCT, _GATE = f"{_ROOT}/src/plainview/", f"{_ROOT}/src/plainview/privacy/gate/"
_OURS = (_PRODUCT, f"{_ROOT}/tests/", f"{_ROOT}/conftest.py")


def listed() -> frozenset[str]:
    """The tests that PostgreSQL need not run, by their ids without a case."""
    return frozenset(LISTED.read_text().split())


def without_case(item: pytest.Item) -> str:
    """The id of a test, the same for each of its cases."""
    return item.nodeid.partition("[")[0]


class Noting:
    """Writes down for each test its seconds of the processor and what the product sends in it.

    A statement is told apart by its text and by the role that sends it, which may lack a right.
    With how many values or rows, or with which number in the name of a savepoint, is all one. What
    a test asks by itself, to set up or to look, is no work of the product; nor is what any run
    sends before its first test.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._sent = file, set[str]()
        execute: Callable[..., Any] = utils.CursorWrapper._execute_with_wrappers

        def noted(cursor: Any, sql: Any, *rest: Any, **more: Any) -> Any:
            try:
                return execute(cursor, sql, *rest, **more)
            finally:
                if _by_the_product():
                    role = "" if str(sql).startswith(_PLACES) else getattr(cursor.db, "role", "")
                    self._sent.add(told(f"{role.replace(' ', '-')} {sql}"))

        utils.CursorWrapper._execute_with_wrappers = noted  # type: ignore[method-assign]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """Note nothing of what is set up once for all."""
        yield
        if fixturedef.scope == "session":
            self._sent.clear()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note one test, its fixtures included."""
        self._sent.clear()
        started = sum(os.times()[:4])  # with that of processes that the test starts
        yield
        took, always = sum(os.times()[:4]) - started, item.get_closest_marker("every_case")
        row = json.dumps([without_case(item), took, always is not None, sorted(self._sent)])
        with self._file.open("a") as lines:
            fcntl.flock(lines, fcntl.LOCK_EX)
            lines.write(row + "\n")


def _by_the_product() -> bool:
    """Whether code of ours that has a statement sent is the product's, and not that of a test."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_OURS) and not path.startswith(_GATE):  # which is below them all
            return path.startswith(_PRODUCT) and "/tests/" not in path
        frame = frame.f_back
    return True


def told(sql: str) -> str:
    """A statement without what differs from one time that it is sent to the next."""
    sql = _CASES.sub(r"\1", _VALUES.sub("%s", _DATABASE.sub("pv-", sql)))
    return _DIGITS.sub("0", sql)


@cache  # hundreds of tests send the same
def clauses(statement: str) -> frozenset[str]:
    """What the database takes or refuses of a statement, which its role stands before."""
    role, _, text = statement.partition(" ")
    if text.startswith("(") and _UNION in text:
        return frozenset(f"{role} UNION ALL {part}" for part in text[1:-1].split(_UNION))
    if text.startswith("VACUUM "):
        how, _, tables = text.partition(") ")
        return frozenset(f"{role} {how} {table}" for table in tables.split(", "))
    if ";\n" in text:
        return frozenset(f"{role} {each}" for each in text.split(";\n"))
    if not _TAKEN_APART.match(statement) or _JUDGED_WHOLE.search(statement):
        return frozenset({statement})
    return frozenset(f"{role} {clause.strip(' ()')}" for clause in _BETWEEN.split(text))


def write(noted: Path) -> str:
    """Make the list of what `Noting` has written down; returns what it comes to, in words."""
    tests: dict[str, tuple[float, set[str]]] = {}
    always = set[str]()
    for line in noted.read_text().splitlines():
        test, took, every_case, sent = json.loads(line)
        before = tests.get(test, (0.0, set[str]()))
        tests[test] = before[0] + took, before[1].union(*map(clauses, sent))
        always |= {test} if every_case else set()
    left_out = set(_sent_elsewhere(tests, always))
    LISTED.write_text("".join(f"{test}\n" for test in sorted(left_out)))
    whole = sum(took for took, _ in tests.values())
    part = whole - sum(tests[test][0] for test in left_out)
    kept = len(tests) - len(left_out)
    return f"{kept} of {len(tests)} tests send every clause, in {part:.0f} of {whole:.0f} s"


def _sent_elsewhere(
    tests: Mapping[str, tuple[float, Collection[str]]], always: Collection[str]
) -> Iterator[str]:
    """Each test, the longest first, of which those that are left send every clause."""
    senders = Counter(clause for _, sent in tests.values() for clause in sent)
    for test in sorted(tests.keys() - always, key=lambda test: -tests[test][0]):
        _, sent = tests[test]
        if all(senders[clause] > 1 for clause in sent):
            senders.subtract(sent)
            yield test
