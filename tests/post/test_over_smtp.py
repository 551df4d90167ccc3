"""Letters over real SMTP, in and out: threads hold, loops end, nothing hostile is lost (P5.2a)."""

from __future__ import annotations

import base64
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from tests.journeys.postal import PRIVACY, Office, words
from tests.post.conftest import fetch, letter, work
from tests.post.test_hostile import BOMBS

from plainview.privacy.models import Letter, Request
from plainview.privacy.post import letters, services
from plainview.privacy.requests import queries
from plainview.privacy.requests import services as requests
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Event, Proof

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MIRA = "mira@elsewhere.example"
WISH = "Please correct my name in your records, it is wrong."


@pytest.fixture
def office(folders: Path, monkeypatch: pytest.MonkeyPatch):
    """A mail server that delivers to our maildir, takes our letters, and has proved Mira."""
    with Office(folders / "letters", proved={MIRA}) as running:
        monkeypatch.setattr(settings, "MAIL_SERVER", running.url)
        yield running


def exchange() -> None:
    """What the worker does in a minute: fetch letters, send ours."""
    fetch()
    work(times=2)


def by_officer(row: Request, step: str, **more: str) -> None:
    requests.move(row.pk, step, by=Event.By.OFFICER, staff=7, **more)
    work()


def test_an_officers_later_letters_are_one_thread_and_answers_find_their_request(office):
    first = office.write(MIRA, "My name", WISH)
    exchange()
    row = Request.objects.get()
    assert (row.state, row.proof) == (State.WORKING, Proof.MAIL)
    by_officer(row, "ask", said="How is it written?")
    received, question = office.to(MIRA)
    assert received["In-Reply-To"] == question["In-Reply-To"] == first["Message-ID"]
    root = question["References"].split()[0]
    assert {root, first["Message-ID"]} == set(question["References"].split())
    assert question["Reply-To"] == PRIVACY and "How is it written?" in words(question)

    answer = office.write(MIRA, "it's me", "With one r: Mira.", under=question)
    exchange()
    row.refresh_from_db()
    assert row.state == State.WORKING, "the clock goes on once they have answered"
    heard = queries.timeline(row.pk)[-1]
    assert (heard.step, "With one r" in heard.said) == ("resume", True)
    assert "How is it written?" not in heard.said, "what is quoted is no word of theirs"

    by_officer(row, "answer", reason="granted", said="It is put right.")
    last = office.to(MIRA)[-1]
    assert last["In-Reply-To"] == answer["Message-ID"]
    assert last["References"].split()[0] == root
    assert len({each["Message-ID"] for each in office.to(MIRA)}) == 3


def test_what_answers_our_letter_from_another_address_waits_for_a_person(office):
    office.write(MIRA, "My name", WISH)
    exchange()
    office.write("eve@evil.example", "hello", "Never mind.", under=office.to(MIRA)[0])
    exchange()
    kept = Letter.objects.get(sender="eve@evil.example")
    assert (kept.state, kept.why, kept.request) == ("waiting", "stranger", Request.objects.get())


def test_an_unproved_answer_to_our_letter_may_appeal_and_a_bare_number_may_not(office):
    """Our letter holds what only its reader knows; a number in a subject is anybody's to write."""
    office.write(MIRA, "My name", WISH)
    exchange()
    row = Request.objects.get()
    by_officer(row, "refuse", reason="law", said="It stands in an invoice.")
    office.proved.clear()
    office.write(MIRA, f"PRIVACY APPEAL {row.number}", "It is unjust.")
    exchange()
    row.refresh_from_db()
    assert row.state == State.REFUSED
    assert "press the button there" in words(office.to(MIRA)[-1])
    office.write(MIRA, "Privacy appeal", "It is unjust.", under=office.to(MIRA)[-1])
    exchange()
    row.refresh_from_db()
    assert row.state == State.APPEALED


def test_two_programs_never_answer_each_other_for_ever(office):
    """Auto-replies with their mark, without one, and our own letters come back."""
    office.write(MIRA, "My name", WISH)
    exchange()
    for round_ in range(4):
        for ours in office.to(MIRA)[round_:]:
            office.hand_over(ours.as_bytes(policy=policy.SMTP), MIRA)
            marked = EmailMessage()
            marked["From"], marked["To"], marked["Subject"] = MIRA, PRIVACY, "I am away"
            marked["Auto-Submitted"] = "auto-replied"
            marked["References"] = ours["References"]
            marked.set_content(f"Back in {round_} days.")
            office.hand_over(marked.as_bytes(policy=policy.SMTP), MIRA)
            office.write(MIRA, f"Away: {ours['Subject']}", f"Back in {round_} days.", under=ours)
        exchange()
    assert len(office.to(MIRA)) == 1
    assert Request.objects.count() == 1
    assert Letter.objects.filter(state="automatic").exists()


@pytest.mark.sample(1)  # `test_hostile` reads each of them
@pytest.mark.parametrize("name", ["nested", "ten thousand parts", "headers"])
def test_a_bomb_by_smtp_ends_as_bytes_and_a_person(office, confining, name):
    office.proved.clear()
    raw = BOMBS[name].replace(b"\n", b"\r\n")
    office.hand_over(raw, MIRA)
    exchange()
    kept = Letter.objects.get()
    assert kept.state == "waiting" and office.kept == []
    with kept.file.open() as file:
        assert raw.strip() in file.read()


def test_names_and_words_that_turn_their_direction_and_broken_parts(office):
    turned = base64.b64encode("مريم\u202eelpmaxe@evil".encode()).decode()
    raw = (
        letter(WISH)
        .replace(b"From: mira@", f"From: =?utf-8?b?{turned}?= <mira@".encode(), 1)
        .replace(b"elsewhere.example\n", b"elsewhere.example>\n", 1)
    )
    broken = (
        b"From: mira@elsewhere.example\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n"
    )
    for each in (raw.replace(b"\n", b"\r\n"), broken):
        office.hand_over(each, MIRA)
    exchange()
    assert Request.objects.get().kind == "correct"
    named = Letter.objects.get(state="request")
    assert "\u202e" not in named.name and named.sender == MIRA
    assert Letter.objects.exclude(pk=named.pk).get().state == "waiting"


@pytest.mark.soak
def test_thirty_one_megabytes_by_smtp_are_kept_and_read_by_their_beginning(office, confining):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = MIRA, PRIVACY, "My name"
    message.set_content(WISH)
    message.add_attachment(b"\0" * 23_500_000, "application", "zip", filename="films.zip")
    raw = message.as_bytes(policy=policy.SMTP)
    assert len(raw) > letters.LONGEST
    office.hand_over(raw, MIRA)
    exchange()
    kept = Letter.objects.get()
    assert (kept.state, kept.why, kept.sender) == ("waiting", "unread", MIRA)
    (left,) = (office.maildir / "long").iterdir()
    assert left.stat().st_size > len(raw), "the whole of it is not lost"
    assert services.quarantine().exists(kept.file.name)
