"""The programme as other programs read it: the same for everybody, and as the licences say."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.catalogue.models import Collection, Entry, Licence, Title
from plainview.domains.library.models import Rating
from plainview.web import programme_api
from plainview.web.limiting import Limit
from plainview.web.tests.conftest import a_title

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(germany, programme) -> Client:
    """A program somewhere in Germany."""
    return germany


def read(reader: Client, path: str, **headers: str):
    response = reader.get(f"/api/v1/{path}", headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def test_every_title_is_read_once_page_by_page(reader):
    for number in range(7):
        a_title(f"more-{number}")
    seen, address = [], "titles?limit=3"
    while address:
        page = read(reader, address)
        seen += [each["slug"] for each in page["titles"]]
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert len(seen) == len(set(seen)) == 10
    assert "kept-back" not in seen
    assert seen == [each.slug for each in Title.objects.exclude(published_at=None)]


def test_filters_narrow_and_must_all_be_met(reader):
    def slugs(query: str) -> set[str]:
        return {each["slug"] for each in read(reader, f"titles?{query}")["titles"]}

    assert slugs("kind=series") == {"night-line"}
    assert slugs("genre=drama") == {"night-line", "harbour-lights"}
    assert slugs("genre=drama&person=ines-calder") == {"harbour-lights"}
    assert slugs("year=1999") == set()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("titles?kind=opera", 422),
        ("titles?limit=0", 422),
        ("titles?cursor=AAAA", 404),
        ("titles?cursor=" + "é", 422),
        ("titles/kept-back", 404),
        ("people/nobody", 404),
        ("videos/nothing/subtitles/en", 404),
    ],
)
def test_what_goes_wrong_is_told_as_a_problem(reader, path, status):
    response = reader.get(f"/api/v1/{path}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_words_come_in_the_language_asked_for(reader):
    assert read(reader, "titles/harbour-lights?lang=ko")["name"]["text"] == "항구의 불빛"
    assert read(reader, "titles/harbour-lights", **{"Accept-Language": "ko"})["name"] == {
        "text": "항구의 불빛",
        "language": "ko",
    }


def test_p2_1_4a_the_place_of_the_request_decides_as_on_pages(reader, programme):
    Title.objects.filter(pk=programme.film.pk).update(licensed=True)
    Licence.objects.create(title=programme.film, territories=["KR"])
    lines = f"videos/{programme.feature.key}/subtitles/en"
    here = read(reader, "titles/harbour-lights")["here"]
    assert (here["available"], here["why"]) == (False, "elsewhere")
    assert "South Korea" in here["said"]
    assert reader.get(f"/api/v1/{lines}").status_code == 403
    assert read(reader, f"videos/{programme.feature.key}")["here"]["available"] is False
    there = {"X-Place": "KR"}
    assert read(reader, "titles/harbour-lights", **there)["here"]["available"] is True
    assert read(reader, lines, **there)["lines"][0]["text"] == "I light it every evening."


def test_it_is_validated_shared_by_place_and_open_to_other_pages(reader):
    first = reader.get("/api/v1/titles", headers={"Origin": "https://elsewhere.example"})
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in first
    assert "s-maxage" in first["Cache-Control"]
    varies = {each.strip() for each in first["Vary"].split(",")}
    assert {"Accept-Language", "Cookie", "X-Place"} <= varies
    again = reader.get("/api/v1/titles", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "s-maxage" not in Client().get("/api/v1/titles")["Cache-Control"], "nobody knows where"


ASKED = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}


@pytest.mark.parametrize("path", ["v1/titles", "v1/titles/harbour-lights", "openapi.json"])
def test_pages_of_others_may_read_and_validate_it_without_credentials(reader, path):
    asked = ASKED | {"Access-Control-Request-Headers": "if-none-match"}
    before = reader.options(f"/api/{path}", headers=asked)
    assert (before.status_code, before.content) == (204, b"")
    assert before["Access-Control-Allow-Methods"] == "GET"
    assert before["Access-Control-Allow-Headers"] == "If-None-Match"
    read = reader.get(f"/api/{path}", headers={"Origin": "https://elsewhere.example"})
    for answer in (before, read):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert not answer.cookies


def test_what_it_names_is_read_by_pages_of_others_too_unchanged_or_refused(
    reader, programme, media_root, settings
):
    page = {"Origin": "https://elsewhere.example"}
    key = programme.feature.key
    words = read(reader, f"videos/{key}/subtitles")["tracks"][0]["webvtt"]
    public = settings.PUBLIC.geturl().rstrip("/")
    words = words.removeprefix(public)
    poster = media_root / "packages" / key / "poster.jpg"
    poster.parent.mkdir(parents=True)
    poster.write_bytes(b"a picture")
    asked = ASKED | {"Access-Control-Request-Headers": "if-none-match"}
    assert reader.options(words, headers=asked)["Access-Control-Allow-Headers"] == "If-None-Match"
    about = f"/oembed/?url={public}/titles/harbour-lights/&format="
    for address in (words, f"/stream/{key}/poster.jpg", "/feed.rss", f"{about}json", f"{about}xml"):
        assert_open_to_pages(reader.get(address, headers=page), 200)
    for address in (words, "/api/v1/titles"):
        known = {"If-None-Match": reader.get(address)["ETag"]}
        assert_open_to_pages(reader.get(address, headers=page | known), 304)
    assert_open_to_pages(reader.get(f"/subtitles/{key}/xx.vtt", headers=page), 404)
    Title.objects.filter(pk=programme.film.pk).update(licensed=True)
    assert_open_to_pages(reader.get(words, headers=page), 403)


def assert_open_to_pages(answer, status: int) -> None:
    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies


def test_films_and_pages_are_read_by_no_page_of_others(reader, programme, media_root):
    key = programme.feature.key
    (media_root / "packages" / key).mkdir(parents=True)
    (media_root / "packages" / key / "master.m3u8").write_text("#EXTM3U\n")
    lasting = f"/stream/{key}/master.m3u8"
    signed = reader.get(f"/stream/{key}/v180.m3u8")["Location"].replace("v180", "master")
    for address in (lasting, signed, f"/watch/{key}/", f"/embed/{key}/", "/", "/titles/nothing/"):
        for answer in (reader.get(address, headers=ASKED), reader.options(address, headers=ASKED)):
            assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["choices", "choices/questions", "receipts", "connect"])
def test_p5_1_3b_what_is_somebodys_is_read_by_no_page_of_others(reader, path):
    for answer in (
        reader.options(f"/api/v1/{path}", headers=ASKED),
        reader.get(f"/api/v1/{path}", headers={"Origin": "https://elsewhere.example"}),
    ):
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_seasons_episodes_and_what_follows(reader, programme):
    (season,) = read(reader, "titles/night-line/seasons")
    assert [each["number"] for each in season["episodes"]] == [1, 2, 3]
    one, two, _three = (each["key"] for each in season["episodes"])
    assert read(reader, f"videos/{one}")["next"] == two
    tracks = read(reader, f"videos/{programme.feature.key}/subtitles")["tracks"]
    assert {each["language"] for each in tracks} == {"en", "ar"}


def test_the_rows_of_home_are_those_of_the_page(reader, programme):
    row = Collection.objects.create(slug="rain", place=0, texts={"en": {"name": "Rain"}})
    Entry.objects.create(collection=row, title=programme.film)
    rows = read(reader, "home")["rows"]
    page = reader.get("/").content.decode()
    assert [each["key"] for each in rows][:2] == ["of-rain", "new"]
    assert all(f'id="shelf-{each["key"]}"' in page for each in rows)
    assert [each["slug"] for each in read(reader, "collections")["names"]] == ["rain"]
    assert read(reader, "people/ines-calder")["name"]["text"] == "Inés Calder"
    assert read(reader, "genres")["names"][0]["slug"] == "drama"


def test_p1_1_5e_nothing_of_anybody_is_in_it(reader, programme, people):
    Rating.objects.create(
        subject=people.member.pk, title=programme.film, stars=1, rated_at=timezone.now()
    )
    for path in ("titles", "titles/harbour-lights", "home"):
        said = reader.get(f"/api/v1/{path}").content.decode()
        assert "stars" not in said
        assert "rating" not in said.replace('"ratings"', "")


def test_whoever_asks_too_often_is_told_when_to_come_back(reader, monkeypatch):
    limit = Limit(2, clock=lambda: 90.0)
    monkeypatch.setattr(programme_api, "LIMIT", limit)
    answers = [reader.get("/api/v1/genres") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "30"
    assert limit.wait("another") == 0
