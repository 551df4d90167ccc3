"""A door about somebody else opens with a warrant; each way around without one is refused."""

from __future__ import annotations

import pytest
from django.urls import path
from tests.gate.cinema import views

from plainview.privacy import checks
from plainview.privacy.gate import warrants
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.refusals import PersonRefuses, Refused, Unwarranted

ANN, BOB, CYD = 1, 2, 3


@pytest.fixture(autouse=True)
def warranted(monkeypatch):
    """Who may look at whom: Ann at Bob, and nobody at anybody else."""
    allowed = {(str(ANN), BOB)}
    monkeypatch.setattr(warrants, "_issuers", [])
    warrants.issued_by(
        lambda request, person: (
            "case" if (request.headers.get("X-Member"), person) in allowed else ""
        )
    )
    return allowed


def ask(client, member, who=ANN, **query):
    return client.get(f"/theirs/{member}/", query, headers={"X-Member": str(who)})


def test_a_warrant_narrows_to_that_person_alone(people, client):
    assert ask(client, BOB).json() == {"minutes": [20]}


@pytest.mark.parametrize(("who", "whom"), [(ANN, CYD), (BOB, ANN), (CYD, BOB), (ANN, ANN)])
def test_without_a_warrant_nothing_is_read(people, client, refused, who, whom):
    with refused("has no warrant", Unwarranted):
        ask(client, whom, who)


def test_a_stranger_has_no_warrant(people, client, refused):
    with refused("has no warrant", Unwarranted):
        client.get(f"/theirs/{BOB}/")


def test_without_an_issuer_nothing_is_read(people, client, refused, monkeypatch):
    monkeypatch.setattr(warrants, "_issuers", [])
    with refused("has no warrant", Unwarranted):
        ask(client, BOB)


def test_a_page_that_reads_nothing_needs_none(people, client):
    assert ask(client, CYD, ask="nothing").status_code == 200


def test_a_warrant_ends_with_the_request(people, client, warranted, refused):
    assert ask(client, BOB).status_code == 200
    warranted.clear()
    with refused("has no warrant", Unwarranted):
        ask(client, BOB)


def test_only_rows_of_the_person_it_is_about_are_written(people, client, refused):
    for other in (ANN, CYD):
        with refused("somebody other", PersonRefuses):
            ask(client, BOB, ask="write", to=other)


def test_what_the_person_refuses_stays_closed_whoever_asks(people, client):
    """Bob refuses to be recommended to; Ann, who permits it, sees nothing of his for it."""
    assert ask(client, BOB, ask="refusable").json() == {"minutes": []}


def test_a_step_for_oneself_sees_one_s_own_and_ends(people, client):
    assert ask(client, BOB, ask="oneself").json() == {"own": [10], "theirs": [20]}


def test_nobody_signs_in_behind_such_a_door(people, client, refused):
    with refused("nobody signs in here"):
        ask(client, BOB, ask="sign-in")


def test_a_second_issuer_is_refused(db, refused):
    with refused("one issuer", Unwarranted):
        warrants.issued_by(lambda request, person: "case")


def test_a_door_is_about_everyone_or_about_one(request):
    with pytest.raises(Refused, match="not both"):
        serves("playback", everyone="a reason", about="member")
    request.node.refusals.clear()


def test_the_check_finds_an_address_without_its_keyword_and_doors_without_issuer(monkeypatch):
    wrong = path("theirs/", views.theirs)
    assert [m.id for m in checks._door_problems([wrong])] == ["privacy.E026"]
    monkeypatch.setattr(warrants, "_issuers", [])
    right = path("theirs/<int:member>/", views.theirs)
    assert [m.id for m in checks._door_problems([right])] == ["privacy.E027"]
