"""Mail is a disclosure: text and HTML, signed, a way out of news, and none that spies (P2.4b)."""

from __future__ import annotations

import base64
import re
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from urllib.parse import urlsplit

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core import signing as django_signing
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import translation
from tests.disclosures.conftest import change, work

from plainview.privacy import permissions
from plainview.privacy.disclosures import connections, letters, post
from plainview.privacy.models import Answer, Disclosure
from plainview.privacy.policies import controller
from plainview.web.doctor import examine

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEWS = {"marketing-email": "granted"}
TO = "ines@lantern.example"


def write(
    body: str = "Hello.", to: str = TO, html: str = "", purpose: str = "", subtype: str = "plain"
) -> None:
    message = EmailMultiAlternatives("Some words", body, None, [to])
    message.content_subtype = subtype
    if html:
        message.attach_alternative(html, "text/html")
    if purpose:
        message.purpose = purpose
    message.send()


def arrived(mailbox) -> Parsed:
    (_, raw), *_ = mailbox.letters
    return message_from_bytes(raw, _class=Parsed, policy=policy.default)


@pytest.fixture
def signing(tmp_path, monkeypatch) -> bytes:
    """A key of the sender's; what its domain publishes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "dkim.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setattr(settings, "DKIM_KEY", str(path))
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = b"".join(public.splitlines()[1:-1])
    return b"v=DKIM1; k=rsa; p=" + body


def test_a_letter_goes_by_the_carrier_of_the_policy_and_is_in_the_ledger(member, mailbox):
    ines = member("ines")
    write()
    assert mailbox.letters == [], "the page does not wait for a mail server"
    row = Disclosure.objects.get()
    assert TO not in row.sealed
    assert "Hello" not in row.sealed
    work()
    row.refresh_from_db()
    assert (row.recipient, row.purpose, row.categories) == (
        "harrowgate", "service-messages", "contact.email",
    )  # fmt: skip
    assert (row.subject, row.state, row.sealed) == (ines.pk, "sent", "")
    letter = arrived(mailbox)
    assert letter["Message-ID"].startswith(f"<{row.key}@")


def test_p0a_every_letter_says_who_answers_and_leads_to_the_notice_in_text_and_html(mailbox):
    with translation.override("ar"):
        write("Hello.\n\nhttp://films.example/confirm/abc/\n\n-- \nMina at the desk")
    work()
    letter = arrived(mailbox)
    for kind in ("plain", "html"):
        text = letter.get_body((kind,)).get_content()
        said, _, foot = text.rpartition("Mina at the desk")
        assert "films.example" in said, "a sign of our own is no foot"
        assert "Lantern Street Pictures" in foot
        assert "/legal/privacy/" in foot
    html = letter.get_body(("html",)).get_content()
    assert 'dir="rtl"' in html
    assert 'lang="ar"' in html
    assert re.search(r'<a[^>]*style="[^"]*background-color[^"]*"[^>]*href="http://films', html) or (
        re.search(r'<a[^>]*href="http://films[^>]*style="[^"]*background-color', html)
    ), "styles stand in the elements"
    assert "prefers-color-scheme: dark" in html
    assert "<img" not in html
    assert "<script" not in html


def test_p0a_the_mails_of_accounts_go_the_same_way_and_name_the_group(member, mailbox):
    member("ines")
    Client().post("/accounts/password/reset/", {"email": TO})
    work()
    letter = arrived(mailbox)
    text = letter.get_body(("plain",)).get_content()
    link = re.search(r"https?://\S+/accounts/password/reset/key/\S+", text)
    assert link
    assert link[0] in letter.get_body(("html",)).get_content()
    foot = text.partition("-- ")[2]
    assert "Lantern Street Pictures, 4 Lantern Street, Galway, Ireland" in foot
    assert "Part of Lantern Street Holdings, Kobe, Japan" in foot


@pytest.mark.parametrize(
    "subject",
    [
        "今週の番組のお知らせです。とても長い件名なので折り返されるはずです",
        "برنامج هذا الأسبوع في شارع المصابيح، بعنوان طويل جدًا حتى يُطوى",
    ],
)
def test_a_list_of_letters_shows_who_writes_and_the_subject_as_it_was_written(
    member, mailbox, subject
):
    """A bare address is shown as `hello`; a subject whose first line is empty as another one."""
    member("ines")
    EmailMultiAlternatives(subject, "Hello.", None, [TO]).send()
    work()
    letter = arrived(mailbox)
    assert letter["Subject"] == subject
    assert letter["From"].addresses[0].display_name == controller().name
    assert max(map(len, mailbox.letters[0][1].partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


def test_a_sender_that_was_given_a_name_keeps_it(member, mailbox, monkeypatch):
    member("ines")
    monkeypatch.setattr(settings, "DEFAULT_FROM_EMAIL", "Films <hello@films.example>")
    write()
    work()
    assert arrived(mailbox)["From"] == "Films <hello@films.example>"


def test_rfc_3834_nobodys_absence_is_told_to_us_by_an_answer_to_a_letter(member, mailbox):
    """What a program wrote says so, and programs on holiday answer it to nobody.

    A question from the help page is a person's, and is answered.
    """
    member("ines")
    Client().post("/accounts/password/reset/", {"email": TO})
    question = {"email": TO, "topic": "refund", "text": "I paid twice."}
    asked = Client().post("/help/", question, headers={"Sec-Fetch-Site": "same-origin"})
    assert asked.status_code in (200, 302)
    work()
    letters_by_reader = {
        letter["To"]: letter["Auto-Submitted"]
        for _, raw in mailbox.letters
        if (letter := message_from_bytes(raw))
    }
    assert letters_by_reader.pop(TO) == "auto-generated"
    assert list(letters_by_reader.values()) == ["no"]


def test_dkim_proves_the_sender_and_covers_the_way_out(member, mailbox, signing):
    member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    (_, raw) = mailbox.letters[0]
    signature = message_from_bytes(raw)["DKIM-Signature"].lower()
    assert "list-unsubscribe:list-unsubscribe-post" in re.sub(r"\s+", "", signature)
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: signing)
    assert not dkim.verify(raw.replace(b"Hello", b"Hullo"), dnsfunc=lambda name, timeout=5: signing)


@pytest.mark.parametrize("language", ["ar", "ko"])
def test_a_letter_in_any_script_has_no_octet_that_a_relay_would_have_to_convert(
    mailbox, signing, language
):
    """RFC 6376, 5.3: converted on its way to a server without 8BITMIME, its signature breaks."""
    said = {
        "ar": "مساء الخير من الميناء، = وسطر أطول",
        "ko": "항구에서 전하는 저녁 인사 = 더 긴 줄",
    }[language]
    with translation.override(language):
        write(f"{said}\n\nhttp://films.example/confirm/abc/\n\n.\nFrom here on")
    work()
    (_, raw) = mailbox.letters[0]
    assert raw.isascii()
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: signing)
    text = arrived(mailbox).get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith(f"{said}\n\nhttp://films.example/confirm/abc/\n\n.\nFrom here on\n")


def test_rfc_8058_one_post_without_a_cookie_stops_news_and_a_get_never_does(member, mailbox):
    ines = member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    letter = arrived(mailbox)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.sub(r"^<https?://[^/]+|>$", "", letter["List-Unsubscribe"].strip())
    client = Client(enforce_csrf_checks=True)
    assert "Stop news by email?" in client.get(path).content.decode()
    assert permissions.read(ines.pk)[0].choices == NEWS
    done = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert permissions.read(ines.pk)[0].choices == {"marketing-email": "denied"}
    assert Answer.objects.get().via == "mail"
    with pytest.raises(Exception, match="marketing-email"):
        write(purpose="marketing-email")
    assert client.post("/mail/stop/forged/").status_code == 404


def _decoded(token: str) -> list[bytes]:
    """What anybody can make of a token without our key."""
    parts = [token, *token.split(":")]
    letters = [re.sub(r"[^\w-]", "", each) for each in parts]
    return [base64.urlsafe_b64decode(each[: len(each) // 4 * 4]) for each in letters]


def test_p1_2_1a_the_link_that_stops_news_does_not_tell_whose_it_is(member, mailbox):
    """P1.2.1a: the account's number is nowhere in it, however it is decoded."""
    ines = member("ines", choices=NEWS)
    write(purpose="marketing-email")
    work()
    token = arrived(mailbox)["List-Unsubscribe"].strip("<>").strip("/").rpartition("/")[2]
    assert all(str(ines.pk).encode() not in each for each in _decoded(token))
    old = django_signing.dumps(str(ines.pk), salt=letters.SALT)
    assert any(str(ines.pk).encode() in each for each in _decoded(old))
    assert Client().post(f"/mail/stop/{old}/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert permissions.read(ines.pk)[0].choices == {"marketing-email": "denied"}, "an older letter"


def test_p2_4b_service_messages_have_no_way_out_and_go_to_who_refuses_all_news(member, mailbox):
    member("ines", choices={"marketing-email": "denied"})
    write()
    work()
    assert arrived(mailbox)["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("{# service #}{% include 'marketing/offer.html' %}", "an offer"),
        ("{# service #}Now {{ plan.price }}", "the price of a plan"),
        ("{# service #}https://films.example/?utm_source=mail", "a campaign link"),
        ("{# service #}{% url 'plans' %}", "a campaign link"),
    ],
)
def test_p2_4b_a_promotion_in_a_service_message_fails_the_check(
    monkeypatch, tmp_path, source, what
):
    path = tmp_path / "shop" / "email" / "note_message.txt"
    path.parent.mkdir(parents=True)
    path.write_text(source)
    monkeypatch.setattr(letters, "templates", lambda: iter([path]))
    (problem,) = letters.check()
    assert what in str(problem.msg)
    path.write_text(source.replace("service", "marketing", 1))
    assert letters.check() == []
    path.write_text("no kind")
    assert "does not say what kind" in str(letters.check()[0].msg)


def test_every_letter_that_we_bring_says_its_kind():
    assert len(list(letters.templates())) > 15
    assert letters.check() == []


@pytest.mark.parametrize(
    "html",
    [
        '<p>Hi<img src="https://films.example/open.gif?id=1"></p>',
        "<p style=\"background:url('//films.example/o')\">Hi</p>",
        '<link rel="stylesheet" href="http://films.example/a.css">',
        '<table background="https://films.example/o.gif"><tr><td>Hi</td></tr></table>',
    ],
)
def test_p2_3b_a_letter_that_would_report_its_reader_does_not_leave(member, mailbox, html):
    ines = member("ines", choices=NEWS)
    with pytest.raises(letters.Tracks):
        write(html=html, purpose="marketing-email")
    with pytest.raises(letters.Tracks):
        write(html, purpose="marketing-email", subtype="html")
    change(ines, choices={**NEWS, "marketing-measure": "granted"})
    write(html=html, purpose="marketing-email")
    assert Disclosure.objects.count() == 1


def test_letters_that_wait_go_over_one_connection(member, mailbox):
    for name in ("ines", "tom", "olu"):
        write(to=f"{member(name).email}")
    work()
    assert len(mailbox.letters) == 3
    assert len(mailbox.peers) == 1


def test_a_server_that_refuses_the_receiver_for_good_makes_a_dead_letter(member, mailbox):
    member("ines")
    mailbox.receivers = "550 no such user"
    write()
    work()
    row = Disclosure.objects.get()
    assert (row.state, row.trouble) == ("failed", "receivers")
    assert row.sealed, "the officer may send it again"


def test_a_server_that_is_away_gets_it_later(member, mailbox):
    member("ines")
    mailbox.answer = "451 later"
    write()
    work(times=2)
    assert Disclosure.objects.get().state == "queued"
    mailbox.answer = "250 kept"
    work()
    assert len(mailbox.letters) == 1


def test_without_a_server_letters_stay_here_and_the_ledger_says_so(member, folders):
    member("ines")
    write("Follow http://testserver/x/")
    work(times=2)
    assert Disclosure.objects.get().state == "kept"
    (kept,) = (folders / "outbox").glob("*.log")
    assert "http://testserver/x/" in kept.read_text()
    page = Client().get("/desk/outbox/").content.decode()
    assert 'href="http://testserver/x/"' in page


def test_a_letter_to_nobody_here_is_still_in_the_ledger(mailbox):
    write(to="stranger@elsewhere.example")
    work()
    row = Disclosure.objects.get()
    assert (row.subject, row.state) == (None, "sent")


def test_mail_that_nobody_declared_carries_does_not_leave(member, mailbox, monkeypatch):
    member("ines")
    monkeypatch.setattr(connections, "carrier", lambda: None)
    with pytest.raises(connections.NotConnected):
        write()
    assert "no recipient of the policy carries it" in str(connections.check()[0].msg)


def test_the_doctor_greets_the_mail_server(mailbox, monkeypatch):
    assert any("mail: the server answers" in each.what for each in examine())
    monkeypatch.setattr(settings, "MAIL_SERVER", "smtp://127.0.0.1:1")
    assert post.trouble() == "unreachable"


@pytest.mark.parametrize(
    ("pages", "sender", "said"),
    [
        ("https://films.example.org", "hello@lantern.example", "films.example.org"),
        ("https://bücher.example", "hello@lantern.example", "xn--bcher-kva.example"),
        ("http://192.0.2.7:8000", "Lantern <hello@lantern.example>", "lantern.example"),
        ("http://localhost:8000", "hello@localhost", "[127.0.0.1]"),
    ],
)
def test_rfc_5321_the_mail_server_is_told_a_full_name(mailbox, monkeypatch, pages, sender, said):
    """RFC 5321, 4.1.1.1: `plainview` alone is what some servers turn away."""
    monkeypatch.setattr(settings, "PUBLIC", urlsplit(pages))
    monkeypatch.setattr(settings, "DEFAULT_FROM_EMAIL", sender)
    write()
    work()
    assert mailbox.greetings == [said]


@pytest.mark.parametrize("said", [{"receivers": "450 later"}, {"answer": "554 never"}, None])
def test_whoever_is_refused_or_only_asks_says_goodbye(mailbox, said):
    """RFC 5321, 4.1.1.10: who hangs up again and again is taken for an attacker, and shut out."""
    if said is None:
        assert post.trouble() == ""
    else:
        vars(mailbox).update(said)
        write()
        work()
    assert mailbox.goodbyes == 1


def test_the_doctor_knows_a_key_that_signs_nothing(mailbox, monkeypatch, tmp_path):
    """Each letter would fail of it, one by one."""
    (key := tmp_path / "key.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    monkeypatch.setattr(settings, "DKIM_KEY", str(key))
    (finding,) = [each for each in examine() if each.what == "no letter can be handed over"]
    assert finding.serious and "PLAINVIEW_DKIM_KEY" in finding.remedy
