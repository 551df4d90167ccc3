"""A service that began on SQLite goes on on PostgreSQL, with all that it held."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from tests.journeys.readied import Readied
from tests.service.conftest import on_server, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.every_case,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="it is carried there"),
]
BEGIN = """
import django, json, os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "plainview.settings"
django.setup()
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
duties.DUTIES |= {"fixture"}
"""
SERVICE = (
    BEGIN
    + """
from django.core.management import call_command
from tests.rights.planting import plant
from plainview.demo import loading
from plainview.domains.accounts.models import User
from plainview.privacy import log
from plainview.web.commands import make_index_anew

call_command("migrate", verbosity=0, interactive=False)
with duty("fixture"):
    loading.load()
    ines, tom = (User.objects.create_user(email=f"{each}@x.test") for each in ("ines", "tom"))
    plant(ines.pk, "ines", tom.pk)
    plant(tom.pk, "tom", ines.pk)
log.sequence()
make_index_anew()
"""
)
SHOWN = (
    BEGIN
    + """
from django.apps import apps
from plainview.platform.search.models import Terms

def plain(field, value):
    if isinstance(field, Terms) and not field.ordered:
        return sorted(value.split())
    return value if isinstance(value, (dict, list)) else str(value)

with duty("backup"):
    print(json.dumps({
        model._meta.db_table: [
            [plain(*each) for each in zip(model._meta.local_concrete_fields, row)]
            for row in model._base_manager.order_by("pk").values_list(
                *(each.attname for each in model._meta.local_concrete_fields))
        ]
        for model in apps.get_models(include_auto_created=True)
    }))
"""
)
GOES_ON = (
    BEGIN
    + """
from plainview.domains.accounts.models import User
from plainview.domains.catalogue.services import add_film

with duty("fixture"):
    User.objects.create_user(email="mira@x.test")
    add_film(name="The Last Ferry", language="en")
"""
)
DYING = (
    BEGIN
    + """
from pathlib import Path
from plainview.privacy import carrying

filled, left = carrying._filled, int(sys.argv[1])

def dying(cursor, model, more):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return filled(cursor, model, more)

carrying._filled = dying
carrying.carry(Path(sys.argv[2]))
"""
)

SLOW = (
    BEGIN
    + """
import time
from django.db import connection
from plainview.cli import main
from plainview.privacy import carrying

rows, left = carrying._rows, float(sys.argv.pop(1))
pause = left

def slow_statement(execute, sql, params, many, context):
    if sql == "ANALYZE":
        context["cursor"].execute("SELECT pg_sleep(%s)", [pause])
    return execute(sql, params, many, context)

connection.execute_wrappers.append(slow_statement)

def slow(old, columns):
    global left
    for each in rows(old, columns):
        time.sleep(left)
        left = 0
        yield each

