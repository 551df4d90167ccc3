"""What asking costs: an answer against a bare transaction of its rows, a page with the banner
against one without, and the size of the script.

The bare transaction writes the same rows by Django's own engine and ORM, with the same pragmas,
into a file of the same shape beside; the pages are the whole service as granian calls it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plainview.platform.identifiers import new_id
from plainview.privacy import permissions
from plainview.privacy.consent import cookie, services
from plainview.privacy.consent.models import Answer, Device, Shown
from plainview.privacy.log.models import Entry, Leaf
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force

ROUNDS, CALLS = 9, 60
BUILD = Path(__file__).resolve().parents[1] / "src/plainview/web/static/build"
BODY = "x" * 700
"""As long as what is committed to of an answer."""
QUESTION = services.Question("en", "eu", "May we?\nAccept all\nReject all")
STOCK = {"sqlite3": "django.db.backends.sqlite3", "postgresql": "django.db.backends.postgresql"}


def answering() -> Callable[[], None]:
    """A first "accept all" of a device, as the banner records it."""
    facts = permissions.newcomer("eu")
    answers = dict.fromkeys(in_force().asks("DE"), "granted")

    def call() -> None:
        services.answer_for_device(None, answers, QUESTION, facts=facts, via="banner")

    return call


def bare() -> Callable[[], None]:
    """The same rows in one transaction, with nothing decided, checked or filtered."""
    told = dict(settings.DATABASES["default"])
    told["ENGINE"] = STOCK[connection.vendor if connection.vendor == "postgresql" else "sqlite3"]
    if connection.vendor == "sqlite":
        beside = str(settings.DATA / "bare.sqlite3")
        connection.close()
        shutil.copy(told["NAME"], beside)
        told["NAME"] = beside
    connections.settings["bare"] = told
    fingerprint = in_force().fingerprint
    answers = dict.fromkeys(in_force().asks("DE"), "granted")
    kept = permissions.answered(permissions.newcomer("eu"), answers)
    folded = permissions.integer(kept, device=True)

    def call() -> None:
        device, today = new_id(), timezone.localdate()
        with transaction.atomic("bare"):
            Device.objects.using("bare").create(pk=device, made_on=today, seen_on=today)
            Standing.objects.using("bare").create(
                subject=device,
                device=True,
                permitted=folded,
                valid_until=int(kept.valid_until or 0),
                facts=kept.to_json().decode(),
                policy=fingerprint,
            )
            shown, _ = Shown.objects.using("bare").get_or_create(
                key=hashlib.sha256(QUESTION.key.encode()).hexdigest(),
                defaults={
                    "language": "en",
                    "jurisdiction": "eu",
                    "policy": fingerprint,
                    "text": QUESTION.text,
                },
            )
            Answer.objects.using("bare").create(
                subject=device,
                shown=shown,
                answers=json.dumps(dict(sorted(answers.items()))),
                given_at=timezone.now(),
                via="banner",
            )
            leaf = Leaf.objects.using("bare").create(hash=b"h" * 32)
            Entry.objects.using("bare").create(
                leaf=leaf, subject=device, kind="consent", body=BODY, salt=b"s" * 32
            )

    return call


def visiting(carried: str) -> Callable[[], None]:
    """The home page, for a browser with this cookie or none."""
    handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")
    factory.cookies.load({cookie.NAME: carried} if carried else {})
    headers = {"Accept-Language": "en", "X-Place": "DE"}

    def call() -> None:
        body = handler(factory.get("/", headers=headers).environ, lambda *_: None)
        b"".join(body)
        body.close()

    return call


def answered() -> str:
    """The cookie of a device that refused everything, but to be recognised."""
    answers = dict.fromkeys(in_force().asks("DE"), "denied")
    facts = permissions.newcomer("eu")
    given = services.answer_for_device(None, answers, QUESTION, facts=facts, via="banner")
    response = HttpResponse()
    cookie.hand(response, given)
    return response.cookies[cookie.NAME].value


def compare(
    contenders: dict[str, Callable[[], None]], clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Seconds of each call by the clock, in turns: the median of the rounds."""
    measured: dict[str, list[float]] = {name: [] for name in contenders}
    for call in contenders.values():
        call()
    for _ in range(ROUNDS):
        for name, call in contenders.items():
            start = clock()
            for _ in range(CALLS):
                call()
            measured[name].append((clock() - start) / CALLS)
    return {name: statistics.median(values) for name, values in measured.items()}


def queries(call: Callable[[], None]) -> int:
    """How many statements a call sends."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def main() -> None:
    settings.ENV = msgspec.structs.replace(settings.ENV, place_header="X-Place", trusted_proxies=1)
    written = compare({"answer": answering(), "bare": bare()})
    rate = written["bare"] / written["answer"]
    print(f"an answer: {1 / written['answer']:.0f} a second; the bare transaction of its rows:")
    print(f"  {1 / written['bare']:.0f} a second; answer / bare: {rate:.2f} of its rate")
    pages = {"with banner": visiting(""), "without": visiting(answered())}
    shown = compare(pages, time.process_time)
    for name, call in pages.items():
        print(f"home page {name}: {shown[name] * 1e3:.1f} ms of CPU, {queries(call)} queries")
    print(f"with banner / without: {shown['with banner'] / shown['without']:.2f} of its time")
    script = gzip.compress((BUILD / "site.js").read_bytes())
    print(f"script of the whole shell, consent included: {len(script) / 1000:.1f} KB gzipped")
