"""Two at once in the studio, at random: in the end both see what is there (P1.1.5a)."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from .conftest import Service, put_on
from .test_studio import begin, join, member
from .test_studio_alone import anything, slow

pytestmark = [pytest.mark.journey, pytest.mark.slow]
SEEN = """() => [...document.querySelectorAll('.studio-row')].map(row => [
  +row.getAttribute('aria-posinset'), +row.dataset.id, row.querySelector('textarea').value.trim(),
]).sort((a, b) => a[0] - b[0]).map(([, id, text]) => [id, text])"""


def settled(page: Page) -> None:
    """Take what others wrote wherever both did, and let go of what has no place."""
    page.wait_for_timeout(2500)
    for _ in range(20):
        theirs = page.locator(".studio-clash:not([hidden]) button.button-quiet")
        if not theirs.count():
            break
        theirs.first.click()
        page.wait_for_timeout(100)
    while (close := page.locator(".studio-homeless button")).count():
        close.first.click()
    kept = "() => localStorage.getItem('plainview-studio')"
    with contextlib.suppress(TimeoutError):
        page.wait_for_function(f"{kept} === null")
    assert page.evaluate(kept) is None, page.locator(".studio-row[data-unsaved]").all_inner_texts()


@pytest.mark.drawn
@pytest.mark.parametrize(
    ("tongue", "steps", "latency"),
    [
        ("sv", 50, 100),
        *(
            pytest.param(*each, marks=pytest.mark.soak)
            for each in [("da", 300, 0), ("fi", 300, 300)]
        ),
    ],
)
def test_two_at_once_see_the_same_in_the_end(
    browser: Browser, service: Service, clip: Path, tongue: str, steps: int, latency: int
) -> None:
    drawn = random.Random(f"{tongue} {latency}")
    film = put_on(service, clip, f"Both {tongue}", "--language", "es")
    with (
        member(browser, service, f"mira-{tongue}", phone=False) as mira,
        member(browser, service, f"tom-{tongue}", phone=False) as tom,
    ):
        begin(mira, service, film, tongue)
        join(tom, service, film, tongue)
        for page in (mira, tom):
            slow(page, latency)
        for _ in range(steps):
            page = drawn.choice((mira, tom))
            page.bring_to_front()
            anything(page, drawn)
        for page in (mira, tom):
            slow(page, 0)
            page.bring_to_front()
            page.set_viewport_size({"width": 1440, "height": 6000})  # all lines stand in the page
            settled(page)
        tom.wait_for_timeout(5000)  # each hears of the last of the other
        hers, his = (page.evaluate(SEEN) for page in (mira, tom))
        tom.reload()
        tom.wait_for_selector(".studio-row")
        tom.wait_for_timeout(500)
        there = tom.evaluate(SEEN)
        assert hers == there, "as it is read anew"
        assert his == there, "as it is read anew"
