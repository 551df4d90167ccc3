"""One person alone in the studio, faster than the line to it (P1.1.5a).

Nothing is said to be somebody else's, and nothing that they typed is without a place.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from .conftest import Service, put_on
from .test_studio import begin, member

pytestmark = [pytest.mark.journey, pytest.mark.slow]
KEYS = {
    "Alt+s": 6,
    "Alt+m": 4,
    "Alt+n": 3,
    "Alt+Backspace": 2,
    "Control+z": 10,
    "Control+Shift+z": 5,
    "Alt+ArrowDown": 4,
    "Alt+ArrowUp": 4,
    "Alt+ArrowRight": 3,
    "Alt+Comma": 2,
    "Alt+Shift+Period": 2,
    "Alt+BracketLeft": 1,
    "Alt+BracketRight": 1,
    "Alt+g": 1,
    "Alt+x": 1,
}
"""What is pressed, and how often: acts of the server's, of the page's, and steps back."""
WORDS = ("harbour", "fog", "light ", "a ", "night\n")
OVERTAKEN = {409, 410}
"""What the server says where somebody else was there before."""


def slow(page: Page, ms: int) -> None:
    """Let every answer take so long."""
    conditions = {"offline": False, "latency": ms, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def anything(page: Page, drawn: random.Random) -> None:
    """A word typed or a key pressed, with or without a pause, in some line."""
    if drawn.random() < 0.3:
        page.keyboard.insert_text(drawn.choice(WORDS))
    else:
        page.keyboard.press(drawn.choices([*KEYS], [*KEYS.values()])[0])
    if drawn.random() < 0.2:
        page.wait_for_timeout(drawn.choice([20, 200, 900]))
    lines = page.locator(".studio-row textarea")
    written = page.evaluate("() => document.activeElement.tagName === 'TEXTAREA'")
    if not written and (count := lines.count()):
        lines.nth(drawn.randrange(count)).focus()


LONG = [("de", 300, 0), ("it", 300, 0), ("pl", 300, 400), ("nl", 300, 400), ("tr", 300, 50)]


@pytest.mark.drawn
@pytest.mark.parametrize(
    ("tongue", "steps", "latency"),
    [("fr", 60, 150), *(pytest.param(*each, marks=pytest.mark.soak) for each in LONG)],
)
def test_alone_one_is_not_overtaken(
    browser: Browser, service: Service, clip: Path, tongue: str, steps: int, latency: int
) -> None:
    drawn = random.Random(f"{tongue} {latency}")
    overtaken: list[str] = []

    def answered(response: Response) -> None:
        if response.request.method == "POST" and response.status in OVERTAKEN:
            overtaken.append(f"{response.status}: {response.request.post_data}")

    film = put_on(service, clip, f"Alone {tongue}", "--language", "es")
    with member(browser, service, f"alone-{tongue}-{latency}", phone=False) as page:
        begin(page, service, film, tongue)
        page.on("response", answered)
        slow(page, latency)
        for _ in range(steps):
            anything(page, drawn)
        slow(page, 0)
        page.wait_for_function("() => localStorage.getItem('plainview-studio') === null")
        assert not overtaken, overtaken
        expect(page.locator(".studio-homeless")).to_have_count(0)
        expect(page.locator(".studio-row[data-clash]")).to_have_count(0)
