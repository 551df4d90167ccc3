"""A person who does anything: follows links, fills in forms with odd words, goes back, sends twice.

What goes wrong names the seed and the last steps; `MONKEY_SEED=7` does the same again, and
`MONKEY_STEPS=500` goes on for longer. Where it leads depends on what the service holds.
"""

from __future__ import annotations

import os
import random
import re
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Response
from tools.second_factor import SECRET, code_of

from .conftest import DESK, Service
from .walking import PASSWORD, make_members

pytestmark = [pytest.mark.journey, pytest.mark.soak]
SEED = int(os.environ.get("MONKEY_SEED", "1"))
STEPS = int(os.environ.get("MONKEY_STEPS", "60"))
DOORS = ("/", "/help/", "/search/?q=li", "/privacy/", "/privacy/choices/", "/legal/privacy/")
THEIRS = ("/settings/", "/my/", "/studio/", "/privacy/decisions/", "/accounts/security/")
ODD = [  # whatever it types says Zq, so that it is not taken for words of ours
    "Zq 🦊👩‍👩‍👧", "Zq \u202e\u200f rtl", "Zq " + "x" * 5000, "Zq <b data-zq>bold</b>",
    "Zq \"a\" 'b' `c` \\ &amp;", "Zq مساء الخير", "   ", "-1", "9" * 21, "2026-02-31",
]  # fmt: skip
BRACES = re.compile(r"%\(\w|\{\w+\}|\bundefined\b|\[object |\bNaN\b")
SEEN = """() => ({
  title: document.title,
  heads: document.querySelectorAll("h1").length,
  over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  marked: document.querySelectorAll("[data-zq]").length,
  words: document.querySelector("main")?.innerText ?? "",
})"""
ON_ITS_OWN = ("/embed/", "/shown/", "/desk/translations/", ".txt", ".json", ".html", "checkpoint")


class Monkey:
    """Somebody at a page, and what went wrong for them."""

    def __init__(self, page: Page, url: str, doors: tuple[str, ...], seed: int) -> None:
        self.page, self.url, self.doors = page, url, doors
        self.random = random.Random(seed)
        self.steps: list[str] = []
        self.faults: dict[str, list[str]] = {}
        page.on("pageerror", lambda error: self.fault(f"script: {error}"))
        page.on("response", self._answered)
        page.on("dialog", lambda dialog: dialog.accept())

    def fault(self, what: str) -> None:
        if "ViewTransition" not in what:  # a page was left before the next could fade in
            self.faults.setdefault(what, self.steps[-4:])

    def _answered(self, answer: Response) -> None:
        by_link = self.steps and self.steps[-1].startswith("link")
        lost = answer.status == 404 and by_link and answer.request.is_navigation_request()
        if answer.status >= 500 or lost:
            self.fault(f"{answer.status}: {answer.request.method} {answer.url}")

    def look(self) -> None:
        """Hold the page against what is true of every page."""
        here = self.page.url
        if not here.startswith(self.url) or any(part in here for part in ON_ITS_OWN):
            return
        seen = self.page.evaluate(SEEN)
        for wrong, what in (
            (not seen["title"], "no title"),
            (seen["heads"] != 1, f"{seen['heads']} headings of the page"),
            (seen["over"] > 0, f"scrolls sideways by {seen['over']} px"),
            (seen["marked"], "typed markup became markup"),
            *((True, f"unfilled: {line}") for line in seen["words"].splitlines()
              if BRACES.search(line) and "Zq" not in line),
        ):  # fmt: skip
            if wrong:
                self.fault(f"{what} at {here}")

    def one_of(self, selector: str) -> Locator | None:
        found = [each for each in self.page.locator(selector).all() if each.is_visible()]
        return self.random.choice(found) if found else None

    def step(self) -> None:
        """Do one thing that a person can do."""
        act = self.random.choice(("link", "link", "form", "form", "press", "keys", "back", "door"))
        self.steps.append(act)
        if act == "link" and (link := self.one_of("a[href^='/']:not([href*=logout])")):
            self.steps[-1] += f" {link.get_attribute('href')}"
            link.click(timeout=3000)
        elif act == "form" and (form := self.one_of("main form")):
            self.steps[-1] += f" {form.get_attribute('action')} on {self.page.url}"
            self.fill(form)
        elif act == "press" and (control := self.one_of("summary, button[type=button]")):
            control.click(timeout=3000)
        elif act == "keys":
            for _ in range(self.random.randrange(1, 12)):
                self.page.keyboard.press("Tab")
            self.page.keyboard.press(self.random.choice(("Space", "Escape", "ArrowDown")))
        elif act == "back":
            self.page.go_back()
        else:
            self.page.goto(self.url + self.random.choice(self.doors))
        self.page.wait_for_load_state()

    def fill(self, form: Locator) -> None:
        """Type odd words, choose anything, and send it; the browser asks for nothing first."""
        for field in form.locator("input:not([type=hidden]), textarea, select").all():
            with suppress(Error):
                if field.evaluate("each => each.tagName") == "SELECT":
                    values = field.evaluate("each => [...each.options].map(one => one.value)")
                    field.select_option(self.random.choice(values), timeout=1000)
                elif field.get_attribute("type") in ("checkbox", "radio"):
                    field.set_checked(self.random.random() < 0.5, timeout=1000)
                elif "password" not in (field.get_attribute("type") or ""):
                    field.fill(self.random.choice(ODD), timeout=1000)
        form.evaluate("each => { each.noValidate = true; }")
        send = form.locator("button:not([type=button])").first
        (send.dblclick if self.random.random() < 0.2 else send.click)(timeout=3000)


@pytest.mark.parametrize("script", [True, False], ids=["script", "bare"])
@pytest.mark.parametrize("locale", ["en-GB", "ar", "ko"])
@pytest.mark.parametrize("role", [None, "", "editor", "moderator", "privacy-officer", "translator"])
def test_nothing_that_a_person_does_at_random_breaks_a_page(
    browser: Browser, service: Service, film: object, role: str | None, locale: str, script: bool
) -> None:
    size = {"width": 320, "height": 640} if locale == "ko" else DESK
    context = browser.new_context(viewport=size, locale=locale, java_script_enabled=script)
    page = context.new_page()
    doors = DOORS if role is None else DOORS + THEIRS + (("/desk/",) * 8 if role else ())
    monkey = Monkey(page, service.url, doors, SEED)
    if role is not None:
        address = f"monkey-{role or 'viewer'}-{locale}-{script}@lantern.example".lower()
        make_members(service, (address, "DE", role))
        page.goto(f"{service.url}/accounts/login/")
        page.locator("main [name=login]").fill(address)
        page.locator("main [name=password]").fill(PASSWORD)
        page.locator("main [name=password]").press("Enter")
        if role:
            page.locator("main [name=code]").first.fill(code_of(SECRET))
            page.locator("main [name=code]").first.press("Enter")
        page.wait_for_url(f"{service.url}/")
    for _ in range(STEPS):
        with suppress(Error):  # what could not be pressed was no step
            monkey.step()
        with suppress(Error):  # it was on its way to another page
            monkey.look()
    context.close()
    assert not monkey.faults, f"MONKEY_SEED={SEED}: {monkey.faults}"
