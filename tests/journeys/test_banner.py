"""The banner as a browser shows it: equal answers, first by keyboard, in nobody's way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
PLACES = {"DE": {}, "US-CA": {}, "US-CA with a signal": {"Sec-GPC": "1"}, "BR": {}, "": {}}
SIZES = {"phone": (390, 844), "small phone": (320, 640), "desk": (1280, 800)}
LARGEST = {**SIZES, "at 400 %": (320, 256)}
SHIFTS = """() => { window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true }); }"""


@pytest.fixture
def arrive(browser: Browser, service) -> Iterator:
    """Opens a page of the service for somebody new, in a place, at a size."""
    contexts = []

    def opened(
        place: str, path: str = "/", size: str = "phone", scheme: str = "light", script: bool = True
    ) -> Page:
        headers = {"X-Place": place.split()[0], **PLACES.get(place, {})} if place else {}
        width, height = LARGEST[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            extra_http_headers=headers,
            java_script_enabled=script,
            locale="en-GB",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(service.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def styles(page: Page, *names: str) -> list[list[str]]:
    read = "(element, names) => names.map((name) => getComputedStyle(element)[name])"
    return [each.evaluate(read, list(names)) for each in page.locator(".consent .button").all()]


def luminance(colour: str) -> float:
    parts = [float(each) / 255 for each in re.findall(r"[\d.]+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.sample(3)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES)
def test_p2_11a_the_answers_weigh_the_same(arrive, place, size):
    page = arrive(place, size=size, scheme="dark" if size == "desk" else "light")
    boxes = [each.bounding_box() for each in page.locator(".consent .button").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert all(box["height"] >= 44 for box in boxes)
    looks = styles(page, "color", "backgroundColor", "borderColor", "fontWeight", "fontSize")
    assert len({tuple(look) for look in looks}) == 1
    paper = page.locator(".consent").evaluate("e => getComputedStyle(e).backgroundColor")
    dark, light = sorted((luminance(looks[0][0]), luminance(paper)))
    assert (light + 0.05) / (dark + 0.05) >= 7
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".consent").bounding_box()["height"] < SIZES[size][1] * 0.55


@pytest.mark.sample(2)
@pytest.mark.parametrize("path", ["/", "/privacy/choices/", "/privacy/opt-out/", "/legal/cookies/"])
@pytest.mark.parametrize(("place", "scheme"), [("DE", "light"), ("US-CA with a signal", "dark")])
def test_p2_11a_axe_finds_nothing(arrive, path, place, scheme):
    page = arrive(place, path, "phone", scheme)
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], each["nodes"][0]["target"]) for each in found]


def test_p2_11a_large_letters_leave_no_line_to_the_mouse_alone(arrive):
    """The words scroll then, and the keyboard stops at them."""
    page = arrive("DE", size="small phone")
    words = page.locator(".consent-text")
    expect(words).not_to_have_attribute("tabindex", "0")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    expect(words).to_have_attribute("tabindex", "0")
    found = Axe().run(page, options={"runOnly": ["scrollable-region-focusable"]})
    assert not found.violations_count


def test_the_keyboard_meets_the_banner_first_and_is_not_held_by_it(arrive):
    page = arrive("DE", size="desk")
    met = []
    for _ in range(5):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert met[:3] == ["Reject all", "Accept all", "Choose"]
    assert met[3] == "Skip to the page"
    landmark = page.get_by_role("region", name="Privacy choices")
    assert landmark.count() == 1


@pytest.mark.sample(1)
@pytest.mark.parametrize("size", ["phone", "at 400 %"])
@pytest.mark.parametrize("place", ["DE", "US-CA"])
def test_what_has_the_focus_is_never_under_the_banner(arrive, place, size):
    page = arrive(place, "/legal/cookies/", size)
    top = page.locator(".consent").bounding_box()["y"]
    for _ in range(25):
        page.keyboard.press("Tab")
        inside, bottom = page.evaluate(
            "() => [!!document.activeElement.matches('.consent *, body'),"
            " document.activeElement.getBoundingClientRect().bottom]"
        )
        assert inside or bottom <= top + 1


@pytest.mark.parametrize("path", ["/?lang=en", "/?lang=ar", "/?lang=fr"])
def test_a_page_at_400_percent_is_seen_above_the_banner(arrive, path):
    """WCAG 1.4.10: 1280 by 1024 at 400 % is 320 by 256. What does not fit of the words scrolls."""
    page = arrive("DE", path, "at 400 %")
    assert page.locator(".consent").bounding_box()["height"] <= 0.62 * LARGEST["at 400 %"][1]
    assert page.locator(".consent .button").last.is_visible()


def test_the_notices_contents_scroll_above_the_banner(arrive):
    page = arrive("DE", "/legal/privacy/", size="desk")
    top = page.locator(".consent").bounding_box()["y"]
    page.locator(".notice-contents a").last.focus()
    foot = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
    assert foot <= top + 1


@pytest.mark.sample(1)
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_nothing_moves_when_it_comes_or_goes(arrive, size):
    page = arrive("DE", size=size)
    page.emulate_media(reduced_motion="no-preference")
    page.reload()  # with its fonts at hand: what a late one moves is not the banner's doing
    page.evaluate(SHIFTS)
    places = "() => [...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().y)"
    before = page.evaluate(places)
    page.get_by_role("button", name="Reject all").click()
    page.locator(".consent").wait_for(state="hidden")
    page.wait_for_timeout(200)
    assert page.evaluate(places) == before
    assert page.evaluate("window.shifted") < 0.001
    assert page.evaluate("document.activeElement.id") == "main"
    receipt = page.locator("[data-saved] a").get_attribute("href")  # said in its place
    assert page.request.get(urljoin(page.url, receipt)).ok
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.consent')")


@pytest.mark.sample(1)
@pytest.mark.parametrize("size", SIZES)
def test_the_players_controls_are_not_under_it(arrive, film, size):
    page = arrive("US-CA", film.path, size)
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    banner = page.locator(".consent").bounding_box()
    stage = page.locator(".player").bounding_box()
    assert stage["y"] + stage["height"] <= banner["y"] + 1


def test_a_film_goes_on_while_one_answers_and_the_answer_counts_at_once(arrive, film):
    page = arrive("DE", film.path, "desk")
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate("() => { window.same = true; document.querySelector('video').muted = true;"
                  " return document.querySelector('video').play(); }")  # fmt: skip
    clock = "() => document.querySelector('video').currentTime"
    times = [page.evaluate(clock)]
    assert "not saved" in page.locator("[data-said]").inner_text()
    page.get_by_role("button", name="Accept all").click()
    page.get_by_text("This sitting is saved").wait_for()
    times.append(page.evaluate(clock))
    assert page.locator("[data-player]").get_attribute("data-signal")
    page.locator("#why-history summary").click()
    page.get_by_role("button", name="Turn off").click()
    page.get_by_role("button", name="Turn on").wait_for()
    assert page.locator("#why-history").get_attribute("open") is not None
    assert "You said no: Remember what you watched." in page.locator("#why-history").inner_text()
    assert page.locator("[data-player]").get_attribute("data-signal") is None
    times.append(page.evaluate(clock))
    assert page.evaluate("window.same"), "the page was not loaded anew"
    assert all(earlier < later for earlier, later in pairwise(times))


def test_without_script_an_answer_leads_back_to_the_same_page(arrive, film):
    page = arrive("BR", film.path + "?t=5", script=False)
    page.get_by_role("button", name="Reject all").click()
    assert page.url.removesuffix("#saved").endswith(film.path + "?t=5")
    assert page.locator(".consent").count() == 0
    page.locator("#why-history summary").click()
    page.get_by_role("button", name="Turn on").click()
    assert page.url.removesuffix("#saved").endswith(film.path + "?t=5")
    assert "This sitting is saved" in page.locator("[data-said]").inner_text()


def test_a_yes_against_a_signal_is_asked_for_twice_with_and_without_script(arrive):
    for script in (True, False):
        page = arrive("US-CA with a signal", "/privacy/choices/", script=script)
        ads = page.get_by_role("group", name="Choose advertisements for you")
        ads.get_by_label("Yes").check()
        page.get_by_role("button", name="Save", exact=True).click()
        answers = [
            page.get_by_role("button", name="Allow it"),
            page.get_by_role("link", name="Leave it off"),
        ]
        boxes = [each.bounding_box() for each in answers]
        assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
        answers[0].click()
        assert "Allowed despite your browser’s signal" in ads.inner_text()


def test_on_paper_nothing_is_asked(arrive):
    """Neither the banner, nor the bar that saves, nor how account and device differ."""
    page = arrive("DE", "/privacy/choices/", "desk")
    page.emulate_media(media="print")
    page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('aside'),"
        " {className: 'differs', textContent: 'Use my account'}))"
    )
    asked = page.locator(".consent, .choice-save, .differs")
    assert asked.count() >= 2 and not any(each.is_visible() for each in asked.all())
    assert page.get_by_role("heading", name="Suited to you").is_visible()
