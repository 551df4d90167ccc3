"""No promise that was kept is lost; that the page is fresh, `make check` sees to."""

import importlib.util
import sys
from pathlib import Path

import pytest

from plainview.engine import Promise, load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "policy"


@pytest.fixture(scope="module")
def promises():
    """The tool that writes the page."""
    found = importlib.util.spec_from_file_location("promises", ROOT / "tools" / "promises.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["promises"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def policy():
    return load(FOLDER)


@pytest.fixture(scope="module")
def kept(promises, policy):
    """What keeps each promise now."""
    return promises.gather(policy, FOLDER)


def test_no_promise_that_was_kept_is_lost(promises, policy, kept):
    """The state of each on the page may only rise."""
    now = {id_: promises.state(policy.promises[id_], each) for id_, each in kept.items()}
    assert promises.lost(now) == []


def test_a_promise_whose_test_is_gone_is_lost(promises, policy, kept):
    """Take its tests away, or its code, and it is no longer kept; and is named."""
    without = {
        "P2a": kept["P2a"]._replace(tests=[]),
        "P0c": kept["P0c"]._replace(code=[]),
        "P0h": kept["P0h"],
    }
    now = {id_: promises.state(policy.promises[id_], each) for id_, each in without.items()}
    lost = promises.lost(promises.recorded() | now)
    assert lost == ["P0c was kept and is unproved", "P2a was kept and is unproved"]
    assert "P2a was kept and is gone" in promises.lost({})


def test_a_promise_that_waits_says_for_what(promises):
    """A room that is not built yet names the capability that brings it."""
    promise = Promise(
        id="P1a",
        section="1",
        kind="use",
        promise="Something",
        must="m",
        show="s",
        rooms=("domains/ads", "web"),
    )
    nothing = promises.Kept([], [], [])
    something = promises.Kept([], ["a.py f"], ["test_a.py test_f"])
    assert promises.state(promise, nothing) == "to come"
    assert promises.state(promise, something) == "in part"
    assert promises.missing(promise) == ["domains/ads"]
    text = promises.PAGE.read_text()
    assert "- Comes with advertising (`domains/ads`)" in text


def test_every_room_of_a_promise_is_there_or_known_to_come(promises, policy):
    """A room misspelt would count as built."""
    for id_, promise in policy.promises.items():
        for room in promise.rooms:
            known = (
                room in promises.CAPABILITIES
                or (ROOT / room).exists()
                or (ROOT / "src" / "plainview" / room).exists()
            )
            assert known, f"{id_} names {room}"
