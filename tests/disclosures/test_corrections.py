"""Whoever got a fact that is wrong is told what is right, by the ledger (P5.2.1.3a; Art. 19)."""

from __future__ import annotations

import hashlib
import re
import time
from email import message_from_bytes, policy

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests.disclosures.conftest import KEY, enter, words, work
from tests.disclosures.doubles import Recipient

from plainview.domains.accounts.models import Role, User
from plainview.domains.playback.models import PlatformUse
from plainview.privacy.disclosures import services, signing
from plainview.privacy.models import Recall
from plainview.privacy.requests.models import Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BOOKS = "marketing-partners"
YES = dict.fromkeys(("audience-uploads", BOOKS, f"{BOOKS}/harbour-books"), "granted")
COUNTS = {"recipient": "meridian", "purpose": "business-analytics"}


def test_p5_2_1_3a_a_corrected_address_reaches_the_mail_service_and_all_who_have_the_old(
    member, connect, platform, mailbox
):
    """P5.2.1.3a: by the member's own page; one recipient by its connection, one by the officer."""
    connect(northgate=("audience", platform.url), **{"harbour-books": ("webhook", platform.url)})
    ines = member("ines", choices=YES)
    services.disclose(recipient="northgate", purpose="audience-uploads", subject=ines.pk)
    services.disclose(recipient="harbour-books", purpose=BOOKS, subject=ines.pk)
    work()
    connect(northgate=("audience", platform.url))
    client = enter(ines)
    client.post("/accounts/email/", {"email": "new@lantern.example", "action_add": ""})
    work()
    assert Recall.objects.count() == 0, "nothing is changed before the address is confirmed"
    ((_to, raw),) = [each for each in mailbox.letters if each[0] == ["new@lantern.example"]]
    letter = message_from_bytes(raw, policy=policy.default).get_body(("plain",)).get_content()
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", letter)[1]
    client.post(link)
    asked = {row.recipient: row for row in Recall.objects.all()}
    assert {name: row.act for name, row in asked.items()} == {
        "northgate": "correct", "harbour-books": "correct",
    }  # fmt: skip
    assert asked["harbour-books"].state == "by-hand"
    platform.got.clear()
    work()
    (got,) = platform.got
    assert got.path == "/members/replace"
    (said,) = got.json["members"]
    assert said["email_sha256"] == [hashlib.sha256(b"new@lantern.example").hexdigest()]
    page = words(client.get("/privacy/disclosures/"))
    assert "Sent what is right now Confirmed" in page and "Our officer writes to them" in page
    mailbox.letters.clear()
    client.post("/accounts/password/reset/", {"email": "new@lantern.example"})
    work()
    assert {tuple(to) for to, _raw in mailbox.letters} == {("new@lantern.example",)}


@pytest.fixture
def meridian(connect):
    with Recipient() as double:
        connect(meridian=("webhook", double.url))
        yield double


@pytest.fixture
def counted(member, meridian) -> User:
    """Ines, of whom somebody was told that she watches on a television."""
    ines = member("ines", choices={"business-analytics": "granted"})
    PlatformUse.objects.create(subject=ines.pk, platform="tv", month="2026-11-01")
    services.disclose(**COUNTS, subject=ines.pk)
    work()
    assert meridian.got[-1].json["people"][0]["data"]["device.family"][0]["platform"] == "tv"
    meridian.got.clear()
    return ines


def test_p5_2_1_3a_who_got_a_disputed_fact_is_told_and_tracked_until_they_confirm(
    counted, meridian, at_desk
):
    """P5.2.1.3a: told when it is set aside, told what is right, reminded, confirmed."""
    meridian.status = 202
    client = enter(counted)
    entries = client.get("/privacy/held/device.family/").context["found"].entries
    (entry,) = [each for each in entries if "Television" in dict(each.values).values()]
    form = {"kind": "device.family", "fact": entry.wrong, "act": "send", "words": "I have none."}
    client.post("/privacy/wrong/", form)
    work()
    (got,) = meridian.got
    assert got.json["act"] == "erase" and got.json["people"] == [], "nothing else was right of it"
    row = Request.objects.get()
    desk = at_desk(User.objects.create_user("o@lantern.example", roles=Role.OFFICER), Client())
    case = f"/desk/privacy/requests/{row.number}/"
    assert "Meridian Counts" in desk.get(case).content.decode()
    seq = Request.objects.get().seq
    answer = {"act": "take", "seq": seq, "outcome": "granted", "said": "Right.",
              "fact-platform": "web", "fact-month": "2026-11-01"}  # fmt: skip
    assert desk.post(f"{case}answer/", answer).status_code == 302
    meridian.got.clear()
    work()
    got = meridian.got[-1].json
    assert got["act"] == "correct"
    assert got["people"][0]["data"]["device.family"][0]["platform"] == "web"
    told = Recall.objects.order_by("asked_at").last()
    assert told.state == "told" and "Told, not confirmed yet" in words(
        client.get("/privacy/disclosures/")
    )
    heads = signing.headers(KEY, "m1", b"{}", time.time())
    path = f"/recipients/meridian/recalls/{told.key}/"
    assert Client().post(path, b"{}", content_type="application/json", headers=heads).status_code
    told.refresh_from_db()
    assert told.state == "confirmed"


def test_p5_2_1_3b_what_one_takes_away_oneself_is_told_too(member, connect, platform):
    """P5.2.1.3b: a second address, deleted where it was given."""
    connect(northgate=("audience", platform.url))
    ines = member("ines", choices=YES)
    second = EmailAddress.objects.create(user=ines, email="ines@elsewhere.example", verified=True)
    services.disclose(recipient="northgate", purpose="audience-uploads", subject=ines.pk)
    work()
    assert len(platform.got[-1].json["members"][0]["email_sha256"]) == 2
    enter(ines).post("/accounts/email/", {"email": second.email, "action_remove": ""})
    work()
    assert platform.got[-1].path == "/members/replace"
    (said,) = platform.got[-1].json["members"]
    assert said["email_sha256"] == [hashlib.sha256(ines.email.encode()).hexdigest()]
    platform.got.clear()
    client = enter(ines)
    client.post("/accounts/logout/")
    work()
    assert platform.got == [], "a sitting that ends is no correction"


def test_what_is_written_anew_as_it_stood_is_told_to_nobody(counted, meridian):
    counted.refresh_from_db()
    counted.save()
    enter(counted).post("/accounts/password/change/", {})
    assert not Recall.objects.exists()
