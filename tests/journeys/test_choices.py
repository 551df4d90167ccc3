"""The whole way, in four places, with and without script: asked, registered, kept, shown, gone."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from .conftest import Film, Service
from .walking import PASSWORD, confirm, enter, follow_the_mail, in_files, kept, press, watch

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
CHOICES, SESSION, FORM = "plainview-choices", "plainview-session", "plainview-form"
KEPT_BY_LAW = ["privacy_answer"]
OTHER = "someone-else@lantern.example"


@dataclass(frozen=True)
class Visitor:
    """Where somebody is and lives, whether their browser sends a signal, and what they press."""

    place: str
    lives: str
    age: str
    signal: bool
    answer: str
    saves: bool
    refuses: bool = False


VISITORS = {
    "a European who refuses": Visitor(
        "DE", "DE", "18 in Germany", False, "Reject all", saves=False, refuses=True
    ),
    "a Californian with a signal": Visitor(
        "US-CA", "US-CA", "18 in California", True, "OK", saves=True
    ),
    "a Brazilian who agrees": Visitor("BR", "BR", "18 in Brazil", False, "Accept all", saves=True),
    "a visitor from nowhere known": Visitor("", "KR", "19 in South Korea", False, "", saves=True),
}


LIVES = [
    pytest.param((visitor, script), id=f"{name}-{'with' if script else 'without'} script")
    for name, visitor in reversed(VISITORS.items())
    for script in (True, False)
]


@pytest.fixture(params=LIVES)
def life(request: pytest.FixtureRequest) -> tuple[Visitor, bool]:
    return request.param


@pytest.fixture
def visitor(life: tuple[Visitor, bool]) -> Visitor:
    return life[0]


@pytest.fixture
def script(life: tuple[Visitor, bool]) -> bool:
    return life[1]


@pytest.fixture
def context(browser: Browser, visitor: Visitor, script: bool) -> Iterator[BrowserContext]:
    headers = {"X-Place": visitor.place} if visitor.place else {}
    if visitor.signal:
        headers["Sec-GPC"] = "1"
    made = browser.new_context(
        java_script_enabled=script, extra_http_headers=headers, locale="en-GB"
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def bystander(browser: Browser, service: Service) -> str:
    """Somebody else with an account, and what they say of themselves, which is nobody's to see."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    enter(page, service, OTHER)
    tell(page, service, "words-of-someone-else")
    context.close()
    return "words-of-someone-else"


def choose(page: Page, visitor: Visitor) -> None:
    """Answer the banner, or go from it to the page of choices and answer two questions there."""
    banner = page.locator(".consent")
    if visitor.answer:
        banner.get_by_role("button", name=visitor.answer).click()
        banner.wait_for(state="hidden")
        return
    banner.get_by_role("link", name="Choose").click()
    assert page.locator("input[type=radio]:checked").count() == 0, "nothing is ticked beforehand"
    page.get_by_role("group", name="Keep a cookie to recognise you").get_by_label("Yes").check()
    page.get_by_role("group", name="Remember what you watched").get_by_label("Yes").check()
    press(page, "Save")


def register(page: Page, service: Service, address: str, visitor: Visitor) -> None:
    """From the form through the mail to the first page as a member."""
    page.goto(f"{service.url}/accounts/signup/")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Where you live").select_option(visitor.lives)
    page.get_by_label("I am 18 or older").check()
    press(page, "Make the account")
    if page.url.endswith("/signup/"):  # without script the sentence of the place comes only now
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label(f"at least {visitor.age}").check()
        press(page, "Make the account")
    follow_the_mail(page, service, address)


def tell(page: Page, service: Service, words: str) -> None:
    """Say something of oneself, for nobody's eyes."""
    page.goto(f"{service.url}/settings/about/")
    page.get_by_role("textbox", name="About me").fill(words)
    press(page, "Save")


