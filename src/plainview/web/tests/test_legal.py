"""What people read at /legal/, and the frame that leads there from every page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from tests.people import browser_of

from plainview.domains.accounts.models import User
from plainview.platform.languages import alphabetical
from plainview.privacy.disclosures import embeds
from plainview.privacy.disclosures.fetching import foreign
from plainview.privacy.gate import purposes
from plainview.privacy.leaving import leaving, linked
from plainview.privacy.policies import in_force
from plainview.privacy.requests.models import Request
from plainview.web.tests.markup import Markup

DOCUMENTS = ("privacy", "terms", "copyright", "accessibility", "imprint", "cookies")
FOOT = ("/help/", "/legal/accessibility/", "/legal/imprint/", "/privacy/", "/privacy/opt-out/")
NOTICE = "/legal/privacy/"


def read(path: str, place: str = "", client: Client | None = None, **headers: str) -> str:
    said = {"x-place": place, **headers} if place else headers
    response = (client or Client()).get(path, headers=said)
    assert response.status_code == 200, path
    return response.content.decode()


def waiting(language: str) -> AbstractContextManager[None]:
    """The policy as it was while the notice stood in its first language alone."""
    said = in_force().words[language].sentences
    return worded(language, {k: v for k, v in said.items() if not k.startswith("privacy.")}, "e")


@contextmanager
def worded(language: str, sentences: dict[str, str], mark: str) -> Iterator[None]:
    """The policy with these sentences alone in a language, under a fingerprint of `mark`."""
    policy = in_force()
    said = msgspec.structs.replace(policy.words[language], sentences=sentences)
    words = {**policy.words, language: said}
    other = msgspec.structs.replace(
        policy, words=words, fingerprint=mark * 64, _on=lambda day: other
    )
    purposes.enforce(other)
    try:
        yield
    finally:
        purposes.enforce(policy)


def at_home(place: str) -> Client:
    """The browser of somebody who said where they live."""
    client = browser_of(User.objects.create_user("anne@example.org", "a long sentence of words"))
    said = {"x-place": place, "origin": "http://testserver"}
    living = {"territory": place, "age": "18", "certified": "on"}
    assert client.post("/settings/place/", living, headers=said).status_code == 302
    return client


def text_of(page: str) -> str:
    """The words of a page, in a row."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def ids_of(page: str) -> list[str]:
    """Every id of a page."""
    return [str(said["id"]) for _, said in Markup(page).tags if said.get("id")]


def led_to(page: str) -> set[str]:
    """Every address within a page that a link of it leads to."""
    return {
        href[1:] for each in Markup(page).all("a") if (href := each.get("href") or "")[:1] == "#"
    }


@pytest.mark.drawn
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "place", "own"),
    [("en", "KR", "South Korea"), ("fr", "DE", "Union européenne et EEE")],
)
def test_p5_2c_other_places_are_offered_by_name_after_the_readers_own(placed, language, place, own):
    """P5.2c: what holds where one is stands first; the rest is found as in any list of names."""
    page = read(f"{NOTICE}?lang={language}", place)
    choice = page.partition('<select id="place"')[2].partition("</select>")[0]
    first, *others = [html.unescape(each) for each in re.findall(r">([^<]+)</option>", choice)]
    assert first == own
    assert len(others) > 10
    assert others == sorted(others, key=alphabetical)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "between"),
    [("en", ": "), ("fr", "\N{NO-BREAK SPACE}: "), ("zh-Hant", "："), ("ja", "："), ("ko", ": ")],
)
def test_between_a_name_and_what_is_said_of_it_stands_the_colon_of_the_language(language, between):
    page = read(f"/privacy/choices/?lang={language}")
    assert re.search(rf"<strong>[^<:：]*[^\s:：]{between}</strong>", page)


