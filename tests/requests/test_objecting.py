"""An objection holds wherever somebody goes, and says nothing of a yes (P3.1.3h)."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.requests.conftest import (
    ASKS,
    COLLEAGUE,
    HERE,
    OFFICER,
    act,
    latest,
    member,
    permits,
    signed_in,
)
from tests.rights.conftest import confirm

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.privacy import permissions
from plainview.privacy.requests import services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def move(client: Client, place: str) -> None:
    """Live in another place from now on, and be there."""
    lives = {"territory": place, "age": "18", "certified": "on"}
    done = client.post("/settings/place/", lives, headers=HERE | {"x-place": place})
    assert done.status_code == 302
    assert client.get("/", headers={"x-place": place}).status_code == 200


def says(client: Client, place: str, **answers: str) -> None:
    """Save answers in the centre, and nothing of what is left out."""
    at = {"x-place": place}
    shown = client.get("/privacy/choices/", headers=at).context["shown"]
    said = {f"purpose-{id_.replace('_', '-')}": answer for id_, answer in answers.items()}
    form = {"via": "centre", "answer": "save", "shown": shown} | said
    client.post("/privacy/choices/", form, headers=HERE | at)


def objects(client: Client, place: str) -> None:
    asked = {"kind": "object", "words": "No more of it."}
    client.post("/privacy/requests/new/", asked, headers=HERE | {"x-place": place})
    assert latest().kind == "object"


@pytest.fixture
def lived(window) -> tuple[User, Client]:
    user = member("mira", "IN")
    client = signed_in(user)
    move(client, "IN")
    return user, client


def test_p3_1_3h_what_needs_a_yes_here_begins_nowhere_else_after_an_objection(lived):
    """In India a yes opens the tips, in Germany our interest, in Texas our telling of them."""
    user, client = lived
    assert not permits(user, "recommend")
    objects(client, "IN")
    for place in ("DE", "US-TX"):
        move(client, place)
        assert not permits(user, "recommend"), place
        assert not permits(user, "targeted-ads"), place
    assert permits(user, "security")


def test_p3_1_3h_a_yes_stands_beside_an_objection_and_opens_what_needs_one(lived):
    user, client = lived
    says(client, "IN", marketing_email="yes")
    objects(client, "IN")
    assert permits(user, "marketing-email")
    assert not permits(user, "recommend")
    says(client, "IN", recommend="yes")
    assert permits(user, "recommend")
    objects(client, "IN")
    move(client, "DE")
    assert permits(user, "marketing-email")


def test_p3_1_3h_against_our_interest_an_objection_stays_whatever_is_answered(lived):
    user, client = lived
    move(client, "DE")
    assert permits(user, "recommend")
    objects(client, "DE")
    says(client, "DE", recommend="yes")
    assert not permits(user, "recommend")


@pytest.mark.usefixtures("window")
def test_p5_2_1_5a_an_objection_from_an_address_that_is_nobodys_here_outlasts_a_new_account():
    """P5.2.1.5a: by the form, without an account; whoever has the address registers later."""
    asked = {"kind": "object", "words": "No more of it.", "contact": "Ada@elsewhere.example"}
    page = Client(headers=HERE).post("/privacy/request/", asked, follow=True)
    assert page.status_code == 200 and latest().kind == "object"
    ada = signs_up("ada@elsewhere.example", "US-TX")
    assert not permits(ada, "marketing-email")
    bo = signs_up("bo@elsewhere.example", "US-TX")
    assert permits(bo, "marketing-email"), "the law there lets it until a no"


@pytest.mark.usefixtures("window")
def test_p5_2_1_5a_who_objected_and_left_gets_no_news_under_a_new_account():
    """P5.2.1.5a: marketing, always; an erasure takes the objection, and its hash stays."""
    mira = member("mira", "US-TX")
    client = signed_in(mira)
    move(client, "US-TX")
    assert permits(mira, "marketing-email")
    objects(client, "US-TX")
    assert not permits(mira, "marketing-email")
    confirm(client, mira).post("/privacy/leave/confirm/", {"sure": "yes"}, headers=HERE)
    worker.run_all()
    assert not User.objects.filter(pk=mira.pk).exists()
    assert not permits(signs_up(mira.email, "US-TX"), "marketing-email")


def signs_up(address: str, place: str) -> User:
    """An account of somebody who lives and is in a place."""
    said = {"email": address, "password1": "a long sentence of words", "territory": place,
            "age": "18", "certified": "on"}  # fmt: skip
    Client(headers=HERE | {"x-place": place}).post("/accounts/signup/", said)
    return User.objects.get(email=address)


def test_an_objection_closes_at_once_and_security_is_weighed(mira):
    """P3.1.3d, P3.1.3h: refused it goes on, until an appeal is granted."""
    client = signed_in(mira)
    assert permits(mira, "personalise-search")
    client.post("/privacy/requests/new/", {"kind": "object", "words": "No more of it."})
    row = latest()
    assert not permits(mira, "recommend") and permits(mira, "security")
    assert row.state == State.WORKING and row.due_on
    services.move(
        row.pk, "refuse", by=services.By.OFFICER, staff=OFFICER, reason="others", said="Break-ins."
    )
    assert not permits(mira, "recommend") and permits(mira, "security")
    objections = permissions.read(mira.pk)[0].objections
    assert "pending" not in objections.values(), "nobody weighs it any more"
    client.post(f"/privacy/requests/{row.number}/", {"act": "appeal", "words": "Still no."})
    services.move(
        row.pk, "settle", by=services.By.OFFICER, staff=COLLEAGUE, reason="granted", said="Right."
    )
    assert not permits(mira, "security")


def test_p3_1_3h_an_objection_to_one_purpose_closes_that_one_and_keeps_earlier_ones(mira):
    """P3.1.3h: what was not objected to goes on; what was objected to before stays closed."""
    client = signed_in(mira)

    def objects(purpose: str) -> Request:
        said = {"kind": "object", "objects": purpose, "words": "Not that."}
        assert client.post("/privacy/requests/new/", said).status_code == 302
        return latest()

    objects("recommend")
    row = objects("security")
    assert (
        "Protect you and everybody"
        in client.get(f"/privacy/requests/{row.number}/").content.decode()
    )
    assert objections(mira) == {"recommend": "upheld", "security": "pending"}
    assert permits(mira, "security")
    services.move(row.pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="You are right.")
    assert objections(mira) == {"recommend": "upheld", "security": "upheld"}
    assert not permits(mira, "security")


@pytest.mark.parametrize("again", ["security", ""])
def test_p3_1_3d_what_a_person_upheld_stays_closed_when_it_is_objected_to_again(mira, again):
    """P3.1.3d, P3.1.3h: neither by itself nor as part of everything is it opened to be weighed."""
    client = signed_in(mira)
    said = {"kind": "object", "objects": "security", "words": "Not that."}
    client.post("/privacy/requests/new/", said)
    services.move(latest().pk, "answer", by=services.By.OFFICER, staff=OFFICER, said="Right.")
    assert not permits(mira, "security")
    client.post("/privacy/requests/new/", said | {"objects": again})
    assert latest().state == State.ANSWERED, "there is nothing to weigh"
    assert objections(mira)["security"] == "upheld"
    assert not permits(mira, "security")


def test_p3_1_3d_an_objection_that_was_taken_back_waits_for_nobody(mira):
    client = signed_in(mira)
    client.post("/privacy/requests/new/", {"kind": "object", "words": "No more of it."})
    client.post(f"/privacy/requests/{latest().number}/", {"act": "withdraw"})
    assert latest().state == State.WITHDRAWN
    held = objections(mira)
    assert "security" not in held and held["recommend"] == "upheld", "what closed stays closed"


def test_p5_2_1_8a_what_an_objection_is_to_has_to_be_something_that_rests_on_our_interest(mira):
    """P5.2.1.8a: what rests on a yes has its own switch, and of another right it says nothing."""
    client = signed_in(mira)
    wrong = {"kind": "object", "objects": "newsletter-programme"}
    assert client.post("/privacy/requests/new/", wrong).status_code == 422
    client.post("/privacy/requests/new/", {"kind": "access", "objects": "security"})
    assert not latest().purposes and not objections(mira)
    address, sent = "/api/v1/privacy/requests", {"kind": "object", "purposes": ["recommend"]}
    assert client.post(address, sent, content_type="application/json").status_code == 201
    assert objections(mira) == {"recommend": "upheld"}
    for bad in (sent | {"kind": "access"}, sent | {"purposes": ["billing"]}):
        assert client.post(address, bad, content_type="application/json").status_code == 422


def objections(user: User) -> dict[str, str]:
    """What somebody objects to, as it stands at the gate."""
    return permissions.read(user.pk)[0].objections or {}


def test_p5_2_1_6a_what_is_set_aside_rests_until_each_of_two_requests_is_settled(
    mira, stranger, desk
):
    """P5.2.1.6a: one from the account, one by its address that the desk took up."""
    signed_in(mira).post("/privacy/requests/new/", {"kind": "restrict", "restricts": "unlawful"})
    first = latest()
    form = {"kind": "restrict", "restricts": "accuracy-disputed", "residence": "DE"}
    stranger.post(ASKS, form | {"contact": mira.email})
    act(desk, latest(), "begin", proof="facts")
    for number in (first.number, latest().number):
        assert permissions.read(mira.pk)[0].restrictions and not permits(mira, "history")
        row = Request.objects.get(number=number)
        services.move(row.pk, "withdraw", by=services.By.PERSON)
    assert not permissions.read(mira.pk)[0].restrictions