def copy(page: Page, service: Service) -> zipfile.ZipFile:
    """Ask for a copy of everything, wait until a worker has made it, and open it."""
    page.get_by_role("link", name="Take a copy").first.click()
    confirm(page)
    press(page, "Make the copy")
    page.get_by_role("link", name="Save it").wait_for(timeout=60_000)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save it").click()
    return zipfile.ZipFile(io.BytesIO(downloading.value.path().read_bytes()))


def leave(page: Page, service: Service, path: str, words: str, button: str) -> dict:
    """Read what will happen, tick the box, press; the report of it, once it is done."""
    page.goto(f"{service.url}{path}")
    assert "Will be removed" in page.locator("main").inner_text()
    page.get_by_role("link", name="Go on").click()
    confirm(page)
    page.get_by_label(words).check()
    press(page, button)
    page.wait_for_url("**/privacy/left/*/")
    address = page.url
    key = address.split("/")[-2]
    state = f"SELECT state FROM privacy_erasure WHERE key = '{key}'"  # noqa: S608
    while service.rows(state) == [("asked",)]:
        page.wait_for_timeout(100)
    try:
        page.goto(address)
    except Error as error:  # the page was looking again by itself
        assert "interrupted by another navigation" in str(error)
        page.wait_for_load_state()
    return json.loads(page.request.get(f"{address}report.json").text())


def as_declared(context: BrowserContext, declared: dict) -> bool:
    """Whether each cookie is one that the service declares, and lives no longer than that."""
    lives = {key["name"]: key["days"] for key in declared["keys"] if key["kind"] == "cookie"}
    return all(
        cookie["expires"] == -1
        if not lives[cookie["name"]]
        else cookie["expires"] - time.time() <= lives[cookie["name"]] * 24 * 3600
        for cookie in context.cookies()
    )


def everywhere(service: Service, words: set[str]) -> set[str]:
    """The tables in which one of the words stands in any column."""
    return {
        name
        for name in service.tables()
        for row in service.rows(f'SELECT * FROM "{name}"')  # noqa: S608
        if any(word in str(value).lower() for value in row for word in words)
    }