carrying._rows = slow
main()
"""
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The data folder of a service that began on SQLite."""
    folder = tmp_path_factory.mktemp("began")
    done = run(on_sqlite(os.environ | {"PLAINVIEW_DATA_DIR": str(folder)}), "-c", SERVICE)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def began(made, bare, tmp_path):
    """The settings of that service, and its file."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return on_sqlite(bare), tmp_path / "plainview.sqlite3"


def on_sqlite(place):
    return {**place, "PLAINVIEW_DATABASE_URL": "", "PYTHONPATH": str(Path.cwd())}


@pytest.fixture
def plainview():
    """Runs a command with the settings of a place, whose program is loaded once for all of them."""
    loaded = list[Readied]()

    def command(place, *arguments):
        known = [each for each in loaded if each.environment == place]
        if not known:
            loaded.extend(known := [Readied(place)])
        return known[0].run(arguments, check=False)

    yield command
    for each in loaded:
        each.end()


@pytest.fixture
def take(plainview):
    """Carries the service over to a place."""
    return lambda place, *more: plainview(place, "database", "take", *more)


def shown(place):
    done = run(place | {"PYTHONPATH": str(Path.cwd())}, "-c", SHOWN)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def found_in_log(done):
    """What a look through the log found, but for how many entries have no place yet."""
    return sorted(each for each in done.stdout.splitlines() if "waiting" not in each)


ADDED = {"privacy_log_deed", "privacy_log_leaf"}
"""Where it says that it was carried."""


def test_every_row_of_every_table_goes_over_and_the_log_with_them(began, bare, take, plainview):
    place, file = began
    faults, before = found_in_log(plainview(place, "log", "verify")), shown(place)
    done = take(bare)
    assert done.returncode == 0, done.stderr
    assert "which no erasure reaches" in done.stdout, "what is left of the old one is told"
    assert "holds whoever was there" in plainview(bare, "doctor").stdout

    after = shown(bare)
    empty = {table for table, rows in before.items() if not rows}
    assert len(empty) < len(before) / 6, f"nothing is shown by {sorted(empty)}"
    for table in before.keys() - ADDED:
        assert after[table] == before[table], table
    for table in ADDED:
        assert after[table][: len(before[table])] == before[table]
        assert len(after[table]) == len(before[table]) + 1
    found = found_in_log(plainview(bare, "log", "verify"))
    assert found == faults, "what was planted beside the log, and nothing else"
    looked = plainview(bare, "manage", "check", "--database", "default")
    assert looked.returncode == 0, f"the triggers of ledgers are there: {looked.stderr}"
    on = run(bare | {"PYTHONPATH": str(Path.cwd())}, "-c", GOES_ON)
    assert on.returncode == 0, f"what comes next is numbered behind it: {on.stderr}"
    assert file.exists()


def test_killed_half_way_it_does_not_serve_and_the_same_command_goes_on(
    began, bare, take, plainview
):
    _, file = began
    died = run(bare | {"PYTHONPATH": str(Path.cwd())}, "-c", DYING, "60", str(file))
    assert died.returncode == -9, died.stderr
    served = plainview(bare, "serve", "--port", "8768")
    assert served.returncode != 0
    assert "give the same `plainview database take` again" in served.stderr
    asked = plainview(bare, "doctor").stdout
    assert "give the same `plainview database take` again" in asked
    assert "shred" not in asked and "manage migrate" not in asked, "the file is all that there is"
    assert take(bare).returncode == 0
    assert plainview(bare, "manage", "migrate").returncode == 0


def test_what_can_not_be_carried_is_said_and_nothing_is_lost(began, bare, take, tmp_path):
    place, file = began
    for given, said in (
        (tmp_path / "nothing.sqlite3", "no database of a service"),
        (Path(__file__), "can't read"),
    ):
        done = take(bare, str(given))
        assert done.returncode == 1
        assert said in done.stderr
    with closing(sqlite3.connect(file)) as open_still:
        open_still.execute("SELECT COUNT(*) FROM accounts_user").fetchone()
        done = take(bare)
        assert done.returncode == 1
        assert "stop the service first" in done.stderr
    with closing(sqlite3.connect(file)) as by_hand:
        sql = "SELECT id FROM accounts_user WHERE email = 'tom@x.test'"
        (number,) = by_hand.execute(sql).fetchone()
    for wrong in ("email || char(0)", "replace(hex(zeroblob(300)), '0', 'tom')"):
        with closing(sqlite3.connect(file)) as by_hand, by_hand:
            by_hand.execute(f"UPDATE accounts_user SET email = {wrong} WHERE id = ?", [number])  # noqa: S608
        done = take(bare)
        assert done.returncode == 1
        assert f"does not take accounts_user, row {number}" in done.stderr
        assert "tom" not in done.stderr.replace(str(tmp_path), ""), "an error names nobody"
    with closing(sqlite3.connect(file)) as by_hand, by_hand:
        by_hand.execute("UPDATE accounts_user SET email = 'tom@x.test' WHERE id = ?", [number])
        by_hand.execute("ALTER TABLE accounts_user ADD COLUMN of_tomorrow TEXT")
    done = take(bare)
    assert done.returncode == 1
    assert "another version made" in done.stderr
    with closing(sqlite3.connect(file)) as by_hand, by_hand:
        by_hand.execute("ALTER TABLE accounts_user DROP COLUMN of_tomorrow")
    assert take(bare).returncode == 0
    done = take(bare)
    assert done.returncode == 1
    assert "something in PostgreSQL's database already" in done.stderr
    done = take(place)
    assert "name PostgreSQL's database first" in done.stderr


@pytest.mark.parametrize(("state", "code"), [("put_up(State('replay'))", 1), ("take_down()", 0)])
def test_a_restore_stands_in_the_way_until_it_is_over(began, bare, take, state, code):
    """A copy of SQLite goes back into SQLite, and over then: it was refused for ever."""
    known = "from plainview.privacy.backups import barrier\nState = barrier.State\nbarrier."
    assert run(bare | {"PYTHONPATH": str(Path.cwd())}, "-c", BEGIN + known + state).returncode == 0
    assert take(bare).returncode == code


def name_of():
    """The user of the tests' server, and the database of the fixture `bare`."""
    return connection.settings_dict["USER"], f"bare_{os.getpid()}"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_without_all_letters_is_refused_before_anything_is_in_it(
    began, bare, plainview, encoding
):
    _, name = name_of()
    with on_server() as server:
        server.execute(f'DROP DATABASE "{name}"')
        how = f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
        server.execute(f'CREATE DATABASE "{name}" {how}')
    serve = ("serve", "--port", "8839")
    for command in (("database", "take"), ("manage", "migrate"), serve):
        done = plainview(bare, *command)
        assert done.returncode != 0
        assert f"keeps texts in {encoding}, which has not all letters" in done.stderr
        assert "createdb --owner" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_user_without_the_rights_is_told_which(began, bare, take, plainview):
    user, name = name_of()
    role = f"{name}_few"
    place = bare | {"PLAINVIEW_DATABASE_URL": bare["PLAINVIEW_DATABASE_URL"].replace(user, role, 1)}
    with on_server() as server:
        server.execute(f'CREATE ROLE "{role}" LOGIN')
        try:
            done = take(place)
            assert done.returncode == 1
            assert "may make no tables" in done.stderr
            server.execute(f'ALTER DATABASE "{name}" OWNER TO "{role}"')
            for command in (("database", "take"), ("manage", "migrate")):
                done = plainview(place, *command)
                assert done.returncode != 0
                assert f"`ALTER ROLE {role} CREATEROLE`" in done.stderr
                assert "Traceback" not in done.stderr
        finally:
            server.execute(f'ALTER DATABASE "{name}" OWNER TO "{user}"')
            server.execute(f'DROP ROLE "{role}"')


