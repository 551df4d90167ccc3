"""Devices and people: whose answers hold where, who is told, and what stays behind (P5.1.3b)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.consent.conftest import CENTRE
from tests.consent.test_api import Television
from tests.people import somebody

from plainview.privacy import permissions, sessions
from plainview.privacy.consent import connected
from plainview.privacy.consent.models import Answer, Device, Link
from plainview.privacy.consent.queries import handle
from plainview.privacy.models import App, Session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DEVICES, HOME = "/privacy/devices/", "/"
PASSWORD = "a long sentence of words"
DIFFERS = "Your account and this device do not allow the same."
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def sign_in(browser, member, **more):
    browser.headers.setdefault("user-agent", FIREFOX)
    browser.open("/accounts/login/")
    form = dict(browser.form("Sign in").fields)
    browser.post("/accounts/login/", {**form, "login": member.email, "password": PASSWORD, **more})
    assert "_auth_user_id" in browser.client.session


def out(browser):
    browser.open("/accounts/logout/")
    browser.press("Sign out", follow=False)


def answered(browser, button="Accept all"):
    browser.open(CENTRE)
    browser.press(button, follow=False)


def test_whoever_signs_in_where_the_device_said_otherwise_is_told_on_every_page(window, known):
    browser = window("DE")
    answered(browser)
    sign_in(browser, known)
    for address in (HOME, "/search/", "/my/"):
        browser.open(address)
        assert DIFFERS in browser.says, address
    browser.open("/search/?q=lamp")
    browser.press("Use this device’s answers for my account")
    assert browser.page.request["PATH_INFO"] == "/search/"
    assert DIFFERS not in browser.says
    assert permissions.read(known.pk)[0].choices["recommend"] == "granted"


def test_a_device_left_unlike_says_so_in_a_line_and_asks_no_more(window, known):
    browser = window("DE")
    answered(browser)
    sign_in(browser, known)
    browser.open(HOME)
    browser.press("Leave it so")
    browser.open(HOME)
    assert "you left it so: the stricter of the two holds here" in browser.says
    assert "Use my account’s answers here" not in browser.says
    assert not (permissions.read(known.pk)[0].choices or {})
    answered(browser)  # for the account: that settles it
    browser.open(HOME)
    assert "do not allow the same" not in browser.says


def test_p4_1_2a_one_partner_who_was_refused_on_a_device_gets_nothing_there(window, known):
    """P5.1.3b: though the account lets it have something; elsewhere that holds."""
    permissions.change(known.pk, lambda facts: permissions.resident(facts, "US-CA"))
    browser, other = window("US-CA"), window("US-CA")
    browser.open(CENTRE)
    form, one = browser.form("Save"), "targeted-ads/kestrel"
    refused = {"answer": "save", f"recipient-{one}": "no"}
    browser.post(form.action, {**dict(form.fields), **refused})
    for each in (browser, other):
        sign_in(each, known)
    permissions.change(known.pk, lambda facts: permissions.answered(facts, {one: "granted"}))
    for each, permitted in ((browser, False), (other, True)):
        each.open(HOME)
        visitor = each.page.wsgi_request.visitor
        assert visitor.permits("targeted-ads"), "the purpose goes on with others"
        assert visitor.permits("targeted-ads", "kestrel") is permitted
        assert (DIFFERS in each.says) is not permitted


def test_nothing_is_said_where_nothing_differs(window, known):
    browser, other = window("DE"), window("DE")
    sign_in(other, known)
    answered(other, "Reject all")
    answered(browser, "Reject all")
    sign_in(browser, known)
    browser.open(HOME)
    assert "do not allow the same" not in browser.says


def test_signed_out_one_never_changes_the_other_and_signing_out_unlinks(window, known):
    browser = window("DE")
    answered(browser, "Reject all")
    device = Device.objects.get().pk
    before = permissions.read(device)
    sign_in(browser, known)
    assert Link.objects.get().account == known.pk
    browser.open(CENTRE)
    browser.press("Accept all")
    assert permissions.read(device) == before
    out(browser)
    assert not Link.objects.exists()
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"


def test_the_list_says_which_devices_are_linked_and_what_each_said_and_unlinks(window, known):
    phone, desk = window("DE"), window("DE")
    answered(phone, "Reject all")
    sign_in(phone, known)
    sign_in(desk, known)
    answered(desk)
    desk.open(DEVICES)
    assert "Firefox, Android" in desk.says
    assert "in this browser alone: they count beside those of your account" in desk.says
    desk.press("Unlink and sign out there")
    assert "Unlinked." in desk.says
    assert "No browser is linked to your account." in desk.says
    assert phone.open("/settings/").redirect_chain, "signed out there"
    assert Session.objects.filter(account=known.pk).count() == 1
    phone.open(CENTRE)
    assert dict(phone.form("Save").fields)["purpose-history"] == "no", "its answers are its own"


def test_a_link_ends_with_its_session_however_that_ends(window, known):
    browser = window("DE")
    answered(browser)
    sign_in(browser, known)
    other = window("DE")
    sign_in(other, known)
    other.open("/accounts/sessions/")
    other.press("Sign out everywhere else")
    assert not Link.objects.exists()
    sign_in(browser, known)
    Session.objects.filter(family="Firefox, Android").update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    sign_in(other, known)
    other.open(DEVICES)
    assert not Link.objects.exists()


@pytest.mark.parametrize("first", ["answers", "allows despite a signal", "sends a signal"])
def test_p5_1_3b_a_device_that_is_first_numbered_by_a_member_is_signed_out_with_its_link(
    window, known, first
):
    """Signed in before it answered anything: with the link its session ends."""
    if first != "answers":
        permissions.change(known.pk, lambda facts: permissions.resident(facts, "US-CA"))
    phone, desk = window("US-CA", gpc=first != "answers"), window("US-CA")
    if first == "sends a signal":
        said = {"targeted-ads": "affirmed"}
        permissions.change(known.pk, lambda facts: permissions.answered(facts, said))
    sign_in(phone, known)
    phone.open(CENTRE)
    if first == "answers":
        phone.press("Reject all", scope="device")
    elif first == "allows despite a signal":
        phone.press("Save", targeted_ads="yes")
        phone.press("Allow it")
    sign_in(desk, known)
    desk.open(DEVICES)
    assert "Firefox, Android" in desk.says
    desk.press("Unlink and sign out there")
    assert phone.open("/settings/").redirect_chain, "signed out there"
    assert not Link.objects.exists()


def test_p5_1_3b_a_device_that_answered_while_signed_in_is_let_go_with_its_session(window, known):
    phone, desk = window("DE"), window("DE")
    sign_in(phone, known)
    phone.open(CENTRE)
    phone.press("Reject all", scope="device")
    sign_in(desk, known)
    desk.open("/accounts/sessions/")
    desk.press("Sign out everywhere else")
    desk.open(DEVICES)
    assert "No browser is linked to your account." in desk.says
    assert not Link.objects.exists()


@pytest.mark.parametrize("way", ["the page", "the link", "sessions", "the app", "all", "password"])
def test_p5_1_3b_the_device_of_an_app_that_answered_for_itself_is_let_go_with_the_app(
    window, known, way
):
    """P5.1.3b: whoever had it next could not even ask for the device's own data."""
    token = connected.connect(connected.offer(known.pk), "Living room")
    tv, desk = Television("DE", token=token), window("DE")
    shown = tv.get("choices/questions")["whole"]["shown"]
    tv.post("choices", form="centre", shown=shown, answer="reject", scope="device")
    assert (tv.status, Link.objects.get().account) == (200, known.pk)
    sign_in(desk, known)
    desk.open(DEVICES)
    assert desk.says.count("Living room") == 2, "it is named among the browsers and the apps"
    assert Link.objects.exists(), "it is connected, and stays"
    new = {"password1": f"{PASSWORD}, changed", "password2": f"{PASSWORD}, changed"}
    address, sent = {
        "the page": (DEVICES, {"disconnect": App.objects.get().key}),
        "the link": (DEVICES, {"unlink": handle(Link.objects.get().device)}),
        "sessions": ("/accounts/sessions/", {"app": App.objects.get().key}),
        "all": ("/accounts/sessions/", {"others": "1"}),
        "password": ("/accounts/password/change/", {"oldpassword": PASSWORD, **new}),
    }.get(way, ("", {}))
    if way == "the app":
        assert Client().delete("/api/v1/connect", headers=tv.headers).status_code == 204
    else:
        desk.post(address, sent)
    assert not App.objects.exists()
    assert not Link.objects.exists()


