"""A service whose database has no table yet, and what runs on it in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection


def on_server() -> psycopg.Connection:
    """A connection to PostgreSQL's server by its superuser."""
    place = {"host": connection.settings_dict["HOST"], "user": connection.settings_dict["USER"]}
    return psycopg.connect(**place, dbname="postgres", autocommit=True)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a service whose database has no table yet."""
    place = {**os.environ, "PLAINVIEW_DATA_DIR": str(tmp_path)}
    if connection.vendor == "sqlite":
        yield place
        return
    known, name = connection.settings_dict, f"bare_{os.getpid()}"
    address = f"postgresql://{known['USER']}@/{name}?host={known['HOST']}"
    with on_server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {**place, "PLAINVIEW_DATABASE_URL": address}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(place: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the settings of a place; what it said and how it ended."""
    return subprocess.run(
        [sys.executable, *arguments], env=place, capture_output=True, text=True, check=False
    )
