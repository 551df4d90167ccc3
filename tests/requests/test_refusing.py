"""Rights that are a no: how far each holds in browsers, which answer for themselves (P3.1.2e)."""

from __future__ import annotations

import pytest
from django.core import mail
from msgspec.structs import replace
from tests.requests.conftest import member, signed_in

from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer, Device
from plainview.privacy.gate import purposes
from plainview.privacy.policies import in_force
from plainview.privacy.requests.models import Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CENTRE, ASKS = "/privacy/choices/", "/privacy/request/"


def permitted(subject: int, purpose: str, *, device: bool = True) -> bool:
    bits = permissions.integer(permissions.read(subject)[0], device=device)
    return bool(bits >> in_force().bit(purpose) & 1)


def asks(browser, kind: str, address: str = ASKS, **more: str) -> None:
    browser.open(address)
    browser.post(address, {"kind": kind, "words": "I take it back.", **more})
    assert browser.page.status_code == 200


@pytest.mark.sample(4)  # one of each kind
@pytest.mark.parametrize("contact", ["ada@elsewhere.example", ""])
@pytest.mark.parametrize(
    ("place", "kind", "purpose"),
    [
        ("DE", "withdraw-consent", "history"),
        ("US-CA", "optout-sale-sharing", "cross-context-ads"),
        ("US-VA", "optout-targeted-ads", "targeted-ads"),
        ("US-CA", "object", "personalise-search"),
        ("DE", "restrict", "history"),
        ("DE", "object-direct-marketing", "audience-uploads"),
    ],
)
def test_p3_1_2e_what_is_refused_by_the_form_is_refused_in_the_browser_that_sent_it(
    window, place, kind, purpose, contact
):
    """Consent for cookies can be withdrawn by contacting: the form reaches the very browser."""
    browser = window(place, at=CENTRE)
    browser.press("Accept all")
    device = Device.objects.get().pk
    assert permitted(device, purpose)
    asks(browser, kind, contact=contact)
    assert not permitted(device, purpose)
    said = Answer.objects.get(subject=device, via="request")
    assert f'"{purpose}": "denied"' in said.answers
    browser.open(CENTRE)
    assert dict(browser.form("Save").fields)[f"purpose-{purpose}"] == "no", "its cookie says it too"
    if contact:
        letter = " ".join(mail.outbox[-1].body.split())
        assert "This counts in the browser with which you asked." in letter
        assert CENTRE in letter and "nothing more" not in letter


def test_p5_2d_whoever_asks_for_somebody_else_refuses_nothing_for_themselves(window):
    browser = window("US-CA", at=CENTRE)
    browser.press("Accept all")
    device = Device.objects.get().pk
    asks(browser, "optout-sale-sharing", contact="ada@x.example", agent="bo@x.example")
    assert permitted(device, "cross-context-ads")
    assert not Answer.objects.filter(via="request").exists()


def test_what_refuses_nothing_leaves_nothing_in_the_browser(window):
    browser = window("DE")
    asks(browser, "access", contact="ada@elsewhere.example")
    assert not Device.objects.exists() and "plainview-choices" not in browser.cookies


def test_p5_2_1_7a_consent_taken_back_takes_back_each_yes_whatever_the_law_asks(window):
    """A yes to what another law asks about ends with it, where the law here lets it run."""
    cal = member("cal", "US-CA")
    browser = window("US-CA", user=cal, at=CENTRE)
    browser.press("Accept all")
    assert permitted(cal.pk, "history", device=False)
    signed_in(cal).post("/privacy/requests/new/", {"kind": "withdraw-consent", "words": "Enough."})
    assert not permitted(cal.pk, "history", device=False)
    (row,) = Request.objects.all()
    letter = " ".join(mail.outbox[-1].body.split())
    assert row.number in letter
    assert "In a browser where you are not signed in, what was answered there counts" in letter


def test_p0g_a_limit_closes_what_uses_sensitive_data_for_more_than_they_asked_for(window):
    """Cal. Civ. Code 1798.121: whatever the policy calls sensitive; not what is shown for them."""
    before = purposes.policy()
    seen = replace(before.categories["viewing.history"], sensitive="faith")
    purposes.enforce(replace(before, categories={**before.categories, seen.id: seen}))
    try:
        browser = window("US-CA", at=CENTRE)
        browser.press("Accept all")
        device = Device.objects.get().pk
        asks(browser, "limit-sensitive")
        assert not permitted(device, "history") and not permitted(device, "recommend")
        assert permitted(device, "personalise-search")
    finally:
        purposes.enforce(before)
