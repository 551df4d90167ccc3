"""The questions in Firefox: equal answers, the keyboard, the other tab, its own signal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import ROOT, Service

pytestmark = [pytest.mark.journey, pytest.mark.soak]
DRIVER = Path(__file__).with_name("firefox.mjs")


def seen(service: Service, **preferences: bool) -> dict[str, Any]:
    """What a new Firefox with these preferences saw; dots in their names are written as `__`."""
    firefox = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    node = shutil.which("node", path=f"{ROOT}/.node/bin:{os.environ['PATH']}")
    if not firefox or not node:
        pytest.skip("no Firefox: install firefox-esr or set FIREFOX")
    wanted = {name.replace("__", "."): value for name, value in preferences.items()}
    done = subprocess.run(
        [node, "--experimental-websocket", DRIVER, firefox, service.url, json.dumps(wanted)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def test_p2_11a_firefox_asks_as_any_other(service):
    found = seen(service)
    assert len({tuple(size) for size in found["sizes"]}) == 1
    assert len(found["sizes"]) == 3
    assert found["fits"]
    assert not found["heard"]
    assert found["cookies"] == [], "nothing before an answer"
    assert found["reached"] == "reject"
    assert found["answered"]
    assert found["heardElsewhere"], "the other tab heard it"
    assert found["refused"]
    assert found["reads"] == "rtl"
    assert found["worker"] in {"TypeError", "SecurityError"}


def test_p5_2_2_2b_firefox_sends_the_signal_and_the_first_page_has_heard_it(service):
    assert seen(service, privacy__globalprivacycontrol__enabled=True)["heard"]