@pytest.mark.drawn
@pytest.mark.django_db
class TestNotice:
    def test_p0h_it_has_three_depths_and_every_promise_has_an_address(self):
        page = read(NOTICE)
        found = ids_of(page)
        assert len(found) == len(set(found))
        assert led_to(page) <= set(found)
        assert {"you", "cards", "law"} <= set(found)
        assert set(in_force().promises) <= set(found)
        assert {f"purpose-{id_}" for id_ in in_force().purposes} <= set(found)

    def test_the_why_beside_a_thing_leads_to_its_card_and_the_card_to_its_switch(self, programme):
        page = read(f"/watch/{programme.feature.key}/")
        [link] = set(re.findall(r'href="(/legal/privacy/#purpose-[\w-]+)"', page))
        assert link == "/legal/privacy/#purpose-history"
        assert 'href="/privacy/choices/#history"' in read(NOTICE)
        assert 'id="history"' in read("/privacy/choices/")

    def test_p11a_the_date_stands_on_top_and_the_version_has_an_address(self):
        page = text_of(read(NOTICE))
        assert "Last updated Nov. 27, 2026" in page[: page.index("What applies to you")]
        version = in_force().version
        assert read(f"{NOTICE}{version}/").count("<h1") == 1
        assert Client().get(f"{NOTICE}1999-01-01/").status_code == 404

    @pytest.mark.sample(4)
    @pytest.mark.parametrize("language", ["en", "ar", "es", "fr", "ja", "ko", "pt-BR", "zh-Hant"])
    def test_p0h_who_is_described_and_not_named_is_so_in_the_readers_language(self, language):
        page = text_of(read(f"{NOTICE}?lang={language}"))
        for recipient in ("buyer", "authorities"):
            name = in_force().recipients[recipient].name
            assert (name in page) is (language == "en"), name
            assert in_force().called(recipient, language) in page
        assert ("The data protection authority of your country" in page) is (language == "en")

    def test_p3_1b_what_applies_follows_the_place(self, placed):
        german, californian = (text_of(read(NOTICE, place)) for place in ("DE", "US-CA"))
        assert "You seem to be in the European Union and the EEA" in german
        assert "They are off until you say yes." in german
        assert "You seem to be in California" in californian
        assert "They are on until you say no." in californian
        assert "We cannot tell where you are" in text_of(read(NOTICE))

    def test_one_may_look_at_another_place(self, placed):
        page = text_of(read(f"{NOTICE}?place=us-ca", "DE"))
        assert "You are looking at California" in page
        assert "Back to my place" in page
        assert "European Union" in text_of(read(f"{NOTICE}?place=nowhere", "DE"))

    def test_it_is_the_same_for_everybody_of_a_place(self, placed, people, client):
        stranger = read(NOTICE, "DE")
        client.force_login(people.member)
        member = read(NOTICE, "DE", client)
        body = re.compile(r'<div class="notice-columns">.*?</main>', re.DOTALL)
        assert body.search(stranger)[0] == body.search(member)[0]
        assert "Accept" not in body.search(stranger)[0]

    def test_p7c_the_rules_of_the_group_name_both_authorities_and_can_be_opened(self, placed):
        for place, language in (("DE", "en"), ("GB", "en"), ("", "ar")):
            page = read(NOTICE, place, **{"accept-language": language})
            (row,) = (
                each
                for each in re.findall(r"<tr>.*?</tr>", page)
                if "Lantern Street Holdings" in each and "LSP-BCR-1" in each
            )
            authorities = "Data Protection Commission; Information Commissioner&#x27;s Office"
            assert authorities in row, place
            rules = 'class="leaves" href="https://holdings.lanternstreet.example/rules"'
            assert rules in row, (place, language)

    def test_p3_1a_the_cards_of_two_places_differ(self, placed):
        def card(page: str) -> str:
            found = re.search(r'id="purpose-targeted-ads-name".*?</details>', page, re.DOTALL)
            return text_of(found[0])

        assert "Off until you say yes" in card(read(NOTICE, "DE"))
        assert "On until you say no" in card(read(NOTICE, "US-CA"))
        assert "Kestrel Advertising" in card(read(NOTICE, "US-CA"))

    def test_p0h_cards_and_sections_are_folded_and_one_link_unfolds_them_all(self):
        page = read(NOTICE)
        body = page[page.index('<div class="notice-columns">') :]
        folds = re.findall(r"<details class=\"(?:use|disclosure law-fold)\"( open)?>", body)
        assert len(folds) == len(in_force().purposes) + len(in_force().documents["privacy"].section)
        assert not any(folds)
        assert 'href="?unfolded=1#cards"' in body
        unfolded = read(f"{NOTICE}?unfolded=1&place=us-ca")
        assert unfolded.count(" open>") == len(folds)
        assert 'href="?place=us-ca#cards"' in unfolded

    def test_an_address_in_the_notice_lies_within_its_fold_so_that_browsers_open_it(self):
        page = read(NOTICE)
        inside = re.findall(
            r"</summary>(.*?)</details>", page[page.index('id="cards"') :], re.DOTALL
        )
        ids = {id_ for each in inside for id_ in ids_of(each)}
        assert {f"purpose-{id_}" for id_ in in_force().purposes} <= ids
        assert set(in_force().promises) <= ids
        assert {id_ for id_ in led_to(page) if id_.startswith(("section-", "clause-"))} <= ids

    @pytest.mark.parametrize("language", ["ar", "ko"])
    def test_p0h_what_is_not_translated_is_marked_and_said(self, language):
        assert in_force().text("notice.page.foreign", language) not in read(
            f"{NOTICE}?lang={language}"
        )
        with waiting(language):
            page = read(f"{NOTICE}?lang={language}")
        assert in_force().text("notice.page.foreign", language) in page
        assert '<p lang="en" dir="ltr">Full card numbers go straight' in page
        assert in_force().text("notice.page.you", language) in page
        assert in_force().text("notice.page.foreign", "en") not in read(NOTICE)

    def test_in_the_demonstration_it_says_that_no_lawyer_reviewed_it(self):
        assert "No lawyer has reviewed these words yet." in read(NOTICE)


