"""Each known way around, with who refuses it. `docs/gate.md` lists them by these tests' names."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack

import pytest
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.sql import compiler
from django.test.utils import CaptureQueriesContext, isolate_apps
from tests.gate.cinema.models import Film, Member, Viewing
from tests.gate.settings import ENGINE

from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import NoPurpose, NotOurs, NotPermitted
from plainview.privacy.gate.scope import entering

ALL = "the tests look at everyone"
sqlite_only = pytest.mark.skipif(ENGINE != "sqlite", reason="a way that only SQLite has")
postgres_only = pytest.mark.skipif(ENGINE != "postgresql", reason="a way that only PostgreSQL has")


# --- refused by the compiler, or by the cursor because the compiler did not make it -------------

RAW = {
    "plain": "SELECT email FROM cinema_member",
    "upper_case": "SELECT EMAIL FROM CINEMA_MEMBER",
    "quoted": 'SELECT "email" FROM "cinema_member"',
    "even_what_is_permitted": "SELECT minutes FROM cinema_viewing",
    "about_nobody": "SELECT title FROM cinema_film",
    "no_table": "SELECT 1",
    "comment_first": "/* playback */ SELECT email FROM cinema_member",
    "savepoint_first": "SAVEPOINT a; SELECT email FROM cinema_member",
    "with": "WITH m AS (SELECT email FROM cinema_member) SELECT * FROM m",
    "attach": "ATTACH DATABASE '/tmp/x.db' AS other",
    "vacuum_into": "VACUUM INTO '/tmp/x.db'",
    "copy": "COPY cinema_member TO STDOUT",
    "do_block": "DO $$ BEGIN PERFORM email FROM cinema_member; END $$",
    "reset_role": "RESET ROLE",
    "set_role": "SET ROLE NONE",
    "explain": "EXPLAIN SELECT email FROM cinema_member",
    "pragma": "PRAGMA writable_schema = ON",
    "view": "CREATE VIEW v AS SELECT email FROM cinema_member",
    "trigger": "CREATE TRIGGER t AFTER INSERT ON cinema_film BEGIN SELECT 1; END",
}


@pytest.mark.parametrize("way", RAW)
def test_raw_cursor(inside, refused, way):
    with refused("a statement", NotOurs), connection.cursor() as cursor:
        cursor.execute(RAW[way])


def test_raw_cursor_with_many_parameters(inside, refused):
    with refused("a statement", NotOurs), connection.cursor() as cursor:
        cursor.executemany("UPDATE cinema_member SET email = %s", [("x",)])


def test_procedure_call(inside, refused):
    with refused("a statement", NotOurs), connection.cursor() as cursor:
        cursor.callproc("pg_sleep", [0])


def test_queryset_raw(inside, refused):
    with refused("a statement", NotOurs):
        list(Viewing.objects.raw("SELECT * FROM cinema_viewing"))


def test_text_of_a_compiled_statement_forged(inside, refused):
    """The very text that the compiler made, comment and all, is not a compiled statement."""
    with CaptureQueriesContext(connection) as captured:
        list(Viewing.objects.all())
    with refused("a statement", NotOurs), connection.cursor() as cursor:
        cursor.execute(captured[0]["sql"])


def test_compiled_statement_changed(inside, refused):
    sql, params = Viewing.objects.all().query.get_compiler("default").as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert len(cursor.fetchall()) == 3
    with refused("a statement", NotOurs), connection.cursor() as cursor:
        cursor.execute(sql.replace("cinema_viewing", "cinema_rating"), params)


def test_compiled_statement_carried_out_of_its_door(people, through, refused):
    with through("playback", everyone=ALL):
        sql, params = Viewing.objects.all().query.get_compiler("default").as_sql()
    with through("service", everyone=ALL), refused("not the open one", NoPurpose):
        connection.cursor().execute(sql, params)
    with refused("not the open one", NoPurpose):
        connection.cursor().execute(sql, params)


@isolate_apps("tests.gate.cinema")
def test_shadow_model_of_the_same_table(inside, refused):
    """Marks belong to (table, column), so another model of the table is bound by them."""

    class Shadow(models.Model):
        email = models.TextField()

        class Meta:
            app_label = "cinema"
            db_table = "cinema_member"
            managed = False

    with refused("cinema_member.email", NotPermitted):
        list(Shadow.objects.values("email"))


def test_historical_model(inside, refused):
    state = ProjectState()
    for model in (Film, Member):
        old = ModelState.from_model(model, exclude_rels=True)
        old.fields.pop("friends", None)
        state.add_model(old)
    with refused("cinema_member.email", NotPermitted):
        list(state.apps.get_model("cinema", "Member").objects.values("email"))


@isolate_apps("tests.gate.cinema")
def test_column_nobody_marked(inside, refused):
    class Wider(models.Model):
        salary = models.IntegerField()

        class Meta:
            app_label = "cinema"
            db_table = "cinema_viewing"
            managed = False

    with refused("cinema_viewing.salary is not marked", NotPermitted):
        list(Wider.objects.values("salary"))


@isolate_apps("tests.gate.cinema")
def test_unmanaged_model_over_a_view(inside, refused):
    class Over(models.Model):
        email = models.TextField(primary_key=True)

        class Meta:
            app_label = "cinema"
            db_table = "a_view"
            managed = False

    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("CREATE VIEW a_view AS SELECT email FROM cinema_member")
    with refused("a_view", NotPermitted):
        list(Over.objects.all())


def test_thread(inside):
    """A thread begins with no purpose."""
    seen = []

    def run():
        try:
            list(Viewing.objects.all())
        except NoPurpose as refusal:
            seen.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(seen) == 1


@pytest.fixture
def heard(request):
    """Take note that this test looked at the refusals itself."""
    yield
    request.node.refusals.clear()


test_thread = pytest.mark.usefixtures("heard")(test_thread)


@pytest.mark.parametrize("opened", [lambda: entering("service"), lambda: duty("fixture")])
def test_generator_cannot_open_a_purpose(people, through, refused, opened):
    def leak():
        with opened():
            yield 1

    def leak_by_a_stack():
        with ExitStack() as stack:
            stack.enter_context(opened())
            yield 1

    for each in (leak, leak_by_a_stack):
        with through("playback", everyone=ALL, may=["service"]), refused("can be suspended"):
            next(each())


def test_unlisted_purpose(inside, refused):
    with refused("may enter playback, not service"), entering("service"):
        pass


def test_lazy_queryset_after_the_door(people, through, refused):
    with through("playback", everyone=ALL):
        later = Viewing.objects.all()
        chunks = Viewing.objects.iterator(chunk_size=1)
    with refused("no purpose is open", NoPurpose):
        list(later)
    with refused("no purpose is open", NoPurpose):
        next(chunks)


def test_rest_of_a_result_after_the_door(people, through, refused):
    with through("playback", everyone=ALL):
        chunks = Viewing.objects.order_by("pk").iterator(chunk_size=1)
        next(chunks)
    if not connection.features.can_use_chunked_reads:
        pytest.skip("the engine reads results whole")
    with refused("whose door has closed", NoPurpose):
        list(chunks)


@sqlite_only
@pytest.mark.parametrize("way", ["serialize", "backup", "iterdump", "blobopen", "deserialize"])
def test_driver_shortcut(inside, refused, way):
    arguments = {
        "backup": [sqlite3.connect(":memory:")],
        "blobopen": ["cinema_member", "email", 1],
        "deserialize": [b""],
    }
    with refused("a statement", NotOurs):
        getattr(connection.connection, way)(*arguments.get(way, []))


@pytest.mark.parametrize("way", ["copy", "stream", "executescript"])
def test_cursor_shortcut(inside, refused, way):
    """What a driver's cursor has besides `execute` runs statements too, whichever engine it is."""
    with refused(rf"a statement \({way.upper()}", NotOurs), connection.cursor() as cursor:
        getattr(cursor, way)("SELECT minutes FROM cinema_viewing")


