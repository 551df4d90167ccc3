"""Editors change titles, alone and many at once; files round-trip; every change can be undone."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainview.domains.accounts.models import User
from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import Credit, Document, Licence, document_of
from plainview.domains.catalogue.models import Genre, Person, Tag, Title
from plainview.web.tests.conftest import a_title, a_video

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]
EDIT = "/desk/titles/harbour-lights/edit/"
HISTORY = "/desk/titles/harbour-lights/history/"


@pytest.fixture
def film(film) -> Title:
    Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}})
    Tag.objects.create(slug="sea", texts={"en": {"name": "The sea"}})
    Person.objects.create(slug="ruth", texts={"en": {"name": "Ruth Calloway"}})
    return film


def form(**fields: object) -> dict[str, object]:
    """What a browser posts from the page of a title, with some fields filled in."""
    windows = {"licence-TOTAL_FORMS": 1, "licence-INITIAL_FORMS": 0}
    return {"kind": "film", "name:en": "Harbour Lights", "licence-0-zone": "UTC"} | windows | fields


def upload(
    client: Client, data: bytes, name: str = "x.json", *, follow: bool = False, **fields: str
):
    file = SimpleUploadedFile(name, data)
    return client.post("/desk/exchange/", {"file": file} | fields, follow=follow)


def test_a_title_is_edited_whole_and_stays_found_by_each_name(desk, client, film):
    answer = desk.post(EDIT, form(**{
        "name:ko": "항구의 불빛",
        "synopsis:en": "A keeper counts ships.",
        "year": "2025",
        "countries": "kr, jp",
        "genres": ["drama"],
        "tags": ["sea"],
        "ratings": "own 12+, fsk 12",
        "reveals": ["faith"],
        "credits": "director ruth\ncast ruth en=The keeper; ko=등대지기",
        "published_at": "2026-01-02T03:04",
    }))  # fmt: skip
    assert answer.status_code == 302
    film.refresh_from_db()
    document = document_of(film)
    assert document.countries == ["KR", "JP"]
    assert document.ratings == {"own": "12+", "fsk": "12"}
    assert (document.genres, document.tags, document.reveals) == (["drama"], ["sea"], ["faith"])
    assert [credit.role for credit in document.credits] == ["director", "cast"]
    page = desk.get(EDIT).content.decode()
    assert "Director: Ruth Calloway\nCast: Ruth Calloway; en=The keeper; ko=등대지기" in page
    assert "항구의 불빛" in client.get("/search/?q=불빛&lang=ko").content.decode()


def test_bad_input_is_said_and_nothing_typed_is_lost(desk, film):
    answer = desk.post(EDIT, form(**{
        "synopsis:en": "Typed at length.",
        "countries": "XX",
        "credits": "astronaut ruth",
        "ratings": "fsk 13",
        "licence-0-zone": "Mars/Olympus",
        "licence-TOTAL_FORMS": 2,
        "licence-1-territories": "YY",
        "announced_at": "2027-06-02T00:00",
        "published_at": "2027-06-01T00:00",
    }))  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Typed at length." in page
    for said in ("Mars/Olympus is no time zone", "Line 1 can", "XX is no country",
                 "Licence 2: YY is no country", "fsk has no rating 13", "By then"):  # fmt: skip
        assert said in page
    assert document_of(Title.objects.get()).countries == ["KR"]


def test_one_more_language_is_added_without_losing_what_was_typed(desk, film):
    typed = form(**{"synopsis:en": "Typed at length.", "countries": "XX", "licence-0-plans": "x"})
    page = desk.post(EDIT, typed | {"act": "language", "language": "ga"}).content.decode()
    assert "Typed at length." in page
    assert 'value="XX"' in page
    assert "XX is no country" not in page, "it is judged when it is saved"
    assert re.search(r'<input[^>]*name="name:ga"[^>]*autofocus', page)
    again = typed | {"added": "ga", "act": "language", "language": "cy", "name:ga": "Soilse"}
    page = desk.post(EDIT, again).content.decode()
    assert re.findall(r'name="added" value="(\w+)"', page) == ["ga", "cy"]
    assert "Soilse" in page
    desk.post(EDIT, form(**{"added": ["ga", "cy"], "name:ga": "Soilse an Chuain"}))
    texts = document_of(Title.objects.get()).texts
    assert texts["ga"]["name"] == "Soilse an Chuain"
    assert "cy" not in texts
    assert desk.post(EDIT, typed | {"act": "language", "language": "xx-no"}).status_code == 200
    refused = desk.post(EDIT, typed | {"language": "cy"}).content.decode()
    assert re.findall(r'<option value="(\w+)" selected>', refused)[-1] == "cy"


def test_both_ends_of_a_licence_are_said_by_its_own_clock(desk, film):
    desk.post(EDIT, form(**{
        "licensed": "on",
        "licence-0-territories": "KR",
        "licence-0-opens": "2027-06-01T00:00",
        "licence-0-closes": "2027-07-01T00:00",
        "licence-0-zone": "Asia/Seoul",
    }))  # fmt: skip
    row = film.licences.get()
    assert row.opens_at == datetime(2027, 5, 31, 15, tzinfo=UTC)
    assert row.closes_at == datetime(2027, 6, 30, 15, tzinfo=UTC)
    assert 'value="2027-06-01T00:00"' in desk.get(EDIT).content.decode()


def test_all_that_is_wrong_with_a_licence_is_said_where_it_stands(desk, film):
    answer = desk.post(EDIT, form(**{
        "licence-TOTAL_FORMS": 2,
        "licence-0-territories": "KR",
        "licence-0-DELETE": "on",
        "licence-1-territories": "JP XX",
        "licence-1-excluded": "QQ",
        "licence-1-tiers": "gold-leaf",
        "licence-1-zone": "Asia/Seoul",
        "licence-1-opens": "2027-07-01T00:00",
        "licence-1-closes": "2027-06-01T00:00",
    }))  # fmt: skip
    assert answer.status_code == 422
    kept = answer.context["windows"].forms[1].errors
    assert [*kept] == ["territories", "excluded", "tiers", "closes"]
    page = unescape(answer.content.decode())
    place = page.partition('id="id_licence-1-closes_error"')[2]
    assert "It closes before it opens." in place[:400]
    assert 'value="Japan, XX"' in page
    assert not film.licences.exists()


def test_the_page_of_a_title_says_who_sees_it(desk, film):
    address = EDIT.replace("edit/", "")
    now = timezone.now()
    for fields, said in (
        ({}, "Everyone can find and watch it."),
        ({"licensed": True}, "none of them is open or to come: nobody can watch it."),
        ({"published_at": now + timedelta(1)}, "Only the staff see it."),
        (
            {"announced_at": now},
            "everyone sees its page. It is shown only within its licences, and",
        ),
        ({"licensed": False}, "everyone sees its page, and can watch it from its day on."),
    ):
        Title.objects.filter(pk=film.pk).update(**fields)
        assert said in desk.get(address).text
    assert "Publish now" in desk.get(address).text, (
        "it has a day, which the button does not wait for"
    )
    film.licences.create(territories=["KR"], closes_at=now - timedelta(1))
    Title.objects.filter(pk=film.pk).update(licensed=True)
    assert "nobody can watch it" in desk.get(address).text, "its only licence is over"
    film.licences.create(territories=["KR"], opens_at=now + timedelta(1))
    assert "from its day on where and while its licences say." in desk.get(address).text
    Title.objects.filter(pk=film.pk).update(published_at=now)
    assert "watch it where and while its licences say." in desk.get(address).text


def test_a_title_without_pictures_says_so(desk, film):
    assert "None yet. A picture stands here" in desk.get(EDIT.replace("edit", "pictures")).text


def test_many_are_changed_at_once_or_none(desk, film):
    other = a_title("night-line")
    both = ["harbour-lights", "night-line"]
    desk.post("/desk/titles/", {"slugs": both, "act": "genre:drama"})
    assert Title.objects.filter(genres__slug="drama").count() == 2
    refused = desk.post("/desk/titles/", {"slugs": both, "act": "tag:no-such"})
    assert refused.status_code == 422
    assert "no-such" in refused.content.decode()
    page = desk.get("/desk/titles/").content.decode()
    assert '<option value="tag:sea">The sea</option>' in page, "nobody types an address of a tag"
    assert not other.tags.exists()
    desk.post("/desk/titles/", {"slugs": both, "act": "unpublish"})
    assert not Title.objects.exclude(published_at=None).exists()
    assert "Night Line" not in desk.get("/desk/titles/?state=shown").content.decode()
    assert "Night Line" in desk.get("/desk/titles/?q=night&state=hidden").content.decode()


def test_each_change_is_kept_and_taken_back_wherever_it_stands(desk, film):
    day = {"published_at": "2026-01-01T00:00"}
    desk.post(EDIT, form(year="2001", countries="KR", **day))
    desk.post(EDIT, form(year="2001", countries="FR", **day))
    first = film.revisions.last()
    desk.post(HISTORY, {"revision": first.pk})
    document = document_of(Title.objects.get())
    assert (document.year, document.countries) == (2026, ["FR"])
    last = film.revisions.first()
    assert last.act == "undo"
    desk.post(EDIT, form(year="1999", countries="FR"))
    said = desk.post(HISTORY, {"revision": last.pk}, follow=True).content.decode()
    assert "Later changes touched the same:" in said
    assert document_of(Title.objects.get()).year == 1999


def test_the_history_says_what_changed_in_the_words_of_the_form(desk, film):
    desk.post(EDIT, form(**{
        "name:ko": "항구의 불빛",
        "countries": "kr",
        "credits": "cast ruth en=The keeper",
        "reveals": ["faith"],
        "published_at": "2026-01-02T03:04",
        "licensed": "on",
        "licence-0-territories": "KR",
        "licence-0-excluded": "KR-11",
        "licence-0-opens": "2027-06-01T00:00",
    }))  # fmt: skip
    page = desk.get(HISTORY + "?lang=es").content.decode()
    rows = [" ".join(re.sub("<[^>]+>", " ", each).split()) for each in page.split("<tr>")]
    assert "Nombre (coreano) – 항구의 불빛" in rows
    assert "Personas – Reparto: Ruth Calloway; en=The keeper" in rows
    assert "Religión" in page
    assert "2 de enero de 2026" in page
    assert "Corea del Sur − KR-11 1 de junio de 2027" in page
    assert "published_at" not in page
    assert "&#x27;" not in page.partition("<main")[2], "no value as a program holds it"


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_is_taken_out_comes_in_again_unchanged(desk, film, kind):
    document = Document(
        "harbour-lights",
        texts={"en": {"name": "=1+1", "synopsis": 'Two\nlines, "quoted"'}, "ar": {"name": "ميناء"}},
        countries=["KR"],
        genres=["drama"],
        credits=[Credit("ruth", "cast", {"en": {"character": "The keeper"}})],
        licensed=True,
        licences=[Licence(["KR"], [], ["free"], timezone.now(), None, "Asia/Seoul")],
        published_at=timezone.now(),
    )
    services.save(document)
    file = desk.get(f"/desk/exchange/catalogue.{kind}").content
    changes = film.revisions.count()
    assert upload(desk, file, f"x.{kind}").status_code == 302
    assert film.revisions.count() == changes, "nothing was different"
    Title.objects.all().delete()
    assert upload(desk, file, f"x.{kind}").status_code == 302
    assert document_of(Title.objects.get()) == document


def test_what_is_pasted_into_a_story_ends_no_feed(desk, film):
    """A story from a typesetter's file has marks that no XML may hold; one would end the feed."""
    story = "Two\x0blines \x08and a\x0c page\ufffe."
    fields = form(**{"synopsis:en": story, "published_at": "2026-01-02T03:04"})
    assert desk.post(EDIT, fields).status_code == 302
    a_video(film)
    for address in ("/feed.rss", "/sitemap-2.xml"):
        written = Client().get(address).content
        said = [each.text for each in ElementTree.fromstring(written).iter()]  # noqa: S314 - ours
        assert "Twolines and a page." in said


