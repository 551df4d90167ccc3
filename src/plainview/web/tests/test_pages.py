"""What the public pages promise."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from plainview.domains.catalogue.models import Credit, Genre, Person, Title
from plainview.domains.catalogue.services import reindex
from plainview.platform.languages import FINISHED
from plainview.web.pages.home import GENRES
from plainview.web.pages.watch import start_second
from plainview.web.tests.conftest import a_title, a_video
from plainview.web.tests.markup import Markup


def page(client: Client, address: str, status: int = 200, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == status, address
    return response.content.decode()


@pytest.fixture
def doors(programme) -> list[str]:
    """One address of every kind of public page."""
    feature, episode = programme.feature.key, programme.episodes[0].key
    return [
        "/",
        "/titles/harbour-lights/",
        "/titles/night-line/",
        "/titles/a-slow-comet/",
        "/people/ines-calder/",
        f"/watch/{feature}/?t=75",
        f"/watch/{episode}/",
        f"/watch/{programme.episodes[2].key}/",
        f"/watch/{feature}/transcript/",
        f"/watch/{episode}/transcript/",
        "/search/",
        "/search/?q=harbour",
        "/search/?q=nothing+like+it",
        "/search/?genre=drama",
    ]


@pytest.mark.sample(1)  # each page in one of two further languages, in turn
@pytest.mark.parametrize("turn", [0, 1])
def test_every_page_answers_in_every_language_and_says_which(client, doors, turn):
    """And a first visit sets no cookie and stays with its reader."""
    for at, address in enumerate(doors, turn):
        for language, direction in (("en", "ltr"), (("ko", "ltr"), ("ar", "rtl"))[at % 2]):
            response = client.get(address, headers={"accept-language": language})
            assert response.status_code == 200, address
            html = Markup(response.content.decode()).all("html")[0]
            assert (html["lang"], html["dir"]) == (language, direction)
            assert not response.cookies, address
            assert "private" in response["Cache-Control"], address


def test_where_a_proxy_states_the_place_a_first_visit_can_be_shared(client, doors, placed):
    key = {"Accept-Language", "Cookie", "Sec-GPC", "X-Place"}
    for address in doors:
        response = client.get(address, headers={"X-Place": "DE"})
        assert not response.cookies, address
        typed = "q=" in address  # what somebody typed is kept by nobody else (P1.2.4a)
        assert ("private" if typed else "public") in response["Cache-Control"], address
        if typed:
            continue
        assert key <= set(response["Vary"].split(", ")), address
        assert "public" not in client.get(address)["Cache-Control"], "nobody said where"


def test_what_a_signed_in_person_sees_stays_with_them(staff_client, programme):
    assert "private" in staff_client.get("/")["Cache-Control"]


def test_an_unchanged_page_is_not_sent_twice(client, programme):
    tag = client.get("/")["ETag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304


def test_who_asks_for_the_head_alone_learns_the_same(client, programme):
    """Link checkers and shared caches ask so (RFC 9110, 9.3.2)."""
    tag = client.get("/feed.rss")["ETag"]
    assert client.head("/feed.rss")["ETag"] == tag
    assert client.head("/feed.rss", headers={"if-none-match": tag}).status_code == 304


def test_no_page_holds_what_the_content_policy_blocks(staff_client, doors, programme):
    staff = ["/desk/", "/desk/upload/", "/desk/ingests/", "/desk/titles/", "/desk/design/"]
    for address in [*doors, *staff, "/desk/titles/harbour-lights/", "/accounts/logout/"]:
        response = staff_client.get(address)
        assert response.status_code == 200, address
        assert Markup(response.content.decode()).blocked == [], address


def test_forms_and_errors_hold_nothing_blocked_either(client, db):
    for address, status in (("/accounts/login/", 200), ("/nothing-here/", 404)):
        assert Markup(page(client, address, status)).blocked == []
    for address in ("/accounts/password/reset/", "/accounts/signup/"):
        assert Markup(client.get(address).content.decode()).blocked == []


def test_accounts_wear_the_design(client, db):
    html = page(client, "/accounts/login/")
    assert "site-head" in html
    assert 'class="field' in html


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_a_title_that_is_not_published_is_not_there(client, programme, people, who):
    if who == "member":
        client.force_login(people.member)
    page(client, "/titles/kept-back/", 404)
    page(client, f"/watch/{programme.hidden_video.key}/", 404)
    page(client, f"/watch/{programme.hidden_video.key}/transcript/", 404)
    assert "Kept Back" not in page(client, "/") + page(client, "/search/?q=kept")


def test_staff_see_it_and_are_told_so(staff_client, programme):
    assert "not published" in page(staff_client, "/titles/kept-back/")


def test_words_in_another_language_say_so(client, programme):
    html = page(client, "/titles/harbour-lights/?lang=ko")
    assert "항구의 불빛" in html
    story = 'lang="en" dir="ltr">A keeper counts'
    assert story in html
    assert story not in page(client, "/titles/harbour-lights/?lang=en")


def test_a_list_has_the_comma_of_its_language(client, programme):
    genres = [Genre.objects.create(slug=name, texts={"en": {"name": name}}) for name in "ab"]
    Title.objects.get(slug="harbour-lights").genres.set(genres)
    for tag, comma in (("en", "</a>, <a"), ("ar", "</a>، <a"), ("ja", "</a>、<a")):
        assert comma in page(client, f"/titles/harbour-lights/?lang={tag}")


def test_every_page_names_its_other_languages(client, programme):
    alternates = Markup(page(client, "/search/?q=harbour&lang=ar")).all("link", rel="alternate")
    addresses = {link["hreflang"]: link["href"] for link in alternates if "hreflang" in link}
    assert set(addresses) == {*FINISHED, "x-default"}
    assert addresses["ko"].endswith("/search/?lang=ko")


def test_each_language_of_a_page_is_its_own_canonical_address(client, programme):
    """What `hreflang` names leads to a page that calls itself by it, else it is left out as a copy.

    Nothing that somebody hung onto the address is told on.
    """
    markup = Markup(page(client, "/titles/harbour-lights/?lang=ar&utm_source=x"))
    others = {each.get("hreflang"): each["href"] for each in markup.all("link", rel="alternate")}
    for tag in ("ar", "ko", "x-default"):
        (own,) = Markup(page(client, others[tag])).all("link", rel="canonical")
        assert own["href"] == others[tag]
        assert "utm" not in own["href"]
    (own,) = markup.all("link", rel="canonical")
    assert own["href"] == others["ar"]


def test_a_link_preview_is_told_the_language_and_the_others(client, programme):
    """With a country, as Open Graph wants it."""
    for tag, own in (("ar", "ar_EG"), ("pt-BR", "pt_BR"), ("zh-Hant", "zh_TW")):
        markup = Markup(page(client, f"/titles/harbour-lights/?lang={tag}"))
        (told,) = markup.all("meta", property="og:locale")
        others = markup.all("meta", property="og:locale:alternate")
        assert told["content"] == own
        assert len({each["content"] for each in others} - {own}) == len(FINISHED) - 1


def test_home_opens_with_the_newest_film_that_can_be_watched(client, programme):
    Title.objects.filter(slug="a-slow-comet").update(featured=1)
    assert programme.feature.get_absolute_url() not in page(client, "/")
    Title.objects.filter(slug="harbour-lights").update(featured=2)
    html = page(client, "/")
    assert f'href="/watch/{programme.feature.key}/#play"' in html  # one press plays


def test_a_title_on_its_way_says_how_far_it_is(client, programme):
    assert "62 %" in page(client, "/")
    video = programme.coming.videos.get()
    html = page(client, f"/watch/{video.key}/")
    assert "62 %" in html
    assert "data-player" not in html


def test_an_empty_catalogue_says_what_will_be_here(client, staff_client, db):
    assert "plainview ingest" in page(Client(), "/")
    assert "/desk/upload/" in page(staff_client, "/")


def test_a_genre_with_one_title_makes_no_shelf(client, programme):
    assert 'id="shelf-drama"' in page(client, "/")
    programme.series.genres.clear()
    assert 'id="shelf-drama"' not in page(client, "/")


def test_the_player_gets_its_stream_its_tracks_and_its_start(client, programme):
    html = page(client, f"/watch/{programme.feature.key}/?t=75")
    markup = Markup(html)
    player = markup.all("div", data_player=None, **{"class": "player"})[0]
    assert player["data-src"].endswith(f"/{programme.feature.key}/master.m3u8")
    assert player["data-playing"] == f"/watch/{programme.feature.key}/playing/"
    assert player["data-start"] == "75"
    assert [track["srclang"] for track in markup.all("track")] == ["ar", "en"]
    assert "<noscript>" in html


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("75", 75), ("", 0), ("-3", 0), ("1e9", 0), ("٧", 0), ("9" * 30, 0), ("99999999", 24 * 3600)],
)
def test_a_start_is_whole_seconds_or_the_beginning(text, seconds):
    assert start_second(text) == seconds


def test_an_episode_leads_to_the_next_one_and_the_last_to_none(client, programme):
    first, second, third = programme.episodes
    assert f'href="/watch/{second.key}/#play"' in page(client, f"/watch/{first.key}/")
    assert "Next episode" not in page(client, f"/watch/{third.key}/")


def test_a_transcript_is_the_words_with_their_places(client, programme):
    html = page(client, f"/watch/{programme.feature.key}/transcript/")
    assert "I light it every evening." in html
    assert "Nobody &amp; nothing." in html
    assert f'href="/watch/{programme.feature.key}/?t=3590"' in html
    assert "59:50" in html
    assert "59:55" in html


def test_a_transcript_comes_in_the_language_asked_for(client, programme):
    address = f"/watch/{programme.feature.key}/transcript/"
    assert "أشعله كل مساء" in page(client, address + "?track=ar")
    assert "أشعله كل مساء" in page(client, address + "?lang=ar")
    assert "every evening" in page(client, address + "?lang=ko")
    page(client, address + "?track=fi", 404)


def test_search_finds_titles_and_people_without_accents(client, programme):
    html = page(client, "/search/?q=ines")
    assert "/people/ines-calder/" in html
    assert "Harbour Lights" in html
    assert "Night Line" not in html


def test_search_as_one_types_gets_the_results_alone(client, programme):
    response = client.get("/search/?q=항구", headers={"hx-request": "true"})
    html = response.content.decode()
    assert "항구의 불빛" in page(client, "/search/?q=항구&lang=ko")
    assert "<html" not in html
    assert "/titles/harbour-lights/" in html
    assert "HX-Request" in response["Vary"]
    boosted = client.get("/search/?q=drama", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in boosted.content.decode()
    assert "HX-Boosted" in response["Vary"], "else a shared cache gave one for the other"


def test_a_hostile_query_is_only_words(client, programme):
    query = "%3Cscript%3Ealert(1)%3C/script%3E%00'--"
    html = page(client, f"/search/?q={query}")
    assert "<script>alert" not in html
    page(client, "/search/?q=" + "x" * 5000 + "&page=-7")


def test_nobody_is_shown_for_work_that_is_not(client, programme):
    other = Person.objects.create(slug="nobody", texts={"en": {"name": "Nobody"}})
    Credit.objects.create(title=programme.hidden, person=other, role=Credit.Role.CAST)
    page(client, "/people/nobody/", 404)


def test_home_has_a_row_for_the_first_genres_and_the_search_for_all(client, programme):
    for number in range(14):
        name = {"en": {"name": f"Genre {number}"}}
        genre = Genre.objects.create(slug=f"genre-{number:02}", texts=name, position=90 + number)
        programme.film.genres.add(genre)
        programme.series.genres.add(genre)
    rows = [each["id"] for each in Markup(page(client, "/")).all("h2") if "id" in each]
    genres = [each for each in rows if each.startswith("shelf-genre-")]
    others = GENRES - len(genres)
    assert len(genres) >= GENRES - Genre.objects.exclude(slug__startswith="genre-").count()
    assert genres == [f"shelf-genre-{number:02}" for number in range(GENRES - others)]
    assert all(f"?genre=genre-{number:02}" in page(client, "/search/") for number in range(14))


@pytest.mark.parametrize(
    ("address", "most"),
    [("/", 8), ("/titles/night-line/", 17), ("/search/?q=line", 26), ("/people/ines-calder/", 6)],
)
def test_more_titles_cost_no_more_questions(
    client, programme, django_assert_max_num_queries, address, most
):
    for number in range(6):
        title = a_title(f"line-{number}")
        a_video(title)
        title.genres.set(programme.film.genres.all())
        Credit.objects.create(
            title=title, person=Person.objects.get(slug="ines-calder"), role=Credit.Role.CAST
        )
    reindex(list(Title.objects.filter(slug__startswith="line-")))
    cache.clear()
    with django_assert_max_num_queries(most):
        page(client, address)


def test_watching_asks_the_database_little(client, programme, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):  # one of them every few seconds, for the whole process
        page(client, f"/watch/{programme.feature.key}/")
    with django_assert_max_num_queries(8):
        page(client, f"/watch/{programme.episodes[0].key}/")


def test_the_manifest_carries_the_operators_name(client):
    answer = client.get("/manifest.webmanifest")
    assert answer.json()["name"] == "Lantern Street Pictures"
    assert "max-age=3600" in answer["Cache-Control"]