def test_p5_1_3b_a_device_stays_linked_while_the_service_changes_its_secret_key(
    window, known, monkeypatch
):
    """Its no counts beside the account's, whether or not its session has gone over to the new key;
    and ending the session from elsewhere ends the link."""
    phone, desk = window("DE"), window("DE")
    for browser in (phone, desk):
        answered(browser, "Reject all")
        sign_in(browser, known)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
    monkeypatch.setattr(settings, "SECRET_KEY", "n" * 60)
    desk.open(DEVICES)
    connected.unlink_ended(known.pk)
    assert Link.objects.count() == 2
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    connected.unlink_ended(known.pk)
    assert Link.objects.count() == 1, "the one that was used went over to the new key"
    desk.open("/accounts/sessions/")
    desk.press("Sign out everywhere else")
    assert desk.open("/settings/").status_code == 200


def test_nobody_unlinks_what_is_somebody_elses(window, known, django_user_model):
    theirs = somebody("other@example.org", PASSWORD)
    browser, stranger = window("DE"), window("DE")
    answered(browser)
    sign_in(browser, known)
    connected.connect(connected.offer(known.pk), "Television")
    app = App.objects.get()
    sign_in(stranger, theirs)
    for sent in ({"unlink": handle(Device.objects.get().pk)}, {"disconnect": app.key}):
        stranger.post(DEVICES, sent)
        assert "That is not linked any more" in stranger.says
    assert Link.objects.count() == App.objects.count() == 1
    nobody = window("DE")
    assert nobody.open(DEVICES).redirect_chain[0][0].startswith("/accounts/login/")


