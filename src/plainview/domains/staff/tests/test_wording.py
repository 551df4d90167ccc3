"""The editors' words: people, genres, tags, a title's credits, its episodes' stories."""

from __future__ import annotations

import html
import re

import pytest

from plainview.domains.catalogue.models import Credit, Genre, Person, Revision, Season, Tag
from plainview.platform import languages
from plainview.web.tests.conftest import a_title, a_video

pytestmark = pytest.mark.django_db


def test_a_person_is_made_renamed_and_found_by_the_new_name(desk, client):
    made = desk.post("/desk/words/people/", {"name:en": "Ada Quay", "name:ko": "에이다"})
    assert made["Location"] == "/desk/words/people/ada-quay/"
    again = desk.post("/desk/words/people/", {"name:en": "Ada Quay"})
    assert again.status_code == 422
    assert 'value="Ada Quay"' in again.content.decode(), "what was typed is there"
    person = Person.objects.get()
    Credit.objects.create(title=a_title("low-tide"), person=person, role="cast")
    desk.post("/desk/words/people/ada-quay/", {"act": "words", "name:en": "Ada Pier"})
    assert "Low Tide" in client.get("/search/?q=pier").content.decode()
    desk.post("/desk/words/people/ada-quay/", {"act": "delete"})
    assert Person.objects.exists(), "somebody may follow them"


def test_a_genre_is_deleted_once_no_title_has_it(desk):
    desk.post("/desk/words/tags/", {"name:en": "Rain"})
    title = a_title("low-tide")
    title.tags.set(Tag.objects.all())
    address = "/desk/words/tags/rain/"
    assert "A title still has it" in desk.post(address, {"act": "delete"}).content.decode()
    button = 'value="delete"'
    assert button not in desk.get(address).content.decode()
    title.tags.clear()
    assert button in desk.get(address).content.decode()
    desk.post(address, {"act": "delete"})
    assert not Tag.objects.exists()


def test_p1_2_7b_a_genre_is_marked_as_revealing(desk):
    desk.post("/desk/words/genres/", {"name:en": "Faith"})
    said = {"act": "words", "name:en": "Faith", "reveals": ["faith"]}
    desk.post("/desk/words/genres/faith/", said)
    assert Genre.objects.get().reveals == ["faith"]
    nameless = desk.post("/desk/words/genres/faith/", {"act": "words", "description:en": "x"})
    assert nameless.status_code == 422
    assert desk.get("/desk/words/nothing/faith/").status_code == 404


@pytest.mark.parametrize(("tag", "word"), [("ko", "감독"), ("ar", "الإخراج")])
def test_what_somebody_did_for_a_film_is_said_in_the_reader_s_language(desk, tag, word):
    title = a_title("low-tide")
    person = Person.objects.create(slug="ada-quay", texts={"en": {"name": "Ada Quay"}})
    Credit.objects.create(title=title, person=person, role="director")
    page = desk.get(f"/desk/titles/low-tide/credits/?lang={tag}").content.decode()
    assert page.count(word) == 2, "beside her name, and in the form"
    assert "Director" not in page


def test_credits_are_chosen_from_people_ordered_and_kept_in_the_history(desk):
    title = a_title("low-tide")
    for slug in ("one", "two"):
        Person.objects.create(slug=slug, texts={"en": {"name": slug.title()}})
    address = "/desk/titles/low-tide/credits/"
    desk.post(address, {"act": "add", "person": "one", "role": "director"})
    cast = {"act": "add", "person": "two", "role": "cast", "character:en": "The Pilot"}
    desk.post(address, cast)
    moved = desk.post(address, {"act": "up", "place": "1"})
    assert moved["Location"] == f"{address}#at-0", "a keyboard goes on from where it is"
    assert [each.person.slug for each in title.credits.all()] == ["two", "one"]
    page = desk.get(address).content.decode()
    assert "The Pilot" in page.partition('id="at-0"')[2].partition('id="at-1"')[0]
    assert desk.post(address, {"act": "add", "person": "nobody"}).status_code == 422
    assert desk.post(address, {"act": "remove", "place": "9"}).status_code == 404
    desk.post(address, {"act": "remove", "place": "0"})
    assert title.credits.get().person.slug == "one"
    assert Revision.objects.count() == 4


def test_an_episode_has_words_of_its_own_in_each_language(desk, client):
    title = a_title("low-tide", kind="series")
    season = Season.objects.create(title=title, number=1)
    video = a_video(title, kind="episode", season=season, number=1)
    said = {"video": video.key, f"{video.key}-name:en": "Ebb", f"{video.key}-name:ko": "썰물"}
    desk.post("/desk/titles/low-tide/episodes/", said)
    assert "Ebb" in client.get("/titles/low-tide/").content.decode()
    assert "썰물" in client.get("/titles/low-tide/?lang=ko").content.decode()


def open_languages(page: str) -> list[str]:
    """The languages whose fields are unfolded, in their order on the page."""
    return re.findall(r'<details class="disclosure" aria-label="([^"]+)" open>', page)


def test_other_languages_are_folded_with_their_words_and_what_is_wrong_or_changed_is_not(desk):
    said = {"en": {"name": "Ada Quay"}, "ja": {"name": "エイダ"}, "ko": {"name": "에이다"}}
    person = Person.objects.create(slug="ada-quay", texts=said)
    address = f"/desk/words/people/{person.slug}/"
    page = desk.get(address).content.decode()
    assert open_languages(page) == ["English"], "that of the page"
    assert page.count("<details") >= len(languages.offered()), "the others are there, folded"
    korean = re.search(r'aria-label="Korean">\s*<summary>(.*?)</summary>', page)[1]
    assert "에이다" in korean, "and one sees what is in them"
    french = desk.get(f"{address}?lang=fr").content.decode()
    assert open_languages(french) == ["français", "anglais"], "beside words to go by"
    wrong = {"act": "words", "name:ja": "灯" * 201}
    assert "Japanese" in open_languages(desk.post(address, wrong).content.decode())
    form = {"act": "words", "was": first_mark(page)}
    desk.post(address, form | person_now(said) | {"name:fr": "Ada du Quai"})
    typed = form | person_now(said) | {"name:fr": "Ada"}
    assert open_languages(desk.post(address, typed).content.decode()) == ["English", "French"]


def person_now(said: dict[str, dict[str, str]]) -> dict[str, str]:
    """A person's words as their form sends them."""
    return {f"name:{tag}": words["name"] for tag, words in said.items()}


def first_mark(page: str) -> str:
    """What the form's hidden field says of how it was opened."""
    return html.unescape(re.search(r'name="was" value="([^"]*)"', page)[1])
