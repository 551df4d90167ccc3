"""Messages in a real browser: asked by a press, shown by a worker that no page knows, till a no."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Service
from .walking import enter, press

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
SPY = """
  window.asked = 0;
  const ask = Notification.requestPermission.bind(Notification);
  Notification.requestPermission = () => (window.asked++, ask());
"""
ADDRESS = "https://updates.push.services.mozilla.com/wpush/v2/harbour"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
GIVEN = {"endpoint": ADDRESS, "keys": {"p256dh": POINT, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
SERVED = f"""
  PushManager.prototype.subscribe = async function (wanted) {{
    window.wanted = wanted;
    return {{ toJSON: () => ({json.dumps(GIVEN)}) }};
  }};
"""
"""A push service, which a browser without a network can't reach, in the browser itself."""
WORKERS = (
    """async () => (await navigator.serviceWorker.getRegistrations()).map((each) => each.scope)"""
)
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  const shown = await registration.getNotifications();
  return shown.map(({ title, lang, data }) => ({ title, lang, data }));
}"""


def member(browser: Browser, service: Service, name: str) -> Page:
    """A member who said yes to news by push."""
    address = f"{name}@lantern.example"
    context = browser.new_context(extra_http_headers={"X-Place": "DE"}, locale="en-GB")
    page = context.new_page()
    enter(page, service, address)
    page.goto(f"{service.url}/privacy/news/")
    page.locator("#marketing-push").get_by_label("Yes").check()
    press(page, "Save")
    return page


def deliver(page: Page, service: Service, message: object) -> None:
    """Hand the worker a message, as the browser does once it has decrypted one."""
    protocol = page.context.new_cdp_session(page)
    found: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            each["registrationId"] for each in event["registrations"] if not each["isDeleted"]
        ),
    )
    protocol.send("ServiceWorker.enable")
    for _ in range(600):
        if found:
            break
        page.wait_for_timeout(100)
    protocol.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": service.url, "registrationId": found[-1], "data": json.dumps(message)},
    )


def test_p2_3a_a_press_turns_it_on_the_worker_shows_it_and_a_no_ends_it_in_every_tab(
    whole_browser: Browser, service: Service
):
    page = member(whole_browser, service, "hana")
    page.context.grant_permissions(["notifications"], origin=service.url)
    page.context.add_init_script(SPY)
    page.reload()
    expect(page.get_by_text("This needs script")).to_be_hidden()
    assert page.evaluate("asked") == 0, "nothing is asked by a page that is only looked at"
    assert page.evaluate(WORKERS) == []

    page.get_by_role("button", name="Turn on in this browser").click()
    expect(page.get_by_text("could not reach its message service")).to_be_visible()
    assert page.evaluate("asked") == 1
    assert page.evaluate(WORKERS) == [], "nothing stays of what came to nothing"
    assert service.rows("SELECT count(*) FROM privacy_push") == [(0,)]

    page.context.add_init_script(SERVED)
    page.reload()
    page.get_by_role("button", name="Turn on in this browser").click()
    page.get_by_text("On. It ends when you sign out here or say no above.").wait_for()
    assert service.rows("SELECT recipient, endpoint FROM privacy_push") == [
        ("mozilla-push", ADDRESS)
    ]
    assert page.evaluate(WORKERS) == [f"{service.url}/push/"]

    other = page.context.new_page()
    for path in ("/", "/privacy/news/"):
        other.goto(service.url + path)
        assert other.evaluate("navigator.serviceWorker.controller") is None, "it controls no page"
    message = {"title": "항구의 불빛", "link": "/titles/harbour-lights/", "lang": "ko"}
    deliver(page, service, message)
    for _ in range(600):
        if page.evaluate(SHOWN):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(SHOWN) == [
        {"title": message["title"], "lang": "ko", "data": message["link"]}
    ]

    page.locator("#marketing-push").get_by_label("No").check()
    press(page, "Save")
    other.wait_for_function(f"async () => (await ({WORKERS})()).length === 0")
    assert service.rows("SELECT count(*) FROM privacy_push") == [(0,)]
    page.context.close()


def test_p2_3a_where_the_browser_blocks_takes_none_or_has_no_script_the_page_says_so(
    browser: Browser, service: Service
):
    page = member(browser, service, "otto")
    button = page.get_by_role("button", name="Turn on in this browser")
    said = page.locator("#push")
    page.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => window.said ?? 'denied' })"
    )
    page.reload()
    expect(said).to_contain_text(re.compile("Your browser blocks messages"), use_inner_text=True)
    expect(button).to_be_hidden()
    page.context.add_init_script("delete window.PushManager")
    page.reload()
    expect(said).to_contain_text("takes no messages from websites", use_inner_text=True)
    expect(button).to_be_hidden()
    still = browser.new_context(
        storage_state=page.context.storage_state(), java_script_enabled=False
    )
    without = still.new_page()
    without.goto(f"{service.url}/privacy/news/")
    expect(without.locator("#push")).to_contain_text("This needs script", use_inner_text=True)
    expect(without.get_by_role("button", name="Turn on in this browser")).to_be_hidden()
    still.close()
    page.context.close()
