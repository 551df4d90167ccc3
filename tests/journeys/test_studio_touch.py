"""Times are set by finger on a tablet (P1.1.5a)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from .conftest import Film, Service
from .test_studio import begin, member, picture, state

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
TABLET = {"width": 820, "height": 1180}
FINGER = 44
SMALL = """() => [
  ...document.querySelectorAll(
    '.studio button, .studio summary, .studio select, .studio input, .studio-head nav a')
].filter((each) => {
  const { height, width } = each.getBoundingClientRect();
  return width > 1 && height > 1 && !/checkbox|range/.test(each.type)
    && !each.closest('.player') && height < 44;
}).map((each) => `${each.tagName} ${each.textContent.trim()} ${each.offsetHeight}`)"""


def drag(touch: CDPSession, page: Page, start: tuple[float, float], by: float) -> None:
    """A finger put down, moved sideways in steps and lifted: touches as a screen sends them."""
    x, y = start
    finger = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    touch.send("Input.dispatchTouchEvent", finger)
    page.wait_for_timeout(150)
    for step in range(1, 11):
        at = {"x": x + by * step / 10, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def seconds(page: Page, label: str) -> float:
    minutes, rest = page.get_by_label(label, exact=True).input_value().split(":")
    return int(minutes) * 60 + float(rest)


def test_an_edge_and_a_segment_are_dragged_by_finger(
    browser: Browser, service: Service, film: Film
) -> None:
    with member(browser, service, "ana-tablet", phone=True) as page:
        page.set_viewport_size(TABLET)
        begin(page, service, film, "it")
        page.locator(".studio-row textarea").tap()
        region = page.locator(".studio-wave [part~=region][data-current]")
        expect(region).to_be_visible()
        assert page.evaluate("() => matchMedia('(pointer: coarse)').matches")
        assert page.evaluate(SMALL) == []
        picture(page, "tablet")
        touch = page.context.new_cdp_session(page)
        begins, ends = seconds(page, "Begins at"), seconds(page, "Ends at")
        handle = region.locator("[part~=region-handle-right]")
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box is not None and box["width"] >= FINGER
        drag(touch, page, (box["x"] + box["width"] / 2, box["y"] + 40), -60)
        page.wait_for_timeout(300)
        shorter = seconds(page, "Ends at")
        assert shorter < ends - 0.3
        assert seconds(page, "Begins at") == begins
        state(page, "Saved")
        box = region.bounding_box()
        assert box is not None
        drag(touch, page, (box["x"] + box["width"] / 2, box["y"] + 40), 50)
        page.wait_for_timeout(300)
        assert seconds(page, "Begins at") > begins + 0.2
        length = seconds(page, "Ends at") - seconds(page, "Begins at")
        assert abs(length - (shorter - begins)) < 0.05
        state(page, "Saved")
        picture(page, "tablet-dragged")
        for _ in range(2):
            page.get_by_role("button", name="Undo", exact=True).tap()
        assert (seconds(page, "Begins at"), seconds(page, "Ends at")) == (begins, ends)
        state(page, "Saved")
        # A button lets the finger draw one segment beside it, and then it scrolls again.
        pen = page.get_by_role("button", name="Draw a segment")
        pen.tap()
        expect(pen).to_have_attribute("aria-pressed", "true")
        wave = page.locator(".studio-wave-picture").bounding_box()
        box = region.bounding_box()
        assert wave is not None and box is not None
        free = box["x"] + box["width"] + 30
        assert free + 110 < wave["x"] + wave["width"], (box, wave)
        drag(touch, page, (free, box["y"] + 40), 100)
        expect(page.locator(".studio-list .studio-row")).to_have_count(2)
        expect(pen).to_have_attribute("aria-pressed", "false")
        picture(page, "tablet-drawn")
        page.get_by_role("button", name="Undo", exact=True).tap()
        expect(page.locator(".studio-list .studio-row")).to_have_count(1)
