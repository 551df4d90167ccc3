"""Who lost the old address gets the account by identity check, delay and notice (P1.1.1b)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.people import HERE, somebody

from plainview.domains.accounts.models import Former, Role, User, Waiting
from plainview.domains.accounts.tests.conftest import OLD, PASSWORD, address_of
from plainview.domains.accounts.tests.test_taking_back import asks, changes
from plainview.platform.jobs import queue, worker
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Event, Request
from plainview.privacy.retention import sweeping

pytestmark = pytest.mark.django_db
NEW = "mira@harbour.example"
DESK = "/desk/privacy/requests/"
TASK = "accounts.count-new-addresses"


@pytest.fixture
def desk(at_desk, db):
    return at_desk(User.objects.create_user("officer@lantern.example", roles=Role.OFFICER))


def act(desk, step, **values):
    row = Request.objects.get()
    return desk.post(f"{DESK}{row.number}/{step}/", {"act": "take", "seq": row.seq} | values)


def sees(desk, **values):
    """The desk says who asks, and where they read mail now."""
    said = {"address": NEW, "proof": "facts", "note": "Named the last three films."} | values
    return desk.post(f"{DESK}{Request.objects.get().number}/address/", said)


def signed_out_asks(desk):
    asked = {"old": OLD, "new": NEW, "words": "I have it since May."}
    Client(headers=HERE).post("/accounts/email/lost/", asked)
    act(desk, "sort", kind="correct")
    act(desk, "begin", proof="facts", account=OLD)


def letters(to):
    return [each for each in mail.outbox if each.to == [to]]


def link_in(letter) -> str:
    return re.search(r"https?://[^/\s]+(/accounts/\S+)", letter.body)[1]


def pass_by(days):
    since = timezone.now() - dt.timedelta(days)
    Waiting.objects.update(since=since)
    queue.enqueue(TASK)
    worker.run_all()


def test_p1_1_1b_a_lost_address_is_replaced_by_identity_check_delay_and_notice(desk, mira):
    """Signed out, from the form to the row: both ends are written to, and a week goes by."""
    signed_out_asks(desk)
    mail.outbox.clear()
    assert sees(desk).status_code == 302
    (notice,), (proof,) = letters(OLD), letters(NEW)
    assert "can’t read mail here any more" in notice.body
    assert address_of(mira) == OLD
    Client(headers=HERE).post(link_in(proof))
    assert address_of(mira) == OLD, "proved, and still it waits"
    pass_by(6)
    assert address_of(mira) == OLD
    mail.outbox.clear()
    pass_by(7)
    assert address_of(mira) == NEW
    held = EmailAddress.objects.filter(user=mira)
    assert list(held.values_list("email", "verified", "primary")) == [(NEW, True, True)]
    assert not Waiting.objects.exists()
    assert Request.objects.get().state == State.ANSWERED
    Client(headers=HERE).post("/accounts/password/reset/", {"email": NEW})
    assert "/password/reset/key/" in letters(NEW)[-1].body
    (told,) = letters(OLD)
    Client(headers=HERE).post(link_in(told))
    assert address_of(mira) == OLD, "for another week it can still be taken back"


def test_p1_1_1b_the_desk_shows_how_they_showed_who_they_are_and_a_session_is_not_enough(
    desk, signed_in, mira
):
    """Whoever has a stolen session asks in vain: the check is noted, or nothing begins."""
    signed_in.post("/accounts/email/lost/", {"new": NEW, "words": ""})
    for missing in ({"proof": ""}, {"note": ""}, {"proof": "session"}):
        assert sees(desk, **missing).status_code == 422
    assert not Waiting.objects.exists()
    assert sees(desk).status_code == 302
    noted = Event.objects.get(step="act")
    assert (noted.reason, noted.note) == ("facts", "Named the last three films.")


@pytest.mark.parametrize("tied", [False, True], ids=["anything else", "the lost address"])
def test_p5_2e_what_is_put_right_is_written_to_the_account_and_not_to_an_unproved_address(
    desk, mira, tied
):
    """P5.2e: whoever asks by the general form from elsewhere reads no letter about the account,
    unless the desk saw in that very case that the old address is lost.
    """
    said = {"kind": "correct", "words": "My name is wrong.", "contact": NEW}
    Client(headers=HERE).post("/privacy/request/", said)
    if Request.objects.get().state == State.RECEIVED and not Request.objects.get().kind:
        act(desk, "sort", kind="correct")
    act(desk, "begin", proof="facts", account=OLD)
    assert Request.objects.get().member
    if tied:
        assert sees(desk).status_code == 302
    mail.outbox.clear()
    act(desk, "ask", said="Is it Mira with one r?")
    there, elsewhere = (NEW, OLD) if tied else (OLD, NEW)
    assert "Is it Mira with one r?" in letters(there)[-1].body
    assert not letters(elsewhere)


def test_p1_1_1b_nothing_is_replaced_before_somebody_has_seen_whose_account_it_is(desk, mira):
    Client(headers=HERE).post("/accounts/email/lost/", {"old": OLD, "new": NEW, "words": "Mine."})
    assert sees(desk).status_code == 302
    assert not Waiting.objects.exists()
    assert not letters(OLD)


@pytest.mark.parametrize("way", ["signed out", "signed in"])
def test_p1_1_1b_letters_about_a_lost_address_go_where_mail_is_read_and_not_to_the_old_one(
    desk, signed_in, way
):
    """P1.1.1b: by the page of the request whoever reads the old mail could take it back."""
    if way == "signed out":
        signed_out_asks(desk)
    else:
        signed_in.post("/accounts/email/lost/", {"new": NEW, "words": ""})
    act(desk, "ask", said="Which film did you see last?")
    assert not letters(OLD)
    assert "Which film did you see last?" in letters(NEW)[-1].body
    assert "/privacy/request/" in letters(NEW)[-1].body


def test_p1_1_1b_the_old_address_stops_it_with_one_button(desk, mira):
    """A get only asks; then whoever asked is told, and the request goes on."""
    signed_out_asks(desk)
    sees(desk)
    notice, proof = letters(OLD)[-1], letters(NEW)[-1]
    Client(headers=HERE).post(link_in(proof))
    stranger = Client(headers=HERE)
    assert OLD in stranger.get(link_in(notice)).content.decode()
    assert Waiting.objects.exists()
    mail.outbox.clear()
    stranger.post(link_in(notice))
    assert letters(NEW)
    pass_by(30)
    assert address_of(mira) == OLD
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert Request.objects.get().state == State.WORKING
    assert stranger.get(link_in(notice)).status_code == 404


@pytest.mark.parametrize("way", ["changes", "takes back"])
def test_p1_1_1b_another_change_stops_it_and_whoever_asked_is_told(desk, signed_in, mira, way):
    """Of two ways to change an address one counts, and no request is left without an answer."""
    if way == "takes back":
        undo = link_in(changes(signed_in, "third@quay.example"))
    Client(headers=HERE).post(
        "/accounts/email/lost/", {"old": address_of(mira), "new": NEW, "words": "Since May."}
    )
    act(desk, "sort", kind="correct")
    act(desk, "begin", proof="facts", account=address_of(mira))
    sees(desk)
    Client(headers=HERE).post(link_in(letters(NEW)[-1]))
    mail.outbox.clear()
    if way == "changes":
        asks(signed_in, "other@quay.example")
    else:
        Client(headers=HERE).post(undo)
    assert not Waiting.objects.exclude(request="").exists()
    assert "Your address stays as it was." in "".join(each.body for each in letters(NEW))
    pass_by(30)
    assert address_of(mira) == OLD


def test_p1_1_1b_the_account_sees_the_clock_and_stops_it_without_a_password(desk, signed_in, mira):
    signed_out_asks(desk)
    sees(desk)
    page = signed_in.get("/accounts/email/").content.decode()
    assert NEW in page
    assert Request.objects.get().number in page
    signed_in.post("/accounts/email/", {"action_stop": "1"})
    assert not Waiting.objects.exists()
    pass_by(30)
    assert address_of(mira) == OLD


def test_p1_1_1b_a_new_address_that_nobody_proves_takes_no_place(desk, mira):
    signed_out_asks(desk)
    sees(desk)
    pass_by(8)
    assert address_of(mira) == OLD
    sweeping.sweep()
    assert not Waiting.objects.exists()


def test_p1_1_1b_its_proof_can_be_asked_for_again_and_still_waits(desk, signed_in, mira):
    """The usual letter to a new address, written again from the account, is no way round."""
    signed_out_asks(desk)
    sees(desk)
    cache.clear()
    mail.outbox.clear()
    signed_in.post("/accounts/email/", {"action_send": "1", "email": NEW})
    Client(headers=HERE).post(link_in(letters(NEW)[-1]))
    assert address_of(mira) == OLD
    assert Waiting.objects.get().proved_at is not None


def test_p1_1_1b_an_address_that_is_taken_meanwhile_takes_no_place(desk, mira):
    signed_out_asks(desk)
    sees(desk)
    Client(headers=HERE).post(link_in(letters(NEW)[-1]))
    other = somebody(NEW, PASSWORD)
    pass_by(8)
    assert address_of(mira) == OLD
    assert address_of(other) == NEW
    assert not Waiting.objects.exists()


def test_p1_1_1b_the_desk_takes_no_address_of_another_account_and_none_of_the_staff(desk, mira):
    signed_out_asks(desk)
    other = User.objects.create_user(NEW, PASSWORD)
    assert sees(desk).status_code == 422
    other.delete()
    User.objects.filter(pk=mira.pk).update(roles=Role.EDITOR)
    assert sees(desk).status_code == 422
    assert not Waiting.objects.exists()
    assert not Former.objects.exists()


def test_p1_1_1b_whether_there_is_such_an_account_is_not_said(db):
    """The form answers everybody alike, and writes to nobody but the address given as the new."""
    cache.clear()
    said = []
    User.objects.create_user(OLD, PASSWORD)
    for old in (OLD, "nobody@lantern.example"):
        asked = {"old": old, "new": NEW, "words": "Mine."}
        page = Client(headers=HERE).post("/accounts/email/lost/", asked).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        said.append(main.replace(Request.objects.latest("received_at").number, ""))
        assert {to for each in mail.outbox for to in each.to} == {NEW}
    assert said[0] == said[1]
    assert "We have it" in said[0]
