"""What an authority asks of the officer is answered, with proof, and to nobody without a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.receipts.conftest import REASON, latest, opened

from plainview.domains.accounts.models import User
from plainview.domains.staff.models import Case, Look
from plainview.privacy import log
from plainview.privacy.consent.models import Answer
from plainview.privacy.log.models import Act, Head
from plainview.privacy.log.services import deed
from plainview.privacy.models import Disclosure
from plainview.privacy.receipts import sampling
from plainview.privacy.receipts.sampling import Draw

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]


@pytest.fixture
def mira(window) -> User:
    """A member who allowed something in Germany."""
    mira = User.objects.create_user("mira@lantern.example")
    answers(mira, window("DE"), "Accept all")
    return mira


@pytest.fixture
def twice(mira, window) -> User:
    """She took it back under a signal."""
    answers(mira, window("DE", gpc=True), "Reject all")
    return mira


def answers(who: User, browser, button: str) -> None:
    browser.client.force_login(who)
    browser.open("/privacy/choices/")
    browser.press(button)


def told(subject: int, days_ago: int = 0) -> None:
    """Something went to a partner."""
    at = timezone.now() - dt.timedelta(days_ago)
    Disclosure.objects.create(
        subject=subject,
        recipient="copperline",
        purpose="billing",
        categories="contact.email",
        basis="contract",
        country="NL",
        queued_at=at,
        sent_at=at,
        state="sent",
        policy="x",
    )


def changed(zipped: zipfile.ZipFile, name: str, data: bytes | None) -> bytes:
    """The bundle with one file changed or taken out, and its list brought into step."""
    files = {each: zipped.read(each) for each in zipped.namelist() if each != name}
    files |= {name: data} if data is not None else {}
    about = json.loads(files.pop("bundle.json"))
    about["files"] = {each: hashlib.sha256(held).hexdigest() for each, held in files.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for each, held in {**files, "bundle.json": json.dumps(about).encode()}.items():
            out.writestr(each, held)
    return made.getvalue()


def whole(zipped: zipfile.ZipFile) -> bytes:
    """The bundle as a file."""
    return changed(zipped, "bundle.json", zipped.read("bundle.json"))


def bundle_of(answer) -> tuple[zipfile.ZipFile, dict]:
    """The zip that was downloaded, and the list in it."""
    assert answer.headers["Content-Type"] == "application/zip"
    zipped = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    about = json.loads(zipped.read("bundle.json"))
    for name, digest in about["files"].items():
        assert hashlib.sha256(zipped.read(name)).hexdigest() == digest, name
    assert {*about["files"], "bundle.json"} == set(zipped.namelist())
    return zipped, about


def test_p2_11e_the_desk_shows_what_somebody_saw_and_said_on_a_day(officer, mira, twice):
    told(mira.pk)
    page = officer.get(opened(officer, mira.pk)).content.decode()
    assert page.count("On the page of choices") == 2
    assert "Copperline Payments" in page
    assert "GPC" in page
    shown = officer.get(f"/desk/privacy/proofs/{mira.pk}/{latest().key}/shown/")
    assert "Reject all" in shown.content.decode()
    receipt = officer.get(f"/desk/privacy/proofs/{mira.pk}/{latest().key}/").content.decode()
    assert "No" in receipt
    assert latest().key in receipt


def test_a_day_before_shows_what_was_not_there_yet(officer, mira):
    told(mira.pk)
    yesterday = (timezone.now() - dt.timedelta(1)).date()
    where = opened(officer, mira.pk)
    page = officer.get(where, {"on": yesterday.isoformat()}).content.decode()
    assert "Nothing by that day" in page
    assert "Nobody by that day" in page
    assert officer.get(where, {"on": "next week"}).status_code == 200
    assert officer.get(where, {"on": "9999-12-31"}).status_code == 200
    ahead = officer.post(f"{where}bundle/", {"on": "9999-12-31"})
    assert "9999" not in ahead["Content-Disposition"], "it says nothing of a day that is to come"


def test_p2_1_6a_without_a_reason_nothing_of_it_opens(officer, mira):
    key = latest().key
    for path in (f"{key}/shown/", f"{key}/", ""):
        where = f"/desk/privacy/proofs/{mira.pk}/{path}"
        answer = officer.get(where)
        assert answer.status_code == 302
        assert answer.url.startswith(f"/desk/people/{mira.pk}/reason/?next=")
    back = officer.post(answer.url, REASON)
    assert back.url == where, "and the reason leads on to it"
    assert officer.get(where).status_code == 200
    assert Look.objects.get(person=mira.pk).reason == "The authority asked."
    assert Act.objects.filter(person=mira.pk, what="access").exists()


def test_a_reason_leads_to_no_page_of_somebody_else(officer, mira):
    where = f"/desk/people/{mira.pk}/reason/?next=https://elsewhere.example/"
    assert officer.post(where, REASON).url == f"/desk/people/{mira.pk}/"


def test_only_who_may_hand_out_proofs_does(at_desk, mira):
    moderator = at_desk(User.objects.create_user("mod@lantern.example", roles="moderator"))
    for path in ("proofs/", f"proofs/{mira.pk}/", "proofs/samples/"):
        assert moderator.get(f"/desk/privacy/{path}").status_code == 403


def test_nobody_gets_the_receipt_of_one_person_at_the_page_of_another(officer, mira, window):
    mine = str(latest().key)
    browser = window("DE", at="/")
    browser.press("Reject all")
    other = latest()
    opened(officer, mira.pk)
    for path in ("", "shown/"):
        assert officer.get(f"/desk/privacy/proofs/{mira.pk}/{other.key}/{path}").status_code == 404
    assert officer.get(f"/desk/privacy/proofs/{mira.pk}/{mine}/").status_code == 200


def test_an_address_a_number_and_a_receipt_lead_to_the_person(officer, mira):
    for who in (mira.email, str(mira.pk), latest().key):
        answer = officer.post("/desk/privacy/proofs/", {"who": who, "on": "2026-05-03"})
        assert answer.url == f"/desk/privacy/proofs/{mira.pk}/?on=2026-05-03", who
    for who in ("nobody@lantern.example", "17", "not-a-number", "", str(2**70)):
        answer = officer.post("/desk/privacy/proofs/", {"who": who})
        assert answer.status_code == 422, who


def test_a_receipt_that_somebody_brings_is_held_against_our_own(officer, mira, twice, window):
    browser = window("DE", user=mira)
    file = browser.open(f"/privacy/receipts/{latest().key}.json").content
    forged = file.replace(b'"denied"', b'"granted"')

    def bring(data: bytes):
        upload = SimpleUploadedFile("receipt.json", data, "application/ld+json")
        return officer.post("/desk/privacy/proofs/", {"receipt": upload})

    assert bring(file).url.startswith(f"/desk/privacy/proofs/{mira.pk}/")
    assert "changed, or forged" in bring(forged).content.decode()
    for junk in (b"{}", b"[[[[", b"\xff\xfe", b'{"dpv:hasRecordOfActivity": 3}'):
        assert "no receipt of ours" in bring(junk).content.decode()


def test_p2_11e_the_bundle_verifies_without_us(officer, mira, twice, verified):
    told(mira.pk)
    opened(officer, mira.pk)
    zipped, about = bundle_of(officer.post(f"/desk/privacy/proofs/{mira.pk}/bundle/"))
    assert about["reason"] == "The authority asked."
    receipts = [name for name in zipped.namelist() if name.startswith("receipts/")]
    assert len(receipts) == 2
    for name in receipts:
        assert verified(zipped.read(name)) == 0
        assert json.loads(zipped.read(name))["pv:proof"]["head"] == about["head"]
    assert [each["recipient"] for each in about["told"]] == ["Copperline Payments"]
    assert [each["signal"] for each in about["signals"]] == ["gpc"]
    assert verified(whole(zipped), "bundle") == 0
    index = zipped.read("index.html").decode()
    assert "/legal/log/" in index and "plainview-verify.py bundle" in index, "it says how"
    packed_anew = io.BytesIO(whole(zipped))
    with zipfile.ZipFile(packed_anew, "a") as out:
        out.mkdir("receipts")
    assert verified(packed_anew.getvalue(), "bundle") == 0, "unpacked, read, and packed again"
    forged = zipped.read(receipts[0]).replace(b'"denied"', b'"granted"')
    forged = forged if forged != zipped.read(receipts[0]) else forged.replace(b"granted", b"denied")
    assert verified(changed(zipped, receipts[0], forged), "bundle") == 1
    notice = json.loads(zipped.read(receipts[0]))["dpv:hasNotice"]["pv:layout"]
    page = f"shown/{notice['page']}.html"
    assert verified(changed(zipped, page, b"<p>Another page</p>"), "bundle") == 1
    assert verified(b"no zip", "bundle") == 2
    page = zipped.read(f"shown/{notice['page']}.html")
    assert hashlib.sha256(page).hexdigest() == notice["page"]


# --- a sample -------------------------------------------------------------------------------------


def several(window, count: int) -> set[int]:
    """So many devices that answered; their numbers."""
    for _ in range(count):
        browser = window("DE", at="/")
        browser.press("Reject all")
    return set(Answer.objects.values_list("subject", flat=True))


def ask(officer, count: int, size: int = 0, seed: str = "case 17, drawn on Tuesday"):
    today = timezone.now().astimezone(dt.UTC).date()
    return officer.post(
        "/desk/privacy/proofs/samples/",
        {
            "first": (today - dt.timedelta(30)).isoformat(),
            "last": today.isoformat(),
            "count": count,
            "size": size or log.sequence().size,
            "seed": seed,
            "authority": "The authority",
            "reference": "17",
            "reason": "It asked for a sample.",
        },
    )


def test_p2_11e_a_sample_names_nobody_verifies_and_can_be_drawn_again(officer, window, verified):
    people = several(window, 6)
    zipped, about = bundle_of(ask(officer, 4))
    receipts = {
        json.loads(zipped.read(name))["pv:proof"]["index"]: zipped.read(name)
        for name in zipped.namelist()
        if name.startswith("receipts/")
    }
    assert sorted(receipts) == about["draw"]["indices"]
    assert len(receipts) == 4
    everything = b"".join(zipped.read(name) for name in zipped.namelist())
    for person in people:
        assert str(person).encode() not in everything
    for file in receipts.values():
        assert verified(file) == 0
        assert b"pv:principal" not in file
    assert verified(whole(zipped), "bundle") == 0
    picked = next(name for name in zipped.namelist() if name.startswith("receipts/"))
    assert verified(changed(zipped, picked, None), "bundle") == 1, "one that was left out is missed"
    told = []
    for seed in "abcdefgh":  # of few entries, two seeds may draw the same ones
        other = about | {"draw": about["draw"] | {"seed": seed}}
        text = json.dumps(other).encode()
        told.append(verified(changed(zipped, "bundle.json", text), "bundle"))
    assert 1 in told, "another seed draws others"
    unknown = json.dumps(about | {"kind": "drawing"}).encode()
    assert verified(changed(zipped, "bundle.json", unknown), "bundle") == 3, "nor goes undrawn"
    head = Head.objects.get(note=about["head"])
    draw = Draw(about["draw"]["seed"], about["draw"]["from"], about["draw"]["to"], 4)
    others = {each["proof"]["index"] for each in about["others"]}
    again = []
    for index in sampling.numbers(draw, bytes(head.root)):
        if index not in others:
            again.append(index)
        if len(again) == 4:
            break
    assert sorted(again) == about["draw"]["indices"]


def test_p2_11e_a_sample_among_many_acts_of_our_own_is_drawn_at_once(officer, window):
    """P2.11e: where fewer answered than were asked for, each place was looked up by itself."""
    several(window, 2)
    for _ in range(60):
        deed("duty", **{"pv:duty": "backup"})
    with CaptureQueriesContext(connection) as done:
        _zipped, about = bundle_of(ask(officer, 3))
    assert (len(about["draw"]["indices"]), len(about["others"]) >= 60) == (2, True)
    looked = [each for each in done if 'FROM "privacy_log_deed"' in each["sql"]]
    assert len(looked) == 1


def test_p2_1_6a_whoever_was_drawn_can_read_that_and_why(officer, window):
    several(window, 3)
    bundle_of(ask(officer, 3))
    assert {look.person for look in Look.objects.all()} == set(
        Answer.objects.values_list("subject", flat=True)
    )
    assert {look.reason for look in Look.objects.all()} == {"It asked for a sample."}
    numbers = dict(Case.objects.values_list("person", "number"))
    assert all(look.case == numbers[look.person] for look in Look.objects.all())
    assert not Case.objects.filter(closed_at=None).exists(), "a sample opens nobody"


def test_a_sample_of_days_without_entries_or_in_the_wrong_order_is_refused(officer, window):
    several(window, 1)
    asked = {"first": "2020-03-01", "last": "2020-03-31", "count": 5, "seed": "x", "reason": "y"}
    asked |= {"authority": "The authority", "reference": "17"}
    asked["size"] = log.sequence().size
    answer = officer.post("/desk/privacy/proofs/samples/", asked)
    assert answer.status_code == 422
    assert "no entries from these days" in answer.content.decode()
    ahead = {"first": "9999-12-30", "last": "9999-12-31"}
    assert officer.post("/desk/privacy/proofs/samples/", asked | ahead).status_code == 422
    answer = officer.post("/desk/privacy/proofs/samples/", asked | {"last": "2019-01-01"})
    assert "before the first" in answer.content.decode()
    assert not Look.objects.exists()


def test_a_sample_is_drawn_under_the_head_that_was_told_not_a_later_one(officer, window):
    several(window, 3)
    told_head = log.sequence()
    several(window, 3)
    _zipped, about = bundle_of(ask(officer, 6, size=told_head.size))
    assert about["draw"]["to"] == told_head.size
    assert len(about["draw"]["indices"]) == 3
    assert "was ever signed" in ask(officer, 6, size=10**9).content.decode()
