"""Two editors at one thing: what somebody else wrote meanwhile is seen before it is lost."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import Licence, document_of
from plainview.domains.catalogue.models import Collection, Credit, Genre, Person, Season, Title
from plainview.web.tests.conftest import a_title, a_video
from plainview.web.tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]
EDIT = "/desk/titles/harbour-lights/edit/"
SAID = "Somebody changed it meanwhile."


def opened(page: str) -> dict[str, str]:
    """What the page of a form carries along, unseen: as which it was opened, and its windows."""
    hidden = Markup(page).all("input", type="hidden")
    return {str(each["name"]): str(each.get("value") or "") for each in hidden}


def open_form(desk: Client, **typed: object) -> dict[str, object]:
    """The form of the title as it stands, with what somebody types into it."""
    page = desk.get(EDIT).content.decode()
    there = {
        str(each["name"]): each.get("value") or ""
        for each in Markup(page).all("input")
        if each.get("type") not in ("checkbox", "hidden", "submit") and each.get("name")
    }
    return there | {"kind": "film"} | opened(page) | typed


def test_what_only_one_of_two_changed_is_kept_of_both(desk, film):
    mine = open_form(desk, **{"name:ko": "항구의 불빛", "licence-0-territories": "KR"})
    services.change_many([film.slug], {"year": 1999, "countries": ["FR"]})
    assert desk.post(EDIT, mine).status_code == 302
    document = document_of(Title.objects.get())
    assert (document.year, document.countries) == (1999, ["FR"]), "nobody overwrote it"
    assert document.texts["ko"]["name"] == "항구의 불빛"
    assert [each.territories for each in document.licences] == [["KR"]]


def test_where_two_changed_the_same_both_are_shown_and_what_is_chosen_is_saved(desk, film):
    mine = open_form(
        desk, **{"name:en": "Mine <b>", "countries": "JP", "synopsis:en": "At length."}
    )
    desk.post(EDIT, open_form(desk, **{"name:en": "Theirs <i>", "countries": "FR"}))
    answer = desk.post(EDIT, mine)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert SAID in page
    assert "Theirs <i>" in page
    assert "Mine <b>" in page
    assert "At length." in page
    assert document_of(Title.objects.get()).texts["en"]["name"] == "Theirs <i>", "nothing is saved"
    again = mine | opened(answer.content.decode()) | {"theirs": ["countries"]}
    assert desk.post(EDIT, again).status_code == 302
    document = document_of(Title.objects.get())
    assert document.texts["en"] == {"name": "Mine <b>", "synopsis": "At length."}
    assert document.countries == ["FR"], "that one gave way"


def test_people_and_places_that_clash_are_shown_by_name(desk, film):
    for slug, name in (("ruth-calloway", "Ruth Calloway"), ("ines-moreau", "Inès Moreau")):
        Person.objects.create(slug=slug, texts={"en": {"name": name}})
    mine = open_form(desk, credits="Cast: Inès Moreau", countries="JP")
    desk.post(EDIT, open_form(desk, credits="Cast: Ruth Calloway; en=The keeper", countries="FR"))
    page = unescape(desk.post(EDIT, mine).content.decode())
    clash = page.partition(SAID)[2].partition("</ul>")[0]
    assert "Cast: Ruth Calloway; en=The keeper" in clash and "France" in clash
    assert "ruth-calloway" not in clash and ">FR<" not in clash


def test_a_form_that_nobody_touched_changes_nothing_to_the_second(desk, film):
    now = timezone.now()
    stands = [Licence(["KR"], [], [], now, now + timedelta(days=3, seconds=11), "Asia/Seoul")]
    new = {"published_at": now, "licensed": True, "licences": stands}
    services.save(msgspec.structs.replace(document_of(film), **new))
    before, changes = document_of(Title.objects.get()), film.revisions.count()
    untouched = open_form(desk, licensed="on", original_language=film.original_language)
    assert desk.post(EDIT, untouched).status_code == 302
    assert (document_of(Title.objects.get()), film.revisions.count()) == (before, changes)
    assert desk.post(EDIT, untouched | {"year": "2001"}).status_code == 302
    assert document_of(Title.objects.get()).licences == before.licences


def test_a_third_change_is_shown_again(desk, film):
    mine = open_form(desk, year="2001")
    services.change_many([film.slug], {"year": 2002})
    page = desk.post(EDIT, mine).content.decode()
    services.change_many([film.slug], {"year": 2003})
    answer = desk.post(EDIT, mine | opened(page))
    assert answer.status_code == 422
    assert "2003" in answer.content.decode()
    assert Title.objects.get().year == 2002 + 1


def test_a_language_added_does_not_hide_what_clashes(desk, film):
    mine = open_form(desk, year="2001")
    services.change_many([film.slug], {"year": 2002})
    page = desk.post(EDIT, mine | {"act": "language", "language": "ga"}).content.decode()
    assert SAID in page
    assert "2002" in page
    assert Title.objects.get().year == 2002


def test_a_language_that_somebody_else_added_meanwhile_stays(desk, film):
    mine = open_form(desk, year="2001")
    desk.post(EDIT, open_form(desk, **{"added": "ga", "name:ga": "Soilse an Chuain"}))
    assert desk.post(EDIT, mine).status_code == 302
    document = document_of(Title.objects.get())
    assert (document.year, document.texts["ga"]["name"]) == (2001, "Soilse an Chuain")


def test_licences_of_two_are_shown_side_by_side(desk, film):
    mine = open_form(desk, **{"licence-0-territories": "KR"})
    both = open_form(desk, **{"licence-0-territories": "JP"})
    desk.post(EDIT, both)
    answer = desk.post(EDIT, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Japan · UTC" in page, "by name"
    kept = mine | {"licence-was": opened(page)["licence-was"], "was": opened(page)["was"]}
    assert desk.post(EDIT, kept | {"theirs": "licence"}).status_code == 302
    assert film.licences.get().territories == ["JP"]
    assert desk.post(EDIT, kept).status_code == 302
    assert film.licences.get().territories == ["KR"], "seen, and put in its place"


def test_what_changes_between_the_look_and_the_writing_is_not_overwritten(desk, film, monkeypatch):
    mine = open_form(desk, year="2001")
    save = services.save

    def late(document, **more):
        monkeypatch.setattr(services, "save", save)
        services.change_many([film.slug], {"year": 2002})
        return save(document, **more)

    monkeypatch.setattr(services, "save", late)
    answer = desk.post(EDIT, mine)
    assert answer.status_code == 422
    assert SAID in answer.content.decode()
    assert Title.objects.get().year == 2002


def test_a_credit_is_the_one_that_was_pressed_wherever_it_stands_by_then(desk, film):
    people = [Person.objects.create(slug=each, texts={"en": {"name": each}}) for each in "abc"]
    for place, person in enumerate(people):
        Credit.objects.create(title=film, person=person, role="cast", position=place)
    address = "/desk/titles/harbour-lights/credits/"
    page = desk.get(address).content.decode()
    first, _second, third = [each["value"] for each in Markup(page).all("input", name="who")]
    desk.post(address, {"act": "remove", "place": "0", "who": first})
    desk.post(address, {"act": "remove", "place": "2", "who": third})
    assert [each.person.slug for each in film.credits.all()] == ["b"]
    gone = desk.post(address, {"act": "up", "place": "1", "who": third}, follow=True)
    assert "Nothing was changed." in gone.content.decode()
    assert [each.person.slug for each in film.credits.all()] == ["b"]


def words_of_a_genre() -> str:
    Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}})
    return "/desk/words/genres/drama/"


def words_of_a_collection() -> str:
    Collection.objects.create(slug="sea", texts={"en": {"name": "The sea"}})
    return "/desk/collections/sea/"


@pytest.mark.parametrize("page", [words_of_a_genre, words_of_a_collection])
def test_words_that_two_change_are_seen_by_both(desk, page):
    address = page()
    form = {"act": "words", "name:en": "Mine", **opened(desk.get(address).content.decode())}
    theirs = form | {"name:en": "Theirs", "name:fr": "La leur"}
    assert desk.post(address, theirs).status_code == 302
    answer = desk.post(address, form)
    assert answer.status_code == 422
    assert "Theirs" in answer.content.decode()
    assert "It needs a name" not in answer.content.decode()
    page = answer.content.decode()
    assert 'value="Mine"' in page
    assert 'value="La leur"' in page, "what was not touched is theirs by now"
    assert desk.post(address, form | opened(page) | {"name:fr": "La leur"}).status_code == 302
    assert 'value="Mine"' in desk.get(address).content.decode()


def test_an_episode_s_story_and_chapters_that_two_change_are_seen_by_both(desk):
    title = a_title("low-tide", kind="series")
    season = Season.objects.create(title=title, number=1)
    video = a_video(title, kind="episode", season=season, number=1)
    for address, field, sent in (
        ("/desk/titles/low-tide/episodes/", f"{video.key}-name:en", {"video": video.key}),
        (f"/desk/titles/low-tide/parts/{video.key}/", "chapters", {}),
    ):
        form = sent | opened(desk.get(address).content.decode())
        texts = ["0:01 Mine", "0:02 Theirs"]
        assert desk.post(address, form | {field: texts[1]}).status_code == 302
        answer = desk.post(address, form | {field: texts[0]})
        assert answer.status_code == 422
        assert "Theirs" in answer.content.decode()
        assert "Mine" in answer.content.decode()
