"""What people type runs the way of its own letters, in a page of the other direction too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
STYLE = "(field) => [getComputedStyle(field).unicodeBidi, getComputedStyle(field).direction]"


def test_an_arabic_page_turns_no_english_sentence_and_no_address_round(
    browser: Browser, service
) -> None:
    """`I can’t see it.` had its point at the left, and so had an address while it was typed."""
    page = browser.new_page(locale="ar")
    page.goto(f"{service.url}/help/?lang=ar")
    words, address = page.locator("main [name=text]"), page.locator("main [name=email]")
    assert words.evaluate(STYLE) == ["plaintext", "rtl"], "empty, it begins where the page does"
    assert address.evaluate(STYLE)[1] == "ltr"
    page.goto(f"{service.url}/accounts/login/?lang=ar")
    assert page.locator("[name=login]").evaluate(STYLE)[1] == "ltr"
    page.close()
