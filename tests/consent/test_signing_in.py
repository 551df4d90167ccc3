"""What a device said before somebody signed in or made an account, and how far that goes along."""

from __future__ import annotations

import json

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from msgspec.structs import replace
from tests.consent.conftest import ADS, CENTRE
from tests.consent.test_devices import DIFFERS, HOME, PASSWORD, answered, out, sign_in

from plainview.domains.accounts.models import User
from plainview.engine import permits
from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer, Device
from plainview.privacy.disclosures import deciding
from plainview.privacy.policies import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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
        assert "do not allow the same" not in browser.says, address
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
    browser = window("DE", at="/accounts/signup/")
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


def test_p5_1_3b_one_recipient_that_was_refused_is_refused_for_the_account(window):
    """A no among yeses goes over, and the yeses beside it do not."""
    browser = window("DE", at=CENTRE)
    browser.press("Accept all")
    browser.open(CENTRE)
    one = next(n for n, _ in browser.form("Save").options if n.startswith("recipient-"))
    fields = dict(browser.form("Save").fields)
    browser.post(CENTRE, {**fields, one: "no", "answer": "save"})
    mira, said = registered(browser)
    assert TOO in said
    assert permissions.read(mira.pk)[0].choices == {one.removeprefix("recipient-"): "denied"}


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
    browser = window("US-CA", at="/privacy/opt-out/")
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


def test_p5_2_3_1a_a_yes_of_a_device_takes_two_steps_where_the_account_opted_out(
    window, californian
):
    """P5.2.3.1a: as on every other page (11 CCR 7028); what needs one step is taken over."""
    browser, phone = window("US-CA"), window("US-CA")
    sign_in(phone, californian)
    answered(phone, "Reject all")
    answered(browser)
    sign_in(browser, californian)
    browser.open(HOME)
    browser.press("Use this device’s answers for my account")
    assert not leaves(californian.pk)
    assert permissions.read(californian.pk)[0].choices["recommend"] == "granted"
    browser.press("Allow it")
    assert leaves(californian.pk)


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
