"""Doors open with a URL, task or command, and whatever they opened dies with them."""

from __future__ import annotations

import json
import threading

import pytest
from django.core import checks as django_checks
from django.db import connection, transaction
from django.test import override_settings
from tests.gate.cinema import third_party, views
from tests.gate.cinema.models import Film, Member, Viewing
from tests.gate.settings import ENGINE

from plainview.platform.jobs import queue
from plainview.privacy import checks, ledgers
from plainview.privacy.gate import duties
from plainview.privacy.gate.doors import door_of, runs, serves, serves_all
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import NoPurpose, NotListed, Refused
from plainview.privacy.gate.scope import Door, Opened, current, entering
from plainview.privacy.tasks import check_tasks, task

ALL = "the tests look at everyone"


def test_a_view_sees_the_rows_of_who_asks(people, client):
    assert client.get("/mine/", headers={"X-Member": "2"}).json() == {"minutes": [20]}
    assert client.get("/mine/", headers={"X-Member": "1"}).json() == {"minutes": [10]}
    assert client.get("/mine/").json() == {"minutes": []}


def test_a_class_view_may_enter_what_it_lists(people, client):
    assert client.get("/both/").json() == {"own": [10, 20, 30], "allowed": [10]}


def test_overreach_names_door_purpose_column_and_remedies(people, client, refused):
    with refused("views.overreach, purpose playback: cinema_member.email holds contact.email") as _:
        client.get("/overreach/", headers={"X-Member": "1"})


def test_the_three_remedies(people, through):
    """A refusal says what can be done about it, in order."""
    with through("playback", everyone=ALL), pytest.raises(Refused) as caught:
        Member.objects.filter(email="x").exists()
    assert [line[:5] for line in str(caught.value).splitlines()[1:]] == ["  1. ", "  2. ", "  3. "]


@pytest.fixture(autouse=True)
def _looked_at(request):
    yield
    if request.node.name == "test_the_three_remedies":
        request.node.refusals.clear()


def test_a_view_that_is_no_door_runs_under_no_purpose(people, client, refused):
    with refused("no purpose is open"):
        client.get("/no-door/", headers={"X-Member": "1"})


def test_templates_render_within_the_door(people, client):
    assert client.get("/late/", headers={"X-Member": "3"}).content == b"30 "


def test_a_stream_runs_within_the_door_in_another_thread_and_closes_it(people, client, refused):
    response = client.get("/streamed/", headers={"X-Member": "2"})
    assert current() is None
    assert b"".join(response.streaming_content) == b"20 ."
    with refused("no purpose is open"):
        list(views.kept.pop())


def test_closing_a_stream_early_closes_its_door(people, client):
    response = client.get("/streamed/", headers={"X-Member": "2"})
    scope = response.wsgi_request.scope_of_door
    next(response.streaming_content)
    assert scope.life.open
    response.close()
    assert not scope.life.open


def test_the_door_is_closed_after_the_response(people, client):
    response = client.get("/mine/", headers={"X-Member": "2"})
    assert not response.wsgi_request.scope_of_door.open
    assert current() is None


def test_third_party_urls_are_doors_without_being_touched(people, client):
    with duty("fixture"):
        Member.objects.filter(id=1).update(email="ann@example.org")
    got = client.get("/third/emails/", headers={"X-Member": "1"}).json()
    assert got == {"emails": ["ann@example.org"]}
    assert len(client.get("/third/deep/names/").json()["names"]) == 3
    assert door_of(third_party.emails) is None


def test_a_url_set_names_only_what_is_there(refused_without_database):
    with refused_without_database("not there: no_such"):
        serves_all((third_party, None, None), "service", but={"no_such": {"purpose": "service"}})


@pytest.fixture
def refused_without_database(request):
    def awaiting(saying):
        return pytest.raises(Refused, match=saying)

    yield awaiting
    request.node.refusals.clear()


def test_check_finds_views_without_a_door():
    found = [message for message in checks.check_doors() if message.id == "privacy.E020"]
    assert len(found) == 1
    assert "/no-door/ leads to tests.gate.cinema.views.no_door" in found[0].msg


def test_check_knows_the_policys_purposes():
    door = Door("x", "nonsense", frozenset({"playback", "more"}))
    assert [m.id for m in checks.door_problems(door)] == ["privacy.E021", "privacy.E021"]


