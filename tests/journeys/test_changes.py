"""The policy changes while people use the service: asked, told, answered; in ar, ja and pt-BR."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from tests.changes.conftest import NEWS, move

from .conftest import Service, copy_of
from .test_choices import VISITORS, register
from .walking import mails_to

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
POLICY = Path(__file__).parents[2] / "policy"
ADDRESS = "viewer@lantern.example"


@pytest.fixture
def moving(tmp_path: Path, laid: Service) -> Iterator[Service]:
    """A service whose operator edits the policy's folder while it runs."""
    shutil.copytree(POLICY, tmp_path / "law")
    running = copy_of(laid, tmp_path / "data")
    running.environment["PLAINVIEW_POLICY_DIR"] = str(tmp_path / "law")
    running.start()
    yield running
    running.stop()


def publish(service: Service) -> None:
    """Change the folder, and tell the service so."""
    move(Path(service.environment["PLAINVIEW_POLICY_DIR"]))
    assert service.process is not None
    os.kill(service.process.pid, signal.SIGHUP)
    deadline = time.monotonic() + 60
    while not service.rows("SELECT 1 FROM privacy_change"):
        assert time.monotonic() < deadline, (service.data / "serve.log").read_text()[-2000:]
        time.sleep(0.2)
    time.sleep(1)


def window(browser: Browser, *, script: bool, language: str) -> BrowserContext:
    return browser.new_context(
        java_script_enabled=script,
        extra_http_headers={"X-Place": "DE"},
        locale=language,
        viewport={"width": 390, "height": 800},
    )


def answer(page: Page, value: str) -> None:
    page.locator(f".consent button[value={value}]").click()
    page.locator(".consent").wait_for(state="hidden")


def reads(page: Page, service: Service, language: str) -> None:
    """What changed stands in the history, the notice is the new one, each purpose says why."""
    for address in ("/legal/privacy/", "/legal/privacy/versions/", "/privacy/choices/"):
        page.goto(f"{service.url}{address}?lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    version = service.rows("SELECT name FROM privacy_version ORDER BY id DESC")[0][0]
    page.goto(f"{service.url}/legal/privacy/{version}/changes/?lang={language}")
    assert NEWS[language] in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    told = service.rows(
        "SELECT facts FROM privacy_standing WHERE facts LIKE '%audience-uploads/n%'"
    )
    assert told, "until they say yes it waits"


@pytest.mark.parametrize(
    ("language", "script"),
    [
        pytest.param("ar", True, id="ar with script"),
        pytest.param("ja", False, id="ja without script", marks=pytest.mark.soak),
        pytest.param("pt-BR", True, id="pt-BR with script", marks=pytest.mark.soak),
        pytest.param("ar", False, id="ar without script", marks=pytest.mark.soak),
        pytest.param("ja", True, id="ja with script", marks=pytest.mark.soak),
        pytest.param("pt-BR", False, id="pt-BR without script", marks=pytest.mark.soak),
    ],
)
def test_p11d_p11e_a_device_and_a_member_are_asked_about_just_that(
    browser: Browser, moving: Service, language: str, script: bool
) -> None:
    device = window(browser, script=script, language=language).new_page()
    device.goto(moving.url)
    answer(device, "accept")
    member = window(browser, script=script, language="en-GB").new_page()
    member.goto(moving.url)
    answer(member, "accept")
    register(member, moving, ADDRESS, VISITORS["a European who refuses"])
    member.goto(f"{moving.url}/privacy/choices/?lang={language}")
    member.locator("main button[value=accept]").first.click()
    member.wait_for_load_state()
    publish(moving)

    device.goto(moving.url)
    banner = device.locator(".consent")
    assert NEWS[language] in banner.inner_text()
    sizes = [each.bounding_box() for each in banner.locator(".button").all()]
    assert len({round(box["height"]) for box in sizes if box}) == 1, "they weigh the same"
    assert len({round(box["width"]) for box in sizes if box}) == 1
    if script:
        assert not Axe().run(device).response["violations"]
    assert device.evaluate("document.documentElement.scrollWidth <= innerWidth")
    answer(device, "no")
    device.goto(moving.url)
    assert banner.count() == 0

    member.goto(f"{moving.url}/?lang={language}")
    assert NEWS[language] in member.locator(".consent").inner_text()
    member.locator(".consent a.button").click()
    member.wait_for_url("**/privacy/changes/*")
    member.goto(f"{moving.url}/privacy/changes/?lang={language}")
    assert NEWS[language] in member.locator("main").inner_text()
    assert member.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if script:
        assert not Axe().run(member).response["violations"]
    reads(member, moving, language)
    member.goto(f"{moving.url}/privacy/changes/?lang={language}")
    member.locator("main button[value=yes]").click()
    member.wait_for_load_state()
    assert member.locator("main button[value=yes]").count() == 0
    member.goto(moving.url)
    assert member.locator(".consent").count() == 0

    said = moving.rows("SELECT via, answers FROM privacy_answer WHERE via LIKE 'change%'")
    assert sorted(said) == [
        ("change", '{"audience-uploads/northgate": "denied"}'),
        ("changed", '{"audience-uploads/northgate": "granted"}'),
    ]
    for _ in range(600):
        letters = [each for each in mails_to(moving, ADDRESS) if "/privacy/changes/" in each]
        if letters:
            break
        time.sleep(0.1)
    assert len(letters) == 1
    assert moving.rows("SELECT way FROM privacy_told") == [("mail",)]
