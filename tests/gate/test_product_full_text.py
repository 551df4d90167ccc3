"""What SQLite's full-text search opens in the second wall, and that nothing personal is behind it.

FTS5 keeps an index in tables of its own and reads them by statements of its own. They are open to
whatever may use the table under the index, which is about nobody, and to nothing else.
"""

from __future__ import annotations

import sqlite3

import pytest
from django.db import connection, transaction
from django.db.models import F, TextField, Value
from django.db.models.expressions import Expression

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import add_film
from plainview.platform.search import FULL_TEXT
from plainview.platform.search.asking import Term
from plainview.platform.search.models import Entry, Window
from plainview.privacy.gate.doors import Door
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Opened
from plainview.privacy.registry import registry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.doors_only,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's index is an index"),
]


class Own(Expression):
    """An expression that says what it likes, as a third party's may."""

    def __init__(self, sql: str) -> None:
        super().__init__(output_field=TextField())
        self.sql = sql

    def as_sql(self, compiler, connection):
        return self.sql, []


@pytest.fixture
def ines(db) -> User:
    with duty("fixture"):
        add_film(name="Harbour Lights", language="en")
        return User.objects.create_user("ines@example.org", "correct horse battery staple")


@pytest.fixture
def inside(ines):
    """The door of the search page, of somebody with an account."""
    with Opened(Door("tests.search", "browse", frozenset(), "", ""), lambda: ines.pk) as scope:
        yield scope


def test_every_index_is_over_a_table_about_nobody(db):
    for table in FULL_TEXT:
        assert not registry().tables[table].personal
        with duty("audit"), connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [f"{table}_fts"])
            assert f"content='{table}'" in cursor.fetchone()[0]
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE sql LIKE '%%USING fts%%' OR sql LIKE %s",
                ["%fts5vocab%"],
            )
            assert {name.removesuffix("_fts") for (name,) in cursor} == set(FULL_TEXT)


def test_search_itself_is_let_through(inside):
    assert Entry.objects.filter(terms__answers=Window((Term("harbour"),), 10)).count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "(SELECT email FROM accounts_user LIMIT 1)",
        "(SELECT u.email FROM search_entry_fts f, accounts_user u WHERE f.rowid = u.id LIMIT 1)",
        "(SELECT rowid FROM search_entry_fts WHERE search_entry_fts MATCH"
        " (SELECT email FROM accounts_user LIMIT 1))",
        "(SELECT highlight(search_entry_fts, 0, (SELECT email FROM accounts_user), '')"
        " FROM search_entry_fts WHERE search_entry_fts MATCH 'harbour')",
        "(SELECT name FROM sqlite_master LIMIT 1)",
        "(SELECT sql FROM sqlite_schema LIMIT 1)",
        "(SELECT COUNT(*) FROM temp.sqlite_temp_master)",
        "(SELECT load_extension('fts5'))",
    ],
)
def test_a_question_to_the_index_reads_nothing_personal_beside_it(inside, refused, sql):
    with refused():
        list(Title.objects.annotate(e=Own(sql)).values("e"))


def test_words_of_a_question_are_a_value_and_no_column(inside, refused):
    """MATCH against another column's words would be a way to guess them; the column is asked."""
    asks = Entry.objects.annotate(
        e=Own("(SELECT 1 FROM search_entry_fts, accounts_user WHERE terms MATCH email)")
    )
    with refused():
        list(asks.values("e"))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT rowid FROM search_entry_fts WHERE search_entry_fts MATCH 'harbour'",
        "SELECT block FROM search_entry_fts_data",
        "SELECT term FROM search_passage_fts_idx",
        "DELETE FROM search_entry_fts_data",
        "DELETE FROM search_entry_fts",
        "INSERT INTO search_entry_fts(search_entry_fts) VALUES ('rebuild')",
        "INSERT INTO search_entry_fts_config VALUES ('version', 5)",
        "UPDATE search_entry_fts_data SET block = ''",
        "UPDATE sqlite_master SET sql = 'x'",
        "SELECT rowid FROM sqlite_master",
        "CREATE VIRTUAL TABLE v USING fts5(email, content='accounts_user')",
        "CREATE VIRTUAL TABLE temp.search_entry_fts USING fts5(email, content='accounts_user')",
        "CREATE VIRTUAL TABLE v USING fts5vocab('search_entry_fts', 'row')",
        "DROP TABLE search_entry_fts",
        "PRAGMA writable_schema = ON",
    ],
)
def test_text_without_a_purpose_reaches_no_index(inside, sql):
    """Also right after a search, and within a transaction that has words to write down."""
    with transaction.atomic():
        list(Entry.objects.filter(terms__answers=Window((Term("harbour"),), 10)))
        Entry.objects.create(kind="title", ref=7, size=1, terms="beacon")
        with pytest.raises(
            sqlite3.DatabaseError, match="prohibited|not authorized|not be modified"
        ):
            connection.connection.execute(sql)
        Entry.objects.filter(ref=7).delete()


def test_no_statement_changes_the_schema_by_the_table_of_it(inside):
    """What is let through while an index is met is refused by SQLite when somebody means it."""
    with duty("audit"), connection.cursor() as cursor, pytest.raises(Exception, match="modified"):
        cursor.execute("UPDATE sqlite_master SET sql = sql")


def test_personal_words_do_not_go_into_the_index(inside, refused):
    """The first wall sees that the table under the index is about nobody, and the words not."""
    with refused():
        Entry.objects.filter(kind="title").update(terms=Own("(SELECT email FROM accounts_user)"))
    with refused():
        Entry.objects.annotate(e=Own("(SELECT email FROM accounts_user)")).update(terms=F("e"))
    assert Entry.objects.filter(kind="title").update(size=Value(3)) == 1


def test_an_index_is_met_anew_under_a_door(inside):
    """After the schema changed elsewhere, a search is still answered."""
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE passing (x)")
        cursor.execute("DROP TABLE passing")
    assert Entry.objects.filter(terms__answers=Window((Term("harbour"),), 10)).count() == 1
