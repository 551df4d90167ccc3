"""A first evening in four places, with and without script: asked, kept, played."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@dataclass(frozen=True)
class Visitor:
    """Where somebody is, whether their browser sends a signal, and what they press."""

    place: str
    signal: bool
    answer: str
    saves: bool


VISITORS = {
    "a European who refuses": Visitor("DE", False, "Reject all", False),
    "a Californian with a signal": Visitor("US-CA", True, "OK", True),
    "a Brazilian who agrees": Visitor("BR", False, "Accept all", True),
    "a visitor from nowhere known": Visitor("", False, "Reject all", False),
}


@pytest.fixture(params=VISITORS.values(), ids=VISITORS.keys())
def visitor(request: pytest.FixtureRequest) -> Visitor:
    return request.param


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def context(browser: Browser, visitor: Visitor, script: bool) -> Iterator[BrowserContext]:
    headers = {"X-Place": visitor.place} if visitor.place else {}
    if visitor.signal:
        headers["Sec-GPC"] = "1"
    made = browser.new_context(
        java_script_enabled=script, extra_http_headers=headers, locale="en-GB"
    )
    yield made
    made.close()


def kept(page: Page, script: bool) -> set[str]:
    """The names of everything that the browser keeps for the site."""
    names = {cookie["name"] for cookie in page.context.cookies()}
    if script:
        names |= set(page.evaluate("() => [localStorage, sessionStorage].flatMap(Object.keys)"))
    return names


def watch(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate("() => document.querySelector('video').play()")
    page.wait_for_function("() => document.querySelector('video').currentTime > 2", timeout=30000)
    frames = "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
    assert page.evaluate(frames) > 20
    # Told while the page is here: what is sent in leaving has no header of the browser driver.
    page.evaluate("() => document.querySelector('video').dispatchEvent(new Event('ended'))")


def test_p2_11a_p3_1_2a_p1_2_2b_a_first_evening(
    service, film, context: BrowserContext, visitor: Visitor, script: bool
) -> None:
    page = context.new_page()
    hosts: set[str] = set()
    signals: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("request", lambda request: "/signal/" in request.url and signals.append(request.url))
    before = len(service.rows("SELECT 1 FROM privacy_answer"))
    home = page.goto(f"{service.url}/")
    assert "set-cookie" not in home.headers
    assert kept(page, script) == set()
    banner = page.locator(".consent")
    assert banner.is_visible()
    boxes = [button.bounding_box() for button in banner.locator(".button").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1

    banner.get_by_role("button", name=visitor.answer).click()
    banner.wait_for(state="hidden")
    assert kept(page, script) == {"plainview-choices"}
    assert len(service.rows("SELECT 1 FROM privacy_answer")) == before + 1
    page.reload()
    assert not page.locator(".consent").is_visible()

    viewings = len(service.rows("SELECT 1 FROM playback_viewing"))
    if script:
        watch(page, f"{service.url}{film.path}")
        told = page.locator("[data-player]").get_attribute("data-signal")
        assert bool(told) == visitor.saves
        page.goto(f"{service.url}/my/history/")
        page.wait_for_timeout(300)
    else:
        page.goto(f"{service.url}{film.path}")
        assert "needs JavaScript" in page.locator("noscript").first.inner_text()
    new = len(service.rows("SELECT 1 FROM playback_viewing")) - viewings
    assert new == (1 if visitor.saves and script else 0)
    assert new or not signals
    if new:
        page.reload()
        assert page.get_by_role("row").filter(has_text="Harbour Walk").count() >= 1

    said = json.loads(page.request.get(f"{service.url}/legal/cookies.json").text())
    declared = {key["name"] for key in said["keys"]}
    assert kept(page, script) <= declared
    assert hosts == {urlsplit(service.url).netloc}
    rows = service.rows("SELECT facts FROM privacy_standing WHERE device")
    facts = [json.loads(row[0]) for row in rows]
    if visitor.signal:
        assert any("gpc" in each.get("signals", []) for each in facts)
        assert all(
            each["choices"].get("cross-context-ads") != "granted"
            for each in facts
            if "gpc" in each.get("signals", [])
        ), "a yes to everything does not open what the signal closed"


def test_p5_1_3a_choosing_one_by_one_works_and_can_be_taken_back(
    service, film, context: BrowserContext, visitor: Visitor, script: bool
) -> None:
    page = context.new_page()
    page.goto(f"{service.url}/")
    page.locator(".consent").get_by_role("link", name="Choose").click()
    assert page.locator("input[type=radio]:checked").count() == 0, "nothing is ticked beforehand"
    page.get_by_role("group", name="Keep a cookie to recognise you").get_by_label("Yes").check()
    page.get_by_role("group", name="Remember what you watched").get_by_label("Yes").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{service.url}{film.path}")
    assert page.locator("[data-player]").get_attribute("data-signal")
    page.locator(".site-foot").get_by_role("link", name="Privacy choices").click()
    page.get_by_role("group", name="Remember what you watched").get_by_label("No").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{service.url}{film.path}")
    assert page.locator("[data-player]").get_attribute("data-signal") is None
