"""Somebody who can't sign in keeps the right to a copy of what is held about them."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.people import HERE, somebody
from tests.requests.conftest import act, in_work

from plainview.domains.accounts import services as accounts
from plainview.domains.accounts.models import About, Audience, User
from plainview.platform.jobs import worker
from plainview.privacy.requests import numbers
from plainview.privacy.requests.models import Request
from plainview.privacy.rights.copies.models import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "a lantern in the rain"


@pytest.fixture
def granted(desk) -> Request:
    """The request for a copy of a member who is suspended, as an officer granted it."""
    cache.clear()
    member = somebody("mira@lantern.example", PASSWORD)
    accounts.tell(member.pk, About, "what mira says of herself", Audience.ONLY_YOU)
    User.objects.filter(pk=member.pk).update(is_active=False)
    row = in_work("access", account=member.pk)
    assert act(desk, row, "answer", outcome="granted", said="Here it is.").status_code == 302
    return row


def door(row: Request) -> str:
    return f"/privacy/request/{row.number}/{numbers.secret(row.pk)}/"


def taken(page: str, password: str = PASSWORD):
    return Client(headers=HERE).post(f"{page}copy/", {"password": password})


def test_p5_2_1_2a_a_suspended_member_takes_a_copy_by_their_request(granted):
    """P5.2.1.2a: its page and the password of the account are enough; nobody signs in."""
    assert "with the password of your account" in mail.outbox[-1].body
    page = door(granted)
    assert "is being made" in Client().get(page).content.decode()
    mail.outbox.clear()
    worker.run_all()
    assert not mail.outbox, "no letter leads to a page that is closed to them"
    assert 'type="password"' in Client().get(page).content.decode()
    answer = taken(page)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as file:
        assert (
            "what mira says of herself"
            in file.read(
                next(name for name in file.namelist() if name.endswith("index.html"))
            ).decode()
        )
    assert not answer.cookies, "it is handed over, and nobody is signed in"


def test_p5_2_1_2a_neither_the_page_nor_the_password_alone_opens_it(granted):
    worker.run_all()
    wrong = taken(door(granted), "not the password of mira")
    assert (wrong.status_code, wrong["Location"]) == (302, door(granted))
    assert taken(f"/privacy/request/{granted.number}/{'0' * 32}/").status_code == 404


def test_a_copy_is_taken_after_signing_in_where_that_can_be_done(granted):
    worker.run_all()
    User.objects.update(is_active=True)
    assert taken(door(granted)).status_code == 404


def test_nothing_is_made_for_whoever_can_sign_in(desk):
    member = somebody("tom@lantern.example", PASSWORD)
    row = in_work("access", account=member.pk)
    act(desk, row, "answer", outcome="granted", said="Sign in and take it.")
    assert not Copy.objects.exists()
    assert 'type="password"' not in Client().get(door(row)).content.decode()
