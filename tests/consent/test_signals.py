"""A signal of another browser, and one that only scripts can hear (settled: signals, 7)."""

from __future__ import annotations

import pytest
from tests.consent.conftest import ADS, permitted

from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer, Device, Heard, Link

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OFF_AGAIN = "So this is off again"


def signed_in(browser, user):
    browser.client.force_login(user)
    return browser


def allow(browser) -> None:
    """Say yes, and yes once more on the page that says that the signal was heard."""
    browser.open("/privacy/choices/")
    browser.press("Save", targeted_ads="yes")
    assert "Your browser asks us not to do this" in browser.says
    browser.press("Allow it")


@pytest.fixture
def at_home(window, member):
    """A signed-in browser with the signal, in which advertising was allowed all the same."""
    home = signed_in(window("US-CA", gpc=True), member)
    allow(home)
    assert permitted(member.pk, ADS)
    return home


def test_p5_2_2_2c_the_first_signal_of_another_browser_closes_the_yes_and_asks_once(
    window, member, at_home
):
    other = signed_in(window("US-CA", gpc=True), member)
    other.open("/")
    assert not permitted(member.pk, ADS), "at once, in the row"
    assert OFF_AGAIN in other.says
    assert OFF_AGAIN in at_home.open("/").content.decode(), "asked wherever they are"
    other.press("Leave it off")
    assert OFF_AGAIN not in other.open("/").content.decode()
    assert OFF_AGAIN not in at_home.open("/").content.decode()
    assert permissions.read(member.pk)[0].choices[ADS] == "denied"
    assert Answer.objects.filter(subject=member.pk, via="again").count() == 1


def test_allowed_once_more_it_stays_so_in_both(window, member, at_home):
    other = signed_in(window("US-CA", gpc=True), member)
    other.open("/")
    other.press("Allow it")
    assert "Allow it all the same?" in other.says, "it takes the second step"
    assert not permitted(member.pk, ADS)
    other.press("Allow it")
    assert permitted(member.pk, ADS)
    for browser in (at_home, other, at_home):
        browser.open("/privacy/choices/")
        assert permitted(member.pk, ADS)
        assert OFF_AGAIN not in browser.says


def test_the_same_browser_signed_in_anew_closes_nothing(member, at_home):
    at_home.client.post("/accounts/logout/")
    at_home.open("/")
    signed_in(at_home, member).open("/")
    assert permitted(member.pk, ADS)
    assert OFF_AGAIN not in at_home.says


def test_a_browser_numbered_for_its_signal_has_answered_nothing(window, member, at_home):
    other = signed_in(window("US-CA", gpc=True), member)
    other.open("/")
    assert "plainview-choices" in other.cookies
    other.client.post("/accounts/logout/")
    other.open("/")
    assert 'name="via" value="banner"' in other.page.content.decode(), "it is asked as anybody is"
    assert OFF_AGAIN not in other.says


def test_nothing_leads_from_the_account_to_the_browser_after_sign_out(window, member, at_home):
    at_home.client.post("/accounts/logout/")
    devices = {str(pk) for pk in Device.objects.values_list("pk", flat=True)}
    assert devices
    assert not Link.objects.exists()
    kept = str(list(Heard.objects.filter(subject=member.pk).values_list()))
    assert not any(device in kept for device in devices)


def test_a_signal_of_one_browser_stays_with_no_other(window, member, at_home):
    """Where it was allowed all the same, in a browser that never sent it, nothing of it is left."""
    other = signed_in(window("US-CA"), member)
    other.open("/privacy/choices/")
    other.press("Reject all")
    allow(other)
    assert "plainview-choices" in other.cookies
    other.client.post("/accounts/logout/")
    other.open("/")
    assert not other.page.wsgi_request.visitor.signals


def test_a_device_that_had_said_yes_before_the_signal_is_asked_once(window):
    browser = window("US-CA", at="/privacy/choices/")
    browser.press("Save", targeted_ads="yes", recognition_storage="yes")
    browser.headers["sec-gpc"] = "1"
    assert OFF_AGAIN in browser.open("/").content.decode()
    browser.press("Leave it off")
    assert OFF_AGAIN not in browser.open("/").content.decode()


# --- heard by script alone ---------------------------------------------------------------------


def test_p5_2_2_2c_a_signal_that_only_scripts_hear_counts_from_then_on(window):
    browser = window("US-CA")
    assert "data-hear" in browser.open("/").content.decode()
    assert not browser.cookies
    assert browser.asks("signal", {"signal": "gpc"}).status_code == 200
    assert browser.cookies == {"plainview-signal"}
    page = browser.open("/")
    assert "Your browser asks us not to sell or share your data" in browser.says
    assert "data-hear" not in page.content.decode()
    assert not page.wsgi_request.visitor.permits(ADS)
    assert "private" in page["Cache-Control"]


def test_it_closes_the_row_of_whoever_is_signed_in_at_once(window, member):
    browser = signed_in(window("US-CA"), member)
    browser.open("/privacy/choices/")
    browser.press("Save", targeted_ads="yes")
    assert permitted(member.pk, ADS)
    browser.asks("signal", {"signal": "gpc"})
    assert not permitted(member.pk, ADS)


def test_another_site_cannot_speak_for_the_browser(window):
    browser = window("US-CA")
    answer = browser.client.post(
        "/api/v1/signal",
        {"signal": "gpc"},
        "application/json",
        headers={"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert not browser.cookies
    assert browser.client.get("/api/v1/signal").status_code == 405
