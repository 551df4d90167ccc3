"""Runs the gate's own tests, which have settings and tables of their own (`tests/gate/`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMAND = ["-m", "pytest", "-c", "tests/gate/pytest.ini", "tests/gate", "-q"]
OF_THE_SOURCE = ["--ignore=tests/gate/test_syntax.py"]
"""What reads the product's source and no database: once is enough."""


def _run(marks: str) -> None:
    environment = {**os.environ, "GATE_ENGINE": "sqlite"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    address = urlsplit(os.environ.get("PLAINVIEW_DATABASE_URL", ""))
    command = [*COMMAND, "-m", marks]
    if address.scheme.startswith("postgres"):
        command += OF_THE_SOURCE
        environment |= {
            "GATE_ENGINE": "postgresql",
            "GATE_PG_HOST": parse_qs(address.query).get("host", [address.hostname or ""])[0],
            "GATE_PG_USER": address.username or "postgres",
        }
    finished = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-8000:] + finished.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_gate():
    """Marks, doors, both walls, each way around, the filter's properties, Django's own apps."""
    _run("not soak")


@pytest.mark.soak
@pytest.mark.django_db
def test_the_gate_at_length():
    """The whole of Django's ORM test apps, and thousands of examples of the filter."""
    _run("soak")
