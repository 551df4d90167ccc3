"""An address that was given up takes the change back, for a week and once (P1.1.1b)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.people import HERE, somebody

from plainview.domains.accounts.models import Former, User, Waiting
from plainview.domains.accounts.queries import changing
from plainview.domains.accounts.tests.conftest import OLD, PASSWORD, address_of
from plainview.platform.languages import FINISHED
from plainview.privacy.backups import returning
from plainview.privacy.gate.duties import duty
from plainview.privacy.requests.models import Request
from plainview.privacy.retention import sweeping

pytestmark = pytest.mark.django_db
NEW, THIRD = "thief@harbour.example", "thief@quay.example"


@pytest.fixture
def thief(signed_in):
    """Somebody who signed in as Mira and knows her password."""
    return signed_in


def asks(client, address):
    cache.clear()
    said = {"email": address, "action_add": "1"}
    asked = client.post("/accounts/email/", said)
    if "reauthenticate" in asked["Location"]:
        client.post(asked["Location"], {"password": PASSWORD})


def confirms(client):
    client.post(re.search(r"http://localhost:\d+(\S+/confirm-email/\S+)", mail.outbox[-1].body)[1])


def changes(client, address):
    """Change the address; return the letter to the one before."""
    asks(client, address)
    confirms(client)
    return mail.outbox[-1]


def link_in(letter) -> str:
    return re.search(r"http://localhost:\d+(/accounts/email/back/\S+)", letter.body)[1]


def press(link):
    """Press the button that a letter leads to, in a browser that is signed in nowhere."""
    return Client(headers=HERE).post(link)


def test_p1_1_1b_the_old_address_takes_a_change_back_with_one_button(thief, mira):
    """Change notice to the old address can undo: signed out, and a get changes nothing."""
    letter = changes(thief, NEW)
    assert letter.to == [OLD]
    link = link_in(letter)
    page = Client().get(link)
    assert OLD in page.content.decode()
    assert page.content.decode().count("<form") == 1 + Client().get("/").content.decode().count(
        "<form"
    )
    assert address_of(mira) == NEW, "a mail program that opens links has changed nothing"
    done = press(link)
    assert address_of(mira) == OLD
    held = EmailAddress.objects.filter(user=mira)
    assert list(held.values_list("email", "verified", "primary")) == [(OLD, True, True)]
    assert "/password/reset/key/" in done["Location"]
    assert not Former.objects.exists()
    assert NEW not in link + done["Location"]
    assert OLD not in link + done["Location"]


@pytest.mark.parametrize("tongue", FINISHED)
def test_p1_1_1b_the_button_says_in_each_language_that_the_address_comes_back(thief, tongue):
    """It once had the words by which a request is withdrawn, which is the opposite here."""
    page = Client().get(f"{link_in(changes(thief, NEW))}?lang={tongue}").content.decode()
    heading = re.search(r"<h1>([^<]+)</h1>", page)[1]
    actions = page.partition('class="form-actions"')[2].partition("</form>")[0]
    assert heading in re.sub(r"<[^>]*>", "", actions)


def test_p1_1_1b_taking_back_signs_out_everywhere_and_asks_for_a_new_password(thief, mira):
    """Neither a session nor the old password nor a letter to the new address opens anything."""
    letter = changes(thief, NEW)
    browser = Client(headers=HERE)
    form = browser.post(link_in(letter), follow=True)
    assert thief.get("/settings/").status_code == 302
    for address in (OLD, NEW):
        said = {"login": address, "password": PASSWORD}
        assert Client().post("/accounts/login/", said).status_code == 200
    mail.outbox.clear()
    cache.clear()
    Client().post("/accounts/password/reset/", {"email": NEW})
    assert "/password/reset/key/" not in mail.outbox[-1].body
    new = "another lantern, another street"
    browser.post(form.redirect_chain[-1][0], {"password1": new})
    cache.clear()
    assert Client().post("/accounts/login/", {"login": OLD, "password": new}).status_code == 302


def test_p1_1_1b_the_link_works_once(thief, mira):
    link = link_in(changes(thief, NEW))
    press(link)
    mira.refresh_from_db()
    mira.set_password(PASSWORD)
    mira.save()
    again = press(link)
    assert again.status_code == 404
    assert "used before" in again.content.decode()
    mira.refresh_from_db()
    assert mira.check_password(PASSWORD)


def test_p1_1_1b_the_link_works_for_a_week_and_the_row_goes_with_it(thief, mira):
    link = link_in(changes(thief, NEW))
    row = Former.objects.get()
    for days, there in ((6, True), (7, False)):
        Former.objects.update(given_up_at=timezone.now() - dt.timedelta(days))
        assert (Client().get(link).status_code == 200) is there
    assert press(link).status_code == 404
    sweeping.sweep()
    assert not Former.objects.filter(pk=row.pk).exists()
    assert address_of(mira) == NEW


def test_p1_1_1b_a_made_up_link_opens_nothing(thief, mira):
    changes(thief, NEW)
    for made_up in (str(Former.objects.get().pk), "x:y:z", "é"):
        assert press(f"/accounts/email/back/{made_up}/").status_code == 404
    assert address_of(mira) == NEW


def test_p1_1_1b_the_first_address_takes_back_a_second_change_too(thief, mira):
    """Whoever moved on at once is not out of reach, and their own letter works no more then."""
    first = link_in(changes(thief, NEW))
    second = link_in(changes(thief, THIRD))
    press(first)
    assert address_of(mira) == OLD
    assert press(second).status_code == 404
    assert address_of(mira) == OLD


def test_p1_1_1b_the_address_meanwhile_is_told_and_gets_no_link(thief, mira):
    letter = changes(thief, NEW)
    mail.outbox.clear()
    press(link_in(letter))
    (told,) = mail.outbox
    assert told.to == [NEW]
    assert "http://localhost:8000/accounts" not in told.body
    assert OLD not in told.body


def test_p1_1_1b_a_second_factor_that_came_with_the_change_goes_and_an_older_one_stays(thief, mira):
    """Else whoever brought a key signs in with it alone."""
    old = totp.TOTP.activate(mira, totp.generate_totp_secret()).instance
    old.created_at = timezone.now() - dt.timedelta(30)
    old.save()
    letter = changes(thief, NEW)
    passkey = mira.authenticator_set.create(type="webauthn", data={})
    press(link_in(letter))
    assert list(mira.authenticator_set.all()) == [old]
    assert passkey.pk != old.pk


def test_p1_1_1b_an_address_that_was_given_up_is_kept_free(thief, mira):
    """Nobody takes it meanwhile, by registering or by changing to it, and it learns how to undo."""
    changes(thief, NEW)
    cache.clear()
    mail.outbox.clear()
    said = {"email": OLD, "password1": PASSWORD, "territory": "DE", "age": "18", "certified": "on"}
    Client(headers=HERE).post("/accounts/signup/", said)
    Client(headers=HERE).post("/accounts/password/reset/", {"email": OLD})
    registering, forgetting = mail.outbox
    assert {*registering.to, *forgetting.to} == {OLD}
    assert link_in(registering) == link_in(forgetting)
    assert not User.objects.filter(email=OLD).exists()

    other = somebody("other@lantern.example", PASSWORD)
    client = Client(headers=HERE)
    client.post("/accounts/login/", {"login": other.email, "password": PASSWORD})
    changes(client, OLD)
    assert address_of(other) == "other@lantern.example"

    press(link_in(registering))
    assert address_of(mira) == OLD


def test_p1_1_1b_where_another_account_has_the_address_nothing_is_lost(thief, mira):
    """By whatever way it came to it: the answer is clear, and the link works later."""
    link = link_in(changes(thief, NEW))
    other = User.objects.create_user(OLD, PASSWORD)
    told = press(link)
    assert told.status_code == 409
    assert "Another account has this address now" in told.content.decode()
    assert address_of(mira) == NEW
    mira.refresh_from_db()
    assert mira.check_password(PASSWORD)
    other.delete()
    press(link)
    assert address_of(mira) == OLD


def test_p1_1_1b_a_deletion_that_was_asked_for_meanwhile_waits_for_a_person(thief, mira):
    letter = changes(thief, NEW)
    thief.post("/privacy/requests/new/", {"kind": "delete"})
    asked = Request.objects.get(subject=mira.pk)
    assert not asked.by_hand
    press(link_in(letter))
    asked.refresh_from_db()
    assert asked.by_hand


def test_p1_1_1b_an_account_that_was_erased_meanwhile_is_said_to_be_gone(thief, mira):
    link = link_in(changes(thief, NEW))
    mira.delete()
    gone = press(link)
    assert gone.status_code == 404
    assert "the account is gone" in gone.content.decode()


def test_p1_1_1b_an_account_that_is_erased_as_the_button_is_pressed_is_said_to_be_gone(
    thief, mira, monkeypatch
):
    """The page was there a moment before; no error is shown for it."""
    link, known = link_in(changes(thief, NEW)), changing.given_up

    def erased_meanwhile(key):
        row = known(key)
        with duty("erasure"):
            User.objects.filter(pk=mira.pk).delete()
        return row

    monkeypatch.setattr(changing, "given_up", erased_meanwhile)
    assert press(link).status_code == 404


def test_p1_1_1b_taking_back_is_whole_or_not_at_all(thief, mira, monkeypatch):
    """Where the note for restored copies can't be written, nothing changed, and the link works."""
    link = link_in(changes(thief, NEW))

    def full(*_, **__):
        raise OSError("no room")

    with monkeypatch.context() as short:
        short.setattr(returning, "taken_back", full)
        with pytest.raises(OSError, match="no room"):
            press(link)
        assert address_of(mira) == NEW
    press(link)
    assert address_of(mira) == OLD


