"""A first evening in Arabic, Japanese and Brazilian Portuguese: every word is the reader's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plainview.engine import load
from plainview.platform.languages import direction

from .conftest import Film, Service
from .walking import watch

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
POLICY = load(Path(__file__).resolve().parents[2] / "policy")


def reads(page: Page, language: str) -> None:
    """The page is in a language from its head to its foot, and as wide as the phone."""
    html = page.locator("html")
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", direction(language))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.sample(2)
@pytest.mark.parametrize("language", ["ar", "ja", "pt-BR"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "bare"])
def test_p0h_a_first_evening(
    browser: Browser, service: Service, film: Film, language: str, script: bool
) -> None:
    """Banner, choosing, a film, why, the notice; the browser's own language is enough for it."""

    def say(key: str) -> str:
        return POLICY.text(key, language)

    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale={"ar": "ar-EG", "ja": "ja-JP", "pt-BR": "pt-BR"}[language],
        extra_http_headers={"X-Place": "BR" if language == "pt-BR" else "DE"},
        java_script_enabled=script,
    )
    page = context.new_page()
    page.goto(service.url)
    reads(page, language)
    expect(page.locator(".consent")).to_contain_text(say("choices.banner.device"))
    page.get_by_role("link", name=say("choices.banner.choose"), exact=True).click()
    expect(page.locator("h1")).to_have_text(say("choices.centre.title"))
    reads(page, language)
    page.get_by_role("button", name=say("choices.centre.reject"), exact=True).first.click()
    page.wait_for_load_state()
    expect(page.locator("#saved")).to_contain_text(say("choices.centre.saved"))
    page.goto(f"{service.url}/watch/{film.key}/")
    reads(page, language)
    if script:
        watch(page)
    page.goto(f"{service.url}/privacy/used/")
    expect(page.locator("h1")).to_have_text(say("choices.used.title"))
    reads(page, language)
    page.goto(f"{service.url}/legal/privacy/")
    expect(page.locator("h1")).to_have_text(say("privacy.title"))
    expect(page.get_by_text(say("notice.page.draft"))).to_be_visible()
    reads(page, language)
    context.close()


def test_a_word_wider_than_the_phone_widens_nothing(
    browser: Browser, service: Service, film: Film
) -> None:
    """The hero hid the end of a long name, and its buttons with it."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{service.url}/watch/{film.key}/")
    page.locator("main a[href^='/titles/']").first.click()
    page.locator("h1").evaluate("each => { each.textContent = 'Donaudampfschiff'.repeat(4); }")
    edges = "all => Math.max(...all.map(each => each.getBoundingClientRect().right))"
    assert page.locator("h1, .hero .button").evaluate_all(edges) <= 320
    long = "all => all.forEach(each => { each.textContent = 'Donaudampfschiff'.repeat(12); })"
    for address in (page.url, f"{service.url}/"):
        page.goto(address)
        page.locator("h1, .hero p, .lead, h3 a, .programme-line").evaluate_all(long)
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 320, address
