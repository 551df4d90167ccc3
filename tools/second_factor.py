"""What a person brings to the forms: a second factor (RFC 6238), where they live, their age.

Tests, journeys and the gallery pass the door of the desk with it, as a person would.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

STEP = 30
SECRET = base64.b32encode(b"lantern street films").decode()


def code_of(secret: str, *, later: int = 0) -> str:
    """The six digits that an app shows now, or `later` steps of 30 s on."""
    counter = struct.pack(">Q", int(time.time()) // STEP + later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def certify(page: Any, territory: str = "DE") -> None:
    """Say in a form where one lives and that one is of age there."""
    page.locator("[name=territory]").select_option(territory)
    page.locator("[name=certified]").check()


def set_up(page: Any, url: str, password: str) -> str:
    """Set up an app in a signed-in browser, a page of Playwright; return the secret it holds."""
    page.goto(f"{url}/accounts/security/totp/activate/")
    if "/reauthenticate/" in page.url:
        form = page.locator("main form", has=page.locator("[name=password]"))
        form.locator("[name=password]").fill(password)
        form.locator("button").first.click()
    secret = str(page.locator("#key").input_value())
    form = page.locator("main form", has=page.locator("[name=code]"))
    form.locator("[name=code]").fill(code_of(secret))
    form.locator("button").first.click()
    page.wait_for_url("**/recovery-codes/")
    return secret
