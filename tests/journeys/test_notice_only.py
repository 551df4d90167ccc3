"""A notice alone, where nothing can be refused: read by one key, in any script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.journeys.conftest import Service, copy_of
from tests.policy.notice_only import PLACE, without_choices

pytestmark = [pytest.mark.journey, pytest.mark.soak]
POLICY = Path(__file__).parents[2] / "policy"


@pytest.fixture(scope="module")
def modest(tmp_path_factory: pytest.TempPathFactory, laid: Service) -> Iterator[Service]:
    """A service whose operator does nothing optional in one place."""
    folder = tmp_path_factory.mktemp("modest")
    shutil.copytree(POLICY, folder / "law")
    without_choices(folder / "law")
    service = copy_of(laid, folder)
    service.environment["PLAINVIEW_POLICY_DIR"] = str(folder / "law")
    service.start()
    yield service
    service.stop()


@pytest.mark.parametrize("locale", ["en-GB", "ar", "ko"])
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_p2_11a_it_is_read_by_one_key_and_never_shown_again(
    browser: Browser, modest: Service, script: bool, locale: str
) -> None:
    context = browser.new_context(
        extra_http_headers={"X-Place": PLACE},
        java_script_enabled=script,
        locale=locale,
        viewport={"width": 320, "height": 640},
    )
    page = context.new_page()
    page.goto(modest.url)
    buttons = page.locator(".consent .button")
    assert buttons.first.text_content()
    assert page.locator(".consent button").count() == 1, "one thing to press, and nothing to refuse"
    assert page.locator("html").get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
    if script:
        assert not Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".consent").wait_for(state="hidden")
    for path in ("/", "/privacy/choices/", "/privacy/opt-out/"):
        page.goto(modest.url + path)
        assert page.locator(".consent").count() == 0
        assert page.locator("main input[type=radio], main button[value]").count() == 0
    context.close()
