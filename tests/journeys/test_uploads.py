"""An upload outlives a `kill -9` of the server and the closing of the browser."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.journeys.conftest import Service
from tests.journeys.readied import Running
from tests.journeys.test_kills import children
from tools import second_factor

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
PASSWORD = "a lantern in the rain"
SLOW = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 500_000}


@pytest.fixture
def large(short: Path, tmp_path: Path) -> Path:
    """A film with padding behind it, which takes some seconds to send."""
    path = tmp_path / "long walk.mkv"
    path.write_bytes(short.read_bytes() + b"\xec\x01" + bytes(7) + b"\x00" * 4_700_000)
    return path


def kill(service) -> None:
    for pid in [*children(service.process.pid), service.process.pid]:
        Running(pid).tell(signal.SIGKILL)
    service.process.wait()


def arrived(service) -> int:
    return sum(path.stat().st_size for path in (service.data / "media/arriving").glob("*"))


def slow_down(page: Page) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)


def begin(page: Page, service, film: Path) -> None:
    page.goto(f"{service.url}/desk/upload/")
    slow_down(page)
    page.locator("input[name=film]").set_input_files(film)
    page.locator("input[name=name]").fill("A Long Walk")
    page.get_by_role("button", name="Upload", exact=True).click()


def test_a_killed_server_and_a_closed_browser_cost_no_byte_that_arrived(
    served, browser: Browser, large: Path, short: Path
) -> None:
    context = browser.new_context(extra_http_headers={"X-Place": "DE"}, locale="en-GB")
    page = context.new_page()
    printed = re.search(r"/setup/\?token=\S+", (served.data / "serve.log").read_text())
    page.goto(served.url + printed[0])
    page.locator("[name=email]").fill("ines@lantern.example")
    page.locator("[name=password]").fill(PASSWORD)
    second_factor.certify(page)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/accounts/security/")
    second_factor.set_up(page, served.url, PASSWORD)

    begin(page, served, large)
    expect(page.locator("[data-upload-figure]")).to_contain_text(re.compile(r"[1-9]"))
    page.wait_for_timeout(1000)
    kill(served)
    here = arrived(served)
    assert 0 < here < large.stat().st_size
    served.start()
    expect(page.get_by_text("it goes on by itself")).to_be_hidden()
    page.wait_for_timeout(600)
    page.close(run_before_unload=False)
    assert arrived(served) >= here

    page = context.new_page()
    page.goto(f"{served.url}/desk/upload/")
    expect(page.get_by_text("long walk.mkv")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda each: sent.append(f"{each.method} {each.url}"))
    begin(page, served, large)
    page.wait_for_url(re.compile("/desk/ingests/[a-z0-9]+/"))
    assert not [each for each in sent if each.startswith("POST") and each.endswith("/parts/")]
    expect(page.get_by_text("ready to watch")).to_be_visible(timeout=90_000)
    assert list((served.data / "media/arriving").iterdir()) == []
    assert not [p for p in (served.data / "media/incoming").rglob("*") if p.is_file()]
    without_script(browser, context, served, short)
    named_by_one_long_word(page, served, short)
    refused_twice(page, served)
    context.close()


def named_by_one_long_word(page: Page, service: Service, film: Path) -> None:
    """As many a camera and editor names its files; no page grows wider than its window for it."""
    word = "a_long_walk_home_final_" * 8
    page.goto(f"{service.url}/desk/upload/")
    page.locator("input[name=name]").fill(word)
    page.locator("input[name=film]").set_input_files(
        {"name": f"{word}.mp4", "mimeType": "video/mp4", "buffer": film.read_bytes()}
    )
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url(re.compile("/desk/ingests/[a-z0-9]+/"))
    expect(page.get_by_text("ready to watch")).to_be_visible(timeout=90_000)
    page.goto(f"{service.url}/desk/titles/")
    title = page.get_by_role("link", name=word).get_attribute("href")
    for path in ("/desk/ingests/", "/desk/titles/", f"{title}", f"{title}edit/", "/"):
        page.goto(f"{service.url}{path}")
        wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], path
    page.goto(f"{service.url}{title}edit/")
    page.locator("[name=countries]").fill(word * 4)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#id_countries_error")).to_contain_text(word)
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "what is quoted of it breaks"


def refused_twice(page: Page, service: Service) -> None:
    """What a field is described by is there, also once another is what is wrong (WCAG 4.1.2)."""
    page.goto(f"{service.url}/desk/upload/")
    page.locator("form[data-upload]").evaluate("form => form.noValidate = true")
    upload = page.get_by_role("button", name="Upload", exact=True)
    upload.click()
    expect(page.locator("#id_film_error")).to_be_visible()
    page.locator("input[name=name]").fill("A short walk")
    page.locator("input[name=film]").set_input_files(
        {"name": "walk.mp4", "mimeType": "video/mp4", "buffer": b"no film"}
    )
    page.locator("input[name=season]").fill("-1")
    upload.click()
    expect(page.locator("#id_season_error")).to_be_visible()
    lost = """() => [...document.querySelectorAll('[aria-describedby]')]
        .flatMap(each => each.getAttribute('aria-describedby').split(' '))
        .filter(id => !document.getElementById(id))"""
    assert page.evaluate(lost) == []


def without_script(browser: Browser, context: BrowserContext, service: Service, film: Path) -> None:
    """The same form sends a film in one piece, and speaks the page's language."""
    state = context.storage_state()
    bare = browser.new_context(storage_state=state, java_script_enabled=False, locale="ko-KR")
    page = bare.new_page()
    page.goto(f"{service.url}/desk/upload/")
    expect(page.locator("[data-upload-lost*=업로드]")).to_be_visible()
    page.locator("input[name=name]").fill("긴 산책")
    page.locator("input[name=film]").set_input_files(film)
    page.get_by_role("button", name="올리기", exact=True).click()
    page.wait_for_url(re.compile("/desk/ingests/[a-z0-9]+/"))
    expect(page.get_by_role("heading", name="긴 산책")).to_be_visible()
    look = page.get_by_role("link", name="지금 진행 상황 보기")
    expect(look.or_(page.get_by_text("이제 영화를 볼 수 있어요."))).to_be_visible()
    taken = service.rows("SELECT name, source_name FROM playback_ingest")
    assert ("긴 산책", film.name) in taken
    bare.close()
