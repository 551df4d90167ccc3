"""`kill -9` while a database is brought up to date: the next start goes on, whatever was done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.every_case]
DYING = """
import os, signal, sys
import django

os.environ["DJANGO_SETTINGS_MODULE"] = "plainview.settings"
django.setup()
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db.migrations.recorder import MigrationRecorder

left, record = int(sys.argv[1]), MigrationRecorder.record_applied

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def noted(self, app, name):
    global left
    left -= 1
    record(self, app, name)
    if not left:
        die()

MigrationRecorder.record_applied = noted
if left < 0:
    migrate.emit_post_migrate_signal = die
call_command("migrate", verbosity=0, interactive=False)
"""
WAITING = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "plainview.settings"
django.setup()
from plainview.privacy import schema
print(schema.waiting())
"""


@pytest.fixture
def bare(tmp_path: Path):
    """The settings of a service whose database has no table yet."""
    place = {**os.environ, "PLAINVIEW_DATA_DIR": str(tmp_path)}
    if connection.vendor == "sqlite":
        yield place
        return
    known, name = connection.settings_dict, f"bare_{os.getpid()}"
    address = f"postgresql://{known['USER']}@/{name}?host={known['HOST']}"
    with psycopg.connect(
        host=known["HOST"], user=known["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {**place, "PLAINVIEW_DATABASE_URL": address}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(place: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=place, capture_output=True, text=True, check=False
    )


def test_killed_among_migrations_or_behind_them_the_same_command_goes_on(bare):
    """Of a migration that was done and not noted the tables were made again, which fails; of one
    that stands for several, half of the notes made the database one that is too old for ever."""
    for moment in (12, 20, 45, -1):
        died = run(bare, "-c", DYING, str(moment))
        assert died.returncode == -9, died.stderr
        assert int(run(bare, "-c", WAITING).stdout) > 0, "the next start has something to do"
    done = run(bare, "-m", "plainview", "manage", "migrate")
    assert done.returncode == 0, done.stderr
    assert run(bare, "-c", WAITING).stdout == "0\n"
    looked = run(bare, "-m", "plainview", "manage", "check", "--database", "default")
    assert looked.returncode == 0, f"the triggers of ledgers are there: {looked.stderr}"
