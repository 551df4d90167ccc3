"""What a visit left in a browser and whom it contacted, held against what is declared."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from plainview.engine import Policy, Standing, decide

IN_PAGE = """async () => ({
  localStorage: Object.keys(localStorage),
  sessionStorage: Object.keys(sessionStorage),
  database: (await indexedDB.databases()).map((each) => each.name),
  cache: "caches" in window ? await caches.keys() : [],
  worker: "serviceWorker" in navigator
    ? (await navigator.serviceWorker.getRegistrations()).map((each) => each.scope) : [],
})"""


WRITES = """(() => {
  const set = Storage.prototype.setItem;
  window.plainviewWrites = [];
  Storage.prototype.setItem = function (name, value) {
    const kind = this === window.localStorage ? "localStorage" : "sessionStorage";
    window.plainviewWrites.push([kind, String(name)]);
    return set.call(this, name, value);
  };
})()"""
"""Notes what scripts write, though they take it out again before anybody looks."""


@dataclass(frozen=True)
class Declared:
    """What `/legal/cookies.json` says."""

    keys: list[dict[str, Any]]
    host: str

    @classmethod
    def by(cls, url: str) -> Declared:
        with urllib.request.urlopen(f"{url}/legal/cookies.json", timeout=10) as answer:  # noqa: S310
            return cls(json.load(answer)["keys"], urlsplit(url).netloc)


@dataclass
class Found:
    """What a visit left, as (kind, name), and the hosts it contacted."""

    kept: set[tuple[str, str]] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)


def visit(page: Page, address: str) -> Found:
    """Open a page and let its scripts run, then look at everything the browser holds."""
    found = Found()

    def seen(request: Any) -> None:
        if (host := urlsplit(request.url).netloc) and not request.url.startswith("data:"):
            found.hosts.add(host)

    page.on("request", seen)
    page.add_init_script(WRITES)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(60)
    page.remove_listener("request", seen)
    found.kept = {("cookie", each["name"]) for each in page.context.cookies()}
    for kind, names in page.evaluate(IN_PAGE).items():
        found.kept |= {(kind, name) for name in names}
    found.kept |= {
        (kind, name) for kind, name in page.evaluate("() => window.plainviewWrites ?? []")
    }
    return found


def faults(found: Found, declared: Declared, permits: Callable[[str], bool]) -> list[str]:
    """What was kept or contacted and is not declared, or not permitted here (P1.2.6a)."""
    keys = {(key["kind"], key["name"]): key for key in declared.keys}
    said = []
    for kind, name in sorted(found.kept):
        key = keys.get((kind, name))
        if key is None:
            said.append(f"{kind} {name} is not declared")
        elif not key["necessary"] and not permits(key["purpose"]):
            said.append(f"{kind} {name} serves {key['purpose']}, which is not permitted")
    allowed = {declared.host} | {
        host for key in declared.keys if permits(key["purpose"]) for host in key["hosts"]
    }
    said += [f"contacts {host}" for host in sorted(found.hosts - allowed)]
    return said


@dataclass(frozen=True)
class State:
    """A reader: the place that the proxy states, their browser's signal, their answer."""

    place: str
    signal: bool = False
    answers: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        said = {"X-Place": self.place} if self.place else {}
        return said | ({"Sec-GPC": "1"} if self.signal else {})

    def permits(self, policy: Policy) -> Callable[[str], bool]:
        """What the policy permits for somebody in this state, decided apart from the service."""
        answer = {"accept": "granted", "reject": "denied"}
        choices: dict[str, str] = {}
        for said in self.answers:
            choices |= dict.fromkeys(policy.asks(self.place or None), answer[said])
        signals = frozenset({"gpc"}) if self.signal else frozenset[str]()
        person = Standing.newcomer(presence=self.place or None, choices=choices, signals=signals)
        return lambda purpose: bool(decide(policy, person, purpose))

    def answer(self, context: BrowserContext, url: str) -> None:
        """Give the answers on the page of choices, one after the other."""
        page = context.new_page()
        for said in self.answers:
            page.goto(f"{url}/privacy/choices/")
            page.locator(f'main button[name="answer"][value="{said}"]').first.click()
            page.wait_for_load_state("load")
        page.close()


def crawl(
    context: BrowserContext, url: str, paths: Iterable[str], declared: Declared
) -> Iterator[tuple[str, Found]]:
    """Visit each page in one tab, one after the other."""
    page = context.new_page()
    for path in paths:
        yield path, visit(page, url + path)
    page.close()
