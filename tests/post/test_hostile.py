"""Hostile mail: nothing is lost, nothing is answered that should not be, nothing runs (P5.2a)."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.post.conftest import letter, proved, work

from plainview.privacy.models import Disclosure, Letter, Request, Suppression
from plainview.privacy.post import arriving, letters, sorting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MIRA = "mira@elsewhere.example"


def answered(mailbox) -> int:
    work()
    return len(mailbox.letters)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Return_Path": "<>"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "Films <films.lists.example>"},
        {"From": "MAILER-DAEMON@elsewhere.example"},
        {"From": "no-reply@elsewhere.example"},
        {"From": "Privacy <privacy@lanternstreet.example>"},
    ],
)
def test_rfc_3834_what_a_program_wrote_is_kept_and_never_answered(deliver, mailbox, headers):
    """Else two programs answer each other for ever."""
    deliver(letter(judged=proved(MIRA), **headers))
    kept = Letter.objects.get()
    assert (kept.state, kept.closed_at is not None) == ("automatic", True)
    assert not Request.objects.exists() and answered(mailbox) == 0


def test_our_own_answer_come_back_ends_there(deliver, mailbox):
    deliver(letter())
    work()
    (_to, ours) = mailbox.letters[0]
    deliver(ours)
    assert Letter.objects.latest("arrived_at").state == "automatic"
    assert answered(mailbox) == 1


def test_an_answer_that_could_not_be_delivered_holds_further_mail_back(deliver, mailbox):
    deliver(letter(), letter("Please correct my name, it is wrong in your records."))
    work()
    sent = Disclosure.objects.first()
    report = EmailMessage()
    report["From"], report["To"] = "mailer-daemon@elsewhere.example", "x@lanternstreet.example"
    report["Return-Path"], report["Subject"] = "<>", "Undelivered"
    report.set_content("It could not be delivered.")
    report.make_mixed()
    raw = report.as_bytes().replace(
        b"multipart/mixed;", b"multipart/report; report-type=delivery-status;"
    )
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; elsewhere.example\n\n"
        f"Final-Recipient: rfc822; {MIRA}\nAction: failed\nStatus: 5.1.1\n\n"
    )
    original = f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{sent.key}@films>\nTo: {MIRA}\n"
    mark = raw.rpartition(b"\n--")[2].rstrip(b"-\n")
    parts = b"".join(b"--" + mark + b"\n" + each.encode() + b"\n" for each in (status, original))
    deliver(raw.rpartition(b"\n--")[0] + b"\n" + parts + b"--" + mark + b"--\n")
    assert Letter.objects.latest("arrived_at").state == "automatic"
    assert Suppression.objects.get().why == "bounce"


@pytest.mark.parametrize(
    "sender", ["", "a@x.example, b@y.example", "alice@x.example)bob@y.example"]
)
def test_without_one_sender_a_person_reads_it(deliver, mailbox, sender):
    raw = letter(judged=proved("a@x.example")).replace(
        b"From: mira@elsewhere.example", f"From: {sender}".encode()
    )
    deliver(raw)
    assert Letter.objects.get().why == "sender"
    assert answered(mailbox) == 0


def zipped() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = MIRA, "My data"
    message.set_content("Please delete my account. See the attachment.")
    return message


def test_attachments_are_named_and_never_opened(deliver):
    message = zipped()
    message.add_attachment(
        b"PK\x03\x04" + b"\0" * 3000, "application", "zip", filename="../../bomb.zip"
    )
    message.add_attachment(b"x", "image", "png", filename="exe\u202egnp.scr")
    raw = message.as_bytes()
    deliver(raw)
    kept = Letter.objects.get()
    assert [part.name for part in kept.parts] == ["bomb.zip", "exegnp.scr"]
    assert kept.parts[0].kind == "application/zip" and 2900 < kept.parts[0].size < 3200
    with kept.file.open() as file:
        assert file.read() == raw
    assert Path(kept.file.path).stat().st_mode & 0o777 == 0o600
    assert Request.objects.get().kind == "delete"


def nested(depth: int) -> bytes:
    head = f"From: {MIRA}\nSubject: s\nContent-Type: multipart/mixed; boundary=b0\n\n"
    return (
        head
        + "".join(
            f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(depth)
        )
    ).encode()


BOMBS = {
    "nested": nested(2000),
    "ten thousand parts": (
        f"From: {MIRA}\nContent-Type: multipart/mixed; boundary=b\n\n".encode()
        + b"--b\n\nx\n" * 10_000
    ),
    "headers": f"From: {MIRA}\n".encode() + b"X: y\n" * 200_000 + b"\nhello",
    "comments": b"From: " + b"(" * 60_000 + b"\n\nhello",
    "no mail": b"\xff\x00\x17" * 999,
    "nothing": b"",
    "marks": f"From: {MIRA}\nContent-Type: text/html\n\n".encode() + b"<div a=" * 50_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read_within_bounds_and_wait_for_a_person(deliver, confining, name):
    deliver(BOMBS[name])
    kept = Letter.objects.get()
    assert kept.state == "waiting"
    with kept.file.open() as file:
        assert file.read() == BOMBS[name], "a person gets it as it came"


@pytest.mark.parametrize("size", [300_000, pytest.param(28_000_000, marks=pytest.mark.soak)])
def test_a_large_letter_is_taken_and_a_larger_one_by_its_beginning(
    deliver, confining, folders, monkeypatch, size
):
    monkeypatch.setattr(arriving, "LONGEST", size + 2_000_000)
    message = zipped()
    message.add_attachment(b"\0" * (size * 3 // 4), "application", "zip", filename="films.zip")
    large = message.as_bytes()
    assert size < len(large) < arriving.LONGEST <= letters.LONGEST
    deliver(large)
    assert Request.objects.get().kind == "delete"
    longer = large.replace(b"See the", b"Look at the") + b"\n" * 2_000_000
    deliver(longer)
    kept = Letter.objects.get(state="waiting")
    assert (kept.why, kept.sender) == ("unread", MIRA)
    (left,) = (folders / "letters" / "long").iterdir()
    assert left.stat().st_size == len(longer), "its end is not lost"
    deliver()
    assert Letter.objects.count() == 2, "it is not taken again"


@pytest.mark.parametrize(
    ("codec", "claimed", "text"),
    [
        ("latin-1", "iso-8859-1", "Hola señor, quiero una copia"),
        ("shift_jis", "shift_jis", "個人情報を削除してください"),
        ("cp949", "ks_c_5601-1987", "제 계정을 삭제해 주세요"),
        ("cp1256", "windows-1256", "أرجو حذف حسابي"),
        ("utf-8", "us-ascii", "أرجو حذف حسابي"),
        ("utf-8", "punycode", "請刪除我的帳號"),
        ("utf-8", "no-such-charset", "請刪除我的帳號"),
    ],
)
def test_a_wrong_charset_is_no_end(codec, claimed, text):
    head = f"From: {MIRA}\nContent-Type: text/plain; charset={claimed}\n\n".encode()
    found = letters.read(head + text.encode(codec))
    assert (found.text, found.flaws) == (text, ())


def test_a_charset_that_is_a_lie_is_guessed_and_said():
    head = f"From: {MIRA}\nContent-Type: text/plain; charset=utf-8\n\n".encode()
    text = "請刪除我的帳號和我所有的個人資料，謝謝你們。"
    found = letters.read(head + text.encode("big5"))
    assert found.text == text and "charset" in found.flaws


def test_html_alone_is_read_without_what_is_hidden_in_it(deliver):
    page = (
        "<html><head><style>p{}</style><script>alert(1)</script></head><body><p>Please delete my"
        " account.</p><blockquote><p>Send a copy of my data</p></blockquote>"
        "<img src='https://evil.example/t.gif'></body></html>"
    )
    raw = f"From: {MIRA}\nSubject: s\nContent-Type: text/html; charset=utf-8\n\n{page}".encode()
    deliver(raw)
    kept, row = Letter.objects.get(), Request.objects.get()
    assert "alert" not in kept.text and "evil" not in kept.text
    assert row.kind == "delete"


def test_headers_carry_nothing_into_our_answers(deliver, mailbox):
    raw = (
        letter()
        .replace(
            b"Subject: My data", b"Subject: =?utf-8?q?My_data=0D=0ABcc:_all=40elsewhere.example?="
        )
        .replace(b"Message-ID: <", b"Message-ID: <x\rBcc: eve@evil.example <", 1)
    )
    deliver(raw)
    work()
    (receivers, answer) = mailbox.letters[0]
    assert receivers == [MIRA] and b"Bcc" not in answer
    assert "\n" not in Letter.objects.get().title


def test_names_that_turn_the_direction_of_others_lose_that(deliver):
    name = "=?utf-8?b?" + base64.b64encode("مريم\u202eelpmaxe".encode()).decode() + "?="
    deliver(letter(sender=f"{name} <{MIRA}>"))
    assert Letter.objects.get().name == "مريمelpmaxe"


def test_who_writes_a_great_deal_waits_for_a_person(deliver, mailbox, monkeypatch):
    monkeypatch.setattr(sorting, "A_DAY_UNPROVED", 3)
    deliver(*(letter(f"{n}: please delete my account.") for n in range(5)))
    assert Letter.objects.filter(why="many").count() == 2
    assert Request.objects.count() == 3
    assert answered(mailbox) <= 2 * 3, "somebody else may have the address"


def test_what_fails_on_the_way_is_kept_for_a_person(deliver, monkeypatch):
    monkeypatch.setattr(sorting, "place", lambda letter: 1 / 0)
    deliver(letter())
    kept = Letter.objects.get()
    assert (kept.state, kept.why) == ("waiting", "failed")
    assert "copy of all the data" in kept.text
