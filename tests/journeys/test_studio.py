"""Two people take a film from nothing to released subtitles in a second language (P1.1.5a)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Film, Service, unharmed
from .walking import enter, press

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FIRST, SECOND, LAST = "سلام از بندر", "درود از بندر", "شب به خیر از بندر"


@contextmanager
def member(browser: Browser, service: Service, name: str, *, phone: bool) -> Iterator[Page]:
    """A member at a browser of their own, in which no script fails and nothing is refused."""
    with unharmed(browser, phone=phone) as page:
        enter(page, service, f"{name}@lantern.example")
        yield page


def picture(page: Page, name: str) -> None:
    """Draw the page, where somebody wants to look at it (LOOK_AT names a folder)."""
    if folder := os.environ.get("LOOK_AT"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def begin(page: Page, service: Service, film: Film, language: str = "fa") -> None:
    """A language of one's own on the film, which other journeys share."""
    page.goto(f"{service.url}/studio/{film.key}/")
    page.locator("#id_listed").select_option(language)
    press(page, "Begin")
    accept_terms(page)
    expect(page.locator(".studio-list .studio-row")).to_have_count(1)


def join(page: Page, service: Service, film: Film, language: str = "fa") -> None:
    """A language that somebody else has begun: its page leads to its team."""
    page.goto(f"{service.url}/studio/{film.key}/{language}/")
    page.get_by_role("main").get_by_role("link", name="Team and release").first.click()
    press(page, "Join")
    page.goto(f"{service.url}/studio/{film.key}/{language}/")
    accept_terms(page)
    expect(page.locator(".studio-list .studio-row")).to_have_count(1)


def accept_terms(page: Page) -> None:
    """Reads the terms, which stand before the first line."""
    page.get_by_role("main").get_by_role("link", name="Terms for contributors").click()
    press(page, "Accept the terms")


def state(page: Page, words: str) -> None:
    expect(page.locator(".studio-state")).to_have_text(words)


def merged_away_meanwhile(mira: Page, tom: Page) -> None:
    """Tom writes without a connection in a segment that Mira joins to another: his words stay."""
    hers, his = (each.locator(".studio-row textarea") for each in (mira, tom))
    hers.evaluate("area => area.setSelectionRange(2, 2)")
    hers.press("Alt+s")
    expect(his).to_have_count(2)
    tom.context.set_offline(True)
    his.nth(1).fill(SECOND)
    state(tom, "Kept on this device; will be sent when the connection is back")
    hers.first.press("Alt+m")
    expect(hers).to_have_count(1)
    hers.fill(LAST)
    state(mira, "Saved")
    tom.context.set_offline(False)
    homeless = tom.locator(".studio-homeless")
    expect(homeless).to_contain_text(SECOND)
    tom.reload()
    expect(homeless).to_contain_text(SECOND)
    picture(tom, "merged-away")
    homeless.get_by_role("button", name="Close").tap()
    expect(homeless).to_have_count(0)
    assert tom.evaluate("() => localStorage.getItem('plainview-studio')") is None
    expect(his).to_have_value(LAST)