# --- refused by the database --------------------------------------------------------------------


def test_compiler_without_the_first_wall(inside, refused):
    """Even a compiler that tells nothing gets nothing."""
    stock = compiler.SQLCompiler(Member.objects.values("email").query, connection, "default")
    sql, params = stock.as_sql()
    with refused("a statement", NotOurs), connection.cursor() as cursor:
        cursor.execute(sql, params)


@sqlite_only
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT email FROM cinema_member",
        "SELECT title FROM cinema_film",
        "SELECT COUNT(*) FROM cinema_member",
        "UPDATE cinema_member SET email = 'x'",
        "DELETE FROM cinema_member",
        "INSERT INTO cinema_film (title, minutes, note) VALUES ('x', 1, '')",
        "ATTACH DATABASE ':memory:' AS other",
        "CREATE TEMP TABLE t AS SELECT email FROM cinema_member",
        "SELECT * FROM sqlite_master",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('x')",
    ],
)
def test_driver_connection_of_sqlite(inside, sql):
    list(Viewing.objects.all())
    with pytest.raises(sqlite3.DatabaseError, match="prohibited|not authorized"):
        connection.connection.execute(sql)


@sqlite_only
def test_statement_in_the_drivers_cache(inside):
    """A cached statement isn't authorized again, so its text has a secret of the connection."""
    with CaptureQueriesContext(connection) as captured:
        list(Viewing.objects.values("minutes"))
    text = captured[0]["sql"].split("/*")[0].strip()
    with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
        connection.connection.execute(text)


