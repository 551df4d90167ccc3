"""The search page: who said what, narrowing down, and the same order for everybody."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.people import browser_of

from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import publish as publish_title
from plainview.domains.catalogue.services import reindex
from plainview.domains.subtitles import services as subtitles
from plainview.domains.subtitles.formats import Cue as Written
from plainview.domains.subtitles.models import Line, Revision
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.services.passing import publish
from plainview.platform.search.models import Passage
from plainview.web.pages.urls import SHORTENED
from plainview.web.tests.conftest import a_title, a_video

pytestmark = [pytest.mark.django_db, pytest.mark.every_case]


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def results(client, query: str) -> str:
    """The results alone, as script asks for them."""
    response = client.get("/search/", {"q": query}, headers={"hx-request": "true"})
    return response.content.decode()


def say(video, language: str, *texts: str) -> None:
    starts = (5000, 72500)
    cues = [Written(at, at + 1500, text) for at, text in zip(starts, texts, strict=True)]
    tracks.put(video, language, cues)


@pytest.fixture
def spoken(programme):
    say(programme.feature, "en", "Nobody came.", "I never forget a <i>lighthouse</i>, Tom.")
    say(programme.feature, "ko", "아무도 오지 않았어요.", "나는 등대를 잊지 않는다")
    say(programme.feature, "ar", "لم يأت أحد", "لا أنسى المنارة أبداً")
    say(programme.feature, "th", "ไม่มีใครมา", "ฉันไม่เคยลืมประภาคาร")
    say(programme.feature, "ja", "誰も来なかった", "灯台を忘れることはない")
    say(programme.hidden_video, "en", "A secret lighthouse.", "Nobody may hear this.")
    return programme


SAID = ("never forget a lighthouse", "forget lighthose", "등대를 잊지", "منارة", "المناره",
        "ประภาคาร", "灯台", "灯台を忘れ")  # fmt: skip


def test_who_said_it_leads_to_the_second_it_is_said(client, spoken):
    for query in SAID:
        html = page(client, f"/search/?q={query}")
        assert f"/watch/{spoken.feature.key}/?t=72" in html, query
        assert f"/watch/{spoken.feature.key}/?t=5" not in html, query
        assert "<mark>" in html, query


def heard(client, query: str) -> list[str]:
    """The lines that are listed, in their order, without marks."""
    found = re.findall(
        r'<li>\s*<a href="/watch/[^"]*"[^>]*>(.*?)</a>', page(client, f"/search/?q={query}")
    )
    return [re.sub(r"<[^>]+>", "", line) for line in found]


def test_a_line_that_holds_most_of_the_words_is_found_below_those_that_hold_all(client, spoken):
    say(
        spoken.feature,
        "en",
        "Never forget a lighthouse, Anna.",
        "I never forget a lighthouse, Tom.",
    )
    assert heard(client, "never forget a lighthouse bob") == [
        "Never forget a lighthouse, Anna.",
        "I never forget a lighthouse, Tom.",
    ]
    found = heard(client, "never forget a lighthouse tom")
    assert found[0] == "I never forget a lighthouse, Tom."
    assert "Never forget a lighthouse, Anna." in found


def test_whole_words_come_before_beginnings_and_those_before_slips(client, spoken):
    say(spoken.feature, "en", "The train.", "Rainy days, and so many of them.")
    say(spoken.feature, "ko", "Rain falls and does not end, they say, until May.", "Nothing.")
    falls = "Rain falls and does not end, they say, until May."
    assert heard(client, "rain") == [falls, "Rainy days, and so many of them."]
    say(spoken.feature, "ko", "아무도", "아니요.")
    assert heard(client, "rain") == ["Rainy days, and so many of them.", "The train."]


def test_words_that_follow_one_another_come_first(client, spoken):
    say(spoken.feature, "en", "Me? Love you.", "And all the while I do love you so much, my dear.")
    say(spoken.feature, "ko", "You love me.", "아니요.")
    assert heard(client, "i do love you")[0].startswith("And all the while")
    assert heard(client, "you love")[0] == "You love me."


def test_traditional_and_simplified_characters_are_the_same(client, spoken):
    say(spoken.feature, "zh-Hant", "我的雨傘呢？", "沒有人來。")
    for query in ("雨傘", "雨伞"):
        assert "<mark>雨傘</mark>" in results(client, query)


def test_lines_of_what_is_kept_back_are_found_by_nobody(client, spoken):
    assert "secret" not in results(client, "secret")
    assert "kept-back" not in results(client, "a secret lighthouse")
    publish_title(spoken.hidden)
    assert f"/watch/{spoken.hidden_video.key}/?t=5" in page(client, "/search/?q=secret")


def test_a_track_that_is_replaced_or_removed_is_no_longer_found(client, spoken):
    say(spoken.feature, "en", "Quite another.", "Nothing of it.")
    assert "?t=72" not in page(client, "/search/?q=never forget")
    spoken.feature.tracks.all().delete()
    assert not Passage.objects.filter(terms__contains="another").exists()


def test_lines_in_the_making_are_not_found_until_they_are_released(client, spoken):
    edition = subtitles.open_edition(spoken.feature, "fi")
    segment = edition.video.segments.all()[0]
    line = Line.objects.create(edition=edition, segment=segment, version=1)
    Revision.objects.create(line=line, version=1, text="Vanha majakka")
    assert "majakka" not in results(client, "majakka")
    publish(edition)
    assert "<mark>majakka</mark>" in results(client, "majakka")


def test_markup_of_lines_stays_text(client, spoken):
    say(spoken.feature, "en", "1 &lt; 2 &lt;script&gt;", "Fine words")
    html = results(client, "script")
    assert "<script>" not in html
    assert "&lt;" in html


@pytest.mark.parametrize("place", SHORTENED)
def test_an_address_whose_end_was_taken_away_leads_to_the_whole_programme(client, programme, place):
    answer = client.get(f"/{place}/", follow=True)
    assert answer.redirect_chain == [("/search/", 302)]
    assert "Harbour Lights" in answer.content.decode()


def test_the_address_of_documents_without_its_end_leads_to_the_notice(client):
    assert client.get("/legal/", follow=True).redirect_chain == [("/legal/privacy/", 302)]


def test_found_titles_are_narrowed_by_what_they_have_in_common(client, spoken):
    for number in range(3):
        title = a_title(f"harbour-{number}", kind="series" if number else "film")
        a_video(title)
        Title.objects.filter(pk=title.pk).update(year=1990 + 10 * number)
    reindex(list(Title.objects.all()))
    html = page(client, "/search/?q=harbour")
    assert "4 titles" in html
    narrowed = page(client, "/search/?q=harbour&kind=series")
    assert "2 titles" in narrowed
    assert "/titles/harbour-lights/" not in narrowed
    assert "1 title" in page(client, "/search/?q=harbour&kind=series&decade=2010")
    assert "4 titles" in page(client, "/search/?q=harbour&kind=nonsense&decade=x")
    kinds = page(client, "/search/?q=harbour&lang=fr")
    assert "Séries" in kinds and "Films" in kinds  # both of many


def test_the_order_of_results_equals_a_strangers_and_no_word_is_kept(
    client, spoken, harbours, people
):
    """P2.1.3a: nothing is remembered of searches, so nothing can change their order."""
    member = browser_of(people.member)
    for _ in range(3):
        page(member, "/search/?q=harbour 3")
    link = re.compile(r'href="(/(?:titles|watch|people)/[^"]+)"')
    stranger = link.findall(page(Client(), "/search/?q=harbour"))
    assert len(stranger) > 6
    assert link.findall(page(member, "/search/?q=harbour")) == stranger
    assert link.findall(page(client, "/search/?q=harbour")) == stranger


HOSTILE = [
    "\0", "a\0b", "%00", "'" , '"', "*", "-", "( OR )", "NEAR(a b, 3)", "terms:harbour", "a* b*",
    "{x} : y", "^x", "\\", "&|!<->:*", "' OR 1=1 --", "\u202eharbour\u202c", "\u200f\u200e",
    "\U0001f600\U0001f468\u200d\U0001f469", "...!?", "\ufffd\uffff", "e" + "\u0301" * 90,
    "a" * 20_000, "a" * 7000, "字" * 800, "ก" * 800, "x " * 3000, "字 " * 700, "٠١٢",
    "\x7f\x1b[31m", "<script>alert(1)</script>",
]  # fmt: skip


def test_whatever_is_typed_gets_a_clear_answer(client, programme):
    """Never a failure, never syntax; what is long is cut or refused, what finds nothing says so."""
    for query in HOSTILE:
        for address in ("/search/", "/search/suggestions/"):
            asked = {"q": query, "page": "x", "kind": "'", "spoken": "\0"}
            response = client.get(address, asked)
            long = len(urlencode(asked)) > 7900
            assert response.status_code == (414 if long else 200), query[:40]
            assert "<script>alert" not in response.content.decode()


def test_marks_of_direction_and_accents_change_nothing(client, programme):
    for query in ("\u202eharbour\u202c", "h\u0301arbour", "\u200fharbour", "HARBOUR\U0001f600"):
        assert "/titles/harbour-lights/" in results(client, query)


def test_one_who_mistyped_is_told_what_was_probably_meant(client, spoken):
    html = results(client, "forget lighthose")
    assert 'href="?q=forget+lighthouse"' in html
    assert "Did you mean:" in html
    assert "Did you mean:" not in results(client, "lighthouse")
    assert "Nothing by that name" in results(client, "xyzzyq")


def test_suggestions_name_what_begins_so_and_lead_there(client, programme):
    found = client.get("/search/suggestions/", {"q": "harb"}).json()["suggestions"]
    assert [(each["text"], each["href"]) for each in found] == [
        ("Harbour Lights", "/titles/harbour-lights/")
    ]
    assert client.get("/search/suggestions/", {"q": "kept"}).json() == {
        "suggestions": [],
        "searched": [],
    }
    found = client.get("/search/suggestions/?q=ines").json()["suggestions"]
    assert [each["href"] for each in found] == ["/titles/harbour-lights/", "/people/ines-calder/"]


def test_a_line_of_what_is_not_shown_here_leads_to_when_and_where(client, spoken):
    """P2.1.4a: the line is found by everybody in the same order, and no second is opened."""
    Title.objects.filter(pk=spoken.film.pk).update(licensed=True)
    html = page(client, "/search/?q=never forget a lighthouse")
    assert f"/watch/{spoken.feature.key}/?t=" not in html
    assert "<mark>lighthouse</mark>" in html
    assert 'href="/titles/harbour-lights/"' in html


def test_each_facet_counts_what_is_found_and_nothing_that_is_kept_back(client, spoken):
    fields = {"countries": ["KR"], "ratings": {"own": "12+"}, "year": 1994}
    Title.objects.filter(pk__in=[spoken.film.pk, spoken.hidden.pk]).update(**fields)
    for name, value in {
        "country": "KR",
        "rating": "12+",
        "decade": "1990",
        "genre": "drama",
        "subtitles": "th",
        "kind": "film",
    }.items():
        html = page(client, "/search/?" + urlencode({"q": "line", name: value}))
        assert "0 titles" not in html, name
    html = page(client, "/search/?q=harbour&country=KR&rating=12%2B&decade=1990&subtitles=th")
    assert "1 title" in html
    assert 'aria-current="true"' in html