def test_purposes_replace_and_never_add(people, through, refused):
    with through("playback", everyone=ALL, may=["service"]):
        with entering("service"):
            assert Member.objects.values_list("email").count() == 3
            with refused("viewing, which service may not use"):
                Viewing.objects.count()
            with entering("playback"):
                assert Viewing.objects.count() == 3
        assert Viewing.objects.count() == 3
        with (
            refused("may enter playback, service, not recommend", NotListed),
            entering("recommend"),
        ):
            pass


def test_a_task_is_a_door_for_the_length_of_a_call(people, refused):
    @runs("recommend", everyone="the model learns from all who allow it")
    def learn():
        return list(Viewing.objects.values_list("minutes", flat=True))

    @runs("playback", about="subject")
    def remember(*, subject):
        return list(Viewing.objects.values_list("minutes", flat=True))

    assert learn() == [10]
    assert remember(subject=3) == [30]
    assert door_of(learn).purpose == "recommend"
    with refused("no purpose"):
        Viewing.objects.count()


def test_a_task_says_about_whom_or_why_everyone(refused_without_database):
    with refused_without_database("is either about"):
        runs("recommend")
    with refused_without_database("is either about"):
        runs("recommend", about="subject", everyone="both")


def test_tasks_of_the_queue_are_doors(people, monkeypatch):
    monkeypatch.setattr(queue, "_tasks", {})
    seen = []

    @task("learn", serves="recommend", everyone="the model learns from all who allow it")
    def learn():
        seen.append(Viewing.objects.count())

    queue.declare("stray", lambda: None)
    queue.task_named("learn").run()
    assert seen == [1]
    found = [m.msg for m in check_tasks() if m.id == "privacy.E023"]
    assert found == ["the task stray is not a door"]


def test_a_thread_begins_with_none(people, through):
    with through("playback", everyone=ALL) as scope:
        seen = []
        thread = threading.Thread(target=lambda: seen.append((current(), scope.open)))
        thread.start()
        thread.join()
    assert seen == [(None, False)]


@pytest.mark.django_db(transaction=True)
def test_on_commit_reenters_the_scope_that_registered_it():
    with duty("fixture"):
        film = Film.objects.create(title="x")
        Member.objects.create(id=7)
        Viewing.objects.create(member_id=7, film=film)
    seen = []
    door = Door("a", "playback", frozenset({"service"}), "", ALL)
    with Opened(door), transaction.atomic():
        transaction.on_commit(lambda: seen.append((current().purpose, Viewing.objects.count())))
        with entering("service"):
            transaction.on_commit(lambda: seen.append((current().purpose, 0)))
    assert seen == [("playback", 1), ("service", 0)]


@pytest.mark.django_db(transaction=True)
def test_on_commit_after_the_door_has_no_purpose(refused):
    with transaction.atomic():
        with Opened(Door("a", "playback", frozenset(), "", ALL)):
            transaction.on_commit(lambda: Viewing.objects.count(), robust=False)
        connection.set_rollback(False)
        hooks = connection.run_on_commit
        assert len(hooks) == 1
        function = hooks.pop()[1]
    with refused("no purpose", NoPurpose):
        function()


def test_duties_are_logged_without_data(people, caplog):
    with caplog.at_level("INFO", logger="plainview.privacy.duties"), duty("audit"):
        assert Viewing.objects.count() == 3
    assert [record.getMessage() for record in caplog.records] == [
        f"duty audit opened by {__name__}.test_duties_are_logged_without_data"
    ]
    with pytest.raises(ValueError, match="is not a duty"):
        duties.duty("curiosity")


def test_a_scope_can_be_read(through):
    with through("playback") as scope:
        assert repr(scope) == "<open scope playback of tests.door>"
    assert repr(scope) == "<closed scope playback of tests.door>"


def test_every_alias_is_gated():
    assert checks.check_engines() == []
    with override_settings():
        stock = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        from django.db import connections
        from django.db.utils import ConnectionHandler

        original = connections.settings
        try:
            connections.settings = ConnectionHandler({**original, "second": stock}).settings
            found = checks.check_engines()
        finally:
            connections.settings = original
            if hasattr(connections._connections, "second"):
                del connections["second"]
    assert [message.id for message in found] == ["privacy.E030"]


def test_views_and_triggers_over_personal_tables_are_found(people):
    assert checks.check_database_objects(["default"]) == []
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("CREATE VIEW peek AS SELECT minutes FROM cinema_viewing")
    found = checks.check_database_objects(["default"])
    assert [message.id for message in found] == ["privacy.E031"]
    assert "the view peek is over cinema_viewing" in found[0].msg


