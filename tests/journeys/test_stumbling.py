"""A browser that stumbles over a film, as Chromium does now and then when the machine is busy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Film
from tests.journeys.test_player import play

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
    page.wait_for_function("document.querySelector('video').currentTime > 0.5")
