"""A version is published while pages are asked for: how long they take, against before it.

`plainview serve` runs with two web processes on a port of its own; four readers ask for the notice,
each a fifth of a second after its last page (PAUSE; with 0 as fast as two cores can draw). In the
middle a folder with another law of India is published from the shell.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings

from _service import free_port, serving

SECONDS = float(os.environ.get("SECONDS", "8"))
READERS = 4
PAUSE = float(os.environ.get("PAUSE", "0.2"))
LAX = ('personalise = "consent"', 'personalise = "legitimate-interest"')


def _page(port: int) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/legal/privacy/")
    return connection.getresponse().read()


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "policy"
        shutil.copytree(settings.POLICY_DIR, folder)
        port = free_port()
        said = {
            "PLAINVIEW_DATA_DIR": f"{place}/data",
            "PLAINVIEW_POLICY_DIR": str(folder),
            "PLAINVIEW_WEB_WORKERS": "2",
        }
        with serving(port, **said):
            _page(port)  # the first is composed
            _measure(port, folder, [sys.executable, "-m", "plainview"], os.environ | said)


def _measure(port: int, folder: Path, command: list[str], environment: dict[str, str]) -> None:
    taken: list[tuple[float, float, bool]] = []
    over = threading.Event()

    def reads() -> None:
        while not over.is_set():
            began = time.perf_counter()
            new = b"2026-11-27" in _page(port)
            taken.append((began, time.perf_counter() - began, new))
            time.sleep(PAUSE)

    readers = [threading.Thread(target=reads) for _ in range(READERS)]
    for each in readers:
        each.start()
    time.sleep(SECONDS)
    head = folder / "policy.toml"
    head.write_text(head.read_text().replace('version = "2026-11-20"', 'version = "2026-11-27"'))
    law = folder / "jurisdictions" / "in.toml"
    law.write_text(law.read_text().replace(*LAX))
    began = time.perf_counter()
    subprocess.run([*command, "policy", "publish"], env=environment, check=True)
    ended = time.perf_counter()
    time.sleep(2)
    over.set()
    for each in readers:
        each.join()
    before = [took for at, took, _new in taken if at < began]
    during = [took for at, took, _new in taken if began <= at <= ended + 1]
    first = min(at for at, _took, new in taken if new)
    late = [at for at, _took, new in taken if not new and at > first + 0.5]
    one, other = (statistics.quantiles(each, n=20)[-1] * 1000 for each in (before, during))
    print(f"p95 of the notice: {one:.0f} ms before, {other:.0f} ms while a version is published")
    print(f"ratio {other / one:.2f}; {len(taken)} pages; publishing took {ended - began:.1f} s")
    print(f"pages of the old version half a second after the first of the new: {len(late)}")
