"""The pages that the gallery draws signed in, and what it does as people do to open some of them.

A notice of a right, a request by letter, a breach, a member whose case the desk opens, a draft of a
version, a language in the studio. Each act gives the doors that it opened, as (name, path).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import second_factor
from playwright.sync_api import Browser, Page

Door = tuple[str, str]
Cookies = list[dict[str, object]]
STAFF = {"email": "staff@lanternstreet.example", "password": "leave the light on"}
MEMBER = {"email": "mira@lanternstreet.example", "password1": "a lamp in the window"}

DESK = [
    ("desk", "/desk/"),
    ("upload", "/desk/upload/"),
    ("coming in", "/desk/ingests/"),
    ("titles", "/desk/titles/"),
    ("people", "/desk/people/"),
    ("a title's words", "/desk/titles/harbour-lights/edit/"),
    ("a title's people", "/desk/titles/harbour-lights/credits/"),
    ("a series' episodes", "/desk/titles/the-night-train/episodes/"),
    ("a title's pictures", "/desk/titles/harbour-lights/pictures/"),
    ("pictures to take away", "/desk/titles/harbour-lights/pictures/away/"),
    ("a title's history", "/desk/titles/harbour-lights/history/"),
    ("collections", "/desk/collections/"),
    ("in and out", "/desk/exchange/"),
    ("preview", "/desk/preview/?place=KR"),
    ("people of films", "/desk/words/people/"),
    ("genres", "/desk/words/genres/"),
    ("a genre", "/desk/words/genres/drama/"),
    ("roles", "/desk/people/roles/"),
    ("news told", "/desk/news/"),
    ("copyright notices", "/desk/copyright/"),
    ("laws of the world", "/desk/privacy/places/"),
    ("requests", "/desk/privacy/requests/"),
    ("figures of requests", "/desk/privacy/requests/figures/"),
    ("a request by letter", "/desk/privacy/requests/new/"),
    ("legal holds", "/desk/privacy/holds/"),
    ("what leaves", "/desk/privacy/disclosures/"),
    ("one's own requests", "/privacy/requests/"),
    ("what programs decide", "/privacy/decisions/"),
    ("answers", "/desk/privacy/answers/"),
    ("answered for", "/desk/privacy/log/"),
    ("proofs", "/desk/privacy/proofs/"),
    ("samples", "/desk/privacy/proofs/samples/"),
    ("record", "/desk/privacy/record/"),
    ("versions", "/desk/privacy/versions/"),
    ("told of changes", "/desk/privacy/notices/"),
    ("translations", "/desk/translations/"),
    ("texts in translation", "/desk/translations/ar/policy/"),
    ("assessments", "/desk/privacy/record/interests/"),
    ("looks", "/settings/looks/"),
    ("design", "/desk/design/"),
    ("go on watching", "/my/"),
    ("history", "/my/history/"),
    ("searches", "/my/searches/"),
    ("watch later", "/my/list/"),
    ("favourites", "/my/favourites/"),
    ("what you follow", "/my/follows/"),
    ("your stars", "/my/ratings/"),
    ("privacy", "/privacy/"),
    ("copy", "/privacy/copy/"),
    ("statement", "/privacy/statement/"),
    ("bring", "/privacy/bring/"),
    ("kind of data", "/privacy/held/contact.email/"),
    ("receipts", "/privacy/receipts/"),
    ("held on a day", f"/privacy/then/?on={date.today()}"),
    ("devices", "/privacy/devices/"),
    ("news", "/privacy/news/"),
    ("who got what", "/privacy/disclosures/"),
    ("leave", "/privacy/leave/"),
    ("studio", "/studio/"),
    ("given lines", "/studio/mine/"),
    ("settings", "/settings/"),
    ("profile", "/settings/profile/"),
    ("about me", "/settings/about/"),
    ("where you live", "/settings/place/"),
    ("address", "/accounts/email/"),
    ("security", "/accounts/security/"),
    ("add a passkey", "/accounts/security/webauthn/add/"),
    ("recovery codes", "/accounts/security/recovery-codes/"),
    ("sessions", "/accounts/sessions/"),
    ("change password", "/accounts/password/change/"),
    ("sign out", "/accounts/logout/"),
]


def first_run(browser: Browser, url: str, token: str) -> Cookies:
    """Make the staff account as its owner would; returns the cookies of the session."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/setup/?token={token}")
    _fill(page, **STAFF)
    second_factor.certify(page)
    page.locator("form", has=page.locator("[name=password]")).locator("button").click()
    page.wait_for_url("**/accounts/security/")
    second_factor.set_up(page, url, STAFF["password"])
    cookies = [dict(cookie) for cookie in context.cookies()]
    context.close()
    return cookies


def doors(browser: Browser, url: str, cookies: Cookies) -> Iterator[list[Door]]:
    """The pages of the desk and of a member, those of one that is there, and what each act opens.

    Each list comes once its act is done, as a case about a person closes after minutes. It answers
    what is asked at the foot of each page, so that the desk is drawn without it.
    """
    context = browser.new_context()
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Reject all").click()
    receipt = page.locator("[data-saved] a")
    receipt.wait_for()
    there = [("a receipt", str(receipt.get_attribute("href")))]
    for name, listed in (("ingest", "/desk/ingests/"), ("subtitles", "/desk/titles/")):
        page.goto(url + listed)
        links = page.locator("tbody a")
        if links.count():
            there.append((name, links.first.get_attribute("href") or listed))
    yield DESK + there
    yield [*_notice(browser, page, url)]
    yield [*_request(page, url)]
    yield [*_breach(page, url)]
    yield [*_case(browser, page, url)]
    yield [*_draft(page, url)]
    yield [*_language(page, url)]
    context.close()


