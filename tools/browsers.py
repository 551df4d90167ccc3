"""Finding browsers for the tests, and nginx: one already there, else Debian's (as root)."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"
SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def chromium() -> str:
    """The path of a Chromium, fetched if need be (Playwright's own first); empty if none."""
    if path := os.environ.get("CHROMIUM") or _present():
        return path
    if _playwrights():
        return "playwright"
    print("No Chromium here: fetching one for the browser tests …", flush=True)
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if _quiet(fetch) and _playwrights():
        return "playwright"
    _install("chromium")
    return _present()


def shell() -> str:
    """The path of Debian's Chromium without its windows, fetched if need be; empty if none.

    It takes a third of the processor's time for the same pages. Who names a browser in CHROMIUM
    wants that one, and Playwright's own starts as such a shell by itself.
    """
    if "CHROMIUM" in os.environ or not _present():
        return ""
    if not shutil.which(SHELL):
        _install(SHELL)
    return shutil.which(SHELL) or ""


def firefox() -> str:
    """The path of a Firefox for the long tests, fetched if need be; empty if none can be had."""
    path = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not path:
        print("No Firefox here: fetching one for the long tests …", flush=True)
        _install("firefox-esr")
    return path or shutil.which("firefox-esr") or ""


def nginx() -> str:
    """The path of nginx, fetched if need be; empty if none can be had."""
    if path := os.environ.get("NGINX") or shutil.which("nginx", path=SBIN):
        return path
    print("No nginx here: fetching one for the test of shared caches …", flush=True)
    _install("nginx-light")
    return shutil.which("nginx", path=SBIN) or ""


def letters(language: str) -> bool:
    """Whether the machine has a font for a language, fetched if need be for those of the East."""
    if not shutil.which("fc-list"):
        return True  # a system that lists its fonts otherwise
    if not _font(language):
        _install("fonts-noto-cjk")
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


@functools.cache
def _install(package: str) -> None:
    """Let Debian's root fetch a package, once; others can't. RUNLEVEL starts none as a service."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _update()
        alone = {"RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
        _quiet(["apt-get", "install", "-y", "--no-install-recommends", package], **alone)


@functools.cache
def _update() -> None:
    """Fetch the list of packages, once for all of them."""
    _quiet(["apt-get", "update"])


def _quiet(command: list[str], **more: str) -> bool:
    none, env = subprocess.DEVNULL, os.environ | more
    try:
        done = subprocess.run(
            command, stdout=none, stderr=none, stdin=none, env=env, timeout=300, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
