"""Ways around by text within the ORM's own statements: refused by the compiler or the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    F,
    Func,
    IntegerField,
    OuterRef,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression, Expression, RawSQL, Window
from django.db.models.functions import RowNumber
from tests.gate.cinema.models import Film, Member, Rating, Viewing
from tests.gate.settings import ENGINE
from tests.gate.test_ways_around import ALL

from plainview.privacy.gate import looks
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import Caseless, NotPermitted, Refused

# --- text inside the ORM's statements: the row filter cannot reach it ----------------------------

COUNTED = "(SELECT COUNT(*) FROM cinema_viewing)"


def _told(made, **pieces):
    """An expression of Django's that is told what to say after it was made."""
    vars(made).update(pieces)
    return made


def _func():
    return Func(F("minutes"), output_field=IntegerField())


SAME = {
    "func": lambda: Func(
        template="(SELECT COUNT(*) FROM cinema_viewing)", output_field=IntegerField()
    ),
    "upper_case": lambda: Func(
        template='(SELECT COUNT(*) FROM "CINEMA_VIEWING")', output_field=IntegerField()
    ),
    "comment": lambda: Func(
        template="(SELECT COUNT(*) FROM/**/cinema_viewing/**/)", output_field=IntegerField()
    ),
    "raw_sql": lambda: RawSQL("SELECT COUNT(*) FROM main.cinema_viewing", []),
    "pieces": lambda: Func(
        template="(SELECT COUNT(*) FROM %(table)s)",
        table="cinema_viewing",
        output_field=IntegerField(),
    ),
    "subquery": lambda: Subquery(
        Film.objects.values("id")[:1], template="(SELECT COUNT(*) FROM cinema_viewing)"
    ),
    "case": lambda: Case(
        When(minutes=0, then=1), default=0, template="(SELECT COUNT(*) FROM cinema_viewing)"
    ),
    "own_subquery": lambda: type(
        "Own", (Subquery,), {"template": "(SELECT COUNT(*) FROM cinema_viewing)"}
    )(Film.objects.values("id")[:1]),
    "given_template": lambda: _told(_func(), template=COUNTED),
    "given_function": lambda: _told(_func(), function=f"{COUNTED} + "),
    "given_window": lambda: _told(Window(RowNumber(), order_by="minutes"), template=COUNTED),
    "connector": lambda: CombinedExpression(
        F("minutes"), f"+ {COUNTED} +", Value(0), output_field=IntegerField()
    ),
    "standing": lambda: RawSQL("SELECT permitted FROM privacy_standing LIMIT 1", []),
    "escaped": lambda: RawSQL('SELECT COUNT(*) FROM U&"cinema\\005fviewing"', []),
    "run": lambda: Func(
        Value("SELECT 1 FROM cinema_" + "viewing"),
        *(True, False, Value("")),
        function="Query_To_Xml",
        output_field=TextField(),
    ),
    "set": lambda: Func(
        *(Value("role"), Value("none"), False), function="set_config", output_field=TextField()
    ),
}


def _condition(sql):
    return type("OwnCondition", (Own,), {"output_field": BooleanField()})(sql)


HALVES = {
    "or": lambda: _condition("cinema_viewing.minutes > 0 OR cinema_viewing.minutes = 0"),
    "raw": lambda: RawSQL("1 = 1) OR (1 = 1", [], output_field=BooleanField()),
    "template": lambda: Func(
        F("minutes"), template="%(expressions)s > 5 OR 1 = 1", output_field=BooleanField()
    ),
}
"""Conditions that a WHERE would hold together with what stands beside them."""


@pytest.mark.parametrize("way", HALVES)
def test_a_text_has_no_say_in_the_row_filter(people, through, way):
    with through("recommend", everyone=ALL):
        assert list(Viewing.objects.filter(HALVES[way]()).values_list("member", flat=True)) == [1]
    with through("playback", me=2):
        assert Viewing.objects.filter(HALVES[way]()).count() == 1
        assert Viewing.objects.filter(HALVES[way]()).update(minutes=7) == 1
        assert Viewing.objects.filter(HALVES[way]()).delete()[0] == 1
    with duty("audit"):
        assert list(Viewing.objects.order_by("pk").values_list("minutes", flat=True)) == [10, 30]


