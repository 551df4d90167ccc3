"""What the door costs: a disclosure against a bare HTTP post, and a flow beside the home page.

    python tools/bench.py disclosures

**Overhead** is what one disclosure costs from asking to its record of having been sent, less a bare
post: asked for in a transaction of its own (decided, ledger, queue), then handed over by the worker
(claimed, decided again, read behind the gate, cut, signed, sent, recorded, ended). The bare post is
`http.client` over a connection that stays open, with the same body, to the same recipient (a
server in a process of its own), in the same run; rounds take turns. Wall time and processor time
of this process, milliseconds each. Beside a sustained flow the home page is asked for over HTTP.
"""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from allauth.account.models import EmailAddress
from django.conf import settings

from _service import serving
from plainview.domains.accounts.models import User
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.disclosures import services
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Disclosure

duties.DUTIES |= {"fixture"}
ROUNDS, CALLS = 9, 200
RATE, SECONDS, PEOPLE = 100, 20, 50
MOST_MS, MOST_BESIDE = 1.5, 1.5
TO = {"recipient": "northgate", "purpose": "audience-uploads"}
RECIPIENT = """
import sys, socketserver
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Takes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
    def log_message(self, *args): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def people() -> list[int]:
    """Members whose address may go to the platform."""
    found = []
    with duty("fixture"):
        for number in range(PEOPLE):
            user = User.objects.create_user(f"bench{number}@lantern.example")
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
            permissions.change(
                user.pk,
                lambda old: msgspec.structs.replace(
                    old, presence="DE", residence="DE", choices={"audience-uploads": "granted"}
                ),
            )
            found.append(user.pk)
    return found


def bare(port: int) -> Callable[[], None]:
    """As many posts of the same body by the standard library alone."""
    member = {"external_id": "r" * 32, "email_sha256": ["h" * 64]}
    body = json.dumps({"members": [member]}).encode()
    line = http.client.HTTPConnection("127.0.0.1", port)

    def post() -> None:
        for _ in range(CALLS):
            line.request("POST", "/members/add", body, {"Content-Type": "application/json"})
            line.getresponse().read()

    return post


class Spent(NamedTuple):
    """Milliseconds of wall and of processor time, a call."""

    wall: float
    cpu: float


def timed(act: Callable[[], None]) -> Spent:
    """What CALLS of something cost, each."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Spent(wall / CALLS * 1000, cpu / CALLS * 1000)


def median(rounds: list[Spent]) -> Spent:
    """The median of the rounds."""
    wall, cpu = zip(*rounds, strict=True)
    return Spent(statistics.median(wall), statistics.median(cpu))


def overhead(port: int, subjects: list[int]) -> dict[str, float]:
    """What a request pays for asking, what a worker pays, and both beyond the bare post."""
    asked = itertools.cycle(subjects)

    def ask() -> None:
        for _ in range(CALLS):
            services.disclose(**TO, subject=next(asked))

    def deliver() -> None:
        worker.run_all()

    acts = {"post": bare(port), "ask": ask, "deliver": deliver}
    rounds: dict[str, list[Spent]] = {name: [] for name in acts}
    for number in range(ROUNDS + 1):
        for name, act in acts.items():
            spent = timed(act)
            if number:  # the first is for warming up
                rounds[name].append(spent)
    post, asking, delivering = (median(rounds[name]) for name in acts)
    result = {}
    for kind in ("wall", "cpu"):
        one, two, three = (getattr(each, kind) for each in (post, asking, delivering))
        result |= {
            f"bare post, ms {kind}": one,
            f"asking, ms {kind}": two,
            f"delivering, ms {kind}": three,
            f"overhead, ms {kind}": two + three - one,
            f"disclosure / bare post, {kind}": (two + three) / one,
        }
    return result


def p95(port: int, seconds: float) -> float:
    """The home page's 95th percentile over HTTP, milliseconds, four asking at once with pauses."""
    times: list[float] = []
    until = time.monotonic() + seconds

    def look() -> None:
        while time.monotonic() < until:
            started = time.perf_counter()
            line = http.client.HTTPConnection("127.0.0.1", port)
            line.request("GET", "/")
            line.getresponse().read()
            line.close()
            times.append((time.perf_counter() - started) * 1000)
            time.sleep(0.05)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(times)[int(len(times) * 0.95)]


def sustained(subjects: list[int]) -> dict[str, float]:
    """The whole service with one worker: a steady flow, and the page beside it."""
    port = 8790
    said = {"PLAINVIEW_JOB_WORKERS": "1", "PLAINVIEW_CONNECTIONS": str(settings.CONNECTIONS)}
    with serving(port, **said):
        time.sleep(2)
        p95(port, 3)
        idle = p95(port, SECONDS / 2)
        before = Disclosure.objects.filter(state="sent").count() if _audit() else 0
        done = threading.Event()

        def ask() -> None:
            started = time.monotonic()
            for number in range(RATE * SECONDS):
                services.disclose(**TO, subject=subjects[number % len(subjects)])
                late = started + (number + 1) / RATE - time.monotonic()
                if late > 0:
                    time.sleep(late)
            done.set()

        asking = threading.Thread(target=ask)
        asking.start()
        beside = p95(port, SECONDS)
        asking.join()
        time.sleep(1)
        with duty("audit"):
            sent = Disclosure.objects.filter(state="sent").count() - before
        return {
            "disclosures a second, asked for": RATE,
            "disclosures a second, sent": sent / (SECONDS + 1),
            "home page p95 beside / idle": beside / idle,
        }


def _audit() -> bool:
    with duty("audit"):
        Job.objects.filter(state="waiting").delete()
        Disclosure.objects.all().delete()
    return False


def main() -> None:
    """Measure and print; exit with 1 when a goal is missed."""
    double = subprocess.Popen([sys.executable, "-c", RECIPIENT], stdout=subprocess.PIPE, text=True)
    try:
        assert double.stdout is not None
        port = int(double.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "connections.toml"
            path.write_text(
                f'[connection.northgate]\nkind = "audience"\nkey = "k"\nprivate = true\n'
                f'url = "http://127.0.0.1:{port}"\n'
            )
            settings.CONNECTIONS = path
            subjects = people()
            result = overhead(port, subjects)
            print(json.dumps(result, indent=1), flush=True)
            _audit()
            result |= sustained(subjects)
        print(json.dumps({name: round(value, 3) for name, value in result.items()}, indent=1))
        missed = [
            name
            for name, worst in (
                ("overhead, ms wall", MOST_MS),
                ("overhead, ms cpu", MOST_MS),
                ("home page p95 beside / idle", MOST_BESIDE),
            )
            if result[name] > worst
        ]
        if result["disclosures a second, sent"] < 0.95 * RATE * SECONDS / (SECONDS + 1):
            missed.append("disclosures a second, sent")
        if missed:
            sys.exit(f"goal missed: {', '.join(missed)}")
    finally:
        double.terminate()
        double.wait()


if __name__ == "__main__":
    main()
