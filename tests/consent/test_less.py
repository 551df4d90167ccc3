"""The questions speak of what this policy has, and of nothing that its operator took out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from plainview.engine import load
from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.gate import purposes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SHIPPED = Path(__file__).parents[2] / "policy"


@pytest.fixture
def less(tmp_path):
    """`less(kinds)` takes the purposes of some kinds out of the policy in force."""
    before = purposes.policy()

    def remove(*kinds: str) -> None:
        folder = shutil.copytree(SHIPPED, tmp_path / "less")
        gone = [id_ for id_, each in before.purposes.items() if each.kind in kinds]
        gone += [id_ for id_ in before.purposes if id_ == "advertising-storage"]
        done = CliRunner().invoke(command, ["remove", "purpose", *gone, "--folder", str(folder)])
        assert done.exit_code == 0, done.output
        purposes.enforce(load(folder))

    yield remove
    purposes.enforce(before)


@pytest.mark.parametrize(
    ("gpc", "named"),
    [
        (False, "tips, visit counts, mail, advertising, and cookies."),
        (True, "tips, visit counts, mail, and cookies."),
    ],
)
@pytest.mark.parametrize(("place", "before"), [("DE", "A yes allows"), ("US-CA", "you say no:")])
def test_p2_11a_the_question_names_the_kinds_that_are_asked_for(window, place, before, gpc, named):
    browser = window(place, gpc=gpc, at="/")
    assert f"{before} {named}" in browser.says


@pytest.mark.parametrize("place", ["DE", "US-CA"])
def test_p2_11a_without_advertising_no_page_of_choices_speaks_of_it(window, less, place):
    less("advertising")
    browser = window(place)
    for address in ("/", "/privacy/choices/", "/privacy/opt-out/"):
        browser.open(address)
        said = browser.says.lower()
        assert "advertis" not in said, address
    browser.open("/legal/place/")
    for said in ("Advertising and sharing", "Advertising with", "tailored adv", "Do Not Sell"):
        assert said not in browser.says
    browser.open("/privacy/opt-out/")
    assert "Take in what partners know of you" in browser.says, "what is left to end is named"
