"""What comes back: a letter that reached nobody, and one that somebody called junk."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from django.test import Client
from tests.disclosures.conftest import KEYS, change, enter, work
from tests.disclosures.test_mail import NEWS, TO, write

from plainview.privacy import permissions
from plainview.privacy.models import Disclosure, Suppression

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DSN = """Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.films.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{key}@films.example>
To: {to}

--b--
"""
ABUSE = """Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1

--b
Content-Type: message/rfc822

Message-ID: <{key}@films.example>
To: {to}
Subject: x

body
--b--
"""


def post_report(text: str) -> int:
    return (
        Client().post("/mail/returned/", text.encode(), content_type="message/rfc822").status_code
    )


@pytest.mark.parametrize("rotate", KEYS, indirect=True)
def test_a_letter_that_came_back_is_noted_and_its_address_is_left_alone(member, mailbox, rotate):
    member("ines")
    write()
    work()
    row = Disclosure.objects.get()
    rotate()
    told = {"to": TO, "action": "failed", "status": "5.1.1", "key": row.key}
    assert post_report(DSN.format(**told | {"action": "delayed"})) == 422
    assert post_report(DSN.format(**told | {"key": "guessed"})) == 404
    assert post_report(DSN.format(**told | {"to": "tom@lantern.example"})) == 404
    assert post_report("Subject: hello\n\nno report") == 422
    assert not Suppression.objects.exists(), "a forged report holds nobody's mail back"
    assert post_report(DSN.format(**told)) == 204
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("failed", "returned")
    write()
    assert Disclosure.objects.count() == 1
    assert TO not in str(list(Suppression.objects.values()))


def long(report):
    """As Microsoft 365 writes it: what a person reads, made up with styles, stands before."""
    html = "<td style=3D'padding:0'>It did not work.</td>=\n" * 1_000
    words = f"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n{html}"
    return report.replace("Content-Type: text/plain\n\nIt did not work.", words)


def wrapped(report):
    """As a scanner hands it on."""
    return f"Content-Type: multipart/mixed; boundary=w\n\n--w\n{report}\n--w--\n"


def plainly_mixed(report):
    """As OpenSMTPD writes it."""
    return report.replace("multipart/report; report-type=delivery-status;", "multipart/mixed;")


def in_any_letters(report):
    """As servers write it of letters whose addresses are in any script (RFC 6533)."""
    report = report.replace("message/delivery-status", "message/global-delivery-status")
    return report.replace("rfc822; ", "utf-8; ")


@pytest.mark.parametrize("writes", [long, wrapped, plainly_mixed, in_any_letters])
def test_a_report_is_understood_however_the_others_server_writes_it(
    member, mailbox, monkeypatch, writes
):
    monkeypatch.setattr(settings, "MAIL_RETURNS", "returns@films.example")
    member("ines")
    write()
    work()
    row = Disclosure.objects.get()
    told = {"to": TO, "action": "failed", "status": "5.1.10", "key": "x"}
    report = f"To: returns+{row.key}@films.example\n{writes(DSN.format(**told))}"
    assert post_report(report) == 204
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("failed", "returned")


VERP = """To: {back}
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.films.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1

