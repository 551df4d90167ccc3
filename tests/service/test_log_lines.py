"""Log lines say what went wrong and where, never what somebody sent (P1.2.1a)."""

from __future__ import annotations

import errno
import io
import logging
import os
import socket
import sqlite3
import subprocess
import sys
from smtplib import SMTPDataError, SMTPRecipientsRefused
from unittest.mock import Mock

import pytest
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

from plainview.platform.logs import Bounded, Discreet
from plainview.privacy.registry import registry

MIRA = "mira@lantern.example"


def written(error: BaseException) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet("{levelname} {message}", style="{"))
    log = logging.Logger("of a test")
    log.addHandler(handler)
    try:
        raise error
    except BaseException:
        log.exception("a mail did not go")
    return out.getvalue()


def caused() -> Exception:
    try:
        int(MIRA)
    except ValueError as error:
        wrong = RuntimeError(f"no number: {MIRA}")
        wrong.__cause__ = error
        return wrong
    raise AssertionError


@pytest.mark.parametrize(
    "error", [SMTPRecipientsRefused({MIRA: (550, MIRA.encode())}), KeyError(MIRA), caused()]
)
def test_p1_2_1a_an_error_is_named_with_its_place_and_not_with_its_words(error):
    text = written(error)
    assert MIRA not in text
    assert text.startswith("ERROR a mail did not go\n")
    assert type(error).__name__ in text
    assert "test_log_lines.py" in text


def test_the_first_cause_stands_first():
    text = written(caused())
    assert text.index("ValueError") < text.index("then:") < text.index("RuntimeError")


def test_what_is_about_code_alone_says_what_is_missing():
    assert "no module of that name" in written(ImportError("no module of that name"))


def test_p1_2_1a_of_a_disk_the_system_says_what_is_wrong_and_not_with_which_file():
    """A full disk and one that can't be written to were the same line."""
    system = os.strerror(errno.EROFS)
    text = written(OSError(errno.EROFS, system, f"/uploads/{MIRA}"))
    assert text.endswith(f"builtins.OSError: {system}\n")
    assert MIRA not in text
    for other in (OSError(1, f"[SSL] {MIRA}"), OSError(MIRA, MIRA), SMTPDataError(550, MIRA)):
        assert MIRA not in written(other), "words of a library"


def test_p1_2_1a_of_a_file_of_sqlite_its_code_says_what_is_wrong(tmp_path):
    """Locked, full and damaged were the same line."""
    (file := tmp_path / "db").write_text(f"no database: {MIRA}" * 100)
    with pytest.raises(sqlite3.DatabaseError) as damaged:
        sqlite3.connect(file).execute("SELECT * FROM people")
    text = written(damaged.value)
    assert text.endswith("sqlite3.DatabaseError: SQLITE_NOTADB\n")
    assert MIRA not in text


def test_a_database_that_nobody_can_connect_to_is_one_line_that_says_why(django_db_blocker):
    """Each request wrote 85 of them, and none whether it was away, full or of another password."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database = DatabaseWrapper(
        {
            **connection.settings_dict, "ENGINE": "django.db.backends.postgresql",
            "HOST": "127.0.0.1", "PORT": port, "NAME": "films", "OPTIONS": {},
        },
    )  # fmt: skip
    with django_db_blocker.unblock(), pytest.raises(OperationalError) as refused:
        database.ensure_connection()
    lines = written(refused.value).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("psycopg.OperationalError: ")
    assert "Connection refused" in lines[1]


def test_every_line_of_the_service_is_written_so():
    formatters = settings.LOGGING["formatters"]
    used = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}
    assert {formatters[name]["()"] for name in used} == {"plainview.platform.logs.Discreet"}


WRITER = """
import logging, sys
from plainview.platform.logs import Bounded
log = logging.Logger("of a test")
log.addHandler(Bounded(sys.argv[1], most=4000))
for number in range(300):
    log.info("%s %03d", sys.argv[2], number)
"""


def test_a_log_that_several_processes_write_to_ends_by_itself(tmp_path):
    name = tmp_path / "duties.log"
    together = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(name), each]) for each in "abcd"
    ]
    assert [each.wait() for each in together] == [0, 0, 0, 0]
    now, before = name.read_text(), (tmp_path / "duties.log.1").read_text()
    assert sorted(path.name for path in tmp_path.glob("*.log*")) == ["duties.log", "duties.log.1"]
    assert len(now) <= 4000 + 4 * 6
    # A file that was moved was full: no process moved another's beginning.
    assert 4000 < len(before) <= 4000 + 4 * 6
    kept = (before + now).split("\n")[:-1]
    assert len(kept) == len(set(kept))
    assert {line for line in kept if line.endswith("299")}


def test_a_log_that_is_not_full_stays(tmp_path):
    handler = Bounded(str(tmp_path / "duties.log"), most=4000)
    for _ in range(10):
        handler.emit(logging.makeLogRecord({"msg": "a line"}))
    assert [path.name for path in tmp_path.glob("*.log*")] == ["duties.log"]


def test_a_log_that_can_not_be_written_to_is_said_once(tmp_path, capsys, monkeypatch):
    """Each line of it was a traceback of forty lines on a full disk."""
    name = tmp_path / "duties.log"
    handler = Bounded("/dev/full", most=4000)
    for _ in range(10):
        handler.emit(logging.makeLogRecord({"msg": "a line"}))
    assert capsys.readouterr().err == "/dev/full can't be written to: No space left on device\n"
    name.write_text("so much" * 1000)
    monkeypatch.setattr("os.replace", Mock(side_effect=PermissionError(errno.EACCES, "no")))
    Bounded(str(name), most=4000).emit(logging.makeLogRecord({"msg": "a line"}))
    assert capsys.readouterr().err == f"{name} can't be written to: no\n"


@pytest.mark.parametrize("app", ["library", "playback", "privacy", "searches", "subtitles"])
def test_a_row_that_is_written_as_text_does_not_say_whose_it_is(app):
    """Its number may be somebody's, and what an error says of it may stand in a log."""
    for model in apps.get_app_config(app).get_models():
        if registry().tables[model._meta.db_table].personal:
            assert "982451653" not in str(model(pk="982451653")), model
