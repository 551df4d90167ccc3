"""P5.2d by mail: what answers our letter shows that somebody may act, once an officer looked."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import settings
from tests.post.conftest import PRIVACY, letter, proved, work

from plainview.privacy.models import Letter, Request
from plainview.privacy.requests import acting, numbers, queries, services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event
from plainview.privacy.requests.services import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HERS, AGENT = "iona@elsewhere.example", "agent@elsewhere.example"
SAID = "I, Iona Harbour, let Jo ask for me. Signed on 3 May."
PDF = b"%PDF-1.7 signed, and a secret word: heliotrope"


def words(ours: EmailMessage) -> str:
    part = ours.get_body(("plain",))
    return " ".join(part.get_content().split()) if part is not None else ""


@pytest.fixture
def ours(mailbox):
    """`ours(address)`: our letters to somebody, as their mail server got them."""

    def read(address: str) -> list[EmailMessage]:
        work()
        each = [message_from_bytes(raw, policy=policy.default) for _to, raw in mailbox.letters]
        return [letter for letter in each if letter["To"] == address]

    return read


@pytest.fixture
def row(ours) -> Request:
    """Somebody asks for another, and shows nothing yet."""
    asked = Asked("correct", Channel.AGENT, "en", "Her name.", contact=HERS, agent=AGENT)
    return services.file(asked._replace(residence="US-CA"))


@pytest.fixture
def thread(ours, row) -> str:
    """The thread of our letter that asks whoever acts for a permission."""
    [asking] = ours(AGENT)
    assert "in an answer to this letter" in words(asking)
    return asking["References"].split()[0]


def with_paper(thread: str, text: str = SAID) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = AGENT, PRIVACY, "Re: the permission"
    message["Message-ID"], message["References"] = "<paper@elsewhere.example>", thread
    message.set_content(text)
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="mandate.pdf")
    return message.as_bytes()


def test_p5_2d_a_permission_in_an_answer_to_our_letter_is_shown_on_the_request(
    deliver, desk, row, thread, ours
):
    """P5.2d: what the letter says one may do counts; nothing begins before a person looked."""
    deliver(letter(SAID, sender=AGENT, subject="Re: x", References=thread))
    [shown] = acting.shown(row)
    assert "Signed on 3 May." in shown.said
    row.refresh_from_db()
    assert (row.state, row.proof) == (State.RECEIVED, "")
    case = desk.get(f"/desk/privacy/requests/{row.number}/").content.decode()
    assert "Signed on 3 May." in case
    [told] = ours(HERS)
    assert f"{AGENT} asks us for something about your data" in words(told)
    assert Letter.objects.get().state == "request"


def test_p5_2d_a_paper_that_hangs_on_it_is_named_and_an_officer_opens_it(
    deliver, desk, row, thread
):
    """P5.2d: nobody else does, and it is read in the case alone."""
    deliver(with_paper(thread))
    assert "[mandate.pdf]" in acting.shown(row)[0].said
    kept = Letter.objects.get()
    case = desk.get(f"/desk/privacy/requests/{row.number}/").content.decode()
    where = f"/desk/privacy/letters/{kept.key}/"
    assert where in case
    raw = b"".join(desk.get(f"{where}raw/").streaming_content)
    assert b"mandate.pdf" in raw


def test_p5_2d_who_is_proved_may_name_the_number_alone(deliver, row):
    deliver(letter(SAID, sender=AGENT, subject=row.number, judged=proved(AGENT)))
    assert acting.shown(row)


def test_p5_2d_an_agents_address_with_the_number_alone_is_anybodys_to_write(deliver, desk, row):
    """P5.2d: a person reads it first, and enters it."""
    deliver(letter(SAID, sender=AGENT, subject=row.number))
    kept = Letter.objects.get()
    assert not acting.shown(row) and (kept.state, kept.why) == ("waiting", "mandate")
    page = f"/desk/privacy/letters/{kept.key}/"
    assert "nothing proves who sent it" in desk.get(page).content.decode()
    assert desk.post(page, {"act": "add", "number": row.number}).status_code == 302
    [shown] = acting.shown(row)
    assert "Signed on 3 May." in shown.said
    by = Event.objects.filter(request=row, step="hear").get()
    assert by.by == "officer" and by.staff is not None


@pytest.mark.parametrize("both", [False, True], ids=["the letter of before", "both letters"])
def test_p5_2d_an_answer_to_a_letter_of_a_retired_key_finds_its_request_and_shows_nothing(
    deliver, row, thread, monkeypatch, both
):
    """P5.2d: whoever has the key that was given up could have written what it answers."""
    monkeypatch.setattr(settings, "SECRET_KEYS_RETIRED", [settings.SECRET_KEY])
    monkeypatch.setattr(settings, "SECRET_KEY", "n" * 60)
    threads = f"{thread} {numbers.thread(row.number, 'lantern.example')}" if both else thread
    deliver(letter(SAID, sender=AGENT, subject="Re: x", References=threads))
    kept = Letter.objects.get()
    assert kept.request == row and Request.objects.count() == 1
    assert len(acting.shown(row)) == both
    assert (kept.state, kept.why) == (("request", "") if both else ("waiting", "mandate"))


@pytest.mark.parametrize("forged", [True, False], ids=["forged", "stranger"])
def test_p5_2d_who_is_not_the_agent_shows_nothing(deliver, row, forged, thread):
    """P5.2d: in our own thread too."""
    judged = "mx.lantern.example; dmarc=fail header.from=elsewhere.example" if forged else ""
    sender = AGENT if forged else "eve@evil.example"
    deliver(letter(SAID, sender=sender, subject="Re: x", References=thread, judged=judged))
    kept = Letter.objects.get()
    assert not acting.shown(row)
    assert (kept.state, kept.why) == ("waiting", "forged" if forged else "stranger")


def test_p5_2d_the_answer_of_the_person_is_no_permission_to_the_agent(deliver, row, thread):
    """P5.2d: it is heard, and a person reads it."""
    deliver(letter("I know of no agent.", sender=HERS, subject="Re: x", References=thread))
    assert not acting.shown(row) and "no agent" in queries.timeline(row.pk)[-1].said


def test_p5_2d_another_thread_reaches_no_other_request(deliver, row, thread):
    asked = Asked("delete", Channel.AGENT, "en", "x", contact=HERS, agent="other@elsewhere.example")
    other = services.file(asked)
    deliver(letter(SAID, sender="other@elsewhere.example", subject="Re: x", References=thread))
    assert not acting.shown(row) and not acting.shown(other)
    assert Letter.objects.get().why == "stranger"


def test_p5_2d_what_comes_after_the_decision_is_heard_and_shows_nothing(deliver, row, thread):
    services.move(row.pk, "refuse", by=Event.By.OFFICER, staff=7, reason="unwarranted", said="No.")
    deliver(letter(SAID, sender=AGENT, subject="Re: x", References=thread))
    assert not acting.shown(row)
    assert Request.objects.count() == 2, "somebody reads it by a day"


def test_p5_2d_no_more_is_taken_than_by_the_form(deliver, row, thread):
    """P5.2d: what is beyond waits for a person."""
    for _ in range(acting.MOST):
        acting.show(row.pk, "More.", b"")
    deliver(letter(SAID, sender=AGENT, subject="Re: x", References=thread))
    assert len(acting.shown(row)) == acting.MOST
    kept = Letter.objects.get()
    assert (kept.state, kept.why) == ("waiting", "mandate")
