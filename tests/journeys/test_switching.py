"""Many processes, on two ports, go over to a version together (P11c)."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from tests.changes.conftest import move

from .conftest import Service, copy_of, free_port

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.soak]
POLICY = Path(__file__).parents[2] / "policy"
NEW = b"South Africa"


def test_p11c_no_process_shows_the_old_version_once_any_has_shown_the_new(
    tmp_path: Path, laid: Service
) -> None:
    law = shutil.copytree(POLICY, tmp_path / "law")
    first = copy_of(laid, tmp_path / "data")
    first.environment |= {"PLAINVIEW_POLICY_DIR": str(law), "PLAINVIEW_WEB_WORKERS": "3"}
    port = str(free_port())
    own = {"PLAINVIEW_PORT": port, "PLAINVIEW_JOB_WORKERS": "0"}
    second = Service(f"http://localhost:{port}", first.data, {**first.environment, **own})
    over, pages, faults = threading.Event(), [], []

    def reads(service: Service) -> None:
        while not over.is_set():
            began = time.monotonic()
            try:
                address = f"{service.url}/legal/privacy/"
                page = urllib.request.urlopen(address, timeout=60).read()  # noqa: S310
            except OSError as fault:
                faults.append(fault)
                return
            pages.append((began, time.monotonic(), NEW in page))
            time.sleep(0.05)

    first.start()
    second.start()
    try:
        readers = [threading.Thread(target=reads, args=(each,)) for each in (first, second) * 2]
        for each in readers:
            each.start()
        time.sleep(3)
        move(Path(law))
        os.kill(first.process.pid, signal.SIGHUP)
        deadline = time.monotonic() + 120
        while not any(new for _began, _ended, new in pages) and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(4)
        over.set()
        for each in readers:
            each.join()
    finally:
        second.stop()
        first.stop()
    assert faults == []
    known = min(ended for _began, ended, new in pages if new)
    late = [began - known for began, _ended, new in pages if not new and began > known]
    assert late == [], "a process was behind"
    assert sum(new for *_, new in pages) > 4 and not all(new for *_, new in pages)
