"""The catalogue keeps words in several languages and finds titles by them."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from django.utils import translation

from plainview.domains.catalogue import services
from plainview.domains.catalogue.models import Credit, Genre, Person, Title
from plainview.domains.catalogue.search import search
from plainview.domains.catalogue.texts import words

pytestmark = [pytest.mark.django_db, pytest.mark.every_case]

TEXTS = {
    "en": {"name": "Harbour Lights", "tagline": "The tide keeps its promises"},
    "ko": {"name": "항구의 불빛"},
    "pt": {"name": "Luzes do Porto"},
}


@pytest.fixture
def title() -> Title:
    video = services.add_film(name="Harbour Lights", language="en")
    title = video.title
    title.texts = TEXTS
    title.year = 2024
    title.save()
    person = Person.objects.create(slug="m-vale", texts={"en": {"name": "Mára Väle"}})
    Credit.objects.create(title=title, person=person, role=Credit.Role.DIRECTOR)
    title.genres.add(Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}}))
    services.reindex([title])
    return title


@pytest.mark.parametrize(
    ("language", "field", "text", "taken"),
    [
        ("ko", "name", "항구의 불빛", "ko"),
        ("ko", "tagline", "The tide keeps its promises", "en"),
        ("pt-BR", "name", "Luzes do Porto", "pt"),
        ("ja", "name", "Harbour Lights", "en"),
        ("en", "synopsis", "", "en"),
    ],
)
def test_words_fall_back_and_say_which_language_they_are_in(title, language, field, text, taken):
    with translation.override(language):
        found = words(title.texts, field, original="en")
    assert (found.text, found.language) == (text, taken)


@pytest.mark.parametrize(
    "query", ["harbour", "LIGHTS harb", "불빛", "luzes", "mara vale", "drama", "2024"]
)
def test_a_title_is_found_by_name_person_genre_and_year(title, query):
    assert search(query).titles == [title.pk]


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "' OR 1=1", "zyx wvu", "a" * 5000])
def test_nothing_is_found_by_nothing_or_nonsense(title, query):
    assert search(query).titles == []


def test_an_unpublished_title_is_not_found(title):
    Title.objects.update(published_at=None)
    assert not search("harbour").titles


def test_two_films_of_one_name_get_addresses_of_their_own(title):
    again = services.add_film(name="Harbour Lights").title
    assert again.slug != title.slug
    assert services.add_film(name="!!!").title.slug == "untitled"
    assert services.add_film(name="서울의 밤").title.slug == "서울의-밤"


def test_artwork_is_kept_once_and_served_without_any_power():
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    name = services.store_artwork(svg, ".svg")
    assert services.store_artwork(svg, ".svg") == name
    response = Client().get(f"/artwork/{name}")
    assert response["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "immutable" in response["Cache-Control"]


def test_a_drawing_is_sent_compressed_to_those_who_take_it_so():
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<path d='M0 0'/>" * 500 + b"</svg>"
    name = services.store_artwork(svg, ".svg")
    packed = Client().get(f"/artwork/{name}", headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == svg
    plain = Client().get(f"/artwork/{name}")
    assert plain.content == svg
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert packed["ETag"] != plain["ETag"]
    again = Client().get(f"/artwork/{name}", headers={"If-None-Match": plain["ETag"]})
    assert (again.status_code, again["Vary"]) == (304, plain["Vary"])  # or caches split by cookie


@pytest.mark.parametrize(
    "name", ["missing.svg", "../plainview.sqlite3", "..%2fsecret-key", "a.html", ".svg"]
)
def test_no_other_file_is_served_as_artwork(name):
    assert Client().get(f"/artwork/{name}").status_code == 404


def test_a_file_that_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="html"):
        services.store_artwork(b"<html>", ".html")
