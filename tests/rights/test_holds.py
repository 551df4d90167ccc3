"""Legal holds: what a claim needs stays and is said to; what waited goes on by itself (15)."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.test import Client
from django.utils import formats, timezone
from tests.people import answers, viewed
from tests.rights.conftest import archive, enter, rows, work
from tests.rights.planting import plant
from tests.rights.test_leaving import go, report

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Viewing
from plainview.domains.searches.models import Search
from plainview.platform.jobs.models import Job
from plainview.privacy.commands import privacy
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.models import Act
from plainview.privacy.models import Answer, Erasure, Kept, LegalHold, Preserved
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import holds, services, tables
from plainview.privacy.rights.tasks import erase_again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(privacy, [str(each) for each in words], catch_exceptions=False)
    return done.exit_code, done.output


def days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(number)


def put(who: User, *categories: str, until: int = 90, owner: User | None = None) -> LegalHold:
    more = [word for each in categories for word in ("--category", each)]
    code, said = run("hold", who.email, "--until", days(until), "--reason", "Case 12/345",
                     "--owner", (owner or who).email, *more)  # fmt: skip
    assert code == 0, said
    return LegalHold.objects.latest("since")


def watched(who: User, days_ago: int = 0) -> Viewing:
    at = timezone.now() - dt.timedelta(days_ago)
    return viewed(who.pk, add_film(name="Lights"), f"{who.pk}", at)


def test_what_it_covers_stays_and_the_rest_goes_and_both_are_said(ines, tom):
    plant(ines.pk, "ines", tom.pk)
    viewing = watched(ines)
    hold = put(ines, "viewing.history", owner=tom)
    Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp")
    address = go(enter(ines))
    work()
    assert Erasure.objects.get().state == "done"
    assert Viewing.objects.filter(pk=viewing.pk, subject=ines.pk).exists()
    assert not Search.objects.filter(subject=ines.pk).exists()
    assert not User.objects.filter(pk=ines.pk).exists()
    page = Client().get(address).content.decode()
    assert "needed for a legal claim" in page
    assert f"Kept until {formats.date_format(hold.until, 'DATE_FORMAT')}" in page
    code, said = run("holds")
    assert (code, "viewing.history" in said, "Case 12/345" in said) == (0, True, True)


@pytest.mark.parametrize("how", ["released", "its day comes"])
def test_p9b_its_end_arms_the_erasure_again_under_the_same_key(ines, tom, how, monkeypatch):
    watched(ines)
    hold = put(ines, until=2)
    address = go(enter(ines))
    work()
    row = Erasure.objects.get()
    assert row.state == "done"
    assert User.objects.filter(pk=ines.pk, is_active=False).exists(), "all of it is held"
    assert EmailAddress.objects.filter(user_id=ines.pk).exists()
    if how == "released":
        assert run("release", hold.pk)[0] == 0
        assert run("release", hold.pk)[0] == 2, "once"
    else:
        real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + dt.timedelta(days=2))
        erase_again()
    assert "We are at it" in Client().get(address).content.decode()
    work()
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("done", "")
    lines = report(address).lines
    assert not any(line.because == holds.GROUND for line in lines)
    kept = {line.holding for line in lines if line.outcome == "kept"}
    left = {t.name for t in tables.tables() if tables.about(t, ines.pk).exists()}
    assert left == kept
    assert not User.objects.filter(pk=ines.pk).exists()
    assert "You have left" in Client().get(address).content.decode()


def test_where_none_stands_the_list_says_so(ines):
    assert run("holds") == (0, "no hold stands\n")


def test_of_two_holds_the_last_one_lets_go(ines, tom):
    watched(ines)
    first, second = put(ines, "viewing.history"), put(ines, "viewing.history", until=10)
    go(enter(ines))
    work()
    services.release(first.pk)
    work()
    assert Viewing.objects.filter(subject=ines.pk).exists()
    services.release(second.pk)
    work()
    assert not Viewing.objects.filter(subject=ines.pk).exists()


def test_one_that_comes_after_another_ended_is_the_ground_that_is_named(ines):
    first = put(ines, "viewing.history")
    address = go(enter(ines))
    stray = Job.objects.create(
        task="old", arguments={}, run_at=timezone.now(), state="done", error=f"{ines.email}?"
    )
    work()
    services.release(first.pk)
    work()
    assert report(address).found, "it is not over yet"
    second = holds.put(ines.pk, owner=None, reason="An order", until=days(9))
    stray.delete()
    erase_again()
    work()
    assert Erasure.objects.get().state == "done"
    named = {line.holding for line in report(address).lines if line.because == holds.GROUND}
    assert named == {second._meta.db_table}, "nothing else of theirs is left to hold"


def test_one_that_comes_after_the_button_and_before_the_work_is_heeded(ines):
    watched(ines)
    go(enter(ines))
    holds.put(ines.pk, owner=None, reason="An order", until=days(9), categories=["viewing.history"])
    work()
    assert Viewing.objects.filter(subject=ines.pk).exists()
    assert Erasure.objects.get().state == "done"


def test_p9b_neither_the_sweep_nor_a_promise_takes_what_is_held(ines, tom):
    mine, his = watched(ines, 500), watched(tom, 500)
    search = Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp")
    hold = put(ines)
    Kept.objects.create(mark="m", table=Search._meta.db_table, keys=[search.pk],
                        until=days(-1), because="tax-ie")  # fmt: skip
    sweeping.sweep()
    assert list(Viewing.objects.values_list("pk", flat=True)) == [mine.pk]
    assert his.pk != mine.pk
    assert Search.objects.filter(pk=search.pk).exists()
    services.release(hold.pk)
    sweeping.sweep()
    assert not Viewing.objects.exists()
    assert not Search.objects.exists()


def test_p9b_what_they_answered_before_stays_though_another_answer_replaced_it(ines, tom):
    """A claim may be about just that: what somebody had said yes to, and when."""
    for who in (ines, tom):
        client = answers(enter(who), "accept")
        answers(client, "reject")
    hold = put(ines, "consent.choices", until=2000)
    sweeping.sweep(days(1500))
    left = Answer.objects.order_by("given_at")
    assert [each.subject for each in left].count(tom.pk) == 1
    assert [each.subject for each in left].count(ines.pk) == 2
    services.release(hold.pk)
    sweeping.sweep(days(1500))
    assert [each.subject for each in left.all()].count(ines.pk) == 1


def test_p9b_what_they_delete_leaves_the_service_and_a_copy_stays_as_long_as_the_hold(ines, tom):
    """Nobody is kept from a button of theirs; what must stay is out of every room's sight."""
    theirs = {who: enter(who) for who in (ines, tom)}
    first, second = put(ines, "viewing.history"), put(ines, until=10)
    for who, client in theirs.items():
        answers(client, "accept")
        watched(who)
        Search.objects.create(subject=who.pk, query="a lamp", words="a lamp")
        assert client.post("/my/forget/", {"all": "yes"}).status_code == 302
        assert client.post("/my/searches/forget/", {"all": "yes"}).status_code == 302
    assert not Viewing.objects.exists()
    assert not Search.objects.exists()
    kept = {each.table: each for each in Preserved.objects.all()}
    assert {each.subject for each in kept.values()} == {ines.pk}
    assert kept["searches_search"].row["searches_search.query"] == "a lamp"
    assert kept["playback_viewing"].row["playback_viewing.sitting"] == str(ines.pk)
    page = theirs[ines].get("/privacy/held/requests.rights/").content.decode()
    assert "The entry as it was" in page
    assert "What was searched for: a lamp" in page, "they can read what stays"
    assert ": Lights;" in page, "by the name of the film"
    copied = rows(archive(theirs[ines]), "privacy_preserved")
    assert "a lamp" in {each["row"].get("searches_search.query") for each in copied}
    theirs[ines].post("/accounts/logout/")
    assert not theirs[ines].session.get("_auth_user_id"), "and sign out"
    stored = [str(each.row) for each in Preserved.objects.all()]
    assert not [each for each in stored if "session_data" in each or "password" in each]
    services.release(second.pk)
    assert list(Preserved.objects.values_list("table", flat=True)) == ["playback_viewing"]
    services.release(first.pk)
    assert not Preserved.objects.exists()


