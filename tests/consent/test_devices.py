"""Devices and people: whose answers hold where, who is told, and what stays behind (P5.1.3b)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from msgspec.structs import replace

from plainview.domains.accounts.models import User
from plainview.engine import permits
from plainview.privacy import permissions, sessions
from plainview.privacy.consent import connected, services
from plainview.privacy.consent.models import Answer, Device, Link
from plainview.privacy.disclosures import deciding
from plainview.privacy.models import App, Session
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CENTRE, DEVICES, HOME = "/privacy/choices/", "/privacy/devices/", "/"
PASSWORD = "a long sentence of words"
DIFFERS = "Your account and this device answered differently."
ADS = "targeted-ads"
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
    browser.press("Use this device's answers for my account")
    assert browser.page.request["PATH_INFO"] == "/search/"
    assert DIFFERS not in browser.says
    assert permissions.read(known.pk)[0].choices["recommend"] == "granted"


@pytest.mark.slow
def test_a_device_left_unlike_says_so_in_a_line_and_asks_no_more(window, known):
    browser = window("DE")
    answered(browser)
    sign_in(browser, known)
    browser.open(HOME)
    browser.press("Leave it so")
    browser.open(HOME)
    assert "you left it so: the stricter of the two holds here" in browser.says
    assert "Use my account's answers here" not in browser.says
    assert not (permissions.read(known.pk)[0].choices or {})
    answered(browser)  # for the account: that settles it
    browser.open(HOME)
    assert "answered differently" not in browser.says


def test_nothing_is_said_where_nothing_differs(window, known):
    browser, other = window("DE"), window("DE")
    sign_in(other, known)
    answered(other, "Reject all")
    answered(browser, "Reject all")
    sign_in(browser, known)
    browser.open(HOME)
    assert "answered differently" not in browser.says


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
    assert "What it said by itself counts there beside your account" in desk.says
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
    services.unlink_ended(known.pk)
    assert Link.objects.count() == 2
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    services.unlink_ended(known.pk)
    assert Link.objects.count() == 1, "the one that was used went over to the new key"
    desk.open("/accounts/sessions/")
    desk.press("Sign out everywhere else")
    assert desk.open("/settings/").status_code == 200


def test_nobody_unlinks_what_is_somebody_elses(window, known, django_user_model):
    theirs = django_user_model.objects.create_user("other@example.org", PASSWORD)
    EmailAddress.objects.create(user=theirs, email=theirs.email, primary=True, verified=True)
    browser, stranger = window("DE"), window("DE")
    answered(browser)
    sign_in(browser, known)
    connected.connect(connected.offer(known.pk), "Television")
    app = App.objects.get()
    from plainview.privacy.consent.queries import handle  # noqa: PLC0415

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
    assert left["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(account=known.pk).exists()


def test_at_a_shared_computer_somebody_elses_answers_stay_theirs(window, known):
    browser = window("DE")
    answered(browser, "Reject all")
    carried = browser.client.cookies["plainview-choices"].value
    sign_in(browser, known, shared="on")
    browser.open(HOME)
    assert "Use this device's answers for my account" not in browser.says
    answered(browser)
    assert not Link.objects.exists()
    assert browser.client.cookies["plainview-choices"].value == carried
    out(browser)
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)["purpose-history"] == "no"
    assert Answer.objects.count() == 2


def registered(browser, form=None, at=None):
    """Somebody makes an account in this window, and signs in, maybe in another (`at`)."""
    caches["default"].clear()
    browser.open("/accounts/signup/")
    said = browser.says
    form = form or dict(browser.form("Make the account").fields)
    territory = browser.headers["x-place"]
    typed = {"email": "mira@lantern.example", "password1": PASSWORD, "territory": territory}
    browser.post("/accounts/signup/", form | typed | {"age": "18", "certified": "on"})
    made = User.objects.get(email="mira@lantern.example")
    EmailAddress.objects.filter(user=made).update(verified=True)
    sign_in(at or browser, made)
    return made, said


TOO = "What you refused on this device is refused for your account too."


@pytest.mark.parametrize("place", ["DE", "US-CA", "BR"])
def test_p5_1_3b_what_was_refused_before_there_was_an_account_is_refused_for_it(window, place):
    """The form says so, a receipt proves it, and no page says that the two differ."""
    browser = window(place)
    answered(browser, "Reject all")
    refused = permissions.read(Device.objects.get().pk)[0].choices
    mira, said = registered(browser)
    assert TOO in said
    assert permissions.read(mira.pk)[0].choices == refused
    receipt = Answer.objects.get(subject=mira.pk)
    assert json.loads(receipt.answers) == refused and receipt.shown.text == TOO
    for address in (HOME, "/my/", CENTRE):
        browser.open(address)
        assert "answered differently" not in browser.says, address
    elsewhere = window(place)
    sign_in(elsewhere, mira)
    elsewhere.open(CENTRE)
    assert dict(elsewhere.form("Save").fields)["purpose-history"] == "no"


def test_p5_1_3b_a_yes_of_the_device_does_not_stretch_to_the_account(window):
    browser = window("DE")
    answered(browser)
    mira, said = registered(browser)
    assert TOO not in said
    assert not permissions.read(mira.pk)[0].choices
    assert not Answer.objects.filter(subject=mira.pk).exists()
    browser.open(HOME)
    assert DIFFERS in browser.says


def test_p5_1_3b_a_form_that_said_nothing_of_it_carries_no_no_over(window):
    """Refused in another window after the form was opened: no receipt says what nobody read.

    The opt-out in it goes along when they sign in, and is told then.
    """
    browser = window("DE")
    browser.open("/accounts/signup/")
    form = dict(browser.form("Make the account").fields)
    answered(browser, "Reject all")
    mira, _ = registered(browser, form)
    assert Answer.objects.get(subject=mira.pk).via == "before"
    assert ADS in permissions.read(mira.pk)[0].choices
    assert "history" not in permissions.read(mira.pk)[0].choices


@pytest.mark.parametrize("button", ["OK", ""])
def test_p5_2_2_2c_a_signal_that_the_device_sends_no_more_goes_with_a_new_account(window, button):
    """Told once by script, or answered once beside the header: on no other device is it silent."""
    browser = window("US-CA")
    if button:
        browser.headers["sec-gpc"] = "1"
        browser.open(HOME)
        browser.press(button)
        del browser.headers["sec-gpc"]
    else:
        browser.asks("signal", {"signal": "gpc"})
    elsewhere = window("US-CA")
    mira, said = registered(browser, at=elsewhere)
    assert TOO not in said, "nothing was refused by hand"
    assert permissions.read(mira.pk)[0].signals == {"gpc"}
    assert not elsewhere.open(HOME).wsgi_request.visitor.permits("targeted-ads")


def test_p5_2_2_2b_who_signs_in_where_a_signal_was_heard_before_is_known_by_it(window, known):
    browser, elsewhere = window("US-CA", gpc=True), window("US-CA")
    browser.open(HOME)
    browser.press("OK")
    del browser.headers["sec-gpc"]
    permissions.change(known.pk, lambda facts: permissions.resident(facts, "US-CA"))
    sign_in(browser, known)
    assert not browser.open(HOME).wsgi_request.visitor.permits("targeted-ads")
    sign_in(elsewhere, known)
    assert not elsewhere.open(HOME).wsgi_request.visitor.permits("targeted-ads")


def test_at_a_shared_computer_an_older_signal_is_not_the_persons(window, known):
    browser = window("US-CA", gpc=True)
    browser.open(HOME)
    browser.press("OK")
    del browser.headers["sec-gpc"]
    sign_in(browser, known, shared="on")
    browser.open(HOME)
    assert not permissions.read(known.pk)[0].signals


def test_p5_1_3b_one_recipient_that_was_refused_is_refused_for_the_account(window):
    """A no among yeses goes over, and the yeses beside it do not."""
    browser = window("DE")
    browser.open(CENTRE)
    browser.press("Accept all")
    browser.open(CENTRE)
    one = next(n for n, _ in browser.form("Save").options if n.startswith("recipient-"))
    fields = dict(browser.form("Save").fields)
    browser.post(CENTRE, {**fields, one: "no", "answer": "save"})
    mira, said = registered(browser)
    assert TOO in said
    assert permissions.read(mira.pk)[0].choices == {one.removeprefix("recipient-"): "denied"}


def test_p2_1_3b_what_scripts_kept_goes_with_the_device_and_with_the_account(window, known):
    """What is remembered of the player, and lines not sent yet, are gone after erasure."""
    browser = window("DE")
    answered(browser)
    gone = browser.post("/privacy/device/leave/confirm/", {"sure": "yes"}, follow=False)
    assert gone["Clear-Site-Data"] == '"storage"'
    assert not browser.cookies & {"plainview-choices", "plainview-language"}
    sign_in(browser, known)
    answered(browser, "Reject all")
    browser.open(CENTRE)
    browser.press("Save", scope="device")
    gone = browser.post("/privacy/device/leave/confirm/", {"sure": "yes"}, follow=False)
    assert "Clear-Site-Data" not in gone, "what whoever is signed in has not sent yet stays"
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    gone = browser.post("/privacy/leave/confirm/", {"sure": "yes"}, follow=False)
    assert gone.url.startswith("/privacy/left/")
    assert gone["Clear-Site-Data"] == '"storage"'


@pytest.mark.sample(3)
@pytest.mark.parametrize("order", ["before", "between", "earlier"])
@pytest.mark.parametrize("said", ["", "Accept all"])
def test_p5_2_2_2a_an_opt_out_before_somebody_signs_in_holds_whatever_the_account_said(
    window, known, said, order
):
    """P5.2.2.2a, P5.1.3b: in every order it holds there, and for the account from then on.

    The account said nothing, or yes: before the device opted out (`before`, or `between` two
    sittings there), or only after (`earlier`), by a button for everything, which takes back no
    opt-out.
    """
    permissions.change(known.pk, lambda facts: permissions.resident(facts, "US-CA"))
    browser, elsewhere = window("US-CA"), window("US-CA")
    sign_in(elsewhere, known)

    def account_says():
        if said:
            answered(elsewhere, said)

    def opted_out():
        browser.post("/privacy/opt-out/", {}, follow=False)
        assert not browser.open(HOME).wsgi_request.visitor.permits(ADS)

    if order != "earlier":
        account_says()
    if order == "between":
        sign_in(browser, known)
        out(browser)
    opted_out()
    sign_in(browser, known)
    if order == "earlier":
        account_says()
    visitor = browser.open(HOME).wsgi_request.visitor
    assert not any(visitor.permits(each) for each in (ADS, "partner-sharing", "ad-measurement"))
    assert DIFFERS not in browser.says
    assert not elsewhere.open(HOME).wsgi_request.visitor.permits(ADS)
    out(browser)
    assert not browser.open(HOME).wsgi_request.visitor.permits(ADS)
    sign_in(browser, known)
    assert not elsewhere.open(HOME).wsgi_request.visitor.permits(ADS)


def leaves(account: int) -> bool:
    """Whether ads by what somebody does may have anything of an account, on no device at all."""
    bit = in_force().bit(ADS)
    return permits(permissions.integer(deciding.facts_of(account), device=False), bit)


@pytest.fixture
def californian(known):
    """A member in California, who was asked nothing: there ads run until one opts out."""
    permissions.change(known.pk, lambda facts: permissions.resident(facts, "US-CA"))
    permissions.change(known.pk, lambda facts: replace(facts, presence="US-CA"))
    assert leaves(known.pk)
    return known


def test_p5_2_3_1a_an_opt_out_of_before_one_signed_in_holds_for_the_account(window, californian):
    """What leaves by the account's row goes by it too, also after signing out there."""
    browser = window("US-CA")
    browser.open("/privacy/opt-out/")
    browser.press("Opt out")
    assert leaves(californian.pk), "nobody knows yet whose device this is"
    sign_in(browser, californian)
    assert "You opted out on this device. That holds for your account too now." in browser.says
    assert not leaves(californian.pk)
    receipt = Answer.objects.get(subject=californian.pk)
    assert set(json.loads(receipt.answers).values()) == {"denied"}
    assert "Recommend" not in receipt.shown.text
    out(browser)
    assert not leaves(californian.pk)


def test_p5_2_3_1a_what_was_allowed_for_the_account_later_stays(window, californian):
    """A later yes is the last word; the device keeps its own no, as the page says."""
    browser, phone = window("US-CA"), window("US-CA")
    answered(browser, "Reject all")
    sign_in(phone, californian)
    answered(phone)
    assert leaves(californian.pk)
    sign_in(browser, californian)
    assert leaves(californian.pk)
    browser.open(HOME)
    assert DIFFERS in browser.says
    assert not browser.page.wsgi_request.visitor.permits(ADS)


def test_p5_2_3_1a_an_opt_out_after_a_yes_of_the_account_closes_that(window, californian):
    browser, phone = window("US-CA"), window("US-CA")
    sign_in(phone, californian)
    answered(phone)
    answered(browser, "Reject all")
    sign_in(browser, californian)
    assert not leaves(californian.pk)
    choices = permissions.read(californian.pk)[0].choices
    assert choices["recommend"] == "granted", "only what is opted out of goes along"


def test_p5_2_3_1a_who_signs_in_at_a_computer_of_many_takes_nothing_along(window, californian):
    browser = window("US-CA")
    answered(browser, "Reject all")
    sign_in(browser, californian, shared="on")
    assert leaves(californian.pk)