@pytest.mark.sample(3)
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_sheet_opens_in_a_spreadsheet_without_reckoning(desk, film, begin):
    services.save(Document("harbour-lights", texts={"en": {"name": f"{begin}HYPERLINK(1)"}}))
    cells = desk.get("/desk/exchange/catalogue.csv").content.decode("utf-8-sig")
    assert f",'{begin}HYPERLINK(1)" in cells


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=30)
TEXT |= st.text("'=+-@\t＝a", min_size=1, max_size=5)


quick = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@given(TEXT.filter(str.strip), TEXT)
@quick
def test_any_words_round_trip_in_a_sheet(name, line):
    Title.objects.all().delete()
    document = Document("x", texts={"en": {"name": name, "tagline": line}})
    services.save(document)
    sheet = services.exported(Title.objects.all(), "csv")
    assert services.imported(sheet, "csv") == (0, 0, 1, 0)


@pytest.mark.soak
@given(TEXT.filter(str.strip), TEXT)
@settings(quick, max_examples=500)
def test_any_words_round_trip_in_a_sheet_at_length(name, line):
    test_any_words_round_trip_in_a_sheet.hypothesis.inner_test(name, line)


def test_a_file_with_faults_is_taken_in_not_at_all_and_says_which_row(desk, film):
    rows = [
        {"slug": "fine", "texts": {"en": {"name": "Fine"}}},
        {"slug": "wrong", "texts": {"en": {"name": "Wrong"}}, "genres": ["nowhere"]},
        {"slug": "odd", "texts": {"en": {"name": "Odd"}}, "year": "soon"},
        {"slug": "fine", "texts": {}},
    ]
    answer = upload(desk, json.dumps({"titles": rows}).encode())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "nowhere" in page
    assert "year" in page
    assert "in row 1 already" in page
    assert not Title.objects.filter(slug="fine").exists()


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"\xff\xfe", "x.csv"), (b"", "x.csv"), (b"a,b\n1,2", "x.csv"), (b"{", "x.json"),
     (b"[]", "x.json"), (b'{"titles": [1]}', "x.json"), (b'slug\n"', "x.csv")],
)  # fmt: skip
def test_no_file_whatever_breaks_the_door(desk, film, data, name):
    assert upload(desk, data, name).status_code == 422