BROKEN = {
    "bracket": "1 = 1) OR (1 = 1",
    "raw_comment": "1 = 1) -- ",
    "comment": "1 = 1 /* ",
    "dollars": "1 = 1) OR $$(",
    "quote": "1 = 1) OR '",
    "escape": "1 = 1 OR E'\\'' = ') OR ('",
}


@pytest.mark.parametrize("way", BROKEN)
def test_a_text_ends_what_it_begins(people, through, refused, way):
    with through("playback", me=2):
        with refused("does not end in it", NotPermitted):
            list(Viewing.objects.filter(_condition(BROKEN[way])))
        ended = _condition("(cinema_viewing.minutes > 0 AND 'it''s (' <> '-- [' )")
        assert Viewing.objects.filter(ended, film__title__contains="Metro").count() == 1


@pytest.mark.parametrize("way", SAME)
def test_text_reads_a_filtered_table(people, through, refused, way):
    with through("recommend", everyone=ALL), refused("whose rows are filtered", NotPermitted):
        list(Viewing.objects.annotate(n=SAME[way]()).values("n"))


class Own(Expression):
    """An expression that writes what it likes."""

    output_field = TextField()

    def __init__(self, sql):
        super().__init__()
        self.sql = sql

    def as_sql(self, compiler, connection):
        return self.sql, []


def test_own_expression_reads_a_filtered_table(people, through, refused):
    with through("recommend", everyone=ALL), refused("whose rows are filtered", NotPermitted):
        list(
            Viewing.objects.annotate(n=Own("(SELECT minutes FROM cinema_viewing LIMIT 1)")).values(
                "n"
            )
        )


def test_a_third_partys_subquery_is_filtered_as_any(people, through):
    """A template around what the compiler made names no table, so nothing is refused."""

    class HowMany(Subquery):
        template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
        output_field = IntegerField()

    with through("recommend", everyone=ALL):
        rated = Rating.objects.filter(film=OuterRef("film")).values("pk")
        counted = Viewing.objects.annotate(n=HowMany(rated)).values_list("n", flat=True)
        assert list(counted) == [Rating.objects.count()] == [2]


def test_text_reads_the_standing(inside, refused):
    """The roles of PostgreSQL may read it, on behalf of the row filter; texts may not."""
    with refused("reads privacy_standing", NotPermitted):
        list(Film.objects.annotate(n=Own("(SELECT permitted FROM privacy_standing)")))


def test_text_reads_what_the_database_reads_for_foreign_keys(people, through, refused):
    text = RawSQL("SELECT MAX(member_id) FROM cinema_rating", [], output_field=TextField())
    with through("playback", everyone=ALL), refused("reads cinema_rating", NotPermitted):
        Member.objects.update(state=text)


def test_a_text_about_its_own_columns_runs(people, through):
    """Naming a column is no way around: it was declared, or the second wall refuses it."""
    with through("recommend", everyone=ALL):
        doubled = Func(F("minutes"), template="(%(expressions)s * 2)", output_field=IntegerField())
        assert list(Viewing.objects.annotate(n=doubled).values_list("n", flat=True)) == [20]


SHOWN = {
    "column": lambda: Member.objects.extra(select={"e": "cinema_member.email"}),
    "bare_column": lambda: Member.objects.annotate(e=Own("EMAIL")),
    "template": lambda: Member.objects.annotate(
        e=Func(F("id"), template="(email || %(expressions)s)", output_field=TextField())
    ),
    "another_table": lambda: Film.objects.annotate(e=RawSQL(EMAIL[1:-1], [])),
    "whole_row": lambda: Film.objects.annotate(
        e=RawSQL("SELECT m.e FROM (SELECT x.*, x.name AS e FROM cinema_member x) m LIMIT 1", [])
    ),
}


