"""Each answer has a receipt: in words, as a page as it was, as a file that proves it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import re

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from tests.consent.test_api import Television
from tests.receipts.conftest import REASON, latest

from plainview.privacy import permissions
from plainview.privacy.consent import connected, layouts
from plainview.privacy.consent.models import Answer, Shown
from plainview.privacy.disclosures import letters
from plainview.privacy.models import Handover
from plainview.privacy.receipts import handing, queries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RECEIPT = "/privacy/receipts/{}.json"


def taken(browser) -> bytes:
    """The file of the last receipt."""
    answer = browser.open(RECEIPT.format(latest().key))
    assert answer.status_code == 200
    return answer.content


def test_p1_1_5g_what_was_shown_can_be_looked_at_as_it_was(window):
    browser = window("DE", language="ko", at="/")
    browser.press("모두 거부")
    browser.open(f"/privacy/receipts/{latest().key}/")
    assert browser.page.headers["Content-Security-Policy"].count("frame-src 'self'") == 1
    page = browser.open(f"/privacy/receipts/{latest().key}/shown/")
    assert "무엇을 기억해도 될까요" in browser.says
    assert "script-src" not in page.headers["Content-Security-Policy"]
    kept = Shown.objects.get()
    assert "사업의 인수자" in kept.document and "A buyer of the business" not in kept.document
    assert kept.page in page.content.decode()
    assert f"/privacy/style/{kept.style_id}.css" in page.content.decode()
    sheet = browser.open(f"/privacy/style/{kept.style_id}.css").content
    assert hashlib.sha256(sheet).hexdigest() == kept.style_id


def _banner(browser):
    browser.open("/")
    browser.press("Accept all")


def _banner_of(browser):
    browser.open("/")
    form = next(form for form in browser.forms.found if ("via", "banner") in form.fields)
    browser.post(form.action, dict(form.fields) | {"answer": "accept"})


def _centre(browser):
    browser.open("/privacy/choices/")
    browser.press("Save", history="yes", recommend="no")


def _opt_out(browser):
    browser.open("/privacy/opt-out/")
    browser.post("/privacy/opt-out/", {"answer": "optout"})


@pytest.mark.parametrize(
    ("place", "language", "answer", "surface"),
    [
        ("DE", "en", _banner, "banner"),
        ("BR", "en", _centre, "centre"),
        ("US-CA", "en", _opt_out, "page"),
    ],
)
def test_p2_11e_an_answer_on_each_surface_has_a_receipt_that_verifies(
    window, verified, place, language, answer, surface
):
    browser = window(place, language=language)
    answer(browser)
    file = taken(browser)
    assert verified(file) == 0
    receipt = json.loads(file)
    record = receipt["dpv:hasRecordOfActivity"]
    assert record["pv:surface"] == surface
    said = {
        id_: s["pv:answer"] for s in record["dpv:hasConsentStatus"] for id_ in s["dpv:hasPurpose"]
    }
    assert said == json.loads(latest().answers)
    asked = {each["dct:identifier"] for each in receipt["dpv:hasNotice"]["dpv:hasProcess"]}
    assert said.keys() <= asked
    assert receipt["dpv:hasNotice"]["pv:text"] == latest().shown.text.split("\n")


def test_p2_11b_a_receipt_says_for_whom_it_holds_and_what_was_heard(window, verified, member):
    browser = window("US-CO", gpc=True, user=member, at="/privacy/choices/")
    browser.press("Reject all")
    file = taken(browser)
    record = json.loads(file)["dpv:hasRecordOfActivity"]
    assert (record["pv:scope"], record["pv:signals"]) == ("account", ["gpc"])
    assert json.loads(file)["pv:principal"]["number"] == str(member.pk)
    assert verified(file) == 0


def test_p2_11e_a_receipt_with_any_byte_changed_is_refused(window, verified):
    browser = window("DE")
    _banner(browser)
    file = taken(browser)
    chance = random.Random(7)
    inside = range(len(file) - 1)  # the line feed at its end is white space
    for place in chance.sample(inside, 60):
        changed = bytearray(file)
        changed[place] ^= 1 << chance.randrange(7)
        assert verified(bytes(changed)) != 0, file[place - 20 : place + 20]
    signer = "\u2014 localhost".encode()
    assert file.count(signer) == 1
    assert verified(file.replace(signer, "\u2014 mocalhost".encode())) != 0, "of no such key"


def test_p2_11e_a_forged_receipt_is_refused(window, verified):
    browser = window("DE")
    _banner(browser)
    file = taken(browser).decode()
    forgeries = {
        '"pv:answer":"granted"': '"pv:answer":"denied"',
        "dpv:ConsentGiven": "dpv:ConsentRefused",
        re.search(r'"dpv:isIndicatedAtTime":"(\d{4}-)', file)[1]: "2024-",  # a leap year
        '"pv:surface":"banner"': '"pv:surface":"mail"',
        "Lantern Street Pictures": "Somebody Else",
    }
    assert verified(file.encode()) == 0
    for was, forged in forgeries.items():
        assert was in file
        assert verified(file.replace(was, forged).encode()) == 1, was


def test_p2_11e_a_receipt_whose_words_stand_for_something_else_is_refused(window, verified):
    """Another context lets `dpv:ConsentRefused` mean what it likes, and no hash is over it."""
    browser = window("DE")
    _banner(browser)
    file = taken(browser).decode()
    for was, forged in {
        "https://w3id.org/dpv#": "https://elsewhere.example/dpv#",
        '"dpv:ConsentReceipt"': '"dpv:ConsentRefused"',
        "dpv-27560#receipt": "dpv-27560#record",
    }.items():
        head, middle, tail = file.partition(was)
        assert middle
        assert verified(f"{head}{forged}{tail}".encode()) == 2, was


def test_p2_11e_a_salt_or_path_of_another_entry_proves_nothing(window, verified):
    files = []
    for _ in range(2):
        browser = window("DE")
        _banner(browser)
        files.append(json.loads(taken(browser)))
    for part in ("salt", "path", "index"):
        mixed = json.loads(json.dumps(files[1]))
        mixed["pv:proof"][part] = files[0]["pv:proof"][part]
        if mixed != files[1]:
            assert verified(json.dumps(mixed).encode()) == 1, part


def test_p2_11e_nobody_gets_the_receipt_of_another(window, member):
    one = window("DE")
    _banner(one)
    key = latest().key
    for other in (window("DE"), window("DE")):
        for page in (f"{key}/", f"{key}.json", f"{key}/shown/"):
            assert other.open(f"/privacy/receipts/{page}").status_code == 404
        other.post(f"/privacy/receipts/{key}/hand/", {})
        assert other.page.status_code == 404
        _banner(other)  # also somebody who has receipts of their own
    stranger = window("DE", user=member)
    assert stranger.open(f"/privacy/receipts/{key}.json").status_code == 404
    assert key not in stranger.open("/privacy/receipts/").content.decode()
    assert one.open(f"/privacy/receipts/{key}/").status_code == 200


def test_answers_stand_in_the_order_of_the_page_and_each_time_kept_on_its_line(window):
    """As whoever answered read them, not by the ids of the policy; sentences are no list."""
    browser = window("DE")
    _banner(browser)
    said = json.loads(taken(browser))["dpv:hasNotice"]["dpv:hasProcess"]
    key = json.loads(taken(browser))["dpv:hasRecordOfActivity"]["dct:identifier"]
    browser.open(f"/privacy/receipts/{key}/")
    shown = browser.page.content.decode()
    answers = shown.partition("receipt-answers")[2].partition("</ul>")[0]
    found = re.findall(r"<span>([^<]+)</span><", answers)
    assert len(found) > 20
    assert found == [each["dct:title"] for each in said if each["dct:title"] in found]
    assert ".; " not in shown


def test_every_entry_stands_in_the_history_with_its_receipt(window):
    browser = window("BR")
    _banner(browser)
    _centre(browser)
    keys = set(Answer.objects.values_list("key", flat=True))
    page = browser.open("/privacy/receipts/").content.decode()
    assert len(keys) == 2
    assert all(f"/privacy/receipts/{key}/" in page for key in keys)
    assert "On the page of choices" in page


def test_what_somebody_answered_before_is_no_part_of_the_page_that_is_kept(window):
    browser = window("DE", at="/privacy/choices/")
    browser.press("Accept all")
    first = latest().shown
    browser = window("DE", language="ar")  # words that nobody answered yet
    _banner_of(browser)
    browser.open("/privacy/choices/")
    form = next(form for form in browser.forms.found if ("via", "centre") in form.fields)
    browser.post(form.action, dict(form.fields) | {"answer": "accept"})
    assert latest().shown != first
    for shown in Shown.objects.all():
        kept = re.findall(r'name="(?:purpose|recipient)-[^>]*', shown.page)
        assert not any("checked" in each for each in kept)
    assert sum('name="purpose-' in shown.page for shown in Shown.objects.all()) == 2


def test_a_page_loaded_before_the_layout_changed_is_recorded_as_what_it_was(window, monkeypatch):
    old, new = window("DE"), window("DE")
    old.open("/")
    new.open("/")
    monkeypatch.setattr(layouts, "version", lambda: "f" * 16)
    old.press("Reject all")
    assert latest().shown.page == "", "it was not this layout that they saw"
    assert latest().shown.text
    fresh = window("DE", at="/")
    fresh.press("Reject all")
    assert latest().shown.page, "whoever sees the layout of now has it kept"
    assert Shown.objects.count() == 2


def test_a_layout_that_nobody_made_up_is_kept(window):
    browser = window("DE", at="/")
    form = browser.form("Reject all")
    sent = dict(form.fields)
    sent["shown"] = sent["shown"].split(".")[0] + "." + "a" * 16
    browser.post(form.action, {**sent, "answer": "reject"})
    assert Shown.objects.get().page == ""
    sent["shown"] = "0" * 64 + "." + "a" * 16
    assert browser.post(form.action, {**sent, "answer": "reject"}).status_code == 409


# --- other ways to answer -------------------------------------------------------------------------


def test_p2_11b_an_answer_in_an_app_has_a_receipt(window, verified):
    app = Television("DE")
    app.save(history=True)
    found = queries.receipt(latest().subject, latest().key)
    record = found.document["dpv:hasRecordOfActivity"]
    assert (record["pv:surface"], record["pv:form"]) == ("api", "centre")
    assert found.page == "", "what the app made of the words is the app's"
    assert verified(found.file) == 0


def test_p2_11e_what_staff_wrote_down_says_so_and_a_correction_is_another_entry(
    officer, member, window, verified
):
    here = permissions.newcomer("DE")
    permissions.change(member.pk, lambda facts: permissions.resident(here, "DE"))
    officer.post(f"/desk/people/{member.pk}/reason/", REASON)
    told = {"channel": "letter", "reason": "By hand.", "said_on": str(timezone.localdate())}
    told["said_on"] = str(timezone.localdate() - dt.timedelta(3))
    page = f"/desk/people/{member.pk}/choices/"
    officer.post(page, {**told, "purpose-history": "yes"})
    officer.post(page, {**told, "purpose-history": "no"})
    browser = window("DE", user=member)
    first, second = Answer.objects.order_by("given_at").values_list("key", flat=True)
    records = []
    for key in (first, second):
        file = browser.open(RECEIPT.format(key)).content
        assert verified(file) == 0, "entered days after it was said, and dated when it was entered"
        records.append(json.loads(file)["dpv:hasRecordOfActivity"])
    assert {each["pv:surface"] for each in records} == {"staff"}
    assert {each["pv:said"] for each in records} == {told["said_on"]}
    assert {s["dpv:isIndicatedBy"] for each in records for s in each["dpv:hasConsentStatus"]} == {
        "dpv:DataController"
    }
    assert [each.get("pv:corrects") for each in records] == [None, first]
    assert "puts an earlier entry right" in browser.open("/privacy/receipts/").content.decode()


def test_p2_11b_a_choice_by_a_link_in_a_mail_has_a_receipt(member, window, verified):
    here = permissions.newcomer("DE")
    permissions.change(member.pk, lambda facts: permissions.resident(here, "DE"))
    link = f"/mail/stop/{signing.dumps(str(member.pk), salt=letters.SALT)}/"
    assert Client().post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    browser = window("DE", user=member)
    file = taken(browser)
    assert json.loads(file)["dpv:hasRecordOfActivity"]["pv:surface"] == "mail"
    assert verified(file) == 0


# --- from one screen to another -------------------------------------------------------------------


def _code(browser) -> str:
    page = browser.post(f"/privacy/receipts/{latest().key}/hand/", {})
    assert b"<svg" in page.content
    assert str(latest().subject).encode() not in page.content
    return page.context["address"].rsplit("/", 2)[1]


def test_a_telephone_takes_a_receipt_once(window, verified):
    television = window("DE")
    _banner(television)
    code = _code(television)
    telephone = Client(headers={"origin": "http://testserver", "sec-fetch-site": "same-origin"})
    page = telephone.get(f"/privacy/handed/{code}/")
    assert page.headers["Referrer-Policy"] == "same-origin", "its form would have no origin"
    assert latest().key.encode() not in page.content, "looking at the link takes nothing"
    file = telephone.post(f"/privacy/handed/{code}/", {"as": "file"})
    assert file.headers["Content-Type"] == "application/ld+json"
    assert verified(file.content) == 0
    again = telephone.post(f"/privacy/handed/{code}/", {"as": "file"})
    assert again.status_code == 410
    assert latest().key.encode() not in again.content
    assert not Handover.objects.exists()


def test_a_code_is_good_for_minutes_and_the_next_one_ends_it(window, monkeypatch):
    television = window("DE")
    _banner(television)
    first, second = _code(television), _code(television)
    here = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    telephone = Client(headers=here)
    assert telephone.post(f"/privacy/handed/{first}/").status_code == 410
    monkeypatch.setattr(handing, "LIFE", handing.LIFE * 0)
    assert telephone.post(f"/privacy/handed/{second}/").status_code == 410
    assert telephone.post("/privacy/handed/nothing/").status_code == 410


# --- given at once --------------------------------------------------------------------------------


def test_p2_11e_an_app_is_given_its_receipt_with_the_answer_and_fetches_it(member, verified):
    app = Television("DE", token=connected.connect(connected.offer(member.pk), "Living room"))
    receipt = app.save(history=True)["receipt"]
    assert receipt["number"] == latest().key
    file = Client().get(receipt["file"], headers=app.headers)
    assert file.headers["Content-Type"] == "application/ld+json"
    assert verified(file.content) == 0
    record = json.loads(file.content)["dpv:hasRecordOfActivity"]
    assert record["dct:identifier"] == receipt["number"]
    assert app.get("receipts")["answers"][0]["receipt"] == receipt
    assert app.get("receipts")["answers"][0]["answers"] == {"history": "granted"}
    later = app.save(history=False)["receipt"]
    assert [each["receipt"] for each in app.get("receipts")["answers"]] == [later, receipt]


def test_p2_11e_a_device_without_account_fetches_its_receipt_by_what_it_keeps(window, verified):
    app = Television("DE")
    receipt = app.save(history=False)["receipt"]
    assert verified(Client().get(receipt["file"], headers=app.headers).content) == 0
    for stranger in (Television("DE"), Television("DE", token="x" * 43)):
        answer = Client().get(receipt["file"], headers=stranger.headers)
        assert answer.status_code in (401, 404)
        assert receipt["number"] not in answer.content.decode()
    browser = window("DE", at=receipt["page"])
    assert browser.page.status_code == 404, "another device's is nobody else's"


def test_before_a_second_step_there_is_no_receipt_yet(window):
    app = Television("US-CO", gpc=True)
    answer = app.save(targeted_ads=True)
    assert answer["confirm"] is not None
    assert answer["receipt"] is None
    again = answer["confirm"]
    said = app.post("choices/confirm", shown=again["shown"], purposes=["targeted-ads"])
    assert said["receipt"]["number"] == latest().key


@pytest.mark.parametrize("answer", [_centre, _opt_out])
def test_p2_11e_a_page_that_says_saved_leads_to_the_very_receipt(window, answer):
    browser = window("US-CA")
    answer(browser)
    page = browser.page
    assert "saved" in page.request["QUERY_STRING"] or "kept" in page.request["QUERY_STRING"]
    assert f"/privacy/receipts/{latest().key}/" in page.content.decode()
