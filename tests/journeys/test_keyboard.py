"""A viewer without a mouse: what has the focus hears the keys, and does what it shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_the_slider_of_the_sound_changes_the_sound_and_nothing_else(service, film, page: Page):
    page.goto(f"{service.url}{film.path}")
    page.wait_for_selector("[data-player][data-state=ready]")
    page.evaluate("() => document.querySelector('[data-consent]')?.remove()")
    page.evaluate("() => { document.querySelector('video').currentTime = 3; }")
    page.evaluate("() => document.querySelector('media-mute-button').focus()")
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider", name="Volume")
    expect(slider).to_be_focused()
    for key, least, most in [("ArrowDown", 0.9, 0.99), ("PageDown", 0.8, 0.92), ("Home", 0, 0)]:
        page.keyboard.press(key)
        page.wait_for_function(
            "([least, most]) => { const { volume } = document.querySelector('video');"
            " return least <= volume && volume <= most; }",
            arg=[least, most],
        )
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('video').volume === 1")
    assert page.evaluate("() => document.querySelector('video').currentTime") == 3
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("() => document.querySelector('video').volume < 0.7")
