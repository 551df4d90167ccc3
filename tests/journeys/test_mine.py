"""*My films* as people use them: kept, liked, rated, followed, rested; with script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.journeys.conftest import Film, Service

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]


@pytest.fixture(params=[True, False], ids=["script", "bare"])
def permitted(request, browser: Browser, service: Service, film: Film):
    """A browser that may be recognised; its answer is given by the banner's own form."""
    context: BrowserContext = browser.new_context(
        extra_http_headers={"X-Place": "DE"},
        java_script_enabled=request.param,
        timezone_id="Asia/Seoul",
    )
    page = context.new_page()
    page.goto(service.url)
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("button", name="Accept all")).to_be_hidden()
    yield page
    context.close()


SERIES = """
from django.utils import timezone
from plainview.domains.catalogue.models import Title
Title.objects.get_or_create(slug="night-line", defaults={"kind": "series",
    "texts": {"en": {"name": "Night Line"}}, "published_at": timezone.now()})
"""


@pytest.fixture(scope="module")
def series(service: Service) -> str:
    """The address of a series; nothing of it can be watched yet."""
    service.command("manage", "shell", "-v0", "--command", SERIES)
    return f"{service.url}/titles/night-line/"


def kept(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("link", name="Harbour Walk")


def title_of(page: Page, service: Service, film: Film) -> str:
    page.goto(f"{service.url}{film.path}")
    return service.url + page.get_by_role("link", name="About this title").get_attribute("href")


def press(page: Page, put: str, taken: str) -> None:
    """Press a button that shows at once how it will be, and wait until the service says so too."""
    hero = page.locator(".hero")
    hero.get_by_role("button", name=put, exact=True).click()
    expect(hero.get_by_role("button", name=taken, exact=True)).to_be_visible()
    expect(hero.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.sample(1)
def test_a_browser_keeps_likes_and_rates_a_title_and_takes_it_back(
    permitted: Page, service: Service, film: Film
) -> None:
    page = permitted
    title = title_of(page, service, film)
    page.goto(title)
    press(page, "Watch later", "On your list")
    press(page, "Favourite", "A favourite")
    page.get_by_role("radio", name="4 stars").check()
    page.get_by_role("button", name="Give stars").click()
    expect(page.get_by_role("button", name="Take them back")).to_be_visible()
    for door in ("list", "favourites", "ratings"):
        page.goto(f"{service.url}/my/{door}/")
        expect(kept(page).first).to_be_visible()
    page.get_by_role("button", name="Take them back").click()
    expect(kept(page)).to_have_count(0)
    for door in ("list", "favourites"):
        page.goto(f"{service.url}/my/{door}/")
        page.get_by_role("button", name=re.compile("Take off this list ?: Harbour Walk")).click()
        expect(kept(page)).to_have_count(0)


@pytest.mark.sample(1)
def test_a_browser_follows_a_series_and_follows_it_no_more(permitted: Page, series: str) -> None:
    page = permitted
    page.goto(series)
    press(page, "Follow", "Followed")
    page.goto(series.replace("/titles/night-line/", "/my/follows/"))
    page.get_by_role("main").get_by_role("link", name="Night Line").click()
    expect(page.locator(".hero").get_by_role("button", name="Followed", exact=True)).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Follow no more").click()
    expect(page.get_by_text("You follow nothing yet")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Night Line")).to_have_count(0)


def watch(page: Page, service: Service, film: Film) -> None:
    sitting = {"sitting": "c" * 32, "told": "1", "position": "6", "seconds": "6"}
    own = {"Origin": service.url, "Sec-Fetch-Site": "same-origin"}
    page.request.post(f"{service.url}{film.path}signal/", form=sitting, headers=own)
    page.goto(f"{service.url}/my/history/")
    expect(kept(page)).to_be_visible()


def test_hours_are_told_by_ones_own_clock_where_there_is_script_and_evidence_in_utc(
    permitted: Page, service: Service, film: Film
) -> None:
    page = permitted
    watch(page, service, film)
    own = page.locator("html[data-script=on]").count()
    told = page.locator("time[data-moment]").first
    expect(told).to_contain_text("(GMT+9)" if own else "(UTC)")
    assert (told.get_attribute("title") or told.inner_text()).endswith("(UTC)")
    page.goto(f"{service.url}/privacy/receipts/")
    expect(page.locator(".receipt-when").first).to_contain_text("(UTC)")


@pytest.mark.sample(1)
def test_p1_2_2b_a_browser_lets_its_history_rest_and_deletes_one_sitting(
    permitted: Page, service: Service, film: Film
) -> None:
    page = permitted
    watch(page, service, film)
    page.get_by_text("Let it rest for a while").click()
    page.get_by_role("button", name="Pause the history").click()
    expect(page.get_by_text("Your history is paused")).to_be_visible()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_text("Your history is paused")).to_be_hidden()
    page.get_by_role("button", name="Delete Harbour Walk").click()
    expect(kept(page)).to_have_count(0)


@pytest.mark.sample(1)
def test_keys_go_on_from_what_follows_a_row_that_was_deleted(
    permitted: Page, service: Service
) -> None:
    page = permitted
    for words in ("lantern", "night", "harbour"):
        page.goto(f"{service.url}/search/?q={words}")
    page.goto(f"{service.url}/my/searches/")
    for row, follows in ((1, "lantern"), (1, "harbour")):  # of the last one, what stands before it
        page.locator("tbody tr").nth(row).get_by_role("button", name="Delete").press("Enter")
        expect(page.locator("tbody tr")).to_have_count(2 if follows == "lantern" else 1)
        page.keyboard.press("Tab")
        expect(page.locator("tbody a:focus")).to_have_text(follows)
