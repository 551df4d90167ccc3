"""Empty tables that are kept: the same migrations make the same ones.

They are from before anything that follows every migration (`post_migrate`), which is done anew.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection


def kept(config: pytest.Config) -> Path:
    """SQLite's file of tables that these migrations made, for the next run; if it is there."""
    return config.cache.mkdir("migrated") / f"{_name(config)}.sqlite3"


def _name(config: pytest.Config) -> str:
    folders = [Path(each.path, "migrations") for each in apps.get_app_configs()]
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    files.append(config.rootpath / "requirements" / "run.txt")
    read = b"".join(path.read_bytes() for path in files)
    return f"migrated_{sha256(read).hexdigest()[:32]}"


@contextmanager
def on_sqlite(config: pytest.Config) -> Iterator[bool]:
    """Lay the kept file where the test database is to be, or keep what is made; yields which."""
    file = kept(config)
    with file.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be about it
        if there := file.exists():
            shutil.copyfile(file, connection.settings_dict["TEST"]["NAME"])
        yield there
        if not there:
            for older in file.parent.glob("*.sqlite3"):
                older.unlink()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file.with_suffix(".part"))])
            file.with_suffix(".part").replace(file)


@contextmanager
def on_postgresql(config: pytest.Config) -> Iterator[bool]:
    """The same with a database of the server, which copies one that nobody is connected to."""
    name, wanted = _name(config), connection.creation._get_test_db_name()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if there := cursor.rowcount > 0:
            cursor.execute(f'DROP DATABASE IF EXISTS "{wanted}"')
            cursor.execute(f'CREATE DATABASE "{wanted}" TEMPLATE "{name}"')
        yield there
        if not there:
            connection.close()
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{wanted}"')