RAISES = {
    "sqlite": [
        "CREATE TRIGGER privacy_ledger_keep BEFORE DELETE ON cinema_viewing"
        " BEGIN SELECT RAISE(ABORT, 'append only'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'append only'; END $$",
        "CREATE TRIGGER privacy_ledger_keep BEFORE DELETE ON cinema_viewing"
        " FOR EACH ROW EXECUTE FUNCTION keep()",
    ],
}
EARLIER = {
    "sqlite": [
        "CREATE TRIGGER privacy_ledger_seen_update BEFORE UPDATE ON cinema_viewing"
        " WHEN (plainview_erases() NOT IN ('people', 'all')) AND"
        ' ((OLD."id" IS NOT NEW."id" OR OLD."minutes" IS NOT NULL))'
        " BEGIN SELECT RAISE(ABORT, 'rows of a ledger are added'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF (coalesce(current_setting('plainview.erases', true), '') NOT IN"
        " ('people', 'all') OR current_user <> session_user) AND"
        ' ((OLD."id" IS DISTINCT FROM NEW."id" OR OLD."minutes" IS NOT NULL))'
        " THEN RAISE EXCEPTION 'rows of a ledger are added'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER privacy_ledger_seen_update BEFORE UPDATE ON cinema_viewing"
        " FOR EACH ROW EXECUTE FUNCTION seen()",
    ],
}
SPIES = {
    "sqlite": [
        "CREATE TRIGGER privacy_ledger_spy AFTER INSERT ON cinema_viewing BEGIN {}; END",
        "CREATE TRIGGER privacy_ledger_spy BEFORE UPDATE ON cinema_viewing"
        " BEGIN {}; SELECT RAISE(ABORT, 'append only'); END",
        "CREATE TRIGGER privacy_ledger_spy BEFORE UPDATE ON cinema_viewing"
        " WHEN (SELECT email FROM cinema_member) = 'x' BEGIN SELECT RAISE(ABORT, 'it is'); END",
        "CREATE TRIGGER privacy_ledger_spy BEFORE UPDATE ON cinema_viewing"
        " WHEN (OLD.minutes IS NOT NULL AND load_extension('x')) BEGIN SELECT"
        " RAISE(ABORT, 'it is'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION raise_spy() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN {}; RAISE EXCEPTION 'x'; END $$;"
        " CREATE TRIGGER privacy_ledger_spy BEFORE UPDATE ON cinema_viewing"
        " FOR EACH ROW EXECUTE FUNCTION raise_spy()",
        "CREATE FUNCTION raise_spy() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN UPDATE cinema_viewing SET minutes = 0; RETURN NEW; END $$;"
        " CREATE TRIGGER spy BEFORE UPDATE ON cinema_film"
        " FOR EACH ROW EXECUTE FUNCTION raise_spy()",
    ],
}


def test_a_ledgers_own_trigger_may_only_raise(people):
    with duty("migrate"), connection.cursor() as cursor:
        for statement in RAISES[ENGINE]:
            cursor.execute(statement)
    assert checks.check_database_objects(["default"]) == []


def test_the_ledgers_of_an_earlier_version_stand_no_update_in_the_way_and_go_with_it(people):
    def triggers() -> dict[str, str]:
        with duty("migrate"), connection.cursor() as cursor:
            cursor.execute(ledgers.TRIGGERS[ENGINE])
            return dict(cursor.fetchall())

    ours = triggers()
    with duty("migrate"), connection.cursor() as cursor:
        for statement in EARLIER[ENGINE]:
            cursor.execute(statement)
    assert checks.check_database_objects(["default"]) == []
    assert triggers() != ours
    ledgers.install()
    assert triggers() == ours


@pytest.mark.parametrize("spy", SPIES[ENGINE])
def test_a_trigger_that_does_more_is_found_whatever_its_name(people, spy):
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute(spy.format("UPDATE cinema_film SET note = new.minutes"))
    assert [m.id for m in checks.check_database_objects(["default"])] == ["privacy.E031"]


def test_checks_are_installed():
    registered = django_checks.registry.registry.get_checks(include_deployment_checks=True)
    assert {checks.check_marks, checks.check_doors, checks.check_engines} <= set(registered)


def test_decorators_keep_the_door():
    assert door_of(views.mine).purpose == "playback"
    assert door_of(views.Both.as_view()).may == {"recommend"}
    assert door_of(serves("service")(lambda request: None)).purpose == "service"
    assert json.dumps(door_of(views.mine).source) == '"use"'
