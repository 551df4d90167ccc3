"""P1.2.6a: no page keeps, reads or contacts anything that is not declared and permitted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from tests.journeys.conftest import free_port
from tests.journeys.crawling import Declared, Found, State, crawl, faults, visit
from tools import second_factor

from plainview.engine import Policy, load

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
LEGAL = [f"/legal/{name}/" for name in
         ("privacy", "terms", "cookies", "copyright", "accessibility", "imprint")]  # fmt: skip
STRANGERS = ["/", "/search/?q=li", "/nothing-here/", "/accounts/login/", "/accounts/signup/",
             "/accounts/password/reset/", "/my/", "/privacy/", "/privacy/choices/",
             "/privacy/opt-out/", "/help/", "/legal/place/",
             "/legal/place/?place=US-CA", *LEGAL]  # fmt: skip
SAMPLE = ["/search/?q=li", "/accounts/login/", "/legal/privacy/", "/legal/place/", "/help/"]
STATES = [
    State("US-CA", signal=True, answers=("accept",)),
    State("DE", answers=("accept", "reject")),
    State("DE"),
]
DESK = ["/desk/", "/desk/upload/", "/desk/ingests/", "/desk/titles/", "/desk/people/",
        "/desk/people/roles/", "/desk/copyright/", "/desk/privacy/map/",
        "/desk/privacy/places/", "/desk/design/",
        "/settings/", "/settings/profile/", "/settings/about/", "/settings/place/",
        "/settings/looks/", "/accounts/sessions/", "/accounts/security/", "/accounts/email/",
        "/my/history/", "/privacy/leave/", "/privacy/copy/"]  # fmt: skip
PASSWORD = "the night train leaves at nine"
ANSWERS = [(), ("accept",), ("reject",), ("accept", "reject")]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(Path(__file__).parents[2] / "policy")


@pytest.fixture(scope="module")
def declared(service) -> Declared:
    return Declared.by(service.url)


@pytest.fixture
def arrive(browser: Browser, service) -> Iterator[Callable[[State], BrowserContext]]:
    """A browser of somebody in a state, their answers given."""
    contexts = []

    def arrived(state: State) -> BrowserContext:
        context = browser.new_context(extra_http_headers=state.headers, locale="en-GB")
        contexts.append(context)
        state.answer(context, service.url)
        return context

    yield arrived
    for context in contexts:
        context.close()


def wrong(context, service, paths, declared, permits) -> list[str]:
    """Every fault of every page, with the page."""
    return [
        f"{path}: {fault}"
        for path, found in crawl(context, service.url, paths, declared)
        for fault in faults(found, declared, permits)
    ]


@pytest.mark.sample(1)  # who has answered nothing is asked for even less below
@pytest.mark.parametrize("state", STATES, ids=str)
def test_p1_2_6a_every_kind_of_page_keeps_only_what_is_declared_and_permitted(
    arrive, service, film, policy, declared, state
):
    paths = [*SAMPLE, film.path]
    assert not wrong(arrive(state), service, paths, declared, state.permits(policy))


def test_p3_1_2a_a_first_visit_leaves_nothing_at_all(arrive, service, film, policy, declared):
    """A page with a form of an account apart, which carries the form's own token."""
    paths = [path for path in (*SAMPLE, film.path) if "/accounts/" not in path]
    permits = State("").permits(policy)
    visited = [*crawl(arrive(State("")), service.url, paths, declared)]
    assert not [(path, found.kept) for path, found in visited if found.kept]
    assert not [each for _, found in visited for each in faults(found, declared, permits)]


@pytest.mark.soak
@pytest.mark.parametrize(
    "place", ["DE", "GB", "BR", "CA-QC", "IN", "US-CA", "US-CO", "US", "KR", ""]
)
def test_p1_2_6a_all_pages_in_all_states(arrive, service, film, policy, declared, place):
    paths = [*STRANGERS, film.path, film.path + "transcript/"]
    for signal, answers in itertools.product((False, True), ANSWERS):
        state = State(place, signal, answers)
        assert not wrong(arrive(state), service, paths, declared, state.permits(policy)), state


@pytest.mark.soak
def test_p1_2_6a_the_pages_of_members_and_of_the_desk(browser, idle_service, policy):
    idle_service.start()
    try:
        context = browser.new_context(extra_http_headers={"X-Place": "DE"}, locale="en-GB")
        page = context.new_page()
        token = (idle_service.data / "setup-token").read_text().strip()
        page.goto(f"{idle_service.url}/setup/?token={token}")
        page.fill("[name=email]", "desk@lantern.example")
        page.fill("[name=password]", PASSWORD)
        second_factor.certify(page)
        page.locator("form", has=page.locator("[name=password]")).locator("button").click()
        page.wait_for_url("**/accounts/security/")
        second_factor.set_up(page, idle_service.url, PASSWORD)
        declared = Declared.by(idle_service.url)
        permits = State("DE").permits(policy)
        assert not wrong(context, idle_service, DESK, declared, permits)
        context.close()
    finally:
        idle_service.stop()


class TestItCanFail:
    """Things planted in a page that nobody declared, or that nobody permitted, are caught."""

    @pytest.fixture
    def planted(self, arrive, service, declared, policy):
        """Visits a page into which something was planted; returns the faults."""

        def visited(body: str = "", headers: dict[str, str] | None = None, script: str = ""):
            context = arrive(State("DE"))
            page = context.new_page()
            if script:
                page.add_init_script(script)
            if body or headers:
                page.route(
                    f"{service.url}/help/",
                    lambda route: route.fulfill(
                        status=200, content_type="text/html", body=body, headers=headers or {}
                    ),
                )
            found = visit(page, f"{service.url}/help/")
            return faults(found, declared, State("DE").permits(policy))

        return visited

    def test_a_cookie_of_the_server(self, planted):
        said = {"set-cookie": "planted=1; Path=/", "content-type": "text/html"}
        assert planted("<p>here</p>", said) == ["cookie planted is not declared"]

    def test_a_key_that_script_wrote(self, planted):
        assert planted(script="localStorage.setItem('planted', '1')") == [
            "localStorage planted is not declared"
        ]
        assert planted(script="sessionStorage.setItem('plainview-captions', '1')") == [
            "sessionStorage plainview-captions is not declared"
        ]
        gone = "localStorage.setItem('planted', '1'); localStorage.removeItem('planted')"
        assert planted(f"<script>{gone}</script>") == ["localStorage planted is not declared"]
        assert planted(script="indexedDB.open('planted')") == ["database planted is not declared"]

    def test_a_host_that_is_not_ours(self, planted):
        elsewhere = f"127.0.0.1:{free_port()}"
        assert planted(f'<img src="http://{elsewhere}/pixel.gif">') == [f"contacts {elsewhere}"]

    def test_a_declared_key_whose_purpose_is_refused(self, declared, policy):
        advertising = {
            "name": "ad", "kind": "cookie", "purpose": "advertising-storage",
            "necessary": False, "hosts": ["ads.example"],
        }  # fmt: skip
        keys = Declared([*declared.keys, advertising], declared.host)
        found = Found({("cookie", "ad")}, {"ads.example"})
        refused = State("DE", answers=("reject",)).permits(policy)
        assert faults(found, keys, refused) == [
            "cookie ad serves advertising-storage, which is not permitted",
            "contacts ads.example",
        ]
        assert not faults(found, keys, State("DE", answers=("accept",)).permits(policy))
        assert faults(found, keys, State("US-CA", signal=True).permits(policy))
