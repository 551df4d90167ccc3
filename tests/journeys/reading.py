"""A browser without script: it opens pages, keeps cookies, fills in forms and presses buttons."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urljoin, urlsplit

Fields = list[tuple[str, str]]


@dataclass
class Form:
    """A form of a page: what it would send as it stands, and its buttons by what they say."""

    action: str = ""
    posts: bool = False
    fields: Fields = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page in order, those with an id by it too: buttons elsewhere name it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._named: dict[str, Form] = {}
        self._open: Form | None = None
        self._button: tuple[Form, tuple[str, str]] | None = None
        self._text, self._words = "", ""
        self._select = ""
        self.feed(page)

    def _of(self, attributes: dict[str, str]) -> Form | None:
        if name := attributes.get("form", ""):
            if name not in self._named:
                self._named[name] = Form()
            return self._named[name]
        return self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        pair = (a.get("name", ""), a.get("value", ""))
        if tag == "form":
            made = self._named.setdefault(a["id"], Form()) if "id" in a else Form()
            made.action, made.posts = a.get("action", ""), a.get("method", "") == "post"
            self._open = made
            self.found.append(made)
            return
        form = self._of(a)
        if form is None:
            return
        if tag == "button":
            self._button, self._words = (form, pair), ""
        elif tag == "input" and pair[0] and a.get("type") not in ("submit", "file"):
            if a.get("type") not in ("radio", "checkbox") or "checked" in a:
                form.fields.append((pair[0], pair[1] or "on" * (a.get("type") == "checkbox")))
        elif tag == "textarea":
            self._text, self._words = pair[0], ""
        elif tag == "select":
            self._select = pair[0]
        elif tag == "option" and self._select and "selected" in a:
            form.fields.append((self._select, pair[1]))

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            form, pair = self._button
            form.buttons.setdefault(" ".join(self._words.split()), pair)
            self._button = None
        elif tag == "textarea" and self._text:
            if self._open is not None:
                self._open.fields.append((self._text, self._words.removeprefix("\n")))
            self._text = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._open = None


@dataclass
class Answer:
    """What came back: where it came from in the end, its status, and its content."""

    address: str
    status: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")


class Browser:
    """Somebody's browser, at a place and an address as the proxy in front tells them."""

    def __init__(self, url: str, address: str, place: str = "", **headers: str) -> None:
        self.url, self.page = url, Answer(url, 0, b"")
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.headers = {"X-Forwarded-For": address, "Accept-Language": "en", **headers}
        if place:
            self.headers["X-Place"] = place

    def send(self, path: str, form: Fields | None = None, **headers: str) -> Answer:
        """Ask for something beside the page one is on, or post it as a script of the page does."""
        sent = {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        data = None
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
            sent |= {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        request = urllib.request.Request(urljoin(self.url, path), data, sent)  # noqa: S310
        try:
            with self._opener.open(request, timeout=120) as came:
                return Answer(came.url, came.status, came.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.url, refused.status, refused.read())

    def listening(self, path: str) -> Any:
        """An answer that comes as things happen, such as a stream of events: read it, close it."""
        request = urllib.request.Request(urljoin(self.url, path), headers=self.headers)  # noqa: S310
        return self._opener.open(request, timeout=60)

    def open(self, path: str) -> Answer:
        self.page = self.send(path)
        return self.page

    @property
    def path(self) -> str:
        return urlsplit(self.page.address).path

    def forms(self) -> list[Form]:
        return Forms(self.page.text).found

    def form(self, button: str) -> Form:
        """The first form of the page that has a button saying so. Raises LookupError."""
        for form in self.forms():
            if button in form.buttons:
                return form
        raise LookupError(f"no button says {button!r} at {self.page.address}")

    def press(self, button: str, **typed: str) -> Answer:
        """Press a button of the page, with this typed or chosen; the page that comes then."""
        form = self.form(button)
        fields = [pair for pair in form.fields if pair[0] not in typed]
        fields += [*typed.items(), *([form.buttons[button]] if form.buttons[button][0] else [])]
        to = urljoin(self.page.address, form.action)
        if form.posts:
            self.page = self.send(to, fields)
        else:
            self.page = self.send(f"{to.partition('?')[0]}?{urllib.parse.urlencode(fields)}")
        return self.page