def test_a_check_alone_changes_nothing(desk, film):
    file = b'{"titles": [{"slug": "new", "texts": {"en": {"name": "New"}}}]}'
    said = desk.post(
        "/desk/exchange/",
        {"file": SimpleUploadedFile("x.json", file), "only_check": "on"},
        follow=True,
    )
    assert "It would make 1" in said.content.decode()
    assert not Title.objects.filter(slug="new").exists()


def test_an_editor_looks_as_from_a_territory_with_a_plan_at_a_time(desk, film):
    services.save(Document(
        "harbour-lights",
        texts={"en": {"name": "Harbour Lights"}},
        published_at=timezone.now() - timedelta(days=400),
        licensed=True,
        licences=[Licence(["KR"], closes_at=timezone.now() + timedelta(days=3))],
    ))  # fmt: skip
    door = "/desk/preview/harbour-lights/"
    assert "Not where" not in desk.get(door, {"place": "KR", "tier": "free"}).content.decode()
    page = desk.get(door).content.decode()
    assert 'class="desk-nav"' in page and 'href="/desk/preview/" aria-current="true"' in page
    assert "shown where you are" in desk.get(door, {"place": "DE"}).content.decode()
    later = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    assert "until" in desk.get(door, {"place": "KR", "at": later}).content.decode()
    assert "Harbour Lights" not in desk.get("/desk/preview/", {"place": "DE"}).content.decode()