def test_limits_that_suit_requests_do_not_end_it(began, bare):
    _, name = name_of()
    with on_server() as server:
        for each in ("statement", "idle_in_transaction_session"):
            server.execute(f"ALTER DATABASE \"{name}\" SET {each}_timeout = '800ms'")
    done = run(bare | {"PYTHONPATH": str(Path.cwd())}, "-c", SLOW, "2", "database", "take")
    assert done.returncode == 0, done.stderr


def test_a_server_that_ends_meanwhile_is_named_and_no_row(began, bare, take):
    _, name = name_of()
    arguments = [sys.executable, "-c", SLOW, "3", "database", "take"]
    going = subprocess.Popen(
        arguments, env=bare | {"PYTHONPATH": str(Path.cwd())}, stderr=subprocess.PIPE, text=True
    )
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with on_server() as server:
        while not server.execute(ending + " AND query LIKE 'COPY%%'", [name]).fetchall():
            assert going.poll() is None
            time.sleep(0.1)
    _, said = going.communicate()
    assert going.returncode != 0
    assert "not all was carried over (terminating connection" in said
    assert "give the same `plainview database take` again" in said
    assert take(bare).returncode == 0


def test_rows_that_can_not_be_read_are_told_without_what_is_in_them(began, bare, take, tmp_path):
    _, file = began
    done = take(bare | {"PLAINVIEW_DATA_DIR": str(tmp_path / "of_others")}, str(file))
    assert done.returncode == 1
    assert "opens what is sealed in it" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(file)) as by_hand, by_hand:
        spoilt = "CAST(x'746f6dff' AS TEXT)"
        by_hand.execute(f"UPDATE accounts_user SET email = {spoilt} WHERE email LIKE 'tom%'")  # noqa: S608
    done = take(bare)
    assert done.returncode == 1
    assert "accounts_user: it has a row that can't be read" in done.stderr
    assert "tom" not in done.stderr.replace(str(tmp_path), "")


@pytest.mark.parametrize(
    ("table", "column", "planted", "said"),
    [
        ("privacy_log_leaf", "index", "'tom'", ["column index has what is of another kind"]),
        ("privacy_log_leaf", "index", "9e999", ["(OverflowError)"]),
        ("privacy_log_leaf", "hash", "'tom'", ["does not take privacy_log_leaf, row"]),
    ],
)
def test_a_value_of_another_kind_than_its_column_is_told_without_itself(
    began, bare, take, tmp_path, table, column, planted, said
):
    """SQLite keeps what it is given; the error of the field repeats it."""
    _, file = began
    with closing(sqlite3.connect(file)) as by_hand, by_hand:
        (name,) = by_hand.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
            " AND sql LIKE '%UPDATE%'",
            [table],
        ).fetchone() or ("",)
        if name:
            by_hand.execute(f'DROP TRIGGER "{name}"')
        last = f"(SELECT MAX(rowid) FROM {table})"  # noqa: S608
        by_hand.execute(f'UPDATE {table} SET "{column}" = {planted} WHERE rowid = {last}')  # noqa: S608
    done = take(bare)
    assert done.returncode == 1
    for each in said:
        assert each in done.stderr
    assert "Traceback" not in done.stderr
    assert "tom" not in (done.stdout + done.stderr).replace(str(tmp_path), "")
