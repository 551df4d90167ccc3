"""What the database and the declarations disagree about: nothing is claimed of it (P5.2.1.4a)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, models
from django.test import Client
from tests.rights.conftest import enter, work
from tests.rights.test_leaving import go

from plainview.domains.accounts.models import User
from plainview.platform.jobs.models import Job
from plainview.privacy.declarations import personal, subject
from plainview.privacy.models import Device, Erasure
from plainview.privacy.registry import read, registry
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@subject("subject", row="activity")
class Wish(models.Model):
    """What somebody would like to see, of a kind that the product has not."""

    subject = models.BigIntegerField()
    words = personal(models.CharField(max_length=100), "activity.searches")
    since = personal(models.DateTimeField(null=True), "activity.searches", event="collection")

    class Meta:
        app_label = "rights_half"

    def __str__(self) -> str:
        return "a wish"


@subject("subject", row="activity")
class Loose(models.Model):
    """Rows that nothing tells apart: what the model takes for their key is none."""

    place = models.IntegerField(primary_key=True)
    subject = models.BigIntegerField()
    words = personal(models.CharField(max_length=100), "activity.searches")

    class Meta:
        app_label = "rights_half"

    def __str__(self) -> str:
        return "a loose row"


Declare = Callable[..., None]


@pytest.fixture
def declare(monkeypatch) -> Declare:
    """Put a model into the registry, be its table there or not."""

    def declared(model: type[models.Model]) -> None:
        name = model._meta.db_table
        monkeypatch.setitem(registry().tables, name, read([model], {}).tables[name])

    return declared


@pytest.fixture
def sql(ines):
    """Run statements, and take the tables away afterwards."""

    def run(*statements: str) -> list[tuple[object, ...]]:
        with connection.schema_editor() as editor:
            for each in statements:
                editor.execute(each)
        return []

    yield run
    with connection.schema_editor() as editor:
        for name in ("rights_half_wish", "rights_half_loose", "half_made"):
            editor.execute(f"DROP TABLE IF EXISTS {name}")


def rows(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608
        return [tuple(each) for each in cursor.fetchall()]


def put(table: str, *lines: tuple[object, ...]) -> None:
    with connection.cursor() as cursor:
        for each in lines:
            marks = ", ".join(["%s"] * len(each))
            cursor.execute(f"INSERT INTO {table} VALUES ({marks})", each)  # noqa: S608


def tried_to_the_end() -> Erasure:
    work()
    Job.objects.filter(task="erase").update(run_at="2026-01-01T00:00:00Z", attempts=4)
    work()
    return Erasure.objects.get()


def shown(address: str) -> str:
    return Client().get(address).content.decode()


def test_a_table_that_is_declared_and_not_there_yet_keeps_the_erasure_open(ines, declare, sql):
    declare(Wish)
    client = enter(ines)
    assert client.get("/privacy/leave/").status_code == 200
    address = go(client)
    assert "Not removed yet" in shown(address), "it says so from the first moment"
    row = tried_to_the_end()
    assert (row.state, bool(row.sealed)) == ("incomplete", True)
    assert "Not all of it is gone yet" in shown(address)
    assert not User.objects.filter(pk=ines.pk).exists(), "the other steps went on"
    assert sweeping.due() == [], "and the sweep passes it over"
    with connection.schema_editor() as editor:  # the migration gets there
        editor.create_model(Wish)
    Wish.objects.create(subject=ines.pk, words="a lamp")  # by a worker of the new code
    services.try_again(row.key)
    work()
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("done", "")
    assert not Wish.objects.exists()
    assert "You have left" in shown(address)


def test_rows_of_which_a_declared_column_is_not_there_yet_go_all_the_same(ines, tom, declare, sql):
    declare(Wish)
    sql("CREATE TABLE rights_half_wish (id integer PRIMARY KEY, subject bigint)")
    put("rights_half_wish", (1, ines.pk), (2, tom.pk))
    address = go(enter(ines))
    row = tried_to_the_end()
    assert rows("rights_half_wish") == [(2, tom.pk)]
    assert ("You have left" in shown(address)) == (row.state == "done")


@pytest.mark.parametrize("where", ["half_made", "privacy_device.nickname"])
def test_what_is_there_and_not_declared_yet_is_said_to_be_unknown(ines, tom, sql, where):
    if where == "half_made":
        sql("CREATE TABLE half_made (id integer PRIMARY KEY, words text)")
        put("half_made", (1, "a lamp"))
        empty = "DELETE FROM half_made"
    else:
        Device.objects.create(made_on="2026-01-01", seen_on="2026-01-01")
        sql("ALTER TABLE privacy_device ADD COLUMN nickname text")
        empty = "UPDATE privacy_device SET nickname = NULL"
        sql("UPDATE privacy_device SET nickname = 'a lamp'")
    try:
        address = go(enter(ines))
        row = tried_to_the_end()
        assert row.state == "incomplete"
        assert "nobody can say yet" in shown(address)
        assert where in shown(address)
        sql(empty)
        services.try_again(row.key)
        work()
        row.refresh_from_db()
        assert row.state == "done"
        assert "You have left" in shown(address)
    finally:
        if where != "half_made":
            sql("ALTER TABLE privacy_device DROP COLUMN nickname")


def test_a_table_without_primary_key_loses_their_rows_and_nobody_elses(ines, tom, declare, sql):
    declare(Loose)
    sql("CREATE TABLE rights_half_loose (place integer, subject bigint, words text)")
    put("rights_half_loose", *((n, who.pk, "a lamp") for n in (1, 1, 2) for who in (ines, tom)))
    address = go(enter(ines))
    work()
    assert Erasure.objects.get().state == "done"
    assert rows("rights_half_loose") == [(place, tom.pk, "a lamp") for place in (1, 1, 2)]
    assert "You have left" in shown(address)
