"""The form that asks for a right, in a browser: it shows what goes with the kind that is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import Service

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
WAITS = {"restricts": "restrict", "objects": "object"}


@pytest.fixture(params=[True, False], ids=["script", "bare"])
def asking(request, browser: Browser, service: Service) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.goto(f"{service.url}/privacy/request/")
    yield page
    context.close()


def field(page: Page, name: str):
    return page.locator(f"form.form [name={name}]")


def test_p5_2a_a_request_asks_only_what_goes_with_its_kind_and_loses_nothing(asking: Page) -> None:
    """One says what one wants, and is asked no more than that needs; what was chosen stays."""
    for name in (*WAITS, "mandate", "file"):
        expect(field(asking, name)).to_be_hidden()
    for name, kind in WAITS.items():
        field(asking, "kind").select_option(kind)
        for each in WAITS:
            expect(field(asking, each)).to_be_visible(visible=each == name)
    field(asking, "objects").select_option(index=1)
    chosen = field(asking, "objects").input_value()
    field(asking, "kind").select_option("restrict")
    field(asking, "kind").select_option("object")
    assert chosen and field(asking, "objects").input_value() == chosen
    field(asking, "agent").fill("ada@example.org")
    for name in ("mandate", "file"):
        expect(field(asking, name)).to_be_visible()


@pytest.mark.parametrize("asking", [True], ids=["script"], indirect=True)
def test_what_was_typed_comes_along_into_another_language(asking: Page) -> None:
    """Whoever finds the page in a foreign language half-way begins nothing anew.

    Safari says of no page with which status it came.
    """
    asking.add_init_script("delete PerformanceResourceTiming.prototype.responseStatus")
    asking.reload()
    field(asking, "kind").select_option("delete")
    field(asking, "words").fill("All that you hold, please.")
    asking.locator("header summary", has_text="Language").click()
    asking.locator("header [name=language][value=ar]").click()
    expect(asking.locator("html")).to_have_attribute("lang", "ar")
    expect(field(asking, "words")).to_have_value("All that you hold, please.")
    expect(field(asking, "kind")).to_have_value("delete")
    asking.locator(".foot-tongues a[hreflang=ko]").click()
    expect(asking.locator("html")).to_have_attribute("lang", "ko")
    expect(field(asking, "words")).to_have_value("All that you hold, please.")
    asking.reload()
    expect(field(asking, "words")).to_have_value("")  # nothing of it was kept


@pytest.mark.parametrize("asking", [True], ids=["script"], indirect=True)
def test_the_way_back_past_a_refused_form_sends_nothing_again(asking: Page) -> None:
    asking.goto(urljoin(asking.url, "/help/"))
    field(asking, "text").fill("How do I turn the subtitles on?")
    field(asking, "email").fill("ada@example.org")
    send = asking.locator("form.form button").last
    send.click()
    expect(field(asking, "topic")).to_be_focused()
    field(asking, "topic").select_option("watching")
    send.click()
    expect(asking.locator("[aria-invalid=true]")).to_have_count(0)
    expect(field(asking, "text")).to_have_value("")
    asking.go_back()
    expect(field(asking, "text")).to_be_visible()