--b--
"""


def test_a_report_that_quotes_nothing_names_its_letter_by_the_address_it_came_to(
    member, mailbox, monkeypatch
):
    monkeypatch.setattr(settings, "MAIL_RETURNS", "returns@films.example")
    member("ines")
    write()
    work()
    row = Disclosure.objects.get()
    (back,) = mailbox.senders
    assert back == f"returns+{row.key}@films.example"
    for wrong in (back.replace("returns", "other"), "returns+guessed@films.example", "x@y.example"):
        assert post_report(VERP.format(back=wrong, to=TO)) in (404, 422)
    assert post_report(VERP.format(back=back, to="tom@lantern.example")) == 404
    assert post_report(VERP.format(back=back, to=TO)) == 204
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("failed", "returned")


def called_junk(member):
    """Somebody who gets news, and has called a letter of it junk."""
    ines = member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    key = Disclosure.objects.get().key
    assert post_report(ABUSE.format(key=key, to=TO)) == 204
    return ines


def test_a_complaint_ends_news_and_leaves_alerts(member, mailbox):
    ines = called_junk(member)
    assert permissions.read(ines.pk)[0].choices == {"marketing-email": "denied"}
    write("An alert.")
    work()
    assert len(mailbox.letters) == 2


@pytest.mark.parametrize("to", ["redacted@example.net", "<Undisclosed Recipients>", ""])
def test_p5_1_2a_a_complaint_whose_address_was_made_unreadable_ends_news(member, mailbox, to):
    """Most who pass complaints on do that (RFC 6590); the letter's key says whose it was."""
    ines = member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    key = Disclosure.objects.get().key
    assert post_report(ABUSE.format(key="guessed", to=to)) == 404
    assert post_report(ABUSE.format(key=key, to=to)) == 204
    assert permissions.read(ines.pk)[0].choices == {"marketing-email": "denied"}
    assert [row.why for row in Suppression.objects.all()] == ["complaint"]
    write(purpose="marketing-email")
    work()
    assert len(mailbox.letters) == 1


def test_p5_1_2a_a_yes_counts_that_is_said_after_a_letter_was_called_junk(member, mailbox):
    """Three ways lead to one state: the page would say yes, and nothing would come."""
    ines = called_junk(member)
    client = enter(ines)
    page = client.get("/privacy/news/").content.decode()
    shown = re.search(r'name="shown" value="([\w.]{81})"', page)[1]
    saved = {"shown": shown, "answer": "save", "purpose-marketing-email": "yes"}
    client.post("/privacy/news/", saved)
    write(purpose="marketing-email")
    work()
    assert len(mailbox.letters) == 2


def test_p5_1_2a_what_was_called_junk_does_not_come_again_once_the_yes_has_lapsed(member, mailbox):
    """P5.1.2a: where news may come until a no, the yes after it was all that let it come."""
    ines = called_junk(member)
    home = {"presence": "us-co", "residence": "us-co"}
    change(ines, choices={"marketing-email": "granted"}, valid_until=time.time() - 1, **home)
    write(purpose="marketing-email")
    work()
    assert len(mailbox.letters) == 1
    change(ines, choices={"marketing-email": "granted"}, valid_until=time.time() + 900)
    write(purpose="marketing-email")
    work()
    assert len(mailbox.letters) == 2


@pytest.mark.parametrize("rotate", KEYS, indirect=True)
def test_p5_1_2a_a_providers_report_of_a_complaint_counts_behind_its_password(
    member, monkeypatch, rotate
):
    ines = member("ines", choices=NEWS)
    monkeypatch.setattr(settings, "MAIL_SERVER", "esp://postmark?server_token=t")
    said = {"RecordType": "SpamComplaint", "Email": TO, "MessageID": "m", "ID": 1}
    post_it = {"content_type": "application/json"}
    assert Client().post("/mail/events/", said, **post_it).status_code == 404
    monkeypatch.setattr(settings, "ANYMAIL", {"WEBHOOK_SECRET": "plainview:long"})
    assert Client().post("/mail/events/", said, **post_it).status_code == 403
    monkeypatch.setattr(settings, "MAIL_SERVER", "")
    write(purpose="marketing-email")
    rotate()
    monkeypatch.setattr(settings, "MAIL_SERVER", "esp://postmark?server_token=t")
    basic = {"HTTP_AUTHORIZATION": "Basic cGxhaW52aWV3Omxvbmc="}
    assert Client().post("/mail/events/", said, **post_it, **basic).status_code == 200
    assert permissions.read(ines.pk)[0].choices == {"marketing-email": "denied"}