@pytest.mark.drawn
def test_two_people_bring_a_language_onto_the_film(
    browser: Browser, service: Service, another: Service, film: Film
) -> None:
    with (
        member(browser, service, "mira-studio", phone=False) as mira,
        member(browser, service, "tom-studio", phone=True) as tom,
    ):
        # Mira begins Persian: the source stands beside an empty line that has the cursor.
        begin(mira, service, film)
        expect(mira.locator(".studio-source")).to_have_text("Hola desde el puerto")
        line = mira.locator(".studio-row textarea")
        expect(line).to_be_focused()
        # By ear it is the line and what is to be translated there.
        expect(line).to_have_accessible_description(re.compile("^Hola desde el puerto"))
        assert line.get_attribute("dir") == "rtl"
        # The film's own page, open beside it, counts up by itself.
        about = mira.context.new_page()
        about.goto(f"{service.url}{film.path}")
        about.get_by_role("link", name="About this title").click()
        expect(about.locator("#tongues li", has_text="فارسی")).to_have_text("فارسی 0 %")
        line.fill(FIRST)
        state(mira, "Saved")
        expect(about.locator("#tongues li", has_text="فارسی")).to_have_text("فارسی 100 %")
        about.close()
        mira.bring_to_front()  # a page behind another may leave its film for later
        # It stands on the picture as soon as it is typed.
        mira.wait_for_function("() => document.querySelector('video').readyState > 1")
        mira.evaluate("() => { document.querySelector('video').currentTime = 2; }")
        expect(mira.locator(".pv-cue-text")).to_have_text(FIRST)
        # A sign stands at the foot: the words go to the head of the picture, or round it by key.
        place = mira.locator(".studio-place select")
        place.select_option(label="Top")
        # The place is a control: the field, from right to left, holds the words alone.
        expect(line).to_have_value(FIRST)
        at_the_head = "() => document.querySelector('track').track.activeCues[0].line === 5"
        mira.wait_for_function(at_the_head)
        picture(mira, "desk")
        line.press("Alt+j")
        expect(place.locator("option:checked")).to_have_text("Top left")
        # Or anywhere, by keys alone: down from the right edge, with the values of WebVTT.
        line.press("Alt+Shift+j")
        mira.keyboard.press("ArrowDown")
        mira.keyboard.press("Tab")
        mira.keyboard.type("15%")
        mira.keyboard.press("Tab")
        mira.keyboard.press("Escape")
        expect(line).to_be_focused()
        expect(place.locator("option:checked")).to_have_text("As set below")
        mira.wait_for_function(
            "() => { const [cue] = document.querySelector('track').track.activeCues;"
            " return cue.vertical === 'rl' && cue.line === 15 && !cue.snapToLines; }"
        )
        expect(mira.locator(".pv-cues[data-writing=rl] .pv-cue-text")).to_have_text(FIRST)
        picture(mira, "vertical")
        # A tag in the field stands between isolates, and goes whole.
        line.press("Control+a")
        line.press("Control+i")
        assert line.input_value() == f"\u2066<i>\u2069{FIRST}\u2066</i>\u2069"
        expect(mira.locator(".pv-cue-text i")).to_have_text(FIRST)
        picture(mira, "isolated")
        line.press("Control+End")
        line.press("Backspace")
        line.press("Control+Home")
        line.press("Delete")
        expect(line).to_have_value(FIRST)
        state(mira, "Saved")
        mira.reload()
        expect(place.locator("option:checked")).to_have_text("As set below")
        place.select_option(label="Bottom")
        expect(line).to_have_value(FIRST)
        state(mira, "Saved")

        # Without a connection the line is kept here, and sent when there is one again.
        mira.context.set_offline(True)
        line.fill(SECOND)
        state(mira, "Kept on this device; will be sent when the connection is back")
        kept = json.loads(mira.evaluate("() => localStorage.getItem('plainview-studio')"))
        assert [each["text"] for lines in kept.values() for each in lines.values()] == [SECOND]
        picture(mira, "offline")
        mira.context.set_offline(False)
        state(mira, "Saved")
        assert mira.evaluate("() => localStorage.getItem('plainview-studio')") is None

        # Tom joins on his phone, through another process; news come by the live channel alone.
        for each in (mira, tom):
            each.route("**/changes.json*", lambda route: route.abort())
        join(tom, another, film)
        theirs = tom.locator(".studio-row textarea")
        expect(theirs).to_have_value(SECOND)
        picture(tom, "phone")
        # Each sees where the other is; neither has shown a name.
        expect(mira.locator(".studio-present")).to_have_text("Here now: A member")
        theirs.focus()
        whole = "remarks => remarks.scrollWidth <= remarks.clientWidth"
        assert tom.locator(".studio-row[data-current] .studio-meter").evaluate(whole)
        expect(mira.locator(".studio-row .studio-cursor")).to_have_text("A member")
        picture(mira, "together")
        # Tom loses his connection; both write the same line, and nobody's is lost.
        tom.context.set_offline(True)
        theirs.fill(LAST)
        theirs.blur()
        line.fill(FIRST)
        line.blur()
        state(mira, "Saved")
        tom.context.set_offline(False)
        expect(tom.locator(".studio-clash")).to_contain_text(FIRST)
        state(tom, "A line is not saved yet")
        # On a telephone the head is out of sight: both are seen where he writes.
        for each in (".studio-film .studio-state", ".studio-clash"):
            expect(tom.locator(each)).to_be_in_viewport(ratio=1)
        picture(tom, "clash")
        tom.get_by_role("button", name="Keep mine").press("Enter")
        expect(theirs).to_be_focused()
        state(tom, "Saved")
        expect(line).to_have_value(LAST)
        merged_away_meanwhile(mira, tom)

        # Mira hands it in, Tom releases it.
        mira.get_by_role("link", name="Team and release").click()
        press(mira, "Hand in for review")
        expect(tom.locator(".studio-state")).to_have_text(
            "These subtitles were handed in for review."
        )
        tom.get_by_role("link", name="Team and release").first.click()
        picture(tom, "team")
        press(tom, "Release on the film")
        expect(tom.locator("main")).to_contain_text("on the film")

        # It is watched in the player.
        mira.goto(f"{service.url}{film.path}")
        mira.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
        mira.evaluate("() => { document.querySelector('video').currentTime = 2; }")
        mira.locator("[data-player]").hover()
        mira.get_by_role("button", name="Subtitles").click()
        mira.get_by_role("menuitemradio", name="فارسی").click()
        expect(mira.locator(".pv-cue-text")).to_have_text(LAST)
        picture(mira, "watched")
