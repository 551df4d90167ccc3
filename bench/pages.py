"""Home page: requests per second of the whole service against an equivalent bare Django view.

Both run in this process, one after the other in turns, on the same rows; the bare view makes the
same queries and renders the same template, without middleware or addresses.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import translation

from plainview.privacy.gate.doors import door_of
from plainview.privacy.gate.scope import Opened
from plainview.web.pages import home

ROUNDS, CALLS = 9, 40


def whole() -> Callable[[], None]:
    """The service as granian calls it: middleware, addresses, view, template."""
    handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")

    def call() -> None:
        environ = factory.get("/", headers={"Accept-Language": "en"}).environ
        body = handler(environ, lambda *_: None)
        b"".join(body)
        body.close()

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
            with Opened(door):
                home.home(request)

    return call


def seconds(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def main() -> None:
    contenders = {"whole service": whole(), "bare view": bare()}
    for call in contenders.values():
        call()
    measured: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, call in contenders.items():
            measured[name].append(seconds(call))
    best = {name: statistics.median(values) for name, values in measured.items()}
    for name, value in best.items():
        print(f"{name}: {1 / value:.0f} requests/s")
    print(f"whole / bare: {best['bare view'] / best['whole service']:.2f} of its rate")
