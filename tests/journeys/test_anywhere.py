"""The questions wherever they are met: other tabs, a way back, a remote, six laws, no cookies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from .conftest import FLAGS, Service, chromium

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
LAWS = {"GDPR": "DE", "UK": "GB", "LGPD": "BR", "CCPA": "US-CA", "a state": "US-VA", "unknown": ""}
RULES = {"DE": "Accept all", "GB": "Accept all", "BR": "Accept all", "": "Accept all"}
Arrive = Callable[..., BrowserContext]
MAIN = "document.querySelector('main').getBoundingClientRect().y"


@pytest.fixture
def arrive(browser: Browser) -> Iterator[Arrive]:
    """A browser of somebody in a place."""
    contexts = []

    def arrived(place: str, *, signal: bool = False, **wanted: object) -> BrowserContext:
        headers = {"X-Place": place} if place else {}
        headers |= {"Sec-GPC": "1"} if signal else {}
        options = {"locale": "en-GB", "viewport": {"width": 390, "height": 844}} | wanted
        contexts.append(browser.new_context(extra_http_headers=headers, **options))
        return contexts[-1]

    yield arrived
    for context in contexts:
        context.close()


def opened(context: BrowserContext, service: Service, path: str = "/help/") -> Page:
    page = context.new_page()
    page.goto(service.url + path)
    return page


def steps(page: Page, name: str, key: str) -> int:
    """How many presses of a key lead from the top of the page to an answer, and give it."""
    page.reload()
    for count in range(1, 12):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return count + 1
    raise AssertionError(f"{name} is not reached by {key}")


@pytest.mark.sample(2)
@pytest.mark.parametrize("place", LAWS.values(), ids=LAWS.keys())
def test_p2_11a_a_no_takes_no_more_steps_than_a_yes(arrive, service, place):
    """Counted in presses of a mouse and of the keyboard; the page moves at neither."""
    yes = RULES.get(place, "OK")
    page = opened(arrive(place), service)
    assert page.get_by_role("button", name="Reject all").count() == 1
    assert steps(page, "Reject all", "Tab") <= steps(page, yes, "Tab")
    before = page.evaluate(MAIN)
    page.get_by_role("button", name="Reject all").click()
    page.locator(".consent").wait_for(state="hidden")
    assert page.evaluate(MAIN) == before
    page.reload()
    assert page.locator(".consent").count() == 0, "a no is remembered"


def test_p3_1_2e_a_choice_is_two_steps_from_every_page(arrive, service):
    page = opened(arrive("DE", java_script_enabled=False), service)
    page.get_by_role("button", name="Accept all").click()
    page.goto(f"{service.url}/search/")
    page.locator("footer").get_by_role("link", name="Privacy choices").click()
    page.get_by_role("button", name="Reject all").click()
    assert "/search/" in page.url, "and it leads back"


def test_p5_2_2_2a_the_button_at_the_foot_opts_out_in_place(arrive, service):
    page = opened(arrive("US-CA"), service)
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Do Not Sell or Share My Personal Information").click()
    expect(page.locator("#foot-opt-out")).to_have_text("You have opted out")
    assert page.evaluate("window.same"), "the page stays, and so does a film"
    assert not page.locator(".consent").is_visible()


def test_two_tabs_answer_at_once_and_both_show_what_holds(arrive, service):
    context = arrive("DE")
    first, second = opened(context, service), opened(context, service)
    first.get_by_role("button", name="Accept all").click()
    second.locator(".consent").wait_for(state="hidden")
    first.goto(f"{service.url}/privacy/choices/")
    second.goto(f"{service.url}/privacy/choices/")
    first.get_by_role("button", name="Accept all").click()
    second.get_by_role("button", name="Reject all").click()
    second.wait_for_load_state()
    first.wait_for_load_state()
    said = [
        page.evaluate("document.documentElement.dataset.state")
        for page in (opened(context, service), opened(context, service))
    ]
    assert said[0] == said[1]


def test_p5_1_3a_a_page_from_the_back_forward_cache_says_what_holds_now(arrive, service):
    context = arrive("US-CA")
    page = opened(context, service)
    made_for = page.evaluate("document.documentElement.dataset.state")
    page.goto(f"{service.url}/privacy/choices/")
    page.get_by_role("button", name="Reject all").click()
    page.wait_for_load_state()
    page.go_back()
    page.go_back()
    page.wait_for_function("was => document.documentElement.dataset.state !== was", arg=made_for)
    assert not page.locator(".consent").is_visible()


@pytest.mark.soak
def test_p5_1_3a_a_page_that_was_really_kept_whole_is_brought_up_to_date(playwright, service):
    """Playwright turns the back/forward cache of Chromium off; here it is on."""
    browser = playwright.chromium.launch(
        **chromium(whole=True),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{service.url}/legal/cookies/")
    page.evaluate("addEventListener('pageshow', (event) => (window.kept = event.persisted))")
    page.goto(f"{service.url}/privacy/choices/")
    page.get_by_role("button", name="Reject all").click()
    page.get_by_role("status").get_by_text("Saved. It holds from now on.").wait_for()
    while "/legal/cookies/" not in page.url:
        page.go_back(wait_until="commit")
    assert page.evaluate("window.kept"), "it is the very page that was left"
    page.locator(".consent").wait_for(state="hidden")
    page.evaluate("document.querySelector('[data-consent]').dataset.answered = 'shown'")
    other = page.context.new_page()
    other.goto(f"{service.url}/privacy/choices/")
    other.get_by_role("button", name="Accept all").click()
    # A no is an opt-out where the place is unknown: a yes takes two steps.
    other.get_by_role("button", name="Allow it").click()
    page.wait_for_function("() => document.querySelector('[data-consent]').dataset.answered === ''")
    browser.close()


def test_a_browser_that_refuses_cookies_is_told_and_never_held_up(playwright, service, tmp_path):
    """Chromium's own setting against all cookies, with script and without."""
    (tmp_path / "Default").mkdir(parents=True)
    refusing = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default/Preferences").write_text(json.dumps(refusing))
    context = playwright.chromium.launch_persistent_context(
        tmp_path,
        **chromium(whole=True),
        args=FLAGS,
        extra_http_headers={"X-Place": "US-CA"},
        locale="en-GB",
        reduced_motion="reduce",
    )
    for script in (True, False):
        page = context.new_page()
        protocol = context.new_cdp_session(page)
        protocol.send("Emulation.setScriptExecutionDisabled", {"value": not script})
        page.goto(f"{service.url}/help/")
        page.get_by_role("button", name="Reject all").click()
        page.get_by_text("Your browser kept nothing for this site").wait_for()
        assert not context.cookies()
        url = page.url
        page.goto(f"{service.url}/help/")
        assert page.locator("main h1").is_visible()
        assert ("?kept=&" in url) is not script, "it is the form itself that went there"
    context.close()


