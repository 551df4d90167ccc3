"""Licences in whatever order they come, files that are too long, and many titles at once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import Document
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import editing, exchanging
from plainview.domains.staff.tests.test_editing import EDIT, HISTORY, form, upload
from plainview.platform import parts
from plainview.web.tests.conftest import a_title

pytestmark = pytest.mark.django_db
AGO = timedelta(days=9)
LATE = {"territories": ["FR"], "opens_at": "2027-09-01T00:00:00Z"}
EARLY = {"territories": ["KR"], "opens_at": "2027-06-01T00:00:00Z"}
EVER = {"territories": ["JP"]}


def a_file(*titles: dict[str, object]) -> bytes:
    named = {"texts": {"en": {"name": "Harbour Lights"}}, "licensed": True}
    return json.dumps({"titles": [named | each for each in titles]}).encode()


def test_a_change_of_licences_is_taken_back_in_whatever_order_they_were_typed(desk, film):
    desk.post(EDIT, form(**{
        "licensed": "on",
        "licence-TOTAL_FORMS": 3,
        "licence-0-territories": "FR",
        "licence-0-opens": "2027-09-01T00:00",
        "licence-1-territories": "KR",
        "licence-1-opens": "2027-06-01T00:00",
        "licence-1-zone": "UTC",
        "licence-2-territories": "JP",
        "licence-2-zone": "UTC",
    }))  # fmt: skip
    assert film.licences.count() == 3
    said = desk.post(HISTORY, {"revision": film.revisions.get().pk}, follow=True).content.decode()
    assert "That change is taken back." in said
    assert not film.licences.exists()


def test_a_file_that_is_sent_twice_changes_nothing_the_second_time(desk, film):
    file = a_file({"slug": "harbour-lights", "licences": [LATE, EARLY, EVER]})
    for said in ("changed 1, left 0", "changed 0, left 1"):
        assert said in upload(desk, file, follow=True).content.decode()
    assert film.revisions.count() == 1
    assert [row["territories"] for row in film.revisions.get().after["licences"]] == [
        ["JP"], ["KR"], ["FR"],
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_of_a_file_with_more_titles_than_are_taken_at_once_none_is(desk, film, kind, monkeypatch):
    """Those behind the last that fitted were left out, and nobody was told."""
    services.imported(a_file({"slug": "a"}, {"slug": "b"}), "json")
    file = desk.get(f"/desk/exchange/catalogue.{kind}").content
    Title.objects.all().delete()
    monkeypatch.setattr(exchanging, "MOST_ROWS", 2)
    answer = upload(desk, file, f"x.{kind}")
    assert answer.status_code == 422
    assert "more than 2 titles" in answer.content.decode()
    assert not Title.objects.exists()
    monkeypatch.setattr(exchanging, "MOST_ROWS", 3)
    assert upload(desk, file, f"x.{kind.upper()}").status_code == 302
    assert Title.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("texts", {"texts": {"en": {"name": "Harbour\0Lights"}}}),
        ("texts", {"texts": {"en\0": {"name": "Harbour"}}}),
        ("slug", {"slug": "har\0bour"}),
        ("genres", {"genres": ["no\0ir"]}),
        ("credits", {"credits": [{"person": "mi\0na", "role": "cast"}]}),
        ("accent", {"accent": "\0"}),
    ],
)
def test_a_character_that_no_database_keeps_is_said_by_row_and_field(desk, film, field, title):
    """PostgreSQL takes no NUL: the whole file was refused with a page that named neither."""
    answer = upload(desk, a_file({"slug": "new"}, {"slug": "odd"} | title))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Null characters are not allowed." in page
    assert f'<th scope="row">2</th><td><bdi dir="ltr">{field}</bdi>' in page
    assert not Title.objects.filter(slug="new").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps it")
def test_where_it_comes_by_another_way_it_is_a_request_that_could_not_be_read(film):
    odd = Document("odd", texts={"en": {"name": "Harbour\0Lights"}})
    with transaction.atomic(), pytest.raises(SuspiciousOperation):
        services.save(odd)


def test_of_a_sheet_too(desk, film):
    sheet = b"slug,name:en\nnew,New\nodd,Od\0d\n"
    answer = upload(desk, sheet, "x.csv")
    assert answer.status_code == 422
    assert "Null characters are not allowed." in answer.content.decode()
    assert not Title.objects.filter(slug="new").exists()


def bulk(desk, act: str, *slugs: str):
    return desk.post("/desk/titles/", {"act": act, "slugs": slugs}, follow=True)


def test_of_many_titles_that_are_taken_out_none_is_announced(desk, film):
    """Out of the programme, one that had been announced still had its page: it comes, some day."""
    now = timezone.now()
    Title.objects.update(published_at=now - AGO, announced_at=now - 2 * AGO)
    bulk(desk, "unpublish", film.slug)
    assert Client().get("/titles/harbour-lights/").status_code == 404
    assert not Title.objects.get().is_listed


def test_of_many_titles_that_are_put_into_the_programme_those_in_it_keep_their_place(desk, film):
    Title.objects.update(published_at=timezone.now() - AGO)
    before = Title.objects.get().published_at
    a_title("second-tide", public=False)
    said = bulk(desk, "publish", film.slug, "second-tide").content.decode()
    assert "1 title changed." in said
    assert Title.objects.get(slug=film.slug).published_at == before
    assert Title.objects.get(slug="second-tide").is_released


def test_titles_of_a_file_are_written_some_at_a_time_and_the_rest_by_the_same_file(
    desk, film, monkeypatch
):
    """Twenty thousand were written in one transaction, in which nobody else could sign in."""
    steps, write = list[int](), editing._write
    monkeypatch.setattr(editing, "PART", 2)
    monkeypatch.setattr(parts, "step_aside", lambda taken: steps.append(Title.objects.count()))
    file = a_file(*({"slug": each} for each in "abcde"))

    def dies(document, title):
        if document.slug == "e":
            raise OSError
        return write(document, title)

    monkeypatch.setattr(editing, "_write", dies)
    with pytest.raises(OSError):
        upload(desk, file)
    assert steps == [3, 5], "others write between the parts"
    monkeypatch.setattr(editing, "_write", write)
    said = upload(desk, file, follow=True).content.decode()
    assert "Made 1, changed 0, left 4" in said


def test_a_file_that_takes_longer_than_an_answer_may_is_taken_in_piece_by_piece(
    desk, film, monkeypatch
):
    """Twenty thousand took minutes within the request: the proxy gave up, and nothing was said."""
    monkeypatch.setattr(editing, "PART", 2)
    monkeypatch.setattr(exchanging, "LONGEST", 0.0)
    file = a_file(*({"slug": each} for each in "abcde"))
    for before, left in ((0, 3), (2, 1)):
        said = upload(desk, file, follow=True).content.decode()
        assert f"Made 2, changed 0, left {before}" in said
        assert f"{left} title" in said and "not reached. Bring the same file in once more." in said
    said = upload(desk, file, follow=True).content.decode()
    assert "Made 1, changed 0, left 4" in said and "once more" not in said


def test_what_a_file_would_do_is_said_without_a_word_written(desk, film):
    """A check wrote the whole file, and took it back, while nobody else could write."""
    file = a_file({"slug": "harbour-lights", "year": 1931}, {"slug": "new"})
    with CaptureQueriesContext(connection) as sent:
        said = upload(desk, file, follow=True, only_check="on").content.decode()
    assert "It would make 1, change 1 and leave 0" in said
    assert not [each["sql"] for each in sent if 'INTO "catalogue_' in each["sql"]]
    assert "Made 1, changed 1, left 0" in upload(desk, file, follow=True).content.decode()
    said = upload(desk, file, follow=True, only_check="on").content.decode()
    assert "It would make 0, change 0 and leave 2" in said