def _path(page: Page) -> str:
    return urlsplit(page.url).path


def _fill(page: Page, **words: str) -> None:
    for name, value in words.items():
        page.locator(f"main [name={name}]").fill(value)


def _send(page: Page, holding: str) -> None:
    """Press the button of the form that has the field."""
    form = page.locator("main form", has=page.locator(f"[name={holding}]"))
    with page.expect_navigation():
        form.locator("button").last.click()


def _within(page: Page, place: str) -> Iterator[Door]:
    """The pages below `place` that it links to, each once."""
    links = page.locator(f"main a[href^='{place}']").evaluate_all(
        "all => all.map(a => [a.pathname, a.pathname + a.search])"
    )
    for path, address in dict(reversed(links)).items():
        if path != place:
            yield path.removeprefix(place).strip("/"), address


def _notice(browser: Browser, page: Page, url: str) -> Iterator[Door]:
    theirs = browser.new_page()
    theirs.goto(f"{url}/legal/copyright/")
    _fill(
        theirs,
        work="The Lighthouse, a photograph of 1931",
        where="The poster of Harbour Lights shows it whole.",
        name="Vera Lund",
        email="vera@lund.example",
        address="1 Quay Street",
    )
    for said in ("faith", "accurate"):
        theirs.locator(f"[name={said}]").check()
    _send(theirs, "work")
    yield "a notice that came", theirs.url.removeprefix(url).partition("#")[0]
    theirs.context.close()
    page.goto(f"{url}/desk/copyright/")
    yield "a copyright notice", str(page.locator("tbody a").first.get_attribute("href"))


def _request(page: Page, url: str) -> Iterator[Door]:
    page.goto(f"{url}/desk/privacy/requests/new/")
    page.locator("[name=kind]").select_option("delete")
    page.locator("[name=residence]").select_option("DE")
    _fill(page, words="Please delete all that you hold about me.", contact="vera@lund.example")
    _send(page, "contact")
    request = _path(page)
    yield "a request", request
    for step, path in _within(page, request):
        yield f"request, {step}", path


def _breach(page: Page, url: str) -> Iterator[Door]:
    page.goto(f"{url}/desk/privacy/breaches/new/")
    _fill(
        page,
        aware=page.evaluate("new Date(Date.now() - 7200e3).toISOString().slice(0, 16)"),
        what="A copy of the mailing list lay open on a web server for a night.",
        people="240",
        records="240",
    )
    folded = page.locator("main details", has=page.locator("[name=categories]"))
    for summary in folded.locator("> summary").all():
        summary.click()
    page.locator("main [name=categories]").first.check()
    _send(page, "what")
    breach = _path(page)
    yield "a breach", breach
    for act, path in _within(page, breach):
        yield f"breach, {act}", path
    yield "breaches", "/desk/privacy/breaches/"


def _case(browser: Browser, page: Page, url: str) -> Iterator[Door]:
    theirs = browser.new_page()
    theirs.goto(f"{url}/accounts/signup/")
    _fill(theirs, **MEMBER)
    second_factor.certify(theirs)
    _send(theirs, "password1")
    theirs.context.close()
    page.goto(f"{url}/desk/people/")
    _fill(page, who=MEMBER["email"])
    _send(page, "who")
    cases, person = _path(page), _path(page).removesuffix("reason/")
    page.locator("[name=kind]").select_option("law")
    _fill(
        page,
        reason="A court asks who had the account.",
        reference="12 B 345/26",
        authority="Landgericht Hamburg",
    )
    _send(page, "reason")
    yield "cases about a person", cases
    yield "a person", person
    for act in ("authority", "holds", "choices", "delete"):
        yield f"a person's {act}", f"{person}{act}/"
    yield "a person's proofs", person.replace("/desk/people/", "/desk/privacy/proofs/")


def _draft(page: Page, url: str) -> Iterator[Door]:
    page.goto(f"{url}/desk/privacy/versions/")
    with page.expect_navigation():
        page.get_by_role("button", name="Begin a draft").first.click()
    draft = _path(page)
    yield "a draft", draft
    for form in ("recipients", "kept", "bases", "texts"):
        link = page.locator(f"main a[href^='{draft}{form}/']").first
        yield f"a draft's {form}", str(link.get_attribute("href"))


def _language(page: Page, url: str) -> Iterator[Door]:
    page.goto(f"{url}/studio/")
    films = page.locator("main a[href^='/studio/']").evaluate_all("all => all.map(a => a.pathname)")
    page.goto(url + next(path for path in films if path.count("/") == 3))
    film = _path(page)
    yield "a film in the studio", film
    yield "who times it", f"{film}team/"
    page.locator("[name=listed]").select_option("fr")
    _send(page, "listed")
    yield "the editor", f"{film}fr/"
    for room in ("team", "files", "report", "find"):
        yield f"the editor's {room}", f"{film}fr/{room}/"