@pytest.mark.drawn
@pytest.mark.django_db
class TestDocuments:
    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_pca_each_has_a_title_a_version_and_a_date(self, name):
        page = read(f"/legal/{name}/")
        assert page.count("<h1") == 1
        assert re.search(r"Last updated [^.]+\.? \d+, \d{4}\. Version [\d-]+\.", text_of(page))
        assert not Markup(page).blocked

    @pytest.mark.parametrize("name", ["terms", "imprint"])
    def test_pca_each_speaks_the_language_of_its_reader(self, name):
        for language in ("ar", "ko"):
            page = read(f"/legal/{name}/?lang={language}")
            (head,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
            assert in_force().text(f"{name}.title", language) in text_of(head)

    @pytest.mark.parametrize("name", ["terms", "accessibility", "imprint", "copyright"])
    def test_p11a_each_version_has_an_address(self, name):
        version = in_force().documents[name].version
        assert read(f"/legal/{name}/{version}/")
        assert Client().get(f"/legal/{name}/1999-01-01/").status_code == 404

    def test_p1_2_6b_the_cookies_page_has_each_key_with_one_purpose_and_an_owner(self):
        page = text_of(read("/legal/cookies/"))
        keys = Client().get("/legal/cookies.json").json()["keys"]
        assert len({key["name"] for key in keys}) == len(keys)
        for key in keys:
            assert key["name"] in page
            assert in_force().purposes[key["purpose"]]
            owners = {r.name for r in in_force().recipients.values()} | {"Lantern Street Pictures"}
            assert key["owner"] in owners and key["owner"] in page
            assert all(host in page for host in key["hosts"])
        for purpose in ("recognition", "measurement", "advertising"):
            name = in_force().text(f"purposes.{purpose}-storage.name")
            assert f"{name} " in page and "Nothing is kept for this now" in page

    def test_p5_2_2_2d_help_says_how_to_send_a_signal(self):
        page = text_of(read("/help/"))
        assert "Global Privacy Control" in page
        assert "In Firefox, open Settings" in page


PAGES = ["/", "/search/?q=li", "/accounts/login/", "/accounts/signup/", "/privacy/", "/my/",
         "/privacy/choices/", "/privacy/opt-out/", "/help/", "/privacy/used/", "/desk/outbox/",
         *(f"/legal/{name}/" for name in DOCUMENTS)]  # fmt: skip
DESK = ["/desk/", "/desk/upload/", "/desk/ingests/", "/desk/titles/", "/desk/people/",
        "/desk/people/roles/", "/desk/copyright/", "/desk/privacy/map/", "/desk/design/",
        "/settings/", "/settings/profile/", "/settings/looks/", "/accounts/sessions/",
        "/accounts/security/", "/my/history/", "/privacy/leave/"]  # fmt: skip


def foot(page: str) -> str:
    return re.search(r'<footer class="site-foot"[^>]*>.*?</footer>', page, re.DOTALL)[0]


def unmarked(page: str) -> list[str]:
    """Links of a page to somewhere else that are not as `leaving` makes them."""
    found = []
    for said in Markup(page).all("a"):
        host = urlsplit(said.get("href") or "").netloc
        away = host not in ("", "testserver")
        marked = {"noopener", "noreferrer"} <= set((said.get("rel") or "").split())
        marked = marked and said.get("referrerpolicy") == "no-referrer"
        if away and not (marked and "leaves" in (said.get("class") or "")):
            found.append(str(said["href"]))
    return found


@pytest.mark.drawn
@pytest.mark.django_db
class TestFrame:
    def every_page(self, programme, staff_client):
        """Each kind of page: of everybody, of the desk, watching, and errors."""
        watch = f"/watch/{programme.feature.key}/"
        for path in [*PAGES, watch, watch + "transcript/", "/titles/harbour-lights/",
                     "/people/ines-calder/"]:  # fmt: skip
            yield path, Client().get(path, follow=True)
        for path in DESK:
            yield path, staff_client.get(path, follow=True)
        yield "404", Client().get("/nothing-here/")
        yield "403", Client().post("/privacy/choices/", headers={"sec-fetch-site": "cross-site"})
        yield "400", Client().get("/", headers={"host": "bad host"})

    @pytest.mark.slow
    def test_pca_p5_2_2_2a_every_kind_of_page_leads_to_the_notice_and_the_opt_out(
        self, placed, programme, staff_client
    ):
        for path, response in self.every_page(programme, staff_client):
            page = response.content.decode()
            said = foot(page)
            assert "Lantern Street Pictures" in said, path
            links = {each.get("href", "").partition("?")[0] for each in Markup(said).all("a")}
            wanted = {*FOOT, *(f"/legal/{name}/" for name in DOCUMENTS), "/privacy/choices/"}
            missing = wanted - links - ({"/privacy/"} if path == "400" else set())
            assert not missing, path
            assert unmarked(page) == [], path
            assert embeds.undeclared(foreign(page, own="testserver")) == [], path

    def test_p4_3a_a_link_that_leaves_unmarked_is_found(self):
        assert unmarked('<a href="https://elsewhere.example/">away</a>')
        assert unmarked('<a href="//elsewhere.example/" rel="noopener">away</a>')
        link = leaving("https://elsewhere.example/", "away")
        assert not unmarked(link)
        assert '<span class="visually-hidden"> (leads to another site)</span>' in link
        without = (" noreferrer", " noopener", ' referrerpolicy="no-referrer"', "leaves")
        assert all(unmarked(link.replace(each, "")) for each in without)
        with pytest.raises(ValueError, match="not an address"):
            leaving("javascript:alert(1)", "away")

    def test_p4_3a_of_a_request_every_link_that_leaves_is_marked(self, placed, people, at_desk):
        """The authorities that one can turn to, and addresses that somebody wrote."""
        member, officer = Client(), at_desk(people.staff)
        member.force_login(people.member)
        said = {"x-place": "DE", "origin": "http://testserver", "sec-fetch-site": "same-origin"}
        words = "It is at https://elsewhere.example/a?b=1&c=2 and www.elsewhere.example. <b>"
        asked = {"kind": "correct", "words": words}
        assert member.post("/privacy/requests/new/", asked, headers=said).status_code == 302
        number = Request.objects.get().number
        theirs = read(f"/privacy/requests/{number}/", "DE", member)
        desk = officer.get(f"/desk/privacy/requests/{number}/").content.decode()
        for page in (theirs, desk):
            assert 'class="leaves" href="https://www.bfdi.bund.de' in page
            assert unmarked(page) == []
        assert 'class="leaves" href="https://elsewhere.example/a?b=1&amp;c=2"' in theirs
        assert "<b>" not in theirs and "&lt;b&gt;" in theirs

    def test_p4_3a_an_address_of_our_own_does_not_leave(self, monkeypatch):
        monkeypatch.setattr(settings, "PUBLIC", urlsplit("https://films.example/"))
        assert "leaves" not in linked("see https://films.example/help/ and a@b.example")
        assert "leaves" in linked("see https://films.example.elsewhere.example/")
        assert "leaves" in linked("see https://films.example@elsewhere.example/ and http://[::")
        assert "leaves" in linked("HTTP://[elsewhere") and "leaves" in linked("http://a]b.example")

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ("US-CA", "Do Not Sell or Share My Personal Information"),
            ("US-CO", "Opt out of targeted advertising and sale"),
            ("DE", "Advertising with your consent"),
            ("", "Advertising with your consent"),
        ],
    )
    def test_p4_1_3b_the_opt_out_is_called_as_the_place_calls_it(self, placed, place, words):
        for path in ("/", "/accounts/login/", NOTICE):
            assert words in text_of(foot(read(path, place)))

    @pytest.mark.parametrize(
        ("home", "place", "words"),
        [
            ("US-CA", "US-CO", "Do Not Sell or Share My Personal Information"),
            ("US-CO", "US-CA", "Opt out of targeted advertising and sale"),
            ("US-CA", "DE", "Do Not Sell or Share My Personal Information"),
            ("DE", "US-CO", "Opt out of targeted advertising and sale"),
        ],
    )
    def test_p4_1_3b_away_from_home_it_is_called_as_at_home(self, placed, home, place, words):
        """Where one of the two asks first, the other tells: that is where something runs."""
        assert words in text_of(foot(read("/", place, at_home(home))))

    def test_p0h_two_places_are_written_as_the_policy_has_them(self, placed):
        said = in_force().words["en"].sentences | {"jurisdictions.us-ca": "California & Co"}
        with worded("en", said, "f"):
            page = text_of(read(NOTICE, "US-CO", at_home("US-CA")))
        assert "Two places count for you: Colorado, California & Co. The" in page

    @pytest.mark.parametrize("name", ["help", "terms", "privacy", "copyright", "imprint"])
    def test_pca_the_foot_speaks_the_language_of_the_page(self, name):
        for language in ("ar", "ko"):
            said = foot(read(f"/?lang={language}"))
            assert in_force().text(f"{name}.title", language) in said
