"""The command line teaches, and says in words what is wrong."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import NotSupportedError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from plainview.cli import COMMANDS, cli, remedy
from plainview.domains.catalogue import services as catalogue
from plainview.domains.playback.models import Ingest
from plainview.domains.subtitles.models import Track
from plainview.privacy.consent import storage
from plainview.privacy.decisions import register
from plainview.privacy.gate.duties import duty
from plainview.web import commands

pytestmark = pytest.mark.slow


def run(*arguments: str):
    return CliRunner().invoke(cli, list(arguments))


def test_help_lists_every_command_with_a_line():
    said = run("--help").output
    for name, (_, words) in COMMANDS.items():
        assert name in said
        assert words.split()[0] in said


def test_an_unknown_command_is_named():
    said = run("serv")
    assert said.exit_code == 2
    assert "serv" in said.output


def test_a_film_that_is_not_there_is_named(tmp_path):
    said = run("ingest", str(tmp_path / "nothing.mp4"))
    assert said.exit_code == 2
    assert "nothing.mp4" in said.output


@pytest.mark.parametrize(
    ("words", "why"),
    [("serve --port 65536", "65536 is not in the range"), ("post take /", "'/' is a directory")],
)
def test_a_port_or_a_file_that_is_none_is_refused_in_a_sentence(words, why):
    refused = run(*words.split())
    assert refused.exit_code == 2
    assert why in refused.output


@pytest.mark.parametrize("said", ["Korean", "klingonisch", "k", "ko--kr"])
def test_a_language_of_a_film_that_is_none_is_refused_before_anything_is_read(tmp_path, said):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"no film")
    refused = run("ingest", str(film), "--language", said)
    assert refused.exit_code == 2
    assert f"{said} is no language tag" in refused.output


@pytest.mark.django_db
def test_the_language_of_a_film_is_kept_as_the_web_writes_it(tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"no film")
    assert run("ingest", str(film), "--language", "PT_br", "--no-wait").exit_code == 0
    with duty("audit"):
        assert Ingest.objects.get().language == "pt-BR"


def test_the_first_of_all_commands_may_be_the_doctor(tmp_path):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PLAINVIEW_")}
    said = subprocess.run(
        [sys.executable, "-m", "plainview", "doctor"],
        env={**clean, "PLAINVIEW_DATA_DIR": str(data := tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
        umask=0,
    )
    assert said.returncode == 0, said.stderr
    assert "migrations are waiting" in said.stdout
    assert (data / "plainview.sqlite3").exists()
    open_to_all = [each for each in (data, *data.rglob("*")) if each.stat().st_mode & 0o007]
    assert not open_to_all, "no other user of the machine reads what is kept"


def test_files_are_in_utf_8_whatever_the_locale_says(tmp_path):
    """In a locale of another encoding the words of letters could not be read."""
    other = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    said = subprocess.run(
        [sys.executable, "-m", "plainview", "doctor"],
        env={**os.environ, **other, "PLAINVIEW_DATA_DIR": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr.decode()
    assert "front end" in said.stdout.decode()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OperationalError("database or disk is full"), "the disk is full"),
        (NotSupportedError("SQLite 3.35 or later is required"), "the database is too old: SQLite"),
        (OperationalError("attempt to write a readonly database"), "give its file and folder to"),
        (OperationalError("the database can only be read (SQLSTATE 25006)"), "can only be read (S"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x can't be opened: give it"),
        (CommandError("This database lacks accounts.0003"), "This database lacks accounts.0003"),
    ],
)
def test_what_the_machine_lacks_is_said_in_a_sentence(error, words):
    assert words in remedy(error)


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["unable to open database file", "disk I/O error"])
def test_a_disk_that_takes_nothing_is_named_whatever_sqlite_says_of_it(
    settings, tmp_path, monkeypatch, said
):
    """Whoever runs it was told to give the file to the user who had it, or to start a server."""
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "x"))
    full = {"f_files": 50, "f_favail": 0}
    monkeypatch.setattr("shutil.disk_usage", lambda place: SimpleNamespace(free=10**12))
    monkeypatch.setattr(
        "plainview.platform.storage.room.os.statvfs", lambda place: SimpleNamespace(**full)
    )
    assert "the disk is full, of bytes or of files" in remedy(OperationalError(said))


@pytest.mark.django_db
def test_a_fault_of_ours_keeps_its_traceback():
    assert remedy(OperationalError("no such column: oops")) == remedy(KeyError("oops")) == ""


@pytest.mark.django_db
def test_a_port_that_is_taken_is_said_before_anything_begins():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = run("serve", "--port", str(other.getsockname()[1]))
    assert said.exit_code == 1
    assert "PLAINVIEW_PORT" in said.output


@pytest.fixture
def begin(monkeypatch):
    """`begin("serve")` and `begin("work")` start, and end where they would begin to do something.

    This process stays as open as it was, and stops by the signals that it stopped by.
    """
    handlers = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(commands, "shut", lambda: None)
    monkeypatch.setattr(commands, "supervise", lambda *_: 0)
    monkeypatch.setattr(commands.worker, "run_until", lambda *_: None)
    monkeypatch.setattr(commands.following, "watch", lambda: None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    arguments = {"serve": ("serve", "--no-migrate", "--port", port), "work": ("work",)}
    yield lambda command: run(*arguments[command])
    for each, handler in handlers.items():
        signal.signal(each, handler)


BOTH = pytest.mark.parametrize("command", ["serve", "work"])


@BOTH
@pytest.mark.django_db
def test_what_is_in_order_starts(begin, command):
    started = begin(command)
    assert started.exit_code == 0, started.output


@pytest.mark.django_db
def test_a_worker_of_new_code_waits_until_the_database_is_brought_up_to_date(monkeypatch, begin):
    """On PostgreSQL it gave up each erasure within a minute, since a table was not there yet."""
    asked, begun = iter([2, 2, 1, 0]), []
    monkeypatch.setattr(commands, "LOOK_SECONDS", 0)
    monkeypatch.setattr(commands.schema, "waiting", lambda: next(asked))
    monkeypatch.setattr(commands.following, "watch", lambda: begun.append(next(asked, "no more")))
    said = begin("work")
    assert said.exit_code == 0, said.output
    assert "The database is not up to date" in said.output
    assert begun == ["no more"], "it began when none waited"


@BOTH
@pytest.mark.django_db
def test_what_is_older_than_the_database_does_not_start(begin, command):
    """It asked for columns that a later version had renamed, and gave its jobs up one by one."""
    bring_further()
    said = begin(command)
    assert said.exit_code == 1
    assert "newer version than this code: it has privacy.9999_later" in said.output


@pytest.mark.django_db
def test_nothing_is_migrated_by_what_is_older_than_the_database():
    bring_further()
    with pytest.raises(CommandError, match="newer version than this code"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db
def test_a_worker_below_which_the_database_becomes_newer_ends_and_says_why(monkeypatch, begin):
    """Whoever keeps it starts it anew, with the code of now; the jobs wait for that."""
    asked = []

    def work(stop, rests):
        asked.append(rests())
        bring_further()
        asked.append(rests())
        assert stop.is_set()

    monkeypatch.setattr(commands, "LOOK_SECONDS", 0)
    monkeypatch.setattr(commands.worker, "run_until", work)
    said = begin("work")
    assert asked == [False, True]
    assert said.exit_code == 1
    assert said.output.count("newer version than this worker, which takes no more jobs") == 1


@pytest.mark.django_db
def test_a_worker_beside_a_site_rests_while_the_database_is_not_its_own(monkeypatch, capsys):
    monkeypatch.setattr(commands, "LOOK_SECONDS", 0)
    stop = threading.Event()
    known = commands._Known(stop, leaves=True)
    later = bring_further()
    assert known.rests()
    assert known.rests()
    assert capsys.readouterr().err.count("takes no more jobs") == 1
    with duty("migrate"):
        later.delete()
    assert not known.rests()
    assert not stop.is_set()


def bring_further() -> MigrationRecorder.Migration:
    """Note a migration of a version that is yet to come, as that version does."""
    with duty("migrate"):
        return MigrationRecorder.Migration.objects.create(app="privacy", name="9999_later")


@BOTH
@pytest.mark.django_db
def test_whoever_is_connected_and_not_declared_stops_the_start(settings, tmp_path, begin, command):
    """A worker on a machine of its own hands over what waits, so it asks as the site does."""
    settings.CONNECTIONS = tmp_path / "connections.toml"
    settings.CONNECTIONS.write_text(
        '[connection.nobody]\nkind = "webhook"\nurl = "https://x.example/"\nkey = "a secret"\n'
        '[connection.northgate]\nkind = "audience"\nurl = "http://x.example/"\nkey = "a secret"\n'
    )
    said = begin(command)
    assert said.exit_code == 1
    assert "connects nobody, which the policy does not declare" in said.output
    assert "connects northgate by what leads nowhere" in said.output, "all is said at once"


@BOTH
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        (
            "operator/title_end.html",
            '<img src="https://pixels.example/x.png">',
            "fetches from https://pixels.example",
        ),
        ("accounts/mail/news_message.txt", "Hello!", "does not say what kind it is"),
    ],
)
def test_p2_4b_a_template_of_ones_own_is_judged_before_the_start(
    settings, tmp_path, begin, command, name, text, wrong
):
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    settings.ENV = msgspec.structs.replace(settings.ENV, templates_dir=str(tmp_path))
    said = begin(command)
    assert said.exit_code == 1
    assert wrong in said.output


@BOTH
@pytest.mark.django_db
def test_p6c_a_decision_that_nobody_explains_stops_the_start(monkeypatch, begin, command):
    monkeypatch.delitem(register._explained, "shelves")
    said = begin(command)
    assert said.exit_code in (1, 2)
    assert "nobody explains the decision `shelves`" in str(said.exception) + said.output


@BOTH
@pytest.mark.django_db
def test_p1_2_6c_a_key_of_ours_whose_name_is_taken_stops_the_start(monkeypatch, begin, command):
    """By the first policy of all too: without one in force nothing is shown to anybody."""
    monkeypatch.setattr(storage, "partners", lambda: storage.keys()[:1])
    said = begin(command)
    assert said.exit_code in (1, 2)
    assert "is declared twice" in str(said.exception) + said.output


@pytest.mark.django_db
def test_the_doctor_looks_at_everything_and_lists_settings():
    said = run("doctor").output
    for word in ("database", "policy: Lantern Street Pictures", "FFmpeg", "films are read", "mail"):
        assert word in said
    assert "PLAINVIEW_DATABASE_URL" in run("doctor", "--settings").output


@pytest.mark.django_db
def test_p3_1_3g_p7b_the_doctor_says_which_reviews_are_due(settings, tmp_path):
    """Whoever runs the service hears of it, though nobody looks at the folder any more."""
    folder = Path(shutil.copytree(settings.POLICY_DIR, tmp_path / "policy"))
    for name, days in (("purposes/recommend.toml", "10-05"), ("recipients.toml", "05-01")):
        said = (folder / name).read_text("utf-8")
        (folder / name).write_text(said.replace(f"review = 2027-{days}", f"review = 2026-{days}"))
    settings.POLICY_DIR = folder
    settings.ENV = msgspec.structs.replace(settings.ENV, public_url="https://films.example")
    found = run("doctor")
    assert found.exit_code == 1
    assert "purpose.recommend.assessment.review: the assessment was due for review" in found.output
    assert "recipient.meridian.safeguard[0].review: the safeguard was due" in found.output


@pytest.mark.django_db
def test_p2_11d_the_doctor_finds_a_view_over_personal_tables():
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("CREATE VIEW peek AS SELECT email FROM accounts_user")
    said = run("doctor")
    assert said.exit_code == 1
    assert "the view peek is over accounts_user" in said.output


@pytest.mark.django_db
def test_subtitles_are_added_from_the_command_line_and_bad_files_are_named(tmp_path):
    video = catalogue.add_film(name="Harbour Lights")
    good = tmp_path / "walk.ko.srt"
    good.write_text("1\n00:00:01,000 --> 00:00:02,000\n안녕\n", encoding="cp949")
    bad = tmp_path / "walk.es.srt"
    bad.write_bytes(b"\x00\x01\x02")
    said = run("subtitles", video.key, str(good), str(bad))
    assert said.exit_code == 1
    assert "1 cues in 한국어" in said.output
    assert "walk.es.srt" in said.output
    assert Track.objects.get().cues.get().text == "안녕"


@pytest.mark.django_db
def test_subtitles_for_a_video_that_is_not_there_say_so(tmp_path):
    file = tmp_path / "a.ko.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\n안녕\n")
    said = run("subtitles", "nothere", str(file))
    assert said.exit_code == 1
    assert "nothere" in said.output


@pytest.mark.django_db
def test_the_doctor_finds_what_would_fail_only_at_night(settings):
    """A folder where nothing can be written, and a key that is none."""
    lost = ("ledger_dir", "backup_dir", "watch_folder")
    wrong = dict.fromkeys(lost, "/nowhere") | {"backup_to": "age1nobody"}
    settings.ENV = msgspec.structs.replace(settings.ENV, **wrong)
    found = run("doctor").output
    for each in lost:
        assert f"PLAINVIEW_{each.upper()} names /nowhere, and nothing can be written" in found
    assert "no backup can be made: a public key of age looks like age1" in found


def test_the_doctor_says_why_the_database_does_not_answer(monkeypatch):
    def refused() -> int:
        raise OperationalError('connection failed: ...\nFATAL: database "films" does not exist\n')

    monkeypatch.setattr("plainview.privacy.schema.waiting", refused)
    found = run("doctor")
    assert found.exit_code == 1
    assert 'Check PLAINVIEW_DATABASE_URL (FATAL: database "films" does not exist).' in found.output
