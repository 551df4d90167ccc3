"""One's history as people use it: rested, gone on, one sitting deleted; with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.journeys.conftest import Film, Service

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]


@pytest.fixture(params=[True, False], ids=["script", "bare"])
def permitted(request, browser: Browser, service: Service, film: Film):
    """A browser that may be recognised; its answer is given by the banner's own form."""
    context: BrowserContext = browser.new_context(
        extra_http_headers={"X-Place": "DE"}, java_script_enabled=request.param
    )
    page = context.new_page()
    page.goto(service.url)
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("button", name="Accept all")).to_be_hidden()
    yield page
    context.close()


def kept(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("link", name="Harbour Walk")


def test_p1_2_2b_a_browser_lets_its_history_rest_and_deletes_one_sitting(
    permitted: Page, service: Service, film: Film
) -> None:
    page = permitted
    sitting = {"sitting": "c" * 32, "told": "1", "position": "6", "seconds": "6"}
    own = {"Origin": service.url, "Sec-Fetch-Site": "same-origin"}
    page.request.post(f"{service.url}{film.path}signal/", form=sitting, headers=own)
    page.goto(f"{service.url}/my/history/")
    expect(kept(page)).to_be_visible()
    page.get_by_text("Let it rest for a while").click()
    page.get_by_role("button", name="Pause the history").click()
    expect(page.get_by_text("Your history is paused")).to_be_visible()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_text("Your history is paused")).to_be_hidden()
    page.get_by_role("button", name="Delete Harbour Walk").click()
    expect(kept(page)).to_have_count(0)