def test_p9b_a_history_that_is_refused_can_be_emptied_though_it_is_held(ines):
    """A later yes shows nothing that they deleted."""
    client = answers(enter(ines), "accept")
    watched(ines)
    put(ines, "viewing.history")
    answers(client, "reject")
    said = client.post("/my/forget/", {"all": "yes"}, follow=True).content.decode()
    assert "Your history is empty now." in said
    assert not Viewing.objects.exists()
    assert [each.table for each in Preserved.objects.all()] == ["playback_viewing"]


def test_p9b_a_copy_under_a_hold_goes_with_the_erasure_that_waited_for_it(ines):
    client, hold = enter(ines), put(ines)
    answers(client, "accept")
    Search.objects.create(subject=ines.pk, query="a lamp", words="a lamp")
    client.post("/my/searches/forget/", {"all": "yes"})
    go(client)
    work()
    assert Preserved.objects.filter(subject=ines.pk, table="searches_search").exists()
    services.release(hold.pk)
    work()
    assert not Preserved.objects.exists()
    assert Erasure.objects.get().state == "done"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["hold", "nobody@lantern.example", "--until", "2099-01-01", "--reason", "A claim",
          "--owner", "ines@lantern.example"], "nobody here"),
        (["hold", "ines@lantern.example", "--until", "2020-01-01", "--reason", "A claim",
          "--owner", "ines@lantern.example"], "a day to come"),
        (["hold", "ines@lantern.example", "--until", "2099-01-01", "--reason", " ",
          "--owner", "ines@lantern.example"], "a reason"),
        (["hold", "ines@lantern.example", "--until", "2099-01-01", "--reason", "A claim",
          "--owner", "ines@lantern.example", "--category", "wishes"], "no category wishes"),
    ],
)  # fmt: skip
def test_one_without_person_reason_day_or_known_category_is_refused(ines, words, why):
    code, said = run(*words)
    assert code == 2
    assert why in said
    assert not LegalHold.objects.exists()