@pytest.mark.parametrize("way", SHOWN)
def test_the_staff_see_nothing_by_text_that_they_do_not_see_without(people, through, refused, way):
    """What a text reads counts as read: a page lists it, or somebody's case is open."""
    with through("everything", everyone=ALL) as scope:
        looks.watch(replace(scope.life.door, lists=frozenset({"account", "profile.name"})))
        list(Member.objects.values("pk", "name"))
        scope.life.looks.refuse_unlisted()
        assert list(SHOWN[way]().values_list("e", flat=True))
        with refused("contact.email", Caseless):
            scope.life.looks.refuse_unlisted()


# --- refused by the database --------------------------------------------------------------------

EMAIL = "(SELECT email FROM cinema_member LIMIT 1)"
TEXTS = {
    "func_template": lambda: Func(template=EMAIL, output_field=TextField()),
    "func_function": lambda: Func(Value(1), function=f"{EMAIL} || ", output_field=TextField()),
    "raw_sql": lambda: RawSQL(EMAIL[1:-1], []),
    "own_expression": lambda: Own(EMAIL),
    "quoted": lambda: Own('(SELECT "email" FROM "cinema_member" LIMIT 1)'),
    "upper_case": lambda: Own("(SELECT EMAIL FROM CINEMA_MEMBER LIMIT 1)"),
    "alias": lambda: Own("(SELECT m.email FROM cinema_member m LIMIT 1)"),
    "star": lambda: Own("(SELECT x.e FROM (SELECT email AS e FROM cinema_member) x LIMIT 1)"),
    "condition": lambda: Own("(SELECT 'x' FROM cinema_member WHERE email = 'ann@example.org')"),
    "order": lambda: Own("(SELECT 'x' FROM cinema_member ORDER BY email LIMIT 1)"),
    "count": lambda: Own("(SELECT COUNT(*) FROM cinema_rating)"),
}


def _second_wall(refused):
    return refused("the database refused|not marked|may not use", NotPermitted)


@pytest.mark.parametrize("way", TEXTS)
def test_text_reads_another_column(inside, refused, way):
    with _second_wall(refused):
        list(Film.objects.annotate(e=TEXTS[way]()).values("e"))


@pytest.mark.parametrize("way", TEXTS)
def test_text_in_a_filter(inside, refused, way):
    with _second_wall(refused):
        list(Viewing.objects.alias(e=TEXTS[way]()).filter(e__isnull=False))


def test_extra(inside, refused):
    with _second_wall(refused):
        list(Film.objects.extra(select={"e": EMAIL}))
    with _second_wall(refused):
        list(Film.objects.extra(where=[f"{EMAIL} = 'x'"]))
    with _second_wall(refused):
        list(Film.objects.extra(tables=["cinema_rating"]).values("title"))
    with _second_wall(refused):
        list(
            Film.objects.order_by("title").extra(
                order_by=["cinema_member.email"], tables=["cinema_member"]
            )
        )


def test_text_reads_a_view(inside, refused):
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("CREATE VIEW a_view AS SELECT email FROM cinema_member")
    with _second_wall(refused):
        list(Film.objects.annotate(e=Own("(SELECT email FROM a_view LIMIT 1)")).values("e"))


def test_text_reads_the_schema(inside, refused):
    schema = "sqlite_master" if ENGINE == "sqlite" else "pg_authid"
    with _second_wall(refused):
        list(Film.objects.annotate(e=Own(f"(SELECT COUNT(*) FROM {schema})")).values("e"))


def test_text_that_a_door_for_everyone_ran_before(people, through, refused):
    """The same text of the same purpose, where all rows are open and where one person's are."""
    films = Film.objects.extra(select={"s": "cinema_viewing.minutes"}, tables=["cinema_viewing"])
    with through("playback", everyone=ALL):
        assert len(films.all()) == 3
    for me, purpose in ((1, "playback"), (None, "recommend")):
        with through(purpose, me=me, everyone="" if me else ALL), refused("rows are filtered"):
            list(films.all())


@pytest.mark.parametrize("way", TEXTS)
def test_text_that_a_duty_ran_before(people, refused, way):
    """What the database allowed to a duty it does not allow to code without any purpose."""
    films = Film.objects.annotate(e=TEXTS[way]()).values("e")
    with duty("audit"):
        list(films.all())
    with refused("no purpose is open|the database refused", Refused):
        list(films.all())
