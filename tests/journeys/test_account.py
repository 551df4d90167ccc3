"""An account, from the form to the passkey, in a real browser: with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Service
from .walking import PASSWORD, follow_the_mail, press

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
OLDER = """delete PublicKeyCredential.parseCreationOptionsFromJSON;
    delete PublicKeyCredential.parseRequestOptionsFromJSON;
    delete PublicKeyCredential.prototype.toJSON;"""
"""What Safari has from 18.4, Chrome from 129 and Firefox from 119 on; passkeys all of them had."""

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def is_in(page: Page, service: Service) -> bool:
    page.goto(f"{service.url}/settings/")
    return page.url == f"{service.url}/settings/"


def sign_out(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/accounts/logout/")
    press(page, "Sign out")
    assert not is_in(page, service)


@pytest.mark.sample(1)
def test_p2_1_2a_register_then_sign_in_with_a_passkey_alone_and_as_second_factor(
    page: Page, service: Service
):
    address = f"mira-{page.viewport_size['width']}@lantern.example"
    page.goto(f"{service.url}/accounts/signup/")
    press(page, "Reject all")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Where you live").select_option("US-AL")
    page.get_by_label("at least 19 in Alabama").check()
    page.get_by_label("Where you live").select_option("DE")
    sentence = page.get_by_label("at least 18 in Germany")
    assert not sentence.is_checked(), "another sentence is not the one that was ticked"
    sentence.check()
    press(page, "Make the account")
    assert page.get_by_role("link", name="The mail lies here.").count() == 0, "behind a proxy"
    follow_the_mail(page, service, address)
    assert is_in(page, service)

    page.add_init_script(OLDER)
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(f"{service.url}/accounts/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    press(page, "Add it")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".codes li").count() == 10

    page.goto(f"{service.url}/accounts/security/webauthn/add/")
    press(page, "Add it")
    expect(page.get_by_role("alert")).to_have_text(
        "This device holds a passkey of your account already."
    )

    sign_out(page, service)
    page.goto(f"{service.url}/accounts/login/")
    press(page, "Sign in with a passkey")
    page.wait_for_url(f"{service.url}/")
    assert is_in(page, service)

    sign_out(page, service)
    page.goto(f"{service.url}/accounts/login/")
    page.get_by_label("This computer is shared").check()
    press(page, "Sign in with a passkey")
    page.wait_for_url(f"{service.url}/")
    assert is_in(page, service)
    lives = {each["name"]: each["expires"] for each in page.context.cookies()}
    assert lives["plainview-session"] == -1, "it ends with the browser, by a passkey too"
    page.goto(f"{service.url}/privacy/devices/")
    assert "this computer is shared" in page.locator("main").inner_text()

    sign_out(page, service)
    page.goto(f"{service.url}/accounts/login/")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    assert page.url.endswith("/accounts/security/authenticate/")
    press(page, "Use a passkey")
    page.wait_for_url(f"{service.url}/")
    assert is_in(page, service)
    assert "New credential" not in (service.data / "serve.log").read_text()


def test_p10a_without_script_the_sentence_follows_the_place_and_the_mail_leads_in(
    browser: Browser, service: Service
):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{service.url}/accounts/signup/")
    assert context.cookies() == [], "whoever only looks is given nothing to keep"
    page.get_by_label("Email address").fill("noor@lantern.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Where you live").select_option("KR")
    page.get_by_label("I am 18 or older").check()
    press(page, "Make the account")
    sentence = page.get_by_label("at least 19 in South Korea")
    assert not sentence.is_checked()
    assert page.get_by_label("Email address").input_value() == "noor@lantern.example"
    assert context.cookies() == []
    sentence.check()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Make the account")
    follow_the_mail(page, service, "noor@lantern.example")
    assert is_in(page, service)
    context.close()


@pytest.mark.sample(1)
def test_a_form_that_comes_back_begins_at_the_field_to_mend_also_after_a_skip(
    page: Page, service: Service
) -> None:
    page.goto(f"{service.url}/accounts/signup/#main")
    page.get_by_label("Email address").fill("ada@lantern.example")
    page.get_by_label("Password").fill("short")
    page.evaluate("() => document.querySelectorAll('form').forEach(f => { f.noValidate = true; })")
    press(page, "Make the account")
    expect(page.locator("[name=password1]")).to_be_focused()
