"""A page of a title that is sent back as it stands changes nothing of it."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.journeys.reading import Forms

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.document import Credit, Document, Licence, document_of
from plainview.domains.catalogue.models import Genre, Person, Revision, Tag, Title
from plainview.domains.catalogue.services.editing import save_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOMENT = dt.datetime(2026, 3, 29, 1, 30, 12, 345678, tzinfo=dt.UTC)
"""A moment to the microsecond, within the hour that Berlin leaves out."""
ODD = Document(
    "sky",
    texts={
        "en": {
            "name": "A <b>name</b> &\nmore",
            "synopsis": "\r\nIt begins late.\r\n\r\nAnd\tends.",
        },
        "nap": {"name": "'O cielo", "tagline": " x "},
        "ar": {"name": "سماء"},
    },
    original_language="nap",
    year=1901,
    countries=["KR", "JP"],
    genres=["drama"],
    tags=["sea"],
    ratings={"own": "12+", "fsk": "12"},
    reveals=["faith"],
    accent="#aabbcc",
    featured=0,
    announced_at=MOMENT,
    published_at=MOMENT + dt.timedelta(days=3),
    credits=[
        Credit("ruth", "cast", {"en": {"character": "The keeper; his son = one"}}),
        Credit("ruth", "cast", {"en": {"character": "A\nguest"}, "ko": {"character": "등대지기"}}),
        Credit("ruth", "director"),
    ],
    licensed=True,
    licences=[
        Licence(["KR", "US-CA"], opens_at=MOMENT, zone="Asia/Seoul"),
        Licence(excluded=["DE"], closes_at=MOMENT, zone="Europe/Berlin"),
    ],
)


def test_a_title_sent_back_as_it_stands_is_the_same(at_desk):
    """Whatever was brought as a file: nobody who corrects a word elsewhere changes the rest."""
    Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}})
    Tag.objects.create(slug="sea", texts={"en": {"name": "The sea"}})
    Person.objects.create(slug="ruth", texts={"en": {"name": "Ruth"}})
    save_all([ODD], act="import")
    title = Title.objects.get(slug="sky")
    before = document_of(title)
    assert before.texts["en"]["synopsis"] == "It begins late.\n\nAnd\tends."
    desk = at_desk(User.objects.create_user("desk@example.org", roles="editor"))
    page = desk.get("/desk/titles/sky/edit/").content.decode()
    (form,) = [each for each in Forms(page).found if "kind" in dict(each.fields)]
    sent: dict[str, list[str]] = {}
    for name, value in form.fields:
        sent.setdefault(name, []).append(value.replace("\n", "\r\n"))
    assert desk.post("/desk/titles/sky/edit/", sent).status_code == 302
    assert document_of(Title.objects.get(slug="sky")) == before
    assert [each.act for each in Revision.objects.filter(title=title)] == ["import"]
