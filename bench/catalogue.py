"""Home, title and watch with 500 titles: `python bench/catalogue.py` (through `make bench`).

Requests a second and p95 over HTTP from two web processes, CPU of one request in this process, the
page as it is sent, and the script that it asks for. Beside them the same bytes from a bare WSGI
application on the same server in the same run, and what is recorded of MediaCMS 8.3.2 with 500
media, two workers on two cores, which can't be started here. Goal: 3 × its rate; aim: 20 ×.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import timezone

import plainview
from _service import free_port
from plainview.domains.catalogue.models import Credit, Genre, Licence, Person, Tag, Title, Video
from plainview.domains.playback.models import Package
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty

duties.DUTIES |= {"fixture"}
TITLES, CLIENTS, SECONDS, WARM = 500, 4, 8, 12
MEDIACMS = {"home": (13, 385), "title": None, "watch": (15, 1461)}
"""The best requests a second that are recorded, and kB of script."""


def fill() -> tuple[Title, Video]:
    """500 titles with genres, tags, people, licences and a film that is ready."""
    genres = [Genre.objects.create(slug=f"genre-{n}", texts=_said(f"Genre {n}")) for n in range(12)]
    tags = [Tag.objects.create(slug=f"tag-{n}", texts=_said(f"Tag {n}")) for n in range(60)]
    people = [Person.objects.create(slug=f"p-{n}", texts=_said(f"Person {n}")) for n in range(300)]
    now = timezone.now()
    for number in range(TITLES):
        title = Title.objects.create(
            slug=f"title-{number}",
            texts=_said(f"The film of {number}"),
            year=1990 + number % 36,
            countries=["KR"],
            licensed=number % 3 == 0,
            published_at=now - timedelta(hours=number),
        )
        if title.licensed:
            Licence.objects.create(title=title)
        title.genres.set([genres[number % 12], genres[(number * 5 + 1) % 12]])
        title.tags.set(tags[each * 7 % 60] for each in range(number % 5, number % 5 + 4))
        Credit.objects.bulk_create(
            Credit(title=title, person=people[(number + each * 37) % 300], role="cast")
            for each in range(8)
        )
        video = Video.objects.create(title=title, language="ko")
        Package.objects.create(
            video=video, key=video.key, duration_ms=5_400_000, width=1920, height=1080, contents={}
        )
    return title, video


def _said(name: str) -> dict[str, dict[str, str]]:
    return {"en": {"name": name, "tagline": "One line.", "synopsis": "A story in words. " * 20}}


def cpu(address: str) -> float:
    """Milliseconds of CPU of one request through the whole service, without the server."""
    handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")
    environ = factory.get(address, headers={"Accept-Language": "en"}).environ

    def once() -> float:
        before = time.process_time()
        body = handler(dict(environ), lambda *_: None)
        b"".join(body)
        body.close()
        return 1000 * (time.process_time() - before)

    return statistics.median([once() for _ in range(3 * WARM)][WARM:])


@contextmanager
def serving(*target: str, **more: str) -> Iterator[int]:
    """granian with two processes on a free port."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "2", "--log-level", "error",
        *target,
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, **more})
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def rate(port: int, address: str) -> tuple[float, float]:
    """Requests a second, and the p95 of one in ms, of a few clients that ask without a pause."""
    times: list[float] = []
    until = time.monotonic() + SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            began = time.monotonic()
            connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            times.append(time.monotonic() - began)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    began = time.monotonic()
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    spent = time.monotonic() - began
    return len(times) / spent, 1000 * statistics.quantiles(times, n=20)[-1]


def weight(address: str) -> tuple[bytes, int, int]:
    """The page, its bytes and those of its scripts, gzipped."""
    handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")
    body = handler(factory.get(address).environ, lambda *_: None)
    page = b"".join(body)
    body.close()
    names = set(re.findall(rb'<script[^>]+src="[^"]*/build/([^"]+?)(?:\.[0-9a-f]{12})?\.js"', page))
    built = Path(plainview.__file__).parent / "web/static/build"
    scripts = sum(len(gzip.compress((built / f"{n.decode()}.js").read_bytes())) for n in names)
    return page, len(gzip.compress(page)), scripts


def main() -> int:
    """Print each figure, and all of them as one JSON object."""
    with duty("fixture"):
        title, video = fill()
    pages = {"home": "/", "title": f"/titles/{title.slug}/", "watch": f"/watch/{video.key}/"}
    said: dict[str, dict[str, float]] = {}
    drawn = {name: weight(address) for name, address in pages.items()}
    for name, address in pages.items():
        _page, sent, scripts = drawn[name]
        said[name] = {"cpu_ms": round(cpu(address), 1), "page_kB": round(sent / 1000, 1)}
        said[name]["script_kB"] = round(scripts / 1000, 1)
    with serving("plainview.web.wsgi:application") as port:
        for name, address in pages.items():
            rate(port, address)
            found, p95 = rate(port, address)
            said[name] |= {"per_second": round(found, 1), "p95_ms": round(p95)}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bare.py").write_text(BARE)
        for name in pages:
            Path(folder, "page").write_bytes(gzip.compress(drawn[name][0]))
            with serving("bare:application", PYTHONPATH=folder, BARE_FOLDER=folder) as port:
                said[name]["bare_per_second"] = round(rate(port, "/")[0], 1)
    for name, figures in said.items():
        print(name, figures)
        if recorded := MEDIACMS[name]:
            times = figures["per_second"] / recorded[0]
            print(f"  {times:.1f} × the rate recorded of MediaCMS ({recorded[0]} a second)")
            print(f"  {figures['script_kB'] / recorded[1]:.2f} of its script ({recorded[1]} kB)")
    print(json.dumps(said))
    return 0


BARE = textwrap.dedent("""
    import os, pathlib
    PAGE = pathlib.Path(os.environ["BARE_FOLDER"], "page").read_bytes()
    def application(environ, start):
        start("200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
        return [PAGE]
""")


if __name__ == "__main__":
    raise SystemExit(main())