def test_an_app_is_connected_by_a_code_on_the_page_and_disconnected_there(window, known):
    browser = window("DE")
    sign_in(browser, known)
    browser.open(DEVICES)
    browser.press("Connect an app or television")
    code = next(line for line in browser.forms.words if len(line) == 9 and line[4] == "-")
    assert code not in str(App.objects.values_list("code", "token", "key"))
    token = connected.connect(code, "Living room")
    browser.open(DEVICES)
    assert "Living room" in browser.says
    assert token not in browser.page.content.decode()
    browser.press("Unlink and sign out there")
    assert not App.objects.exists()


def test_a_new_password_ends_the_apps(window, known):
    browser = window("DE")
    sign_in(browser, known)
    connected.connect(connected.offer(known.pk), "Television")
    browser.open("/accounts/password/change/")
    new = "another sentence of words"
    form = next(f for f in browser.forms.found if "password" in f.action)
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.post("/accounts/password/change/", {**dict(form.fields), **said})
    known.refresh_from_db()
    assert known.check_password(new)
    assert not App.objects.exists()


def test_at_a_shared_computer_nothing_of_the_person_stays(window, known):
    browser = window("DE")
    sign_in(browser, known, shared="on")
    morsel = browser.client.cookies[settings.SESSION_COOKIE_NAME]
    assert not morsel["max-age"], "it ends with the browser"
    age = Session.objects.get(account=known.pk).expire_date - timezone.now()
    assert age <= timedelta(seconds=sessions.SHARED_AGE)
    answered(browser)
    browser.post("/privacy/choices/", {"via": "centre", "scope": "device", "answer": "reject"})
    browser.post("/language/", {"language": "en", "next": "/"})
    assert not browser.client.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"]
    assert permissions.read(known.pk)[0].choices["history"] == "granted"
    assert not Device.objects.exists()
    assert not Link.objects.exists()
    assert "plainview-choices" not in browser.cookies
    browser.open(DEVICES)
    assert "this computer is shared" in browser.says
    browser.open("/accounts/logout/")
    left = browser.press("Sign out", follow=False)
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(account=known.pk).exists()


def test_at_a_shared_computer_somebody_elses_answers_stay_theirs(window, known):
    browser = window("DE")
    answered(browser, "Reject all")
    carried = browser.client.cookies["plainview-choices"].value
    sign_in(browser, known, shared="on")
    browser.open(HOME)
    assert "Use this device’s answers for my account" not in browser.says
    answered(browser)
    assert not Link.objects.exists()
    assert browser.client.cookies["plainview-choices"].value == carried
    out(browser)
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"
    assert Answer.objects.count() == 2


def test_at_a_shared_computer_an_older_signal_is_not_the_persons(window, known):
    browser = window("US-CA", gpc=True, at=HOME)
    browser.press("OK")
    del browser.headers["sec-gpc"]
    sign_in(browser, known, shared="on")
    browser.open(HOME)
    assert not permissions.read(known.pk)[0].signals


def test_p2_1_3b_what_scripts_kept_goes_with_the_device_and_with_the_account(window, known):
    """What is remembered of the player, and lines not sent yet, are gone after erasure."""
    browser = window("DE")
    answered(browser)
    gone = browser.post("/privacy/device/leave/confirm/", {"sure": "yes"}, follow=False)
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    assert not browser.cookies & {"plainview-choices", "plainview-language"}
    sign_in(browser, known)
    answered(browser, "Reject all")
    browser.open(CENTRE)
    browser.press("Save", scope="device")
    gone = browser.post("/privacy/device/leave/confirm/", {"sure": "yes"}, follow=False)
    assert "Clear-Site-Data" not in gone, "what whoever is signed in has not sent yet stays"
    browser.open(CENTRE)
    browser.press("Save", scope="device")
    browser.post("/language/", {"language": "fr", "next": CENTRE})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "plainview-language" in browser.cookies
    gone = browser.post("/privacy/leave/confirm/", {"sure": "yes"}, follow=False)
    assert gone.url.startswith("/privacy/left/")
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.cookies == {"plainview-choices"}, "what was answered on the device is its own"
    assert 'lang="fr"' in browser.client.get(gone.url).text, "the page of it is read as before"
    assert "plainview-language" not in browser.cookies
