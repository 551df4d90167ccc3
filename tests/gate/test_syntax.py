"""Who may open what, read off the syntax tree of the whole product."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "plainview"
MODULES = sorted(SOURCE.rglob("*.py"))
SEALED = {"Statement", "EVERYTHING", "Everything", "_current", "Held", "Life"}
NAMES = "duties|DUTIES|cache|identity|sqlite3|psycopg|connection"
NAMED = re.compile("|".join((NAMES, *SEALED)))
"""Without one of these words a module offends in nothing, and need not be parsed."""


def imported(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """(module, name) of everything that a module imports."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def offences(tree: ast.AST, inside_privacy: bool) -> list[str]:
    """What a module does that only `privacy` or the tests may do."""
    found, nodes = [], list(ast.walk(tree))
    for module, name in imported(nodes):
        of_gate = module.startswith("plainview.privacy.gate")
        if not inside_privacy:
            if of_gate and (module.endswith("duties") or name == "duties"):
                found.append("opens a duty")
            if of_gate and name in SEALED:
                found.append(f"imports {name}, which is the gate's own")
            if f"{module}.{name}".startswith("django.core.cache"):
                found.append("imports the raw cache")
            if module == "plainview.privacy.gate.identity" or (of_gate and name == "identity"):
                found.append("opens the identity's scope")
        if module in ("sqlite3", "psycopg") or module.startswith(("sqlite3.", "psycopg.")):
            found.append(f"imports the driver {module}")
    if not inside_privacy and any(
        isinstance(node, ast.Attribute)
        and node.attr == "connection"
        and re.search(r"\bconnections?\b", ast.unparse(node.value))
        for node in nodes
    ):
        found.append("reaches for the driver's connection")
    if any(
        "DUTIES" in (getattr(node, "attr", ""), isinstance(node, ast.alias) and node.name)
        for node in nodes
    ):
        found.append("reaches for the list of duties")
    return found


def _bench_or_driver(path: Path) -> bool:
    return "gate/sqlite3" in path.as_posix() or "gate/postgresql" in path.as_posix()


def test_duties_and_drivers_stay_where_they_belong():
    assert {path: found for path in MODULES if (found := _found_in(path))} == {}


def _found_in(path: Path) -> list[str]:
    within = path.is_relative_to(SOURCE / "privacy")
    text = path.read_text()
    found = offences(ast.parse(text), within) if NAMED.search(text) else []
    if _bench_or_driver(path):
        found = [offence for offence in found if "driver" not in offence]
    if "/tests/" in path.as_posix():
        found = [offence for offence in found if "driver" in offence]
    return found


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("from plainview.privacy.gate.duties import duty", "opens a duty"),
        ("from plainview.privacy.gate import duties", "opens a duty"),
        ("from plainview.privacy.gate.compiling import Statement", "Statement"),
        ("from django.core.cache import cache", "raw cache"),
        ("from django.core import cache", "raw cache"),
        ("connection.connection.execute('SELECT 1')", "driver's connection"),
        ("connections['default'].connection.cursor()", "driver's connection"),
        ("import sqlite3", "driver"),
        ("import psycopg.sql", "driver"),
        ("duties.DUTIES |= {'fixture'}", "list of duties"),
        ("from plainview.privacy.gate.duties import DUTIES", "list of duties"),
    ],
)
def test_the_test_sees_offences(source, says):
    assert NAMED.search(source)
    assert any(says in offence for offence in offences(ast.parse(source), False))


def test_nobody_opens_the_duty_fixture_where_no_test_runs():
    opening = "from plainview.privacy.gate.duties import duty; duty('fixture')"
    finished = subprocess.run([sys.executable, "-c", opening], capture_output=True, text=True)
    assert "ValueError: fixture is not a duty" in finished.stderr


def test_stock_engines_exist_only_in_bench():
    stock = re.compile(r"django\.db\.backends\.(sqlite3|postgresql|mysql|oracle)[\"']")
    found = [p for p in (ROOT / "src").rglob("*.py") if stock.search(p.read_text())]
    assert [path.relative_to(ROOT).as_posix() for path in found] == []
