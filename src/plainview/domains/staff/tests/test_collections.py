"""Editors put titles together: in their order, a page at a time, and as rows of home."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import Document
from plainview.domains.catalogue.models import Collection
from plainview.web.tests.conftest import a_title, a_video

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]


def test_a_collection_is_put_in_order_with_buttons_and_is_a_row_of_home(desk, client):
    a_title("harbour-lights")
    for slug in ("b-film", "c-film"):
        a_title(slug)
    desk.post("/desk/collections/", {"name:en": "By the sea", "on_home": "on"})
    address = "/desk/collections/by-the-sea/"
    for slug in ("harbour-lights", "b-film", "c-film"):
        desk.post(address, {"act": "add", "title": slug})
    moved = desk.post(address, {"title": "c-film", "move": "0"})
    assert moved["Location"] == f"{address}#at-c-film", "a keyboard goes on from where it is"
    assert 'id="at-c-film"' in desk.get(address).content.decode()
    taken = desk.post(address, {"act": "remove", "title": "b-film"})
    assert taken["Location"] == f"{address}#at-harbour-lights", "or from what stands before it"
    found = Collection.objects.get()
    held = list(found.entries.values_list("title__slug", flat=True))
    assert held == ["c-film", "harbour-lights"]
    assert "By the sea" in client.get("/").content.decode()
    page = client.get("/collections/by-the-sea/").content.decode()
    assert page.index("C Film") < page.index("Harbour Lights")


def test_what_is_added_to_a_collection_or_to_home_is_last_also_where_others_were_taken_out(desk):
    for slug in ("one", "two", "three", "four"):
        a_title(slug)
        desk.post("/desk/collections/", {"name:en": slug, "on_home": "on"})
        desk.post("/desk/collections/one/", {"act": "add", "title": slug})
    for slug in ("one", "two"):
        desk.post("/desk/collections/one/", {"act": "remove", "title": slug})
        desk.post(f"/desk/collections/{slug}/", {"act": "words", "name:en": slug})
    desk.post("/desk/collections/one/", {"act": "add", "title": "one"})
    desk.post("/desk/collections/one/", {"act": "words", "name:en": "one", "on_home": "on"})
    held = Collection.objects.get(slug="one").entries.values_list("title__slug", flat=True)
    assert list(held) == ["three", "four", "one"]
    assert [each.slug for each in Collection.objects.all()] == ["three", "four", "one", "two"]
    page = desk.get("/desk/collections/").content.decode()
    up = re.findall(r'name="row" value="four"><button [^>]*value="(\d+)"', page)
    desk.post("/desk/collections/", {"row": "four", "move": up})
    assert [each.slug for each in Collection.objects.all()] == ["four", "three", "one", "two"]


def test_a_long_collection_has_pages_and_a_title_is_shown_where_it_then_is(desk):
    sea = services.collect("sea", texts={"en": {"name": "Sea"}}, on_home=False)
    for number in range(101):
        services.add_entry(sea, a_title(f"reel-{number}"))
    first = desk.get("/desk/collections/sea/").content.decode()
    second = desk.get("/desk/collections/sea/?page=2").content.decode()
    assert 'id="at-reel-99"' in first and 'id="at-reel-100"' not in first
    assert re.findall(r'id="at-([^"]+)"', second) == ["reel-100"]
    [up] = re.findall(r'name="move" value="(\d+)"', second)
    moved = desk.post("/desk/collections/sea/?page=2", {"title": "reel-100", "move": up})
    assert moved["Location"] == "/desk/collections/sea/?page=1#at-reel-100"
    [*_rest, before, last] = re.findall(
        r'id="at-([^"]+)"', desk.get(moved["Location"]).content.decode()
    )
    assert (before, last) == ("reel-98", "reel-100")


def test_a_collection_takes_each_title_however_many_there_are(desk):
    a_title("harbour-lights")
    services.save(Document("harbour-lights", texts={"en": {"name": "Harbour Lights"}}))
    services.collect("by-the-sea", texts={"en": {"name": "By the sea"}}, on_home=False)
    for number in range(101):
        a_title(f"reel-{number}")
    address = "/desk/collections/by-the-sea/"
    page = desk.get(address).content.decode()
    assert 'value="harbour-lights"' not in page
    assert "A search finds the others." in page
    page = desk.get(address, {"q": "harbour"}).content.decode()
    assert 'value="harbour-lights"' in page
    assert 'value="reel-1"' not in page
    desk.post(f"{address}?q=harbour", {"act": "add", "title": "harbour-lights"})
    assert Collection.objects.get().entries.get().title.slug == "harbour-lights"


def test_a_title_is_taken_out_with_one_look_at_what_is_in_the_collection(desk):
    sea = services.collect("sea", texts={"en": {"name": "Sea"}}, on_home=False)
    for number in range(3):
        services.add_entry(sea, a_title(f"reel-{number}"))
    with CaptureQueriesContext(connection) as asked:
        gone = desk.post("/desk/collections/sea/", {"act": "remove", "title": "reel-1"})
    assert gone["Location"] == "/desk/collections/sea/#at-reel-2"
    assert sum('FROM "catalogue_entry" INNER' in each["sql"] for each in asked) == 1


def test_the_languages_in_use_are_asked_for_once_a_page(desk):
    film = a_title("harbour-lights")
    for _number in range(3):
        a_video(film)
    for page in ("", "edit/", "pictures/"):
        with CaptureQueriesContext(connection) as asked:
            shown = desk.get(f"/desk/titles/harbour-lights/{page}").content.decode()
        assert "In use here" in shown
        assert sum(" UNION " in each["sql"] for each in asked) == 1, page