@sqlite_only
def test_statement_of_a_duty_in_the_drivers_cache(inside):
    """Nor does what a duty ran by itself serve anybody after it."""
    with duty("audit"), connection.cursor() as cursor:
        cursor.execute("SELECT email FROM cinema_member")
        cursor.execute("SELECT email FROM cinema_member WHERE id = %s", [1])
        cursor.executemany("UPDATE cinema_member SET email = 'x' WHERE id = ?", [(1,)])
    for text, values in (
        ("SELECT email FROM cinema_member", ()),
        ("SELECT email FROM cinema_member WHERE id = ?", (1,)),
        ("UPDATE cinema_member SET email = 'x' WHERE id = ?", (1,)),
    ):
        with pytest.raises(sqlite3.DatabaseError, match="prohibited|not authorized"):
            connection.connection.execute(text, values)


@postgres_only
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT email FROM cinema_member",
        "SELECT cinema_member FROM cinema_member",
        "SELECT row_to_json(m) FROM cinema_member m",
        "SELECT COUNT(*) FROM cinema_rating",
        "COPY cinema_member TO STDOUT",
        "COPY (SELECT email FROM cinema_member) TO STDOUT",
        "DO $$ BEGIN PERFORM email FROM cinema_member; END $$",
        "SELECT query_to_xml('select em' || 'ail from cinema_member', true, true, '')",
        "UPDATE cinema_member SET email = 'x'",
        "CREATE TABLE public.t AS SELECT 1",
        "TABLE cinema_rating",
        "SELECT pg_read_file('/etc/hostname')",
        "ALTER TABLE cinema_film ADD x int",
    ],
)
def test_driver_connection_of_postgresql(inside, sql):
    import psycopg

    list(Viewing.objects.all())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.connection.transaction():
        connection.connection.execute(sql)


@postgres_only
def test_statistics_of_postgresql(inside):
    """pg_stats shows sample values only of columns that the role may select."""
    list(Viewing.objects.all())
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("ANALYZE cinema_member")
    list(Viewing.objects.all())
    shown = connection.connection.execute(
        "SELECT attname FROM pg_stats WHERE tablename = 'cinema_member'"
    )
    assert "email" not in {name for (name,) in shown.fetchall()}


# --- what the gate does not stop, so that nobody believes it does ---------------------------------


@postgres_only
def test_outside_driver_resets_the_role(inside):
    """Outside the threat model: code that resets the role through the driver's connection."""
    list(Viewing.objects.all())
    with connection.connection.transaction(force_rollback=True):
        connection.connection.execute("RESET ROLE")
        assert connection.connection.execute("SELECT email FROM cinema_member").fetchall()


@sqlite_only
def test_outside_own_connection_to_the_file(tmp_path):
    """Outside the threat model: code that opens the database file by itself."""
    file = sqlite3.connect(tmp_path / "x.db")
    file.execute("CREATE TABLE t (a)")
    file.close()
    assert sqlite3.connect(tmp_path / "x.db").execute("SELECT * FROM t").fetchall() == []