@pytest.mark.sample(1)  # of whom most is kept
def test_p2_11a_p3_1_2a_p1_2_2b_p5_2_1_2a_p5_2_1_4a_the_whole_way(
    service: Service,
    film: Film,
    bystander: str,
    context: BrowserContext,
    visitor: Visitor,
    script: bool,
) -> None:
    page = context.new_page()
    hosts: set[str] = set()
    signals: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("request", lambda request: "/signal/" in request.url and signals.append(request.url))

    declared = json.loads(context.request.get(f"{service.url}/legal/cookies.json").text())

    # A stranger is asked, and nothing is kept before the answer.
    before = len(service.rows("SELECT 1 FROM privacy_answer"))
    home = page.goto(f"{service.url}/")
    assert "set-cookie" not in home.headers
    assert kept(page, script=script) == set()
    boxes = [each.bounding_box() for each in page.locator(".consent .button").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    choose(page, visitor)
    assert kept(page, script=script) == {CHOICES}
    assert len(service.rows("SELECT 1 FROM privacy_answer")) == before + 1
    page.goto(f"{service.url}/")
    assert not page.locator(".consent").is_visible()

    # An account, in the hand of whoever reads the mail.
    address = f"{visitor.lives.lower()}-{'with' if script else 'without'}@lantern.example"
    page.goto(f"{service.url}/accounts/signup/")
    assert kept(page, script=script) == {CHOICES}, "whoever only looks is given nothing more"
    register(page, service, address, visitor)
    assert kept(page, script=script) == {CHOICES, SESSION, FORM}
    assert as_declared(context, declared)
    found = service.rows(f"SELECT id FROM accounts_user WHERE email = '{address}'")  # noqa: S608
    number = found[0][0]
    page.goto(f"{service.url}/privacy/choices/")
    adopt = page.get_by_role("button", name="Use this device’s answers for my account")
    if adopt.count():  # the account has answered nothing yet: the stricter holds until now
        adopt.click()
        page.wait_for_load_state()

    # Watching, and what is kept of it.
    words = f"words-of-{address}"
    if not visitor.refuses:
        tell(page, service, words)
    page.goto(f"{service.url}{film.path}")
    assert bool(page.locator("[data-player]").get_attribute("data-signal")) == visitor.saves
    if script:
        watch(page)
    else:
        assert "needs JavaScript" in page.locator("noscript").first.inner_text()
    kept_of_it = visitor.saves and script
    assert bool(signals) == kept_of_it
    places = f"SELECT 1 FROM playback_progress WHERE subject = {number}"  # noqa: S608
    deadline = time.monotonic() + 60
    while kept_of_it and not service.rows(places):
        assert time.monotonic() < deadline, "what was permitted is not kept"
        page.wait_for_timeout(50)
    for table in ("playback_viewing", "playback_progress"):
        rows = service.rows(f"SELECT 1 FROM {table} WHERE subject = {number}")  # noqa: S608
        assert len(rows) == int(kept_of_it), table
    page.goto(f"{service.url}/my/history/")
    assert page.get_by_role("row").filter(has_text="Harbour Walk").count() == int(kept_of_it)
    facts = json.loads(
        service.rows(f"SELECT facts FROM privacy_standing WHERE subject = {number}")[0][0]  # noqa: S608
    )
    assert ("gpc" in facts.get("signals", [])) == visitor.signal
    assert facts["choices"].get("cross-context-ads") != "granted" or not visitor.signal

    # What is held, and a copy of it: all of theirs, and nobody else's.
    page.goto(f"{service.url}/privacy/")
    said = page.locator("main").inner_text()
    assert ("Which films you watched" in said) == kept_of_it
    assert ("You said no to all that can be refused" in said) == visitor.refuses
    with copy(page, service) as zipped:
        whole = b"\n".join(zipped.read(name) for name in zipped.namelist())
        everything = whole.decode(errors="replace")  # fonts of the pages that were shown, too
        said = json.loads(zipped.read("data.json"))["tables"]
        data = {name: json.loads(zipped.read(f"data/{name}.json")) for name in said}
        reading = zipped.read("index.html").decode()
    assert [row["email"] for row in data["accounts_user"]] == [address]
    assert [row["value"] for row in data.get("accounts_about", [])] == (
        [] if visitor.refuses else [words]
    )
    assert [row["territory"] for row in data["accounts_certification"]] == [visitor.lives]
    assert ("playback_viewing" in data) == kept_of_it
    assert ("Harbour Walk" in reading) == kept_of_it
    assert (words in reading) != visitor.refuses
    assert not [each for each in (bystander, OTHER) if each in everything]

    # Leaving: the account, then the device; nothing is found that the reports do not name.
    session = {c["name"]: c["value"] for c in context.cookies()}[SESSION]
    report = leave(page, service, "/privacy/leave/", "Yes, delete my account", "Delete my account")
    assert report["state"] == "done", report
    assert "You have left" in page.locator("main").inner_text()
    assert SESSION not in kept(page, script=script)
    assert everywhere(service, {address, words, session}) == set()
    standing = everywhere(service, {str(number)})
    assert standing <= set(KEPT_BY_LAW)
    outcomes = {line["outcome"].partition(" until")[0] for line in report["lines"]}
    assert ("Kept" in outcomes) == bool(standing)
    needles = {address.encode(), words.encode(), session.encode()}
    if not standing:
        needles |= {str(number).encode(), number.to_bytes(8, "big").lower()}
    assert in_files(service.data, needles) == set()
    page.goto(f"{service.url}/settings/")
    assert "/accounts/login/" in page.url
    leave(page, service, "/privacy/leave/", "Yes, forget this device", "Forget this device")
    assert kept(page, script=script) <= {FORM}
    page.goto(f"{service.url}/privacy/")
    assert "We hold nothing about you" in page.locator("main").inner_text()

    assert service.url.partition("//")[2] in hosts <= set(declared["hosts"])
