"""The questions in Firefox: equal answers, the keyboard alone, the other tab, its own signal."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.journeys.conftest import Service, free_port
from tests.journeys.marionette import ENTER, SPACE, TAB, Firefox, running

pytestmark = [pytest.mark.journey, pytest.mark.soak]
BUTTONS = """[...document.querySelectorAll(".consent .button")].map((each) => {
    const { width, height } = each.getBoundingClientRect();
    return [Math.round(width), Math.round(height)]; })"""
GONE = "document.querySelector('[data-consent]')?.dataset.answered === ''"
HEARD = """document.querySelector('.consent').innerText.includes("so we don’t")"""
AT = "document.activeElement.value ?? ''"
REFUSED = """document.querySelectorAll("input[value=no]:checked").length > 0
    && !document.querySelector("input[value=yes]:checked")"""
WORKER = """navigator.serviceWorker.register('/static/build/site.js')
    .then(() => 'kept', (error) => error.name)"""


@pytest.fixture
def firefox(service: Service, tmp_path: Path) -> Iterator[Callable[..., Firefox]]:
    """Starts a new Firefox; preferences are written with `__` for their dots."""
    program = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        pytest.skip("no Firefox: install firefox-esr or set FIREFOX")
    with ExitStack() as stack:

        def started(**preferences: object) -> Firefox:
            wanted = {name.replace("__", "."): value for name, value in preferences.items()}
            begun = running(program, tmp_path / "profile", free_port(), service.url, wanted)
            return stack.enter_context(begun)

        yield started


@pytest.mark.parametrize("key", [ENTER, SPACE], ids=["enter", "space"])
def test_p2_11a_firefox_asks_as_any_other_and_the_keyboard_answers(firefox, key):
    page = firefox()
    page.command("WebDriver:SetWindowRect", width=320, height=640)
    page.go("/help/?lang=en")
    first, second = page.tab()
    page.go("/help/?lang=en")
    page.switch(first)
    sizes = page.ask(BUTTONS)
    assert len(sizes) == 3
    assert len({tuple(size) for size in sizes}) == 1
    assert page.ask("document.documentElement.scrollWidth <= innerWidth")
    assert not page.ask(HEARD)
    assert page.cookies == set(), "nothing before an answer"
    page.press(TAB)
    assert page.ask(AT) == "reject", "the keyboard meets the no first"
    page.press(key)
    assert page.until(GONE)
    page.switch(second)
    assert page.until(GONE), "the other tab heard it"
    page.switch(first)
    page.go("/privacy/choices/?lang=ar")
    assert page.ask(REFUSED)
    assert page.ask("document.dir") == "rtl"
    assert page.ask(WORKER) in {"TypeError", "SecurityError"}


def test_without_script_the_keyboard_answers_too(firefox):
    page = firefox(javascript__enabled=False)
    page.go("/help/?lang=en")
    assert "data-consent" in page.source
    page.press(TAB, ENTER)
    deadline = time.monotonic() + 10
    while "data-consent" in page.source and time.monotonic() < deadline:
        time.sleep(0.1)
    assert page.cookies == {"plainview-choices"}
    page.go("/search/?lang=en")
    assert "data-consent" not in page.source, "it was answered, and is not asked again"


def test_p5_2_2_2b_firefox_sends_the_signal_and_the_first_page_has_heard_it(firefox):
    page = firefox(privacy__globalprivacycontrol__enabled=True)
    page.go("/help/?lang=en")
    assert page.ask(HEARD)


def test_the_colours_that_a_reader_chose_hold_beside_a_film_too(firefox, film):
    page = firefox(browser__display__document_color_use=2)
    page.go(f"{film.path}?lang=en")
    assert page.ask("matchMedia('(forced-colors: active)').matches")
    colours = page.ask("""["body", ".consent button", ".pv-lines-button"].map(
        (each) => getComputedStyle(document.querySelector(each)).color)""")
    assert len({*colours}) == 1, "words on a button are as dark as all others"
