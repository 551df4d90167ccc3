"""What a person does in a browser, step by step, and what then lies where."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page
from tools.second_factor import SECRET

from .conftest import Service

PASSWORD = "the night train leaves at nine"


def press(page: Page, label: str) -> None:
    """Press a button by its words and wait for what comes."""
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def confirm(page: Page) -> None:
    """Give the password once more, where it is asked for."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Go on")


def mails_to(service: Service, address: str) -> list[str]:
    """The mails of the outbox that go to an address, oldest first; those of others may be gone."""
    found: list[tuple[int, str]] = []
    for file in (service.data / "outbox").glob("*.log"):
        with suppress(FileNotFoundError):  # whoever it went to was erased
            found.append((file.stat().st_mtime_ns, file.read_text()))
    mails = [mail for _at, text in sorted(found) for mail in re.split(r"\n-{79}\n", text)]
    return [mail for mail in mails if f"To: {address}\n" in mail]


LINK = re.compile(r"https?://[^\s/]+\S*/confirm-email/[^\s\"<]+")


MEMBERS = """
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from plainview.domains.accounts.models import User
from plainview.privacy import permissions
from plainview.privacy.gate import duties
duties.DUTIES |= {{"fixture"}}
hashed = make_password({password!r})
with duties.duty("fixture"):
    for email, place, role in {people!r}:
        user = User.objects.create_user(email, roles=role)
        User.objects.filter(pk=user.pk).update(password=hashed)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        here = permissions.newcomer(place)
        permissions.change(user.pk, lambda facts: permissions.resident(here, place))
        if role:
            TOTP.activate(user, {secret!r})
"""


def make_members(service: Service, *people: tuple[str, str, str]) -> None:
    """Make accounts of an address, a place and a role, which has a second factor; or of no role.

    How somebody registers is shown where that is tested (`test_account`, `test_choices`).
    """
    script = MEMBERS.format(people=people, password=PASSWORD, secret=SECRET)
    service.command("manage", "shell", "-v0", "--command", script)


def enter(page: Page, service: Service, address: str) -> None:
    """From the banner of a first visit to a member in Germany who has just signed in."""
    make_members(service, (address, "DE", ""))
    page.goto(f"{service.url}/accounts/login/")
    press(page, "Reject all")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.wait_for_url(f"{service.url}/")


def follow_the_mail(page: Page, service: Service, address: str) -> None:
    """Open the link of the latest mail, once the worker has delivered it, and say yes to it."""
    for _ in range(600):
        found = [link for mail in mails_to(service, address) for link in LINK.findall(mail)]
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
    page.wait_for_function("() => document.querySelector('video').currentTime > 2")
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
