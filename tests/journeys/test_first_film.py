"""The first film: from a file on disk to a picture that moves, with subtitles one can read."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Film, put_on

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]


MOVING = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
  const seen = (each) => each.parentElement.getClientRects().length > 0;
  const pictures = all(document).filter((each) => each instanceof SVGAnimationElement);
  const styles = document.getAnimations().filter((each) =>
    each.playState === "running" && each.effect.getComputedTiming().iterations === Infinity);
  return pictures.filter(seen).length + styles.length;
}"""
"""How many animations there are that have the browser draw again and again."""


def frames(page: Page) -> int:
    return page.evaluate(
        "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
    )


def clock(page: Page) -> float:
    return page.evaluate("() => document.querySelector('video').currentTime")


def play(page: Page) -> None:
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate(
        "() => { const v = document.querySelector('video'); v.loop = true; return v.play(); }"
    )
    page.wait_for_function("() => document.querySelector('video').currentTime > 1.2")


@pytest.mark.sample(1)
def test_a_stranger_finds_the_film_and_it_plays(service, film: Film, page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")  # pages fade into each other on the way
    page.goto(f"{service.url}/")
    page.get_by_role("link", name="Harbour Walk").first.click()
    page.wait_for_url(re.compile("/titles/"))
    page.locator(f"a[href^='{film.path}']").first.click()  # and that press plays it
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 1.2")
    assert not page.url.endswith("#play")
    first_clock, first_frames = clock(page), frames(page)
    page.wait_for_timeout(1500)
    assert clock(page) > first_clock + 0.7
    assert frames(page) > first_frames + 10
    assert page.evaluate("() => document.querySelector('video').error") is None
    audio = "() => document.querySelector('video').webkitAudioDecodedByteCount"
    assert page.evaluate(audio) > 0


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_a_film_whose_sound_lasts_a_moment_longer_goes_on_and_ends(
    service, page: Page, tmp_path: Path
) -> None:
    """Its last segment would hold a hundredth of a second of sound, which players don't ask for."""
    path = tmp_path / "short sound.mkv"
    picture = "testsrc2=size=320x180:rate=10:duration=5"
    sound = "sine=frequency=440:sample_rate=48000:duration=4"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error",
            "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound,
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            str(path),
        ],
        check=True,
    )  # fmt: skip
    page.goto(f"{service.url}{put_on(service, path, 'Short Sound').path}")
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate(
        "() => { const v = document.querySelector('video');"
        " v.muted = true; v.currentTime = 3; v.play(); }"
    )
    page.wait_for_selector("[data-player][data-state=ended]")
    assert clock(page) > 4.9


@pytest.mark.sample(1)
def test_the_quality_changes_while_it_plays(service, film: Film, page: Page) -> None:
    page.goto(f"{service.url}{film.path}")
    play(page)
    page.locator("[data-player]").hover()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("menuitem", name="Quality").click()
    offered = [
        int(match[1])
        for name in page.get_by_role("menuitemradio").all_inner_texts()
        if (match := re.fullmatch(r"(\d+)p", name.strip()))
    ]
    assert len(offered) >= 2
    for height in (max(offered), min(offered)):
        # From the beginning, so that there is a next segment to change at.
        page.evaluate("() => { document.querySelector('video').currentTime = 0; }")
        page.get_by_role("menuitemradio", name=f"{height}p", exact=True).click()
        page.wait_for_function("h => document.querySelector('video').videoHeight === h", arg=height)
    assert page.evaluate("() => document.querySelector('video').error") is None


@pytest.mark.sample(1)  # the player's own journey has Korean
@pytest.mark.parametrize(
    ("language", "words"), [("ar", "مساء الخير من الميناء"), ("ko", "항구에서 전하는 저녁 인사")]
)
def test_subtitles_are_shown_in_the_readers_language(
    service, film: Film, page: Page, language: str, words: str
) -> None:
    page.goto(f"{service.url}{film.path}?lang={language}")
    assert page.evaluate("() => document.documentElement.lang") == language
    play(page)
    expect(page.get_by_text(words).first).to_be_visible()
    direction = page.evaluate("() => document.documentElement.dir")
    assert direction == ("rtl" if language == "ar" else "ltr")


def test_subtitles_are_shown_in_a_language_that_no_page_speaks(
    service, film: Film, page: Page
) -> None:
    """Whoever reads Dutch sees English pages, and saw English subtitles beside Dutch ones."""
    page.add_init_script(
        "Object.defineProperty(navigator, 'languages', { get: () => ['nl', 'ko-KR', 'en'] })"
    )
    for address, seen in (("", "항구에서 전하는 저녁 인사"), ("?lang=ar", "مساء الخير من الميناء")):
        page.goto(f"{service.url}{film.path}{address}")
        play(page)
        expect(page.get_by_text(seen).first).to_be_visible()


@pytest.mark.sample(1)
def test_a_first_visit_sets_no_cookie_calls_no_other_host_and_draws_nothing_in_waiting(
    service, film: Film, page: Page
) -> None:
    """A wheel that turned unseen took a fifth of a processor, from whoever's battery it was.

    Captions are listed by their own names: what was embedded came along as WebVTT.
    """
    page.emulate_media(reduced_motion="no-preference")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in ("/", "/search/?q=harbour", film.path):
        page.goto(service.url + path)
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    play_free = {host for host in hosts if host and not host.startswith("localhost")}
    assert not play_free
    assert page.context.cookies() == []
    assert json.loads(page.evaluate("() => JSON.stringify(localStorage)")) == {}

    assert page.evaluate(MOVING) == 0
    page.evaluate("() => document.querySelector('media-loading-indicator > svg').remove()")
    assert page.evaluate(MOVING) == 1, "the library's own wheel would be found"

    labels = page.eval_on_selector_all("track", "tracks => tracks.map(t => [t.srclang, t.label])")
    for own in (["ar", "العربية"], ["es", "Español"], ["ko", "한국어"]):
        assert own in labels
    response = page.request.get(f"{service.url}/subtitles/{film.key}/es.vtt")
    assert response.headers["content-type"].startswith("text/vtt")
    assert "Hola desde el puerto" in response.text()


@pytest.mark.sample(1)
def test_no_page_hinders_anybody(service, film: Film, page: Page) -> None:
    """Axe finds nothing, in either theme; the player's own parts included."""
    titles = page.request.get(service.url).text()
    title = re.search(r"/titles/[^\"/]+/", titles)
    assert title
    paths = [
        "/",
        title[0],
        film.path,
        f"{film.path}transcript/",
        "/search/?q=x",
        "/accounts/login/",
    ]
    for path in paths:
        page.goto(service.url + path)
        if path == film.path:
            page.wait_for_selector("[data-player]:not([data-state=loading])")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path}, {scheme}: {found.generate_report()}"


@pytest.mark.sample(1)
def test_nothing_scrolls_sideways_at_320_pixels(service, film: Film, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for path in ("/", film.path, "/search/?q=harbour", "/accounts/login/"):
        page.goto(service.url + path)
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 320, path


def test_without_script_the_page_says_what_the_film_needs(service, film: Film, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}{film.path}")
    assert page.get_by_text(re.compile("needs JavaScript")).is_visible()
    context.close()
