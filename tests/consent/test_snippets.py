"""What others serve, over HTTP: a question until it is permitted, then a frame held to it."""

import pytest
from django.conf import settings
from tests.consent.conftest import CENTRE, frame
from tests.consent.test_devices import DIFFERS, sign_in

from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer, Device

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_p1_2_6a_nothing_of_others_is_in_a_page_before_a_yes(window, snippet):
    browser = window("DE", at="/help/")
    page = browser.page.content.decode()
    assert "embed.roundtable.example" not in page
    assert "embed.roundtable.example" not in browser.page["Content-Security-Policy"]
    assert "Roundtable Comments (the Netherlands) would load this" in browser.says
    browser.press("Load it")
    given = Answer.objects.get()
    assert given.via == "gate"
    assert given.answers == '{"comments-embed": "granted"}', "and nothing beside"
    assert "Roundtable Comments" in given.shown.text
    assert "embed.roundtable.example" not in browser.page.content.decode()
    assert "embed.roundtable.example" not in browser.page["Content-Security-Policy"]
    inside = browser.open(frame(browser))
    assert inside.status_code == 200
    assert "frame-src 'self' https://embed.roundtable.example" in inside["Content-Security-Policy"]
    assert "script-src 'none'" in inside["Content-Security-Policy"]
    assert inside["X-Frame-Options"] == "SAMEORIGIN"
    assert "private" in inside["Cache-Control"]


def test_p5_1_3a_a_frames_old_address_gives_nothing_after_a_no(window, snippet):
    browser = window("DE", at="/help/")
    browser.press("Load it")
    address = frame(browser)
    browser.open("/privacy/choices/")
    browser.press("Reject all")
    after = browser.open(address)
    assert (after.status_code, after.content) == (403, b"")
    assert "embed.roundtable.example" not in after["Content-Security-Policy"]
    assert window("DE").open(address).status_code == 403, "and a stranger nothing either"


def test_p4_1_2a_a_no_to_the_one_recipient_closes_its_gate(window, snippet):
    browser = window("DE", at="/help/")
    browser.press("Load it")
    address = frame(browser)
    browser.open("/privacy/choices/")
    form = browser.form("Save")
    field = "recipient-comments-embed/roundtable"
    browser.post(form.action, {**dict(form.fields), "answer": "save", field: "no"})
    assert permissions.read(Device.objects.get().pk)[0].choices["comments-embed"] == "granted"
    assert browser.open(address).status_code == 403
    browser.open("/help/")
    assert not frame(browser)
    browser.press("Load it")
    assert browser.open(frame(browser)).status_code == 200


ONE = "recipient-comments-embed/roundtable"


def refuse_one(browser, scope="account"):
    """Say no to the one recipient and to nothing else, on the page of choices."""
    browser.open(CENTRE)
    form = browser.form("Save")
    shown = dict(form.fields)["shown"]
    said = {"via": "centre", "answer": "save", "scope": scope, "shown": shown, ONE: "no"}
    assert browser.post(form.action, said).status_code == 200


def load(browser):
    browser.open("/help/")
    browser.press("Load it")
    assert browser.open(frame(browser)).status_code == 200


@pytest.mark.sample(2)
@pytest.mark.parametrize("refuses", ["account", "device", "device alone", "device, signed in"])
def test_p5_1_3b_while_they_differ_a_no_to_one_recipient_holds_whoever_said_it(
    window, known, snippet, refuses
):
    """The banner controls a browser: while device and account differ, the stricter holds."""
    here, elsewhere = window("DE"), window("DE")
    if refuses != "device alone":
        load(here)
    sign_in(elsewhere, known)
    load(elsewhere)
    if refuses == "account":
        refuse_one(elsewhere)
    elif refuses != "device, signed in":
        refuse_one(here)
    sign_in(here, known)
    if refuses == "device, signed in":
        before = here.asks("choices")["ETag"]
        refuse_one(here, "device")
        assert here.asks("choices")["ETag"] != before, "an open page takes the frame away"
    here.open("/help/")
    assert not frame(here)
    assert DIFFERS in here.says
    here.press("Use my account’s answers here")
    here.open("/help/")
    assert bool(frame(here)) is (refuses != "account"), "one was chosen: its answer holds"
    assert "do not allow the same" not in here.says


@pytest.mark.parametrize("of", ["", "forged", "eyJhIjoxfQ:abc"])
def test_only_what_a_page_of_ours_sealed_is_framed(window, of):
    assert window("DE").open(f"/privacy/snippet/?of={of}").status_code == 404


def test_the_shipped_pages_have_nothing_of_others(window):
    assert not settings.TEMPLATES[0]["DIRS"]
    browser = window("US-VA")
    for address in ("/", "/help/"):
        assert "<consent-gate" not in browser.open(address).content.decode()
