"""Whoever proves that a closed account is theirs is told why it is closed; nobody else is."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.people import somebody

from plainview.domains.accounts.models import User
from plainview.domains.staff.models import Change
from plainview.privacy.models import Session

pytestmark = pytest.mark.django_db
MIRA = "mira@lantern.example"
PASSWORD = "the night train leaves at nine"
WHY = "Sold <tickets> to others."


@pytest.fixture(autouse=True)
def _no_guesses_before():
    cache.clear()


@pytest.fixture
def mira() -> User:
    return somebody(MIRA, PASSWORD, is_active=False)


def suspend(user: User) -> None:
    Change.objects.create(person=user.pk, what=Change.What.SUSPENDED, reason=WHY)


def sign_in(client: Client, email: str = MIRA, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_with_the_right_password_the_reason_and_the_remedy_are_told(client, mira):
    suspend(mira)
    answer = sign_in(client)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This account is suspended" in page
    assert "Sold &lt;tickets&gt; to others." in page
    assert "mailto:" in page
    assert "no-store" in answer["Cache-Control"]
    assert not Session.objects.exists(), "nobody is signed in, and nothing waits to be"
    assert client.get("/settings/").status_code == 302


def test_with_a_wrong_one_a_suspended_account_looks_like_none(client, mira):
    suspend(mira)
    theirs = sign_in(client, password="something else entirely")
    nobodys = sign_in(Client(), "no@lantern.example", "something else entirely")
    assert theirs.status_code == nobodys.status_code == 200
    assert theirs.context["form"].errors == nobodys.context["form"].errors


def test_an_account_that_its_owner_left_says_so(client, mira):
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "It is being deleted, as its owner asked" in answer.content.decode()


def test_a_suspension_that_was_taken_back_is_none(client, mira):
    suspend(mira)
    Change.objects.create(person=mira.pk, what=Change.What.REOPENED, reason="A mistake.")
    User.objects.update(is_active=True)
    assert sign_in(client).status_code == 302


def test_a_forgotten_password_of_a_suspended_account_can_be_set(client, mira):
    """The mail says nothing else than for any account; signing in tells the rest."""
    suspend(mira)
    client.post("/accounts/password/reset/", {"email": MIRA})
    link = next(word for word in mail.outbox[0].body.split() if "/accounts/password/" in word)
    form = client.get("/" + link.split("/", 3)[3], follow=True).redirect_chain[-1][0]
    fresh = "a lantern in the snow at last"
    assert client.post(form, {"password1": fresh}).status_code == 302
    assert "This account is suspended" in sign_in(client, password=fresh).content.decode()
