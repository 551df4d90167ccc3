"""An operator's first hour: the printed link, the first account, a film put on from the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tools import second_factor

from .conftest import Service

pytestmark = [pytest.mark.journey, pytest.mark.slow]

EMAIL, PASSWORD = "ines@lantern.example", "a lantern in the rain"


@pytest.mark.sample(1)
def test_from_the_printed_link_past_a_letter_to_a_film_that_plays(
    served, page: Page, short: Path, tmp_path: Path
) -> None:
    printed = re.search(r"/setup/\?token=\S+", (served.data / "serve.log").read_text())
    assert printed, "the start prints the link"

    assert page.request.get(f"{served.url}/setup/").status in (403, 404)
    page.goto(served.url + printed[0])
    expect(page.get_by_role("heading", name="Lantern Street Pictures")).to_be_visible()

    staff = page.locator("section", has=page.get_by_text("Make the first staff account"))
    staff.locator("input[type=email]").fill(EMAIL)
    for field in staff.locator("input[type=password]").all():
        field.fill("short")
    staff.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("shorter than 10 characters").first).to_be_visible()
    expect(page.locator("input[type=email]").first).to_have_value(EMAIL)

    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    second_factor.certify(page)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/accounts/security/")
    expect(page.get_by_text("The desk opens with a second factor.")).to_be_visible()
    second_factor.set_up(page, served.url, PASSWORD)

    put_a_letter_on(served, page, tmp_path)
    page.goto(f"{served.url}/desk/upload/")
    korean = tmp_path / "walk.ko.srt"
    korean.write_text("1\n00:00:01,000 --> 00:00:09,000\n안녕하세요\n", encoding="cp949")
    page.locator("input[name=film]").set_input_files(short)
    page.locator("input[name=name]").fill("A Walk Put On")
    page.locator("select[name=language]").select_option("es")
    page.locator("input[name=subtitles]").set_input_files(korean)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile("/desk/ingests/[a-z0-9]+/"))
    watch = page.locator("main a[href^='/watch/']").first
    expect(watch).to_be_visible(timeout=90_000)
    watch.click()
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    labels = page.eval_on_selector_all("track", "tracks => tracks.map(t => t.label)")
    assert sorted(labels) == ["Español", "한국어"]

    again = page.request.get(served.url + printed[0])
    assert again.status in (403, 404, 410), "the first run is over"
    translate_by_keys(served, page)


def translate_by_keys(served: Service, page: Page) -> None:
    """What a key leads to on the long page of texts is never under the bar that saves them."""
    page.goto(f"{served.url}/desk/translations/ko/pages/")
    page.locator("textarea").first.focus()
    covered = [
        page.evaluate(
            """() => {
              const box = document.activeElement.getBoundingClientRect();
              const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
              const seen = document.elementFromPoint(x, y);
              return document.activeElement.contains(seen) ? "" : document.activeElement.id || "?";
            }"""
        )
        for _ in range(20)
        if page.keyboard.press("Tab") is None
    ]
    assert set(covered) == {""}


def put_a_letter_on(served: Service, page: Page, folder: Path) -> None:
    """A bad upload is explained, nothing typed is lost, and nothing of it stays."""
    page.goto(f"{served.url}/desk/upload/")
    letter = folder / "film.mp4"
    letter.write_text("Dear archive, please find enclosed\n" * 50)
    broken = folder / "walk.es.srt"
    broken.write_bytes(b"\x00\x01 nothing to read")
    page.locator("input[name=film]").set_input_files(letter)
    page.locator("input[name=name]").fill("A Letter")
    page.locator("input[name=subtitles]").set_input_files(broken)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("walk.es.srt").first).to_be_visible()
    expect(page.locator("input[name=name]")).to_have_value("A Letter")

    page.locator("input[name=film]").set_input_files(letter)
    page.locator("input[name=subtitles]").set_input_files([])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile("/desk/ingests/[a-z0-9]+/"))
    expect(page.get_by_text("is not a film").first).to_be_visible(timeout=60_000)
    assert [p for p in (served.data / "media").rglob("*") if p.is_file()] == []


@pytest.mark.drawn
@pytest.mark.sample(1)
def test_strangers_find_the_desk_closed(service, page: Page) -> None:
    for path in ("/desk/", "/desk/upload/", "/desk/ingests/", "/desk/titles/", "/desk/design/"):
        answer = page.goto(service.url + path)
        assert answer is not None
        assert "/accounts/login/" in page.url or answer.status in (403, 404), path
