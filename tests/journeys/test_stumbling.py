"""What a browser stumbles over: a film while the machine is busy, a heap of lines at one moment."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.journeys.conftest import Film, Service
from tests.journeys.test_player import choose, clock, play
from tests.journeys.test_studio import begin, member, state

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
STUMBLES = """
  const add = MediaSource.prototype.addSourceBuffer;
  let left = 2;
  MediaSource.prototype.addSourceBuffer = function (kind) {
    const made = add.call(this, kind), append = made.appendBuffer;
    if (kind.startsWith("audio")) made.appendBuffer = function (data) {
      append.call(made, data);
      if (--left === 0) made.dispatchEvent(new Event("error"));
    };
    return made;
  };
"""


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_a_film_that_broke_before_its_first_picture_starts_all_the_same(
    service, film: Film, page: Page
) -> None:
    page.add_init_script(STUMBLES)
    page.goto(f"{service.url}{film.path}")
    play(page)


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_where_no_film_begins_by_itself_it_invites_to_press(
    service, film: Film, page: Page
) -> None:
    """Safari lets none; what was left was a black picture, and one small button in the bar."""
    page.goto(f"{service.url}{film.path}#play")
    centre, poster = page.locator(".pv-centre"), page.locator(".pv-poster")
    expect(poster).to_be_visible()
    expect(centre).to_be_visible()
    centre.click()
    expect(centre).to_be_hidden()
    expect(poster).to_have_count(0)
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_thousands_of_lines_at_one_moment_do_not_stop_the_page(
    service, film: Film, page: Page
) -> None:
    """Anybody may send them in a file; each was laid out anew for each other, for minutes."""
    heap = "".join(f"00:00.000 --> 00:{50 + n % 9}.000\nline {n}\n\n" for n in range(1500))
    page.route("**/es.vtt*", lambda route: route.fulfill(body=f"WEBVTT\n\n{heap}"))
    page.goto(f"{service.url}{film.path}")
    play(page)
    page.get_by_role("button", name="Subtitles", exact=True).click()
    choose(page, "Español")
    expect(page.locator(".pv-cue")).to_have_count(100)
    page.keyboard.press("Escape")
    page.wait_for_function(
        "at => document.querySelector('video').currentTime > at", arg=clock(page)
    )


def heap(route: Route) -> None:
    """The studio's one line, two thousand times; the file of a stranger may hold as many."""
    answer = route.fetch()
    told = answer.json()
    for line in told["rows"][:1]:
        heaped = ({**line, "id": 10**6 + n, "text": "heap"} for n in range(2000))
        told["rows"] = [line, *heaped]
    route.fulfill(response=answer, json=told)


def test_thousands_of_lines_at_one_moment_do_not_stop_the_studio(
    browser: Browser, service: Service, film: Film
) -> None:
    """P1.1.5a: whoever opened such a language could write in none, for minutes."""
    with member(browser, service, "ana-heap", phone=False) as page:
        begin(page, service, film, "nl")
        page.route("**/lines.json*", heap)
        page.reload()
        expect(page.locator(".studio-wave [part~=region]")).to_have_count(200)
        page.wait_for_function("() => document.querySelector('track').track.cues?.length === 100")
        page.locator(".studio-row[data-current] textarea").fill("I can write here")
        state(page, "Saved")
