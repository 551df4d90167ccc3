"""`kill -9` while a database is brought up to date: the next start goes on, whatever was done."""

import pytest
from tests.service.conftest import run

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
