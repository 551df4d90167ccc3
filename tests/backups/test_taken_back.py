"""A change of address that was taken back, or can be, in a copy of the database from before."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.backups.conftest import enter
from tests.rights.conftest import HERE, PASSWORD

from plainview.domains.accounts.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THIEF, THIRD = "thief@harbour.example", "thief@quay.example"


def changes(client: Client, address: str) -> str:
    """Change the address and confirm it; the link of the letter to the one before."""
    cache.clear()
    client.post("/accounts/email/", {"action_add": "", "email": address})
    client.post(re.search(r"/accounts/confirm-email/[^\s\"<]+", mail.outbox[-1].body)[0])
    return re.search(r"/accounts/email/back/\S+", mail.outbox[-1].body)[0]


def press(link: str) -> int:
    return Client(headers=HERE).post(link).status_code


def asks(address: str) -> str:
    """Ask for a new password at an address; what the letter there says."""
    cache.clear()
    mail.outbox.clear()
    Client(headers=HERE).post("/accounts/password/reset/", {"email": address})
    return mail.outbox[-1].body if mail.outbox else ""


@pytest.mark.parametrize("copied", ["before", "meanwhile"])
def test_p1_1_1b_a_change_that_was_taken_back_comes_back_by_no_copy(
    ines, key, back_up, lost, copied
):
    """Neither the address of whoever changed it, nor the link of theirs that a copy still knows."""
    archive = back_up() if copied == "before" else None
    thief = enter(ines)
    first = changes(thief, THIEF)
    theirs = changes(thief, THIRD)
    archive = archive or back_up()
    assert press(first) == 302
    with lost(archive, key):
        for address in (THIEF, THIRD):
            assert "/password/reset/key/" not in asks(address), address
        assert press(theirs) == 404
        assert "/password/reset/key/" in asks("ines@lantern.example")
        assert User.objects.get(pk=ines.pk).email == "ines@lantern.example"
        login = {"login": "ines@lantern.example", "password": PASSWORD}
        assert Client(headers=HERE).post("/accounts/login/", login).status_code == 200, "stolen"


def test_p1_1_1b_an_address_still_takes_a_change_back_that_the_copy_knows_nothing_of(
    ines, key, back_up, lost
):
    """Else whoever changed it had only to wait for a restore: they show theirs, and have it."""
    archive = back_up()
    changes(enter(ines), THIEF)
    with lost(archive, key):
        asks(THIEF)
        said = asks("ines@lantern.example")
        link = re.search(r"/accounts/email/back/\S+", said)
        assert link, said
        mail.outbox.clear()
        assert press(link[0]) == 302
        assert User.objects.get(pk=ines.pk).email == "ines@lantern.example"
        assert "/password/reset/key/" not in asks(THIEF)


def test_p1_1_1b_it_does_so_before_anybody_has_shown_the_other_address(ines, key, back_up, lost):
    """And nothing is written to the place-holder that stands there meanwhile."""
    archive = back_up()
    changes(enter(ines), THIEF)
    with lost(archive, key):
        link = re.search(r"/accounts/email/back/\S+", asks("ines@lantern.example"))[0]
        mail.outbox.clear()
        assert press(link) == 302
        assert not [each.to for each in mail.outbox if "invalid" in each.to[0]]
        assert "/password/reset/key/" not in asks(THIEF)
