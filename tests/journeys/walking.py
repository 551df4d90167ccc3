"""What a person does in a browser, step by step, and what then lies where."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

from .conftest import Service

PASSWORD = "the night train leaves at nine"


def press(page: Page, label: str) -> None:
    """Press a button by its words and wait for what comes."""
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def mails_to(service: Service, address: str) -> list[str]:
    """The mails of the outbox that go to an address, oldest first."""
    files = sorted((service.data / "outbox").glob("*.log"), key=lambda f: f.stat().st_mtime_ns)
    mails = [mail for file in files for mail in re.split(r"\n-{79}\n", file.read_text())]
    return [mail for mail in mails if f"To: {address}\n" in mail]


def sign_up(page: Page, service: Service, address: str) -> None:
    """From the banner of a first visit, through the form and the mail, to a member in Germany."""
    page.goto(f"{service.url}/accounts/signup/")
    press(page, "Reject all")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Where you live").select_option("DE")
    page.get_by_label("at least 18 in Germany").check()
    press(page, "Make the account")
    follow_the_mail(page, service, address)


def follow_the_mail(
    page: Page, service: Service, address: str, url: str = "http://localhost"
) -> None:
    """Open the link of the latest mail, once the worker has delivered it, and say yes to it."""
    link = re.compile(rf"{url}\S+/confirm-email/[^\s\"<]+")
    for _ in range(150):
        found = [each for mail in mails_to(service, address) for each in link.findall(mail)]
        if found:
            break
        page.wait_for_timeout(100)
    page.goto(found[-1])
    press(page, "Yes, it is mine")


def kept(page: Page, *, script: bool) -> set[str]:
    """The names of everything that the browser keeps for the site."""
    names = {cookie["name"] for cookie in page.context.cookies()}
    if script:
        names |= set(page.evaluate("() => [localStorage, sessionStorage].flatMap(Object.keys)"))
    return names


def watch(page: Page) -> None:
    """Play for two seconds: pictures are decoded, not only asked for."""
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate("() => document.querySelector('video').play()")
    page.wait_for_function("() => document.querySelector('video').currentTime > 2", timeout=30000)
    frames = "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
    assert page.evaluate(frames) > 20
    # Told while the page is here: what is sent in leaving has no header of the browser driver.
    page.evaluate("() => document.querySelector('video').dispatchEvent(new Event('ended'))")
    page.wait_for_load_state("networkidle")


def in_files(folder: Path, words: set[bytes]) -> set[tuple[str, bytes]]:
    """Which of the words stand in which files of a folder, but for the films and the pages' own."""
    passed = {"static", "packages", "secret-key"}
    return {
        (path.name, word)
        for path in folder.rglob("*")
        if path.is_file() and not passed & {*path.relative_to(folder).parts}
        for text in [path.read_bytes().lower()]
        for word in words
        if word in text
    }
