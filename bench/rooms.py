"""Fifty editors of one episode at once, over HTTP: `python bench/rooms.py` (through `make bench`).

Each has a stream open, says where they are every fifteen seconds, and saves a line of their own
every two or three, from a moment of their own on: twenty saves a second in all, and somebody who
types a line takes longer. Goals: no edit lost, p95 of a save < 100 ms, everybody hears of a save
within a second. Beside it the same saves by one editor alone, as the baseline of the same run, and
what a save costs the service in CPU: that differs less by what else the machine does. The client
reads every stream and looks into those of five; its own share of a core is printed, so that it can
be seen whether it was in the way.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from _service import free_port, serving
from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.models import Edition, Revision, Segment
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty

duties.DUTIES |= {"fixture"}
EDITORS, SECONDS, LINES = 50, 30, 500
TIMED = 2 * LINES
LOOKING = 5
HERE_EVERY = 15.0
GOAL_MS = 100
OK = 200


def people(video: Video) -> tuple[Edition, list[str]]:
    """The edition, and the session cookie of each editor in it."""
    cookies = []
    for number in range(EDITORS):
        account = User.objects.create_user(f"room-{number}-{time.time_ns()}@lantern.example")
        services.agree(account.pk, services.TERMS)
        edition = services.open_edition(video, "ko", account=account.pk)
        client = Client()
        client.force_login(account)
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return edition, cookies


class Editor(threading.Thread):
    """Saves lines that are theirs, and hears what the others save."""

    def __init__(
        self,
        port: int,
        path: str,
        cookie: str,
        segments: list[int],
        *,
        until: float,
        pause: tuple[float, float],
        looks: bool,
    ):
        super().__init__(daemon=True)
        self.port, self.path, self.segments, self.until = port, path, segments, until
        self.pause, self.looks = pause, looks
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.took: list[float] = []
        self.kept: dict[int, str] = {}
        self.saved_at: dict[str, float] = {}
        self.heard_at: dict[str, float] = {}
        self.refused = 0

    def listen(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("GET", f"{self.path}live/?since=0", headers=self.headers)
        answer = link.getresponse()
        while time.time() < self.until and (line := answer.readline()):
            if self.looks and line.startswith(b"data: "):
                for row in json.loads(line[6:])["rows"]:
                    self.heard_at.setdefault(row["text"], time.time())

    def run(self) -> None:
        versions = dict.fromkeys(self.segments, 0)
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        time.sleep(random.uniform(0, self.pause[1]))  # noqa: S311 - a pace, no secret
        here = 0.0
        while time.time() < self.until:
            time.sleep(random.uniform(*self.pause))  # noqa: S311
            if time.time() > here + HERE_EVERY:
                here = time.time()
                self.post(link, {"act": "here", "segment": self.segments[0]})
            segment = random.choice(self.segments)  # noqa: S311
            text = f"{self.name} {time.time_ns()}"
            body = {"act": "save", "segment": segment, "version": versions[segment], "text": text}
            begun = time.perf_counter()
            status, told = self.post(link, body)
            self.took.append(1000 * (time.perf_counter() - begun))
            if status != OK:
                self.refused += 1
                print("refused", status, told)
                continue
            versions[segment] = told["version"]
            self.kept[segment] = text
            self.saved_at[text] = time.time()

    def post(
        self, link: http.client.HTTPConnection, body: dict[str, object]
    ) -> tuple[int, dict[str, Any]]:
        link.request("POST", f"{self.path}act/", urlencode(body), self.headers)
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())


def main() -> None:
    """Measure and print; exit with 1 when a goal is missed."""
    with duty("fixture"):
        title = Title.objects.create(
            slug=f"rooms-{time.time_ns()}", texts={"en": {"name": "R"}}, published_at=timezone.now()
        )
        video = Video.objects.create(title=title, language="en")
        Segment.objects.bulk_create(
            Segment(video=video, start_ms=4000 * n, end_ms=4000 * n + 3500) for n in range(TIMED)
        )
        edition, cookies = people(video)
        segments = [row.segment for row in queries.rows(edition)]
        connection.close()
    port = free_port()
    with serving(port) as server:
        path = f"/studio/{video.key}/ko/"
        alone = run(port, path, cookies[:1], [segments[LINES:]], seconds=5, pause=(0.05, 0.1))
        shares = [segments[:LINES][n::EDITORS] for n in range(EDITORS)]
        before, own, began = spent(server.pid), time.process_time(), time.perf_counter()
        together = run(port, path, cookies, shares, seconds=SECONDS, pause=(2, 3))
        lasted = time.perf_counter() - began
        cores = (spent(server.pid) - before) / lasted, (time.process_time() - own) / lasted
    missed = report(edition, alone, together)
    saves = sum(len(each.took) for each in together)
    print(f"  {saves / lasted:.0f} saves a second; the service took {cores[0]:.2f} of a core")
    print(f"  ({1000 * cores[0] * lasted / saves:.0f} ms a save, streams included), the client")
    print(f"  {cores[1]:.2f}; load of the machine {os.getloadavg()[0]:.1f}")
    sys.exit(1 if missed else 0)


def spent(pid: int) -> float:
    """Seconds of CPU that a process and its descendants took."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    own = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return own + sum(spent(int(each)) for each in children)


def run(
    port: int,
    path: str,
    cookies: list[str],
    shares: list[list[int]],
    *,
    seconds: float,
    pause: tuple[float, float],
) -> list[Editor]:
    until = time.time() + seconds
    editors = [
        Editor(port, path, cookie, share, until=until, pause=pause, looks=at < LOOKING)
        for at, (cookie, share) in enumerate(zip(cookies, shares, strict=True))
    ]
    for each in editors:
        threading.Thread(target=each.listen, daemon=True).start()
    for each in editors:
        each.start()
    for each in editors:
        each.join()
    return editors


def report(edition: Edition, alone: list[Editor], together: list[Editor]) -> bool:
    took = sorted(each for editor in together for each in editor.took)
    bare = statistics.median(alone[0].took)
    p95 = took[int(0.95 * len(took))]
    delays = sorted(
        listener.heard_at[text] - at
        for editor in together
        for text, at in editor.saved_at.items()
        for listener in together[:LOOKING]
        if text in listener.heard_at
    )
    with duty("fixture"):
        stands = {row.segment: row.text for row in queries.rows(edition)}
        history = set(Revision.objects.filter(line__edition=edition).values_list("text", flat=True))
    saved = [text for editor in together for text in editor.saved_at]
    lost = [text for text in saved if text not in history]
    wrong = [s for editor in together for s, text in editor.kept.items() if stands[s] != text]
    refused = sum(editor.refused for editor in together)
    print(f"{len(took)} saves by {len(together)} editors: p50 {statistics.median(took):.0f} ms,")
    print(f"  p95 {p95:.0f} ms; one alone: p50 {bare:.0f} ms ({p95 / bare:.1f} x)")
    print(f"  lost {len(lost)}, overwritten {len(wrong)}, refused {refused}")
    half, most = delays[len(delays) // 2], delays[int(0.95 * len(delays))]
    print(f"  heard after p50 {half:.2f} s, p95 {most:.2f} s")
    return bool(lost or wrong) or p95 > GOAL_MS
