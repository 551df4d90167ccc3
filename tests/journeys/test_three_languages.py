"""Three people take an episode from nothing to released subtitles in three languages (P1.1.5a).

The suite has two people and one language (`test_studio`).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Service, put_on
from .test_studio import accept_terms, member, picture, state
from .walking import press

pytestmark = [pytest.mark.journey, pytest.mark.soak, pytest.mark.drawn]
# As such files come: an old code page, a comma too few, no blank line, a time without its hour.
ENGLISH = (
    (
        "1\r\n0:00:01.0 -> 00:00:03,000\r\n– Caf\xe9 at the pier?\r\n"
        "2\r\n00:04,000 --> 00:00:06,500\r\n<i>Nobody</i> came…\r\n"
    )
    .encode("cp1252", "replace")
    .replace(b"\xc2", b"")
)
KOREAN = ("부두의 카페에서?", "아무도 오지 않았다…")
ARABIC = ("في المقهى على الرصيف؟", "لم يأتِ أحد…")


@pytest.fixture
def silent(service: Service, clip: Path, tmp_path: Path) -> str:
    """The key of an episode that has no subtitles at all."""
    bare = tmp_path / "pilot.mkv"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(clip), "-t", "8"]
    subprocess.run([*command, "-map", "0:v", "-map", "0:a", "-c", "copy", str(bare)], check=True)
    return put_on(service, bare, "The Pier", "--language", "en").key


def enter(page: Page, service: Service, key: str, language: str, *, first: bool = False) -> None:
    """Begins a language, or joins its team where somebody else has begun it."""
    page.goto(f"{service.url}/studio/{key}/")
    if page.locator(f"#id_listed option[value={language}]").count():
        page.locator("#id_listed").select_option(language)
        press(page, "Begin")
    else:
        page.goto(f"{service.url}/studio/{key}/{language}/team/")
        press(page, "Join")
        page.goto(f"{service.url}/studio/{key}/{language}/")
    if first:
        accept_terms(page)


def write(page: Page, lines: tuple[str, ...]) -> None:
    """Types each line and goes on to the next by the keyboard alone."""
    areas = page.locator(".studio-list .studio-row textarea")
    expect(areas).to_have_count(len(lines))
    for at, line in enumerate(lines):
        areas.nth(at).fill(line)
        areas.nth(at).press("Enter")
    state(page, "Saved")


def hand_on(page: Page, service: Service, key: str, language: str, button: str) -> None:
    page.goto(f"{service.url}/studio/{key}/{language}/team/")
    press(page, button)


def choose(page: Page, language: str) -> None:
    """Chooses subtitles in the player's menu, which stays open until one leaves it."""
    page.locator("[data-player]").hover()
    page.get_by_role("button", name="Subtitles").click()
    page.get_by_role("menuitemradio", name=language).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitemradio", name=language)).to_have_count(0)


def test_an_episode_from_nothing_to_korean_english_and_arabic(
    browser: Browser, service: Service, silent: str, tmp_path: Path
) -> None:
    with (
        member(browser, service, "ann-three", phone=False) as ann,
        member(browser, service, "min-three", phone=True) as min_,
        member(browser, service, "noor-three", phone=False) as noor,
    ):
        # Ann brings what she has in English: an old, broken file, and is told what was mended.
        (tmp_path / "pier.en.srt").write_bytes(ENGLISH)
        enter(ann, service, silent, "en", first=True)
        expect(ann.locator(".studio-list")).to_contain_text("No segment yet.")
        ann.get_by_role("link", name="Files").click()
        ann.get_by_label("Subtitle file").set_input_files(tmp_path / "pier.en.srt")
        press(ann, "Look at it")
        expect(ann.locator("main")).to_contain_text("Nothing is saved yet.")
        press(ann, "Bring it in")
        expect(ann.get_by_role("status").last).to_contain_text("New segments")
        expect(ann.locator("main")).to_contain_text("Windows-1252")
        expect(ann.locator("main")).to_contain_text("a blank line that is missing; mended")
        picture(ann, "three-files")
        ann.goto(f"{service.url}/studio/mine/")
        ann.get_by_label("The name under which you stand there").fill("Ann of the pier")
        press(ann, "Save")

        # Min reviews it on a telephone and releases it; Noor, who waits, hears of it at once.
        enter(noor, service, silent, "ar", first=True)
        hand_on(ann, service, silent, "en", "Hand in for review")
        enter(min_, service, silent, "en", first=True)
        picture(min_, "three-phone")
        hand_on(min_, service, silent, "en", "Release on the film")
        expect(noor.locator(".studio-state")).to_have_text(
            "English is released: its lines are ready to translate."
        )

        # Korean on the telephone, Arabic at the desk, each released by another.
        enter(min_, service, silent, "ko")
        write(min_, KOREAN)
        picture(min_, "three-korean")
        noor.reload()
        write(noor, ARABIC)
        picture(noor, "three-arabic")
        hand_on(min_, service, silent, "ko", "Hand in for review")
        hand_on(noor, service, silent, "ar", "Hand in for review")
        enter(noor, service, silent, "ko")
        hand_on(noor, service, silent, "ko", "Release on the film")
        enter(ann, service, silent, "ar")
        hand_on(ann, service, silent, "ar", "Release on the film")

        # It is watched, in each language; who made the English stands at its end.
        ann.goto(f"{service.url}/watch/{silent}/")
        ann.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
        for name, at, words in (
            ("한국어", 5, KOREAN[1]),
            ("العربية", 5, ARABIC[1]),
            ("English", 2, "Café at the pier?"),
            ("English", 7.5, "Ann of the pier"),
        ):
            choose(ann, name)
            ann.evaluate("at => { document.querySelector('video').currentTime = at; }", at)
            expect(ann.locator(".pv-cue-text", has_text=words)).to_be_visible()
        picture(ann, "three-watched")
