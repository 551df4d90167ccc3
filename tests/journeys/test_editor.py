"""One person times a film by its waveform and by keys, and takes all of it back (P1.1.5a)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plainview.platform.media.tests.making import film as made

from .conftest import Film, Service, put_on
from .test_banner import SHIFTS
from .test_studio import accept_terms, begin, member, picture, state
from .walking import press

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
HANDLE = """() => {
  const host = [...document.querySelectorAll('.studio-wave-picture *')].find(e => e.shadowRoot);
  const box = host.shadowRoot.querySelector('[part~=region-handle-right]').getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


def times(service: Service, film: Film) -> list[tuple[int, int]]:
    rows = service.rows(
        "SELECT key, start_ms, end_ms FROM subtitles_segment JOIN catalogue_video AS video"
        " ON video.id = video_id WHERE removed_at IS NULL ORDER BY start_ms"
    )
    return [(int(start), int(end)) for key, start, end in rows if key == film.key]


def kept(page: Page) -> object:
    return page.evaluate("() => localStorage.getItem('plainview-studio-desk')")


def test_a_film_is_timed_by_hand_and_by_keys_and_all_of_it_undone(
    browser: Browser, service: Service, film: Film
) -> None:
    with member(browser, service, "vera-studio", phone=False) as page:
        begin(page, service, film, "ur")
        line = page.locator(".studio-row textarea").first
        line.fill("سلام از بندر")
        state(page, "Saved")
        before = times(service, film)
        expect(page.locator(".studio-wave-picture")).to_be_visible(timeout=60_000)

        # An edge is dragged: it falls on a frame, and one key takes it back.
        x, y = page.evaluate(HANDLE)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 12, y, steps=3)
        page.mouse.move(x - 30, y, steps=5)
        picture(page, "drag")
        page.mouse.up()
        state(page, "Saved")
        dragged = times(service, film)
        assert dragged[0][0] == before[0][0]
        assert dragged[0][1] < before[0][1]
        line.click()
        page.keyboard.press("Control+z")
        state(page, "Saved")
        page.wait_for_timeout(300)
        assert times(service, film) == before

        # Cut in two and joined again, by keys alone; the words are whole.
        line.evaluate("area => area.setSelectionRange(4, 4)")
        page.keyboard.press("Alt+s")
        expect(page.locator(".studio-list .studio-row")).to_have_count(len(before) + 1)
        assert len(times(service, film)) == len(before) + 1
        # Tab goes on from the line in hand to the tools, past however many lines.
        page.keyboard.press("Tab")
        expect(page.locator(".studio-tools button").first).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(page.locator(".studio-row textarea").nth(1)).to_be_focused()
        page.keyboard.press("Control+z")
        expect(page.locator(".studio-list .studio-row")).to_have_count(len(before))
        # Who hears the page is told where that left them; an act without a connection says so.
        heard = page.locator(".studio > .visually-hidden[role=status]")
        expect(heard).to_contain_text(f"Line 1 of {len(before)}, ")
        page.context.set_offline(True)
        page.keyboard.press("Alt+s")
        state(page, "Not done: there is no connection. Try again when it is back.")
        page.context.set_offline(False)
        expect(line).to_have_value("سلام از بندر")
        assert times(service, film) == before

        # A key is put elsewhere: the clash is told first; reset leaves nothing on the device.
        page.keyboard.press("Alt+k")
        page.locator("[data-act=merge]").click()
        page.keyboard.press("Alt+s")
        expect(page.locator("dialog[open] .studio-wrong")).to_contain_text("Split at the cursor")
        assert kept(page) is None
        page.keyboard.press("Alt+s")
        expect(page.locator("[data-act=merge]")).to_have_text("Alt S")
        assert kept(page)
        page.get_by_role("button", name="All as made").click()
        assert kept(page) is None


def test_film_and_lines_stay_where_they_are_while_the_waveform_comes(
    browser: Browser, service: Service, film: Film
) -> None:
    """What moves on opening moves little enough that nobody loses their place (CLS below 0.1)."""
    with member(browser, service, "yara-studio", phone=False) as page:
        begin(page, service, film, "cs")
        page.reload()
        expect(page.locator(".studio-wave-picture")).to_be_visible(timeout=60_000)
        expect(page.locator(".studio-list .studio-row").first).to_be_visible()
        page.evaluate(SHIFTS)
        picture(page, "opened")
        assert page.evaluate("() => window.shifted") < 0.1


def test_the_first_segment_of_a_film_is_cut_by_keys_alone(
    browser: Browser, service: Service, tmp_path: Path
) -> None:
    """Nothing is cut yet, or not any more: the keys work all the same."""
    made(seconds=2)(tmp_path / "bare.mp4")
    key = put_on(service, tmp_path / "bare.mp4", "Bare Walk").key
    with member(browser, service, "nora-studio", phone=False) as page:
        page.goto(f"{service.url}/studio/{key}/")
        page.locator("#id_listed").select_option("fa")
        press(page, "Begin")
        accept_terms(page)
        rows = page.locator(".studio-list .studio-row")
        for chord, count in (("Alt+n", 1), ("Alt+Backspace", 0), ("Control+z", 1)):
            expect(rows).to_have_count(1 - count)
            page.keyboard.press(chord)
            expect(rows).to_have_count(count)
        expect(rows.locator("textarea")).to_be_focused()
