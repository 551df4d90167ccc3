"""Finding a Chromium for the journeys: one already there, Playwright's own, Debian's (as root)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"


def find() -> str:
    """The path of a browser, fetched if need be; empty if none can be had."""
    if path := os.environ.get("CHROMIUM") or _present():
        return path
    if _playwrights():
        return "playwright"
    print("No Chromium here: fetching one for the browser tests …", flush=True)
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if _quiet(fetch) and _playwrights():
        return "playwright"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _quiet(["apt-get", "update"])
        _quiet(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    return _present()


def shell() -> str:
    """The path of Debian's Chromium without its windows, fetched if need be; empty if none.

    It takes a third of the processor's time for the same pages. Who names a browser in CHROMIUM
    wants that one, and Playwright's own starts as such a shell by itself.
    """
    if "CHROMIUM" in os.environ or not _present():
        return ""
    if not shutil.which(SHELL) and os.geteuid() == 0 and shutil.which("apt-get"):
        _quiet(["apt-get", "install", "-y", "--no-install-recommends", SHELL])
    return shutil.which(SHELL) or ""


def letters(language: str) -> bool:
    """Whether the machine has a font for a language, fetched if need be for those of the East."""
    if not shutil.which("fc-list"):
        return True  # a system that lists its fonts otherwise
    if not _font(language) and os.geteuid() == 0 and shutil.which("apt-get"):
        _quiet(["apt-get", "install", "-y", "--no-install-recommends", "fonts-noto-cjk"])
    return _font(language)


def _font(language: str) -> bool:
    command = ["fc-list", f":lang={language}", "family"]
    return bool(subprocess.run(command, capture_output=True, check=False).stdout.strip())


def _present() -> str:
    return next((path for name in NAMES if (path := shutil.which(name))), "")


def _playwrights() -> bool:
    """Whether Playwright's own browser is installed and starts on this machine."""
    probe = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: p.chromium.launch(args=['--no-sandbox']).close()"
    )
    return _quiet([sys.executable, "-c", probe])


def _quiet(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
