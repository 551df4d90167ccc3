"""The player as people use it: learners, remotes, thumbs, frames on other pages, lost licences."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.journeys.conftest import Film
from tests.journeys.thirdparty import page_elsewhere

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
TELEVISION = (
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 Chrome/108 TV Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
)

at_a_desk = pytest.mark.parametrize("page", ["desk"], indirect=True)


def ready(page: Page) -> None:
    page.wait_for_selector("[data-player][data-state=ready], [data-player][data-state=paused]")
    page.evaluate("() => { document.querySelector('video').muted = true; }")


def play(page: Page, at: float = 0) -> None:
    ready(page)
    page.evaluate(
        "t => { const v = document.querySelector('video'); v.currentTime = t; return v.play(); }",
        at,
    )
    page.wait_for_function("t => document.querySelector('video').currentTime > t + 0.3", arg=at)


def hold(page: Page, at: float) -> None:
    """The film stands still there: its twelve seconds are over before a slow machine is through."""
    page.evaluate(
        "t => { const v = document.querySelector('video'); v.pause(); v.currentTime = t }", at
    )


def clock(page: Page) -> float:
    return float(page.evaluate("() => document.querySelector('video').currentTime"))


def told(page: Page) -> dict[str, str]:
    return page.evaluate("() => ({...document.querySelector('[data-player]').dataset})")


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.locator(".pv-menu:popover-open [role^=menuitem]").filter(has_text=name).first.click()


def with_film(page: Page, film: Film, **known: object) -> None:
    """Gives the player what an editor will have marked in the film."""

    def mark(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        begin = body.index("data-film>") + len("data-film>")
        end = body.index("</script>", begin)
        given = json.dumps(json.loads(body[begin:end]) | known)
        route.fulfill(response=answer, body=body[:begin] + given + body[end:])

    page.route(f"**{film.path}", mark)


@at_a_desk
def test_a_learner_reads_two_languages_looks_words_up_and_finds_lines(
    service, film: Film, page: Page
) -> None:
    page.goto(f"{service.url}{film.path}")
    play(page, 2)
    hold(page, 2)
    # The Tab key leads from the picture through every button of the bar.
    page.locator("media-controller").focus()
    passed = []
    for _ in range(12):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("() => document.activeElement.className"))
    for button in ("pv-range", "pv-lines-button", "pv-captions-button", "pv-settings-button"):
        assert any(button in each for each in passed), passed
    page.get_by_role("button", name="Subtitles", exact=True).click()
    choose(page, "한국어", "Second subtitles", "Español")
    page.keyboard.press("Escape")
    expect(page.get_by_text("항구에서 전하는 저녁 인사").first).to_be_visible()
    expect(page.locator(".pv-cue-second", has_text="Hola desde el puerto")).to_be_visible()
    page.locator(".pv-word", has_text="puerto").click()
    expect(page.locator(".pv-peek-answer")).to_have_text("항구에서 전하는 저녁 인사")
    page.locator(".pv-peek button").click()
    expect(page.locator(".pv-peek")).to_be_hidden()
    page.locator(".pv-settings-button").focus()
    for _ in range(5):
        page.keyboard.press("h")
    assert page.evaluate(
        "() => document.querySelector('track[srclang=ko]').track.cues[0].startTime"
    ) == pytest.approx(1.5)
    page.keyboard.press("r")
    page.wait_for_function("() => document.querySelector('video').currentTime < 2.2")
    page.keyboard.press("t")
    expect(page.locator(".pv-line")).to_have_count(1)
    page.get_by_role("searchbox", name="Look for words").fill("rain")
    expect(page.locator(".pv-lines-found")).to_have_text("No line says that.")
    page.get_by_role("searchbox", name="Look for words").fill("저녁")
    page.evaluate("() => { document.querySelector('video').currentTime = 10; }")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('video').currentTime < 3")
    hold(page, 2)
    page.keyboard.press("Escape")
    expect(page.locator(".pv-lines")).to_be_hidden()
    # Back from a page of the menu, keys go on from the row that opened it.
    page.locator(".pv-settings-button").focus()
    for key in ("Enter", "ArrowDown", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    expect(page.locator(".pv-menu-row:focus")).to_contain_text("Speed")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    scrolls = Axe().run(page, options={"runOnly": ["scrollable-region-focusable"]})
    assert not scrolls.violations_count, scrolls.response["violations"]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.keyboard.press("Escape")
    page.locator(".pv-captions-button").click()
    choose(page, "Subtitle style", "Text colour", "Yellow")
    page.keyboard.press("Escape")
    colour = page.locator(".pv-cue-text").first.evaluate("e => getComputedStyle(e).color")
    assert colour == "rgb(255, 233, 74)"
    kept = json.loads(page.evaluate("() => localStorage.getItem('plainview-captions')"))
    assert (kept["lang"], kept["second"], kept["colour"]) == ("ko", "es", "yellow")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.reload()
    ready(page)
    assert (told(page)["captions"], told(page)["second"]) == ("ko", "es")
    page.evaluate("() => localStorage.clear()")


@at_a_desk
def test_intro_chapters_next_episode_and_sleep(service, film: Film, page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")  # who wants less is counted nothing down
    next_one = {"url": "/search/", "about": "/api/v1/videos/on-the-pier"}
    said = {
        "number": 2,
        "name": {"text": "On the pier", "language": "en"},
        "still": "",
        "here": {"available": True},
    }
    page.route("**/api/v1/videos/on-the-pier", lambda route: route.fulfill(json=said))
    with_film(
        page, film,
        marks=[{"kind": "intro", "start": 1, "end": 5}],
        chapters=[{"start": 0, "title": "Dawn"}, {"start": 6, "title": "Noon"}],
        next=next_one,
    )  # fmt: skip
    page.goto(f"{service.url}{film.path}")
    play(page, 1.2)
    hold(page, 2)
    page.get_by_role("button", name="Skip the intro").click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 5")
    hold(page, 5)
    page.locator(".pv-settings-button").click()
    choose(page, "Chapters", "Noon")
    assert clock(page) >= 6
    hold(page, 6)
    page.keyboard.press("Escape")
    page.locator(".pv-settings-button").click()
    choose(page, "Sleep timer", "At the end of this film")
    page.keyboard.press("Escape")
    play(page, 11.4)
    expect(page.get_by_role("group", name="Next episode")).to_be_visible()
    expect(page.get_by_text("2. On the pier")).to_be_visible()
    expect(page.locator(".pv-next-count")).to_be_hidden()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("group", name="Next episode")).to_be_hidden()
    page.wait_for_selector("[data-player][data-state=ended]")
    page.evaluate("() => { document.querySelector('video').currentTime = 3; }")
    page.evaluate("() => document.querySelector('video').play()")
    page.evaluate("() => { document.querySelector('video').currentTime = 11.4; }")
    expect(page.locator(".pv-next-count")).to_contain_text("seconds")
    page.get_by_role("button", name="Play now").click()
    page.wait_for_url("**/search/#play")


@pytest.fixture
def as_seen_by(browser: Browser) -> Iterator[type]:
    """Opens a window of another kind; all are closed at the end."""
    opened: list[BrowserContext] = []

    def window(**options: object) -> Page:
        context = browser.new_context(extra_http_headers={"X-Place": "US-TX"}, **options)
        opened.append(context)
        return context.new_page()

    yield window  # type: ignore[misc]
    for context in opened:
        context.close()


def test_p2_8a_a_remote_reaches_everything_and_back_closes_it(service, film, as_seen_by) -> None:
    page = as_seen_by(user_agent=TELEVISION, viewport={"width": 1280, "height": 720})
    page.goto(f"{service.url}{film.path}")
    page.evaluate("() => document.querySelector('[data-consent]')?.remove()")
    ready(page)
    assert told(page)["platform"] == "tv"
    focus = "() => document.activeElement.className || document.activeElement.localName"
    page.evaluate("() => document.querySelector('media-controller').focus()")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-player][data-state=playing]")
    page.keyboard.press("ArrowRight")
    assert clock(page) >= 10
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('video').currentTime < 9")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-player][data-state=paused]")
    page.keyboard.press("ArrowDown")
    assert "pv-range" in page.evaluate(focus)
    page.keyboard.press("ArrowDown")
    for _ in range(8):
        if "pv-settings-button" in page.evaluate(focus):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".pv-menu:popover-open")).to_be_visible()
    page.evaluate(
        "() => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'GoBack', bubbles: true, cancelable: true}))"
    )
    expect(page.locator(".pv-menu:popover-open")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert "pv-controller" in page.evaluate(focus)
    page.keyboard.press("ArrowUp")
    assert not page.evaluate("() => !!document.activeElement.closest('[data-player]')")


@pytest.mark.sample(1)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_are_seen_in_colours_that_a_reader_chose(service, film, as_seen_by, scheme):
    """High contrast draws controls for a plane of its own, not for the film behind them."""
    page = as_seen_by(forced_colors="active", color_scheme=scheme)
    page.goto(f"{service.url}{film.path}")
    ready(page)
    plane = "() => getComputedStyle(document.querySelector('.pv-bar')).backgroundColor"
    chosen = {"light": "rgb(255, 255, 255)", "dark": "rgb(0, 0, 0)"}
    assert page.evaluate(plane) == chosen[scheme]


def tap_twice(page: Page, x: float, y: float) -> None:
    """Two taps a tenth of a second apart, by the clock of the finger and not of a busy machine."""
    send, now = page.context.new_cdp_session(page).send, time.time()
    for at in (now, now + 0.1):
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points, "timestamp": at})


def test_p2_8a_two_taps_at_a_side_go_back_and_on(service, film, as_seen_by) -> None:
    page = as_seen_by(
        user_agent=PHONE, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True
    )
    page.goto(f"{service.url}{film.path}")
    page.evaluate("() => document.querySelector('[data-consent]')?.remove()")
    play(page)
    assert told(page)["platform"] == "phone"
    box = page.locator("video").bounding_box()
    assert box
    height = box["y"] + box["height"] * 0.4
    tap_twice(page, box["width"] * 0.9, height)
    expect(page.locator(".pv-ripple[data-way=on]")).to_contain_text("10 seconds")
    assert clock(page) >= 10
    page.wait_for_timeout(400)
    tap_twice(page, box["width"] * 0.1, height)
    page.wait_for_function("() => document.querySelector('video').currentTime < 5")
    assert page.evaluate("() => getComputedStyle(document.querySelector('video')).touchAction") == (
        "manipulation"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


@at_a_desk
def test_p0a_in_a_frame_on_another_page_it_plays_and_leaves_nothing(
    service, film: Film, page: Page
) -> None:
    said = page.request.get(f"{service.url}/oembed/?url={service.url}{film.path}").json()
    blog = page_elsewhere(f"<title>Blog</title>{said['html']}")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(f"http://{blog}/")
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-player][data-platform=embed]")).to_be_visible()
    inner = next(each for each in page.frames if "/embed/" in each.url)
    inner.wait_for_selector("[data-player][data-state=ready]")
    inner.evaluate(
        "() => { const v = document.querySelector('video'); v.muted = true; return v.play(); }"
    )
    inner.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    frame.locator(".pv-captions-button").click()
    frame.locator(".pv-menu:popover-open [role=menuitem]", has_text="Subtitle style").click()
    expect(frame.get_by_text("For this page only")).to_be_visible()
    assert page.context.cookies() == []
    count = "() => { try { return localStorage.length } catch { return 0 } }"
    assert inner.evaluate(count) == 0, "kept nothing, or may not even look"
    assert hosts == {blog, service.url.split("/")[2]}
    expect(frame.get_by_role("link", name="Privacy notice")).to_be_visible()


@at_a_desk
def test_p2_1_4a_an_address_is_renewed_before_it_ends_and_a_film_taken_out_ends_with_it(
    service, film: Film, page: Page
) -> None:
    soon, later = (timezone.now() + timedelta(seconds=each) for each in (30, 3600))
    sent: list[str] = []
    fresh = {"until": later.isoformat()}

    def ending(route: Route) -> None:
        asked = route.request.headers.items()
        answer = route.fetch(headers={k: v for k, v in asked if k != "if-none-match"})
        body = re.sub('data-until="[^"]*"', f'data-until="{soon.isoformat()}"', answer.text())
        token, package = re.search(r'data-src="/stream/([^/]+)/([^/]+)/', body).groups()
        sent[:] = [token]
        fresh["playlist"] = f"/stream/another/{package}/master.m3u8"
        route.fulfill(response=answer, body=body)

    def files(route: Route) -> None:
        sent.append(route.request.url.split("/")[4])
        route.continue_(url=route.request.url.replace("/stream/another/", f"/stream/{sent[0]}/"))

    page.route(f"**{film.path}", ending)
    page.route("**/stream/*/*/*.m3u8", files)
    page.route("**/stream/*/*/*.mp4", files)
    page.route("**/playing/", lambda route: route.fulfill(json=fresh))
    page.goto(f"{service.url}{film.path}")
    play(page)
    assert set(sent[1:]) == {"another"}, "no file was asked for where it would soon be refused"
    page.unroute("**/playing/")
    words = "It is no longer in the programme."
    page.route("**/playing/", lambda route: route.fulfill(status=404, json={"text": words}))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert len(sent) == 1, "nor any more of a film that was taken out"


@at_a_desk
def test_p2_1_4a_an_expired_address_is_renewed_and_an_ended_licence_says_so(
    service, film: Film, page: Page
) -> None:
    refusing = True

    def gate(route: Route) -> None:
        if refusing:
            route.fulfill(status=403)
        else:
            route.continue_()

    page.route("**/stream/**/*.mp4", gate)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/playing/" in r.url else None)

    def once(route: Route) -> None:
        nonlocal refusing
        refusing = False
        route.continue_()

    page.route("**/playing/", once)
    page.goto(f"{service.url}{film.path}")
    play(page)
    assert len(asked) == 1, "it asked once, was told its address, and went on by itself"
    page.unroute("**/playing/")
    words = "It could be watched here until 3 May, when the licence for it ended."
    page.route("**/playing/", lambda r: r.fulfill(status=403, json={"text": words}))
    refusing = True
    page.evaluate("() => { document.querySelector('video').currentTime = 11; }")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("link", name="Load the page again")).to_be_visible()


def test_lines_are_of_the_pages_language_where_subtitles_are_off(
    service, film: Film, as_seen_by
) -> None:
    page = as_seen_by(locale="ko")
    page.add_init_script(
        "localStorage.setItem('plainview-captions', JSON.stringify({lang: 'off'}))"
    )
    page.goto(f"{service.url}{film.path}")
    ready(page)
    expect(page.locator("[data-captions=off]")).to_have_count(1)
    page.evaluate("() => document.querySelector('media-controller').focus()")
    page.keyboard.press("t")
    expect(page.locator(".pv-line").first).to_contain_text("저녁 인사")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("[data-captions=ko]")).to_have_count(1)