@pytest.mark.parametrize(
    "door", ["/desk/exchange/", "/desk/exchange/catalogue.csv", "/desk/collections/", EDIT, HISTORY]
)
def test_only_editors_get_in(client, at_desk, film, door):
    assert client.get(door).status_code == 302
    officer = at_desk(User.objects.create_user("officer@example.org", roles="privacy-officer"))
    assert officer.get(door).status_code == 403


def test_a_filter_is_kept_over_pages_and_one_that_fits_nothing_says_so(desk, film, monkeypatch):
    monkeypatch.setattr("plainview.domains.staff.views.catalogue.PAGE", 1)
    a_title("harbour-nights")
    first = desk.get("/desk/titles/?q=&state=shown").content.decode()
    assert first.rindex('class="desk-nav') < first.index('<main id="main"'), "which one skips to"
    assert first.count("العربية") == 2, "the languages of pages, in their menu and at the foot"
    (further,) = re.findall(r'href="(\?[^"]+)" rel="next"', first)
    assert "state=shown" in further
    assert desk.get("/desk/titles/" + further.replace("&amp;", "&")).status_code == 200
    none = desk.get("/desk/titles/?q=glacier").content.decode()
    assert "No title is like this." in none
    assert 'href="/desk/titles/"' in none
    assert "No titles yet" not in none
