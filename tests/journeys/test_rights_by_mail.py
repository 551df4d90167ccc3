"""Eight kinds of requests in five places, by real mail and a real browser: P5.2a-e, P5.2.3.2a.

People write by SMTP; our letters come by SMTP; links are pressed in Chromium by who lives there,
and the officer answers at the desk in a browser of their own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect
from tools.second_factor import SECRET, code_of

from .conftest import DESK, PHONE, Service, copy_of
from .postal import OURS, Office, link_in, words
from .test_studio import picture
from .walking import PASSWORD, make_members, press

pytestmark = [pytest.mark.journey, pytest.mark.slow]
NOOR, OMAR = "noor@desk.example", "omar@desk.example"
AUTHORITIES = {
    "DE": "bfdi.bund.de",
    "GB": "ico.org.uk",
    "BR": "gov.br/anpd",
    "US-CA": "cppa.ca.gov",
    "US-OR": "doj.state.or.us",
}
DAYS = {"DE": (28, 34), "GB": (28, 34), "BR": (13, 19), "US-CA": (44, 49), "US-OR": (44, 49)}
"""So many days an answer on access may take there, weekends and holidays at its end included."""
ASKED = {
    "access": "Please send me a copy of all the personal data that you have about me.",
    "correct": "My name is wrong, please correct my name in your records.",
    "delete": "Please delete my account and all of my data.",
    "object": "I object to the processing of my data for your legitimate interest.",
    "restrict": "Please restrict the processing of my data for the time being.",
    "optout-sale-sharing": "I do not want you to sell or share my personal information.",
    "portability": "I would like to have my data in a machine-readable format, please.",
    "complaint": "I want to make a complaint about the way you treated my privacy.",
}
ASKED_IN_BRAZIL = {
    "access": "Por favor, quero uma cópia de todos os meus dados que vocês guardam.",
    "delete": "Por favor, quero que vocês apaguem todos os meus dados e a minha conta.",
}
REFUSED = {"correct": "mail", "delete": "button"}
"""Of those that are refused, by which way they appeal."""


@dataclass
class Case:
    """One person, where they are, and what they ask."""

    kind: str
    place: str
    written: EmailMessage = field(default_factory=EmailMessage)
    number: str = ""
    status: str = ""
    came: int = 0

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.place}@elsewhere.example".lower()

    @property
    def proved(self) -> bool:
        """A complaint asks for no link, so whoever has an account and a proved sender makes it."""
        return self.kind == "complaint"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("post") / "letters") as running:
        yield running


@pytest.fixture(scope="module")
def posted(tmp_path_factory, laid: Service, office: Office) -> Iterator[Service]:
    """An installation that mails by the office, reads its maildir and has two officers."""
    running = copy_of(laid, tmp_path_factory.mktemp("posted"))
    running.environment |= {
        "PLAINVIEW_EMAIL_URL": office.url,
        "PLAINVIEW_POST_URL": f"maildir:{office.maildir}",
        "PLAINVIEW_POST_SERVERS": OURS,
    }
    proved = [Case("complaint", place) for place in AUTHORITIES]
    office.proved |= {each.address for each in proved}
    people = [(NOOR, "DE", "privacy-officer"), (OMAR, "DE", "privacy-officer")]
    people += [(each.address, each.place, "") for each in proved]
    make_members(running, *people)
    running.start()
    yield running
    running.stop()


@contextmanager
def arrived(browser: Browser, place: str) -> Iterator[Page]:
    """Somebody at a telephone there; no script of ours is needed for any of it."""
    context = browser.new_context(
        viewport=PHONE,
        is_mobile=True,
        locale="en-GB",
        java_script_enabled=False,
        extra_http_headers={"X-Place": place},
    )
    yield context.new_page()
    context.close()


@contextmanager
def at_the_desk(browser: Browser, service: Service, email: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport=DESK, locale="en-GB", extra_http_headers={"X-Place": "DE"}
    )
    page = context.new_page()
    page.goto(f"{service.url}/accounts/login/")
    page.locator("main [name=login]").fill(email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/security/authenticate/**")
    page.locator("main [name=code]").fill(code_of(SECRET))
    page.locator("main [name=code]").press("Enter")
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    yield page
    context.close()


def step(page: Page, service: Service, case: Case, name: str, **given: str) -> None:
    """Takes a step at the desk, as the officer does: fills the form in and sends it."""
    page.goto(f"{service.url}/desk/privacy/requests/{case.number}/{name}/")
    for field_, value in given.items():
        control = page.locator(f"main [name={field_}]")
        if field_ in ("outcome", "ground"):
            control.select_option(value)
        else:
            control.fill(value)
    press(page, "Send it")
    expect(page.get_by_text("Done.")).to_be_visible()


def next_letter(office: Office, case: Case) -> EmailMessage:
    """The next letter to somebody; it stands in the thread that they began."""
    case.came += 1
    letter = office.await_for(case.address, case.came)
    assert case.written["Message-ID"] in letter["References"].split()
    assert case.number in letter["Subject"]
    return letter


def write_all(service: Service, office: Office, cases: list[Case]) -> None:
    for case in cases:
        texts = ASKED_IN_BRAZIL if case.place == "BR" and case.kind in ASKED_IN_BRAZIL else ASKED
        case.written = office.write(case.address, "My data", texts[case.kind])
    service.command("post", "fetch")
    for case in cases:
        rows = service.rows("SELECT number, kind, contact FROM privacy_request")
        mine = [(number, kind) for number, kind, contact in rows if contact == case.address]
        assert [kind for _number, kind in mine] == [case.kind], case
        case.number = mine[0][0]


def press_the_link(browser: Browser, service: Service, office: Office, case: Case) -> None:
    """Whoever asked opens the letter; where it asks who they are, they press its button."""
    letter = next_letter(office, case)
    assert letter["In-Reply-To"] == case.written["Message-ID"]
    with arrived(browser, case.place) as page:
        page.goto(link_in(letter))
        if "/prove/" in page.url:
            button = page.locator("main form button")
            expect(button).to_have_count(1)
            picture(page, f"post-{case.kind}-{case.place}-link")
            button.click()
            page.wait_for_url(re.compile(rf"/privacy/request/{case.number}/[0-9a-f]+/"))
        case.status = page.url
        assert AUTHORITIES[case.place] in page.content(), case
        picture(page, f"post-{case.kind}-{case.place}-status")
    _days(service, case)


def _days(service: Service, case: Case) -> None:
    rows = service.rows("SELECT number, state, due_on, received_at FROM privacy_request")
    ((state, due, received),) = [row[1:] for row in rows if row[0] == case.number]
    if case.kind == "optout-sale-sharing":
        assert state == "answered", "it holds from now on"
        return
    assert state == "working", case
    day, came = (dt.date.fromisoformat(str(each)[:10]) for each in (due, received))
    if case.kind == "access":
        least, most = DAYS[case.place]
        assert least <= (day - came).days <= most, (case, day)


def decide(desk: Page, service: Service, office: Office, case: Case) -> None:
    """The officer answers or refuses; it comes by mail, with authority and appeal."""
    if case.kind == "optout-sale-sharing":
        assert "It holds from now on." in words(next_letter(office, case))
        return
    if case.kind != "complaint":
        next_letter(office, case)  # that it has come, now that we know who asks
    if case.kind in REFUSED:
        step(desk, service, case, "refuse", ground="law", said="Your invoice is kept by law.")
    else:
        step(desk, service, case, "answer", outcome="granted", said="It is done, as you asked.")
    letter = next_letter(office, case)
    said = words(letter)
    assert ("Your invoice is kept" if case.kind in REFUSED else "It is done, as you asked.") in said
    if case.kind in REFUSED:
        assert AUTHORITIES[case.place] in said
        _appeal(office, case, letter)


def _appeal(office: Office, case: Case, decision: EmailMessage) -> None:
    if REFUSED[case.kind] == "mail":
        office.write(case.address, "PRIVACY APPEAL", "It is my own name.", under=decision)


def appealed(browser: Browser, service: Service, office: Office, cases: list[Case]) -> list[Case]:
    """Whoever was refused appeals: some wrote “PRIVACY APPEAL”, some press the button."""
    refused = [each for each in cases if each.kind in REFUSED]
    if any(REFUSED[each.kind] == "mail" for each in refused):
        service.command("post", "fetch")
    for case in refused:
        if REFUSED[case.kind] == "button":
            with arrived(browser, case.place) as page:
                page.goto(case.status)
                page.get_by_label("What was wrong, and why").fill("There is no invoice.")
                press(page, "Appeal: another person decides")
                expect(page.get_by_role("heading", name="Under appeal")).to_be_visible()
        next_letter(office, case)
    return refused


def journey(browser: Browser, service: Service, office: Office, cases: list[Case]) -> None:
    write_all(service, office, cases)
    for case in cases:
        press_the_link(browser, service, office, case)
    with at_the_desk(browser, service, NOOR) as desk:
        for case in cases:
            decide(desk, service, office, case)
    if refused := appealed(browser, service, office, cases):
        with at_the_desk(browser, service, OMAR) as desk:
            for case in refused:
                step(desk, service, case, "settle", outcome="granted", said="You were right.")
                assert "You were right." in words(next_letter(office, case))
    for case in cases:
        with arrived(browser, case.place) as page:
            page.goto(case.status)
            done = "Appeal decided" if case in refused else "Answered"
            expect(page.get_by_role("heading", name=re.compile(done))).to_be_visible()


@pytest.mark.drawn
def test_p5_2a_rights_are_asked_for_and_answered_by_mail(browser, posted, office):
    """A correction in Oregon that is refused and appealed; soak has each kind in each place."""
    journey(browser, posted, office, [Case("correct", "US-OR")])


@pytest.mark.soak
@pytest.mark.parametrize("place", AUTHORITIES)
def test_p5_2a_eight_kinds_in_five_places_by_mail(browser, posted, office, place):
    cases = [Case(kind, place) for kind in ASKED]
    if posted.rows("SELECT 1 FROM privacy_request"):
        done = {row[0] for row in posted.rows("SELECT contact FROM privacy_request")}
        cases = [each for each in cases if each.address not in done]
        assert len(cases) >= len(ASKED) - 1
    journey(browser, posted, office, cases)
