"""A file of many titles: taken in within a request, found at once, and whole or not at all."""

from __future__ import annotations

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainview.domains.catalogue import search, services
from plainview.domains.catalogue.models import Genre, Person, Revision, Title
from plainview.domains.catalogue.services import editing

pytestmark = pytest.mark.django_db


def file_of(count: int, name: str = "Harbour", *, genre: str = "noir") -> bytes:
    titles = [
        {
            "slug": f"film-{number}",
            "kind": "film",
            "original_language": "en",
            "texts": {"en": {"name": f"{name} Lights {number}"}},
            "genres": [genre] if genre else [],
            "credits": [{"person": "mina", "role": "director"}],
            "published_at": "2026-01-01T00:00:00Z",
            "licensed": False,
        }
        for number in range(count)
    ]
    return msgspec.json.encode({"titles": titles})


@pytest.fixture(autouse=True)
def labels() -> None:
    Person.objects.create(slug="mina", texts={"en": {"name": "Mina Park"}})
    for slug, name in (("noir", "Film noir"), ("comedy", "Comedy")):
        Genre.objects.create(slug=slug, texts={"en": {"name": name}})


def statements(count: int, name: str = "Harbour") -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        services.imported(file_of(count, name), "json")
    return len(asked)


def test_each_title_more_costs_few_statements():
    few, many = statements(10), statements(60, "Station")
    assert (many - few) / 50 < 18


def test_all_are_found_by_their_words_and_what_was_changed_by_the_old_ones_no_more():
    assert services.imported(file_of(5), "json") == (5, 0, 0, 0)
    assert len(search.search("harbour").titles) == 5
    assert [each.name.text for each in search.search("film noir").labels] == ["Film noir"]
    assert services.imported(file_of(5, "Station", genre="comedy"), "json") == (0, 5, 0, 0)
    assert len(search.search("station").titles) == 5
    assert search.search("harbour").titles == []
    assert search.search("film noir").labels == [], "nothing that is shown is of it any more"
    assert [each.name.text for each in search.search("comedy").labels] == ["Comedy"]
    assert services.imported(file_of(5, "Station", genre="comedy"), "json") == (0, 0, 5, 0)


@pytest.mark.django_db(transaction=True)
def test_where_it_breaks_in_the_middle_nothing_of_it_is_there(monkeypatch):
    services.imported(file_of(2), "json")
    write, done = editing._write, []

    def breaks(document, title):
        done.append(document)
        if len(done) == 4:
            raise OSError("the disk is full")
        return write(document, title)

    monkeypatch.setattr(editing, "_write", breaks)
    with pytest.raises(OSError, match="full"):
        services.imported(file_of(6, "Station"), "json")
    assert Title.objects.count() == 2
    assert len(search.search("harbour").titles) == 2
    assert search.search("station").titles == []
    assert Revision.objects.count() == 2
    monkeypatch.undo()
    assert services.imported(file_of(6, "Station"), "json") == (4, 2, 0, 0)
