"""A letter that nothing proves makes the program do nothing, and nobody is refused for it (P5.2a).

Decision 72: an opt-out asks for no proof (P5.2e; 11 CCR 7026(d), 7060(b)), so a person carries it
out by its own day; the address gets a link by which it holds at once.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.disclosures.conftest import HERE
from tests.post.conftest import letter, proved, work
from tests.post.test_letters_in import written
from tests.requests.conftest import permits

from plainview.domains.accounts.models import User
from plainview.privacy.consent import stopping
from plainview.privacy.models import Request
from plainview.privacy.requests import clock, deciders, queries, queue, services, tasks
from plainview.privacy.requests.machine import Impossible, State
from plainview.privacy.requests.models import Event, Ground, Proof

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WISH = "Please do not sell or share my personal information."


@pytest.fixture
def cal(member) -> User:
    return member("cal", "US-CA", choices={"targeted-ads": "granted"})


def link_in(mail) -> str:
    text = mail.get_body(("plain",)).get_content()
    return re.search(r"https?://[^/\s]+(/privacy/request/\S+/prove/\S+)", text)[1]


def steps(row: Request) -> list[str]:
    return [each.step for each in queries.timeline(row.pk)]


def test_an_opt_out_by_an_unproved_letter_does_nothing_and_asks_for_no_proof(deliver, cal, mailbox):
    deliver(letter(WISH, sender=cal.email))
    row = Request.objects.get()
    assert (row.kind, row.state, row.proof) == ("optout-sale-sharing", State.RECEIVED, "")
    assert permits(cal, "targeted-ads") and not row.member and cal.pk != row.subject
    (answer,) = written(mailbox)
    text = " ".join(answer.get_body(("plain",)).get_content().split())
    assert "It needs no proof, so one of us carries it out by the day below" in text
    assert steps(row) == ["file", "acknowledge"], "the clock runs: nothing was asked of them"
    assert row.due_on == row.next_on


def test_its_link_acts_when_its_button_is_pressed_and_not_before(deliver, cal, mailbox):
    deliver(letter(WISH, sender=cal.email))
    link, anybody = link_in(written(mailbox)[0]), Client(headers=HERE)
    page = anybody.get(link).content.decode()
    assert "it needs no proof" in page and "<script" not in page.split("<form")[1]
    assert permits(cal, "targeted-ads"), "a mail program that looks at links opts nobody out"
    answer = anybody.post(link, follow=True)
    assert "In a browser where you are not signed in, what was answered" in answer.content.decode()
    row = Request.objects.get()
    assert (row.state, row.proof, row.subject) == (State.ANSWERED, Proof.MAIL, cal.pk)
    assert row.residence == "us-ca" and not permits(cal, "targeted-ads")


def test_it_waits_for_an_officer_who_carries_it_out_with_one_button(deliver, cal, desk, mailbox):
    deliver(letter(WISH, sender=cal.email))
    row = Request.objects.get()
    assert "needs no proof: carry it out" in desk.get("/desk/privacy/requests/").content.decode()
    case = f"/desk/privacy/requests/{row.number}/"
    page = desk.get(case).content.decode()
    assert "for this right nobody is asked for proof" in page
    assert f"{case}ask-identity/" not in page and f"{case}begin/" not in page
    assert permits(cal, "targeted-ads")
    assert "It holds from now on" in desk.post(f"{case}word/", follow=True).content.decode()
    row.refresh_from_db()
    assert (row.state, row.proof) == (State.ANSWERED, Proof.NEEDLESS) and not permits(
        cal, "targeted-ads"
    )
    assert deciders.decider(row) == User.objects.get(email="noor@example.org").pk
    assert "It holds from now on" in written(mailbox)[-1].get_body(("plain",)).get_content()
    again = desk.post(f"{case}word/", follow=True).content.decode()
    assert "nothing was done" in again and "for this right nobody" not in again


def test_it_is_not_refused_for_want_of_proof(deliver, desk):
    deliver(letter(WISH))
    row = Request.objects.get()
    case = f"/desk/privacy/requests/{row.number}/refuse/"
    assert 'value="unproved"' not in desk.get(case).content.decode()
    sent = {"act": "take", "seq": row.seq, "ground": "unproved", "said": "Who are you?"}
    assert desk.post(case, sent).status_code == 422
    with pytest.raises(services.Unexplained):
        services.move(
            row.pk, "refuse", by=Event.By.OFFICER, staff=7, reason=Ground.UNPROVED, said="No."
        )


def test_what_needs_proof_is_not_done_by_a_letters_word(deliver, desk):
    deliver(letter("Please delete my account and all my data."))
    row = Request.objects.get()
    with pytest.raises(Impossible):
        services.take_word(row.pk, staff=7)


def test_its_days_are_those_of_an_opt_out_and_somebody_is_told_before(
    deliver, member, monkeypatch, mailbox
):
    """11 CCR 7026(f): fifteen business days; an officer knows before they are over."""
    deliver(letter(WISH))
    row = Request.objects.get()
    strictest = clock.of_request(row.kind, row.received_at, residence="US-CA")
    days = (strictest.due - clock.today()).days
    assert 18 <= days <= 25, "three weeks less what is Sunday there and Monday here"
    Request.objects.update(residence="US-CA", due_on=strictest.due, next_on=strictest.due)
    start = timezone.now()
    for passed, told in ((days - 8, False), (days - 7, True)):
        moment = start + dt.timedelta(days=passed)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        tasks.requests()
        assert bool(Request.objects.get().escalated_at) is told
    assert queue.page(queue.Filters(), staff=7).rows[0].unproved


def test_who_is_proved_is_heard_at_once(deliver, cal, mailbox):
    deliver(letter(WISH, sender=cal.email, judged=proved(cal.email)))
    row = Request.objects.get()
    assert (row.state, row.subject, row.residence) == (State.ANSWERED, cal.pk, "us-ca")
    assert not permits(cal, "targeted-ads")


def test_an_address_without_an_account_is_stopped_when_its_link_is_pressed(deliver, mailbox):
    deliver(letter("Stop sending me advertising and marketing.", sender="ada@elsewhere.example"))
    row = Request.objects.get()
    assert row.state == State.RECEIVED
    assert not stopping.stopped("marketing-email", "ada@elsewhere.example")
    Client(headers=HERE).post(link_in(written(mailbox)[0]))
    assert stopping.stopped("marketing-email", "ada@elsewhere.example")


def test_who_writes_twice_gets_a_link_that_works_and_one_answer(deliver, cal, mailbox):
    deliver(letter(WISH, sender=cal.email), letter(f"Again: {WISH}", sender=cal.email))
    first, second = Request.objects.order_by("received_at")
    assert (second.state, second.joined_to) == (State.JOINED, first)
    latest = link_in([each for each in written(mailbox) if "/prove/" in each.as_string()][-1])
    Client(headers=HERE).post(latest)
    first.refresh_from_db()
    assert first.state == State.ANSWERED and not permits(cal, "targeted-ads")


def test_what_is_proved_later_takes_the_unproved_one_along(deliver, mailbox):
    deliver(letter(WISH), letter(WISH, judged=proved("mira@elsewhere.example")))
    first, second = Request.objects.order_by("received_at")
    assert (first.state, first.joined_to) == (State.JOINED, second)
    assert second.state == State.ANSWERED
    work()
