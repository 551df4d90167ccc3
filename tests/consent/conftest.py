"""A window of somebody's browser, in a place, over HTTP: it reads forms and presses buttons."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.test import Client
from tests.people import HERE, browser_of

from plainview.domains.accounts.models import User
from plainview.privacy import permissions
from plainview.privacy.consent.models import Answer
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force

SNIPPET = """{% consent_gate "roundtable.comments" title="Comments" %}
<iframe src="https://embed.roundtable.example/box"></iframe>
{% endconsent_gate %}"""
ADS, CENTRE = "targeted-ads", "/privacy/choices/"


@dataclass
class Form:
    """A form of a page: what it would send as it stands, and its buttons by what they say."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    options: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The posting forms of a page, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._button: tuple[str, str] | None = None
        self._silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        self._silent = tag in ("script", "style", "title")
        if tag == "form" and a.get("method") == "post":
            self._form = Form(a["action"])
            self.found.append(self._form)
        elif tag == "button" and self._form:
            self._button = (a.get("name", ""), a.get("value", ""))
        elif tag == "input" and self._form:
            pair = (a.get("name", ""), a.get("value", ""))
            if a.get("type") == "radio":
                self._form.options.append(pair)
            if a.get("type") == "hidden" or "checked" in a:
                self._form.fields.append(pair)

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._silent or not data.strip():
            return
        self.words.append(" ".join(data.split()))
        if self._button and self._form:
            self._form.buttons[data.strip()] = self._button
            self._button = None


class Window:
    """One browser, in which `user` is signed in, open `at` an address.

    `place` is what the proxy states; `page` was got last.
    """

    def __init__(
        self,
        place: str = "",
        *,
        user: User | None = None,
        at: str = "",
        gpc: bool = False,
        language: str = "en",
    ) -> None:
        self.client = browser_of(user) if user is not None else Client()
        self.headers = {"accept-language": language}
        if place:
            self.headers["x-place"] = place
        if gpc:
            self.headers["sec-gpc"] = "1"
        self.page: Any = None
        self._read: tuple[Any, Forms] | None = None
        if at:
            self.open(at)

    def open(self, address: str) -> Any:
        self.page = self.client.get(address, headers=self.headers, follow=True)
        return self.page

    @property
    def forms(self) -> Forms:
        """What the last page holds, read once."""
        if self._read is None or self._read[0] is not self.page:
            self._read = self.page, Forms(self.page.content.decode())
        return self._read[1]

    @property
    def says(self) -> str:
        return "\n".join(self.forms.words)

    def form(self, button: str) -> Form:
        """The first form of the page that has a button saying so."""
        return next(form for form in self.forms.found if button in form.buttons)

    def press(self, button: str, follow: bool = True, **chosen: str) -> Any:
        """Press a button of the page, with these fields chosen (`history="yes"`)."""
        form = self.form(button)
        name, value = form.buttons[button]
        picked = {f"purpose-{k.replace('_', '-')}": v for k, v in chosen.items() if k != "scope"}
        picked |= {k: v for k, v in chosen.items() if k == "scope"}
        sent: dict[str, Any] = {}
        for key, said in [(k, v) for k, v in form.fields if k not in picked]:
            sent.setdefault(key, []).append(said)
        return self.post(form.action, {**sent, **picked, name: value}, follow)

    def post(self, address: str, sent: dict[str, Any], follow: bool = True) -> Any:
        self.page = self.client.post(address, sent, headers={**self.headers, **HERE}, follow=follow)
        return self.page

    def asks(self, path: str, body: Any = None, **headers: str) -> Any:
        """What the script of a page asks of the API, or sends to it."""
        ours = {**self.headers, "sec-fetch-site": "same-origin", **headers}
        address = f"/api/v1/{path}"
        if body is None:
            return self.client.get(address, headers=ours)
        return self.client.post(address, body, "application/json", headers={**ours, **HERE})

    @property
    def cookies(self) -> set[str]:
        """The names of the cookies that the browser holds."""
        return {name for name, morsel in self.client.cookies.items() if morsel.value}


@pytest.fixture
def window(placed: None, db: None) -> Callable[..., Window]:
    """Opens windows; the proxy in front states the place in `X-Place`."""
    return Window


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("viewer@example.org", "a long sentence of words")


@pytest.fixture
def snippet(tmp_path: Path, settings: Any) -> None:
    """An operator's folder with something of others at the end of every page."""
    (tmp_path / "operator").mkdir()
    (tmp_path / "operator/page_end.html").write_text(SNIPPET)
    engine = {**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}
    settings.TEMPLATES = [engine]


def permitted(subject: int, purpose: str) -> bool:
    """Whether a person's row, which is the truth, permits a purpose."""
    row = Standing.objects.get(subject=subject)
    return bool(row.permitted >> in_force().bit(purpose) & 1)


def latest() -> dict[str, str]:
    """What the last answer said."""
    return json.loads(Answer.objects.latest("given_at").answers)


def frame(browser: Window) -> str:
    """The address of the gate's frame on the page, or nothing."""
    found = re.search(r'<iframe class="gate-frame" src="([^"]+)"', browser.page.content.decode())
    return html.unescape(found[1]) if found else ""


@pytest.fixture
def known(member: User) -> User:
    """A member in Germany whose address is confirmed."""
    caches["default"].clear()
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    permissions.change(member.pk, lambda facts: permissions.resident(facts, "DE"))
    return member
