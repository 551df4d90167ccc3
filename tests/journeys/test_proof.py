"""The page that checks receipts: in the reader's own browser, or by a command (P2.11e)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
VECTORS = Path(__file__).resolve().parents[2] / "frontend/proof/tests/vectors.json"


def case(name: str) -> dict:
    return next(each for each in json.loads(VECTORS.read_text()) if each["name"] == name)


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a receipt holds", "It holds."),
        ("another answer", "this entry is not in the log"),
        ("back-dated", "it is back-dated"),
        ("another key", "signed by no key that yours leads to"),
    ],
)
def test_p2_11e_a_receipt_is_checked_in_the_page_and_goes_nowhere(
    service, page: Page, tmp_path, name, said
):
    asked = case(name)
    (tmp_path / "file").write_text(asked["texts"][0])
    page.goto(f"{service.url}/legal/log/check/?lang=en")
    expect(page.locator("form[data-proof]")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.fill("#key", asked["key"])
    page.set_input_files("#files", tmp_path / "file")
    page.locator("form[data-proof] button").click()
    expect(page.locator("[data-proof-said]")).to_contain_text(said)
    assert sent == [], "nothing that was chosen leaves the browser"


def test_p2_11e_without_a_script_the_page_says_how_to_check(service, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}/legal/log/check/?lang=en")
    expect(page.locator("form[data-proof]")).to_be_hidden()
    expect(page.get_by_text("The command below does the same")).to_be_visible()
    expect(page.get_by_role("link", name="plainview-verify.py")).to_be_visible()
    context.close()