def test_p1_1_1b_who_changes_back_by_themselves_leaves_no_row_of_it(thief, mira):
    changes(thief, NEW)
    changes(thief, OLD)
    assert address_of(mira) == OLD
    assert [row.email for row in Former.objects.all()] == [NEW]


def test_p9c_a_new_address_that_nobody_proves_is_forgotten_after_a_week(thief, mira):
    """As an account is that nobody confirms; the account keeps the address that it has."""
    asks(thief, NEW)
    Waiting.objects.update(since=timezone.now() - dt.timedelta(6))
    sweeping.sweep()
    assert EmailAddress.objects.filter(user=mira, email=NEW).exists()
    Waiting.objects.update(since=timezone.now() - dt.timedelta(7))
    sweeping.sweep()
    assert list(EmailAddress.objects.filter(user=mira).values_list("email", flat=True)) == [OLD]
    assert not Waiting.objects.exists()
    page = thief.get("/accounts/email/").content.decode()
    assert NEW not in page


def test_p1_1_1b_the_letter_to_a_new_address_speaks_of_a_change_and_of_no_new_account(thief, mira):
    asks(thief, NEW)
    (letter,) = mail.outbox
    assert "wants to sign in to their account with this address" in letter.body
    assert "gave this address for an account" not in letter.body
    assert "nobody can use the account" not in letter.body