def test_a_form_that_is_on_its_way_is_not_sent_again(arrive, service):
    """What can't be recognised as the same, such as a letter, would arrive twice."""
    page = opened(arrive("DE"), service)
    page.get_by_label("What is it about?").select_option(index=1)
    page.get_by_label("Your question").fill("Where is the second season?")
    page.get_by_label("Email").fill("ada@elsewhere.example")
    sent: list[Route] = []
    page.route(
        "**/help/**", lambda route: sent.append(route)
    )  # a slow line: nothing is answered yet
    send = page.get_by_role("button", name="Send the question")
    send.evaluate("each => { each.click(); setTimeout(() => each.click(), 100); }")
    page.wait_for_timeout(300)
    assert len(sent) == 1
    sent[0].continue_()
    page.get_by_text("Your question is on its way").wait_for()


def test_a_service_worker_of_somebodys_page_is_refused(arrive, service):
    page = opened(arrive("DE"), service)
    said = page.evaluate(
        """async () => navigator.serviceWorker
             .register("/static/build/site.js")
             .then(() => "registered", (error) => error.name)"""
    )
    assert said in {"SecurityError", "TypeError"}
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


@pytest.mark.sample(1)
@pytest.mark.parametrize("locale", ["ar", "en-GB"])
def test_a_remotes_arrows_reach_every_answer(arrive, service, locale):
    """Four arrows and one key to press, on a television, in both directions of reading."""
    television = "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 Chrome/108 TV Safari"
    context = arrive(
        "DE", user_agent=television, locale=locale, viewport={"width": 1280, "height": 720}
    )
    page = opened(context, service)
    active = "document.activeElement.value || document.activeElement.getAttribute('href')"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(active) == "reject"
    onward = "ArrowLeft" if locale == "ar" else "ArrowRight"
    page.keyboard.press(onward)
    assert page.evaluate(active) == "accept"
    page.keyboard.press(onward)
    assert "/privacy/choices/" in page.evaluate(active)
    page.keyboard.press("Enter")
    page.wait_for_url("**/privacy/choices/**")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "purpose-history"
    assert page.locator("input:checked").count() == 0, "passing over an answer does not give it"
    page.keyboard.press("Enter")
    assert page.locator("[name=purpose-history]:checked").count() == 1
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.soak
@pytest.mark.parametrize("locale", ["en-GB", "ar", "ko"])
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("signal", [True, False])
@pytest.mark.parametrize("place", LAWS.values(), ids=LAWS.keys())
def test_every_law_every_language_with_and_without_script(
    arrive, service, place, signal, script, locale
):
    """Asked, refused, remembered, found again, taken back; nothing hinders anybody."""
    context = arrive(place, signal=signal, java_script_enabled=script, locale=locale)
    page = opened(context, service, "/")
    boxes = [each.bounding_box() for each in page.locator(".consent .button").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert len(boxes) == 3
    if script:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not Axe().run(page).response["violations"]
    page.locator(".consent button[value=reject]").click()
    page.wait_for_load_state()
    if script:
        page.locator(".consent").wait_for(state="hidden")
    for path in ("/", "/search/", "/privacy/opt-out/"):
        page.goto(service.url + path)
        assert page.locator(".consent").count() == 0
    page.goto(f"{service.url}/privacy/choices/")
    assert page.locator("input[value=no][name^=purpose-]:not(:checked)").count() == 0
    page.locator("main button[value=accept]").click()
    page.wait_for_load_state()
    page.goto(f"{service.url}/privacy/choices/")
    again = page.locator("input[value=yes][name^=purpose-]:checked").count()
    assert again > 0 or signal
