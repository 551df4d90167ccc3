"""Pages of the service in this process: what the service adds to a view, the gate to the engine.

- home page: requests a second of the whole service against an equivalent bare Django view, which
  makes the same queries and renders the same template, without middleware or addresses
- CPU of the home, title and watch pages with the gate against Django's own engine (goal <= 1.05);
  everything else, doors included, is the same

Both sides take turns on the same rows. Prints, and ends with the ratios as one JSON object.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import RequestFactory
from django.utils import translation

from plainview.domains.catalogue.models import Video
from plainview.privacy.gate.doors import door_of
from plainview.privacy.gate.scope import Opened
from plainview.privacy.visitors import Visitor
from plainview.web.pages import home

ROUNDS, CALLS = 9, 40
PAGE_ROUNDS, ROUND = 61, 0.1
"""Rounds of a page, and how long one takes: shorter ones differ by more than the gate costs."""
GOAL = 1.05


def whole(address: str = "/") -> Callable[[], None]:
    """The service as granian calls it: middleware, addresses, view, template."""
    handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")

    def call() -> None:
        environ = factory.get(address, headers={"Accept-Language": "en"}).environ
        said = []
        body = handler(environ, lambda status, *_: said.append(status))
        b"".join(body)
        body.close()
        assert said == ["200 OK"], (address, said)

    return call


def bare() -> Callable[[], None]:
    """The view alone."""
    factory = RequestFactory(SERVER_NAME="localhost")
    door = door_of(home.home)
    assert door is not None

    def call() -> None:
        with translation.override("en"):
            request = factory.get("/")
            request.htmx = False
            request.user = AnonymousUser()
            request.visitor = Visitor(request)
            with Opened(door):
                home.home(request)

    return call


def seconds(
    call: Callable[[], None], calls: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """The time of one call, over `calls` of them."""
    start = clock()
    for _ in range(calls):
        call()
    return (clock() - start) / calls


def against_bare() -> float:
    """Print requests a second of both; return the whole service's part of the bare view's."""
    contenders = {"whole service": whole(), "bare view": bare()}
    for call in contenders.values():
        call()
    measured: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, call in contenders.items():
            measured[name].append(seconds(call, CALLS))
    best = {name: statistics.median(values) for name, values in measured.items()}
    for name, value in best.items():
        print(f"{name}: {1 / value:.0f} requests/s")
    return best["bare view"] / best["whole service"]


def against_stock(address: str) -> float:
    """Return the CPU of a page with the gate, in that of the page on Django's own engine."""
    gated = connections["default"]
    engine = import_module(f"django.db.backends.{gated.vendor}.base".replace("sqlite.", "sqlite3."))
    stock = engine.DatabaseWrapper(gated.settings_dict, "default")
    call = whole(address)
    ratios = []

    def spent(connection: object, calls: int) -> float:
        connections["default"] = connection
        return seconds(call, calls, time.process_time)

    spent(gated, 5)
    calls = max(5, round(ROUND / spent(stock, 5)))
    gc.disable()
    for number in range(PAGE_ROUNDS):
        pair = (stock, gated) if number % 2 else (gated, stock)
        times = {connection: spent(connection, calls) for connection in pair}
        ratios.append(times[gated] / times[stock])
        gc.collect()
    gc.enable()
    connections["default"] = gated
    stock.close()
    return statistics.median(ratios)


def main() -> None:
    """Measure and print; exit with 1 when a goal is missed."""
    films = Video.objects.filter(package__isnull=False, title__published_at__isnull=False)
    video = films.select_related("title").first()
    if video is None:
        sys.exit("no film to look at: `plainview demo --wait` makes some")
    pages = {"home": "/", "title": video.title.get_absolute_url()}
    pages["watch"] = video.get_absolute_url()
    rate = against_bare()
    print(f"whole / bare: {rate:.2f} of its rate")
    result = {"home page, whole / bare rate": rate}
    for name, address in pages.items():
        result[f"{name} page with the gate / stock engine, CPU"] = against_stock(address)
    print(json.dumps({name: round(value, 3) for name, value in result.items()}, indent=1))
    missed = [name for name, value in result.items() if "stock" in name and value > GOAL]
    if missed:
        sys.exit(f"over {GOAL}: {', '.join(missed)}")
