"""Thousands who register: limits hold, one mailbox is one account however it is spelled."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.people import somebody

from plainview.domains.accounts.models import User
from plainview.domains.accounts.tests.test_registration import HERE, PASSWORD, typed
from plainview.privacy.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
INES = "ines@lantern.example"


@pytest.fixture(autouse=True)
def _nobody_came_yet():
    cache.clear()


@pytest.fixture
def ines() -> User:
    return somebody(INES, PASSWORD)


def register(address: str, network: str = "198.51.100.7") -> int:
    client = Client(headers=HERE, REMOTE_ADDR=network)
    return client.post("/accounts/signup/", typed(email=address)).status_code


def test_one_network_registers_twenty_in_a_minute_and_the_rest_leave_no_row():
    seen = [register(f"somebody-{number}@lantern.example") for number in range(23)]
    assert seen == [302] * 20 + [429] * 3
    assert User.objects.count() == EmailAddress.objects.count() == Session.objects.count() == 20
    assert len(mail.outbox) == 20


def test_whoever_registers_opens_no_duty(caplog):
    """Else a flood of strangers would fill the record of who did what under which duty."""
    with caplog.at_level("INFO", "plainview.privacy.duties"):
        assert register("somebody@lantern.example") == 302
    assert len(mail.outbox) == 1 and "is deleted on" in mail.outbox[0].body
    assert [each.getMessage() for each in caplog.records if "duty" in each.getMessage()] == []


@pytest.mark.parametrize("known", [True, False])
def test_one_address_from_many_networks_gets_one_letter(known, request):
    if known:
        request.getfixturevalue("ines")
    assert {register(INES, f"198.51.100.{number}") for number in range(6)} == {302}
    assert [letter.to for letter in mail.outbox] == [[INES]]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "spelled",
    [
        "INES@lantern.example", " ines@LANTERN.example ", "ines@ｌantern.example",
        "ines@lantern.example\u200b", "ines@lan\u00adtern.example", "ines@LANTERN.exampl\u212f",
    ],
)  # fmt: skip
def test_one_mailbox_is_one_account_however_its_address_is_spelled(ines, spelled):
    """Mail to each of these arrives at Ines's; so she is told, and there is no second account."""
    assert register(spelled) == 302
    assert User.objects.count() == 1
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([INES], "You have an account already")
    ]
    signed_in = Client().post("/accounts/login/", {"login": spelled, "password": PASSWORD})
    assert signed_in.status_code == 302


@pytest.mark.parametrize(
    "refused",
    [
        "ınes@lantern.example", "İnes@lantern.example", "ſnes@lantern.example",
        "ines@xn--a.example", f"ines@{'a' * 64}.example", f"{'i' * 245}@x.example",
        "ines@[198.51.100.7", "ines@lantern.example\nBcc: tom@lantern.example",
    ],
)  # fmt: skip
def test_an_address_that_no_mail_reaches_is_refused_in_words(refused):
    client = Client(headers=HERE)
    answer = client.post("/accounts/signup/", typed(email=refused))
    assert answer.status_code == 200
    assert "Enter a valid email address." in answer.content.decode()
    assert not mail.outbox
    assert not User.objects.exists()


def test_a_look_alike_is_another_mailbox_and_signs_in_nowhere_else(ines):
    """A Cyrillic letter in the domain: its own address, under its own name, apart from hers."""
    look_alike = "ines@l\u0430ntern.example"
    assert register(look_alike) == 302
    assert mail.outbox[0].message()["To"] == "ines@xn--lntern-3nf.example"
    assert User.objects.count() == 2
    assert register("ines@xn--lntern-3nf.example") == 302
    assert User.objects.count() == 2
