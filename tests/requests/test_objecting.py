"""An objection holds wherever somebody goes, and says nothing of a yes (P3.1.3h)."""

from __future__ import annotations

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from tests.requests.test_journeys import HERE, latest, member, permits, signed_in
from tests.rights.conftest import confirm

from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _placed(monkeypatch):
    """A proxy of ours states the place."""
    told = msgspec.structs.replace(settings.ENV, place_header="X-Place", trusted_proxies=1)
    monkeypatch.setattr(settings, "ENV", told)


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
def lived() -> tuple[User, Client]:
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


def test_p5_2_1_5a_an_objection_from_an_address_that_is_nobodys_here_outlasts_a_new_account():
    """P5.2.1.5a: by the form, without an account; whoever has the address registers later."""
    asked = {"kind": "object", "words": "No more of it.", "contact": "Ada@elsewhere.example"}
    page = Client(headers=HERE).post("/privacy/request/", asked, follow=True)
    assert page.status_code == 200 and latest().kind == "object"
    ada = signs_up("ada@elsewhere.example", "US-TX")
    assert not permits(ada, "marketing-email")
    bo = signs_up("bo@elsewhere.example", "US-TX")
    assert permits(bo, "marketing-email"), "the law there lets it until a no"


def test_p5_2_1_5a_who_objected_and_left_gets_no_news_under_a_new_account():
    """P5.2.1.5a: marketing, always; an erasure takes the objection, and its hash stays."""
    mira = member("mira", "US-TX")
    client = signed_in(mira)
    move(client, "US-TX")
    assert permits(mira, "marketing-email")
    objects(client, "US-TX")
    assert not permits(mira, "marketing-email")
    confirm(client, mira).post("/privacy/leave/confirm/", {"sure": "yes"}, headers=HERE)
    while worker.run_one():
        pass
    assert not User.objects.filter(pk=mira.pk).exists()
    assert not permits(signs_up(mira.email, "US-TX"), "marketing-email")


def signs_up(address: str, place: str) -> User:
    """An account of somebody who lives and is in a place."""
    said = {"email": address, "password1": "a long sentence of words", "territory": place,
            "age": "18", "certified": "on"}  # fmt: skip
    Client(headers=HERE | {"x-place": place}).post("/accounts/signup/", said)
    return User.objects.get(email=address)