def test_the_desk_lists_every_hold_page_after_page_those_that_end_first_first(
    ines, tom, at_desk, monkeypatch
):
    monkeypatch.setattr("plainview.domains.staff.views.holds.PAGE", 2)
    for until in (50, 30, 70):
        put(ines, "viewing.history", until=until, owner=tom)
    officer = at_desk(User.objects.create_user("olu@lantern.example", roles="privacy-officer"))
    first = officer.get("/desk/privacy/holds/").content.decode()
    ends = [formats.date_format(days(n), "DATE_FORMAT") for n in (30, 50, 70)]
    assert [each in first for each in ends] == [True, True, False]
    assert 'href="?page=2"' in first
    second = officer.get("/desk/privacy/holds/?page=2").content.decode()
    assert [each in second for each in ends] == [False, False, True]
    assert 'href="?page=1"' in second


def test_what_is_held_is_known_again_whatever_bytes_stand_beside_it(ines, tom, at_desk):
    """A salt of random bytes may hold the sign by which the search parts columns: no stray."""
    officer = User.objects.create_user("officer@lantern.example", roles=Role.OFFICER)
    law = {"kind": "law", "authority": "BfDI", "reference": "15-7", "reason": "They ask."}
    assert at_desk(officer).post(f"/desk/people/{ines.pk}/reason/", law).status_code == 302
    with duty("erasure"):
        assert Act.objects.filter(person=ines.pk).update(person_salt=bytes(range(0x18, 0x38)))
    put(ines, owner=tom)
    address = go(enter(ines))
    work()
    assert (report(address).found, Erasure.objects.get().state) == ([], "done")
    assert "Something still leads to you" not in Client().get(address).content.decode()
