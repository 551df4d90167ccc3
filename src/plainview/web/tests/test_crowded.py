"""A house full of titles: each page stays a page, asks little, and offers what one can find."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plainview.domains.catalogue.models import Collection, Credit, Entry, Person, Season, Tag, Title
from plainview.domains.catalogue.services import reindex
from plainview.domains.library.models import Follow, Saved
from plainview.domains.marketing.models import News
from plainview.domains.staff.forms.shared import FILMS, OFFERED
from plainview.domains.subtitles.models import Edition, Membership
from plainview.domains.subtitles.views.desk import LATEST
from plainview.platform.addresses import absolute
from plainview.web.pages.cards import PAGE
from plainview.web.pages.groups import OTHERS
from plainview.web.tests.conftest import a_title, a_video, page

pytestmark = pytest.mark.django_db
NEWS = {"topic": "films", "heading:en": "Tonight", "text:en": "At ten."}
DAYS = {"first": "2026-01-01", "last": "2030-01-01"}


@pytest.fixture
def many() -> list[Title]:
    return [a_title(f"film-{number}") for number in range(PAGE + 2)]


@pytest.fixture
def crowd() -> list[Person]:
    """More people than a list offers; Ada is the first that was made."""
    names = ["Ada Quay", *(f"Extra {number}" for number in range(OFFERED))]
    rows = [Person(slug=n.lower().replace(" ", "-"), texts={"en": {"name": n}}) for n in names]
    return Person.objects.bulk_create(rows)


def queries(client, address: str) -> int:
    page(client, address)  # what is asked once a process is asked here
    with CaptureQueriesContext(connection) as asked:
        page(client, address)
    return len(asked)


@pytest.mark.parametrize("kind", ["collection", "person"])
def test_many_titles_are_shown_a_page_at_a_time(client, many, kind):
    if kind == "collection":
        row = Collection.objects.create(slug="all", texts={"en": {"name": "All"}})
        Entry.objects.bulk_create(Entry(collection=row, title=each) for each in many)
        address = "/collections/all/"
    else:
        row = Person.objects.create(slug="ada", texts={"en": {"name": "Ada"}})
        Credit.objects.bulk_create(Credit(title=each, person=row, role="cast") for each in many)
        address = "/people/ada/"
        assert f"{len(many)} titles here" in page(client, address)
    first, last = page(client, address), page(client, f"{address}?page=2")
    assert (first.count('<article class="card'), last.count('<article class="card')) == (PAGE, 2)
    assert 'rel="next"' in first
    assert 'rel="next"' not in last
    assert f'rel="canonical" href="{absolute(address)}"' in first
    assert f'rel="canonical" href="{absolute(address)}?page=2"' in last
    assert f'hreflang="ko" href="{absolute(address)}?page=2&amp;lang=ko"' in last


def test_of_very_many_tags_some_are_offered(client):
    title = a_title("low-tide")
    made = (Tag(slug=f"tag-{n:03}", texts={"en": {"name": f"T{n}"}}) for n in range(OTHERS + 20))
    title.tags.set(Tag.objects.bulk_create(made))
    assert page(client, "/tags/tag-000/").count('class="chip"') == OTHERS


def test_what_one_keeps_is_read_at_once_however_much_it_is(staff_client, people, many):
    def keep(some: list[Title]) -> None:
        for each in some:
            Saved.objects.create(subject=people.staff.pk, list="later", title=each)
            Follow.objects.create(subject=people.staff.pk, title=each)

    keep(many[:2])
    few = queries(staff_client, "/my/list/")
    keep(many[2:])
    assert queries(staff_client, "/my/list/") == few
    assert page(staff_client, "/my/follows/").count("Follow no more") == PAGE
    assert page(staff_client, "/my/follows/?page=2").count("Follow no more") == 2


@pytest.mark.parametrize("part", ["edit", "credits"])
def test_a_large_cast_is_read_at_once(staff_client, crowd, part):
    title = a_title("low-tide")
    address = f"/desk/titles/low-tide/{part}/"
    Credit.objects.create(title=title, person=crowd[0], role="cast")
    few = queries(staff_client, address)
    rows = (Credit(title=title, person=each, role="cast") for each in crowd[1:20])
    Credit.objects.bulk_create(rows)
    assert queries(staff_client, address) == few


def test_of_many_people_the_latest_are_offered_and_a_search_finds_the_others(staff_client, crowd):
    a_title("low-tide")
    address = "/desk/titles/low-tide/credits/"
    shown = page(staff_client, address)
    assert 'value="ada-quay"' not in shown
    assert "A search finds the others." in shown
    found = page(staff_client, f"{address}?q=QUAY")
    assert found.count("<option value=") == 1 + len(Credit.Role.choices)
    assert 'value="ada-quay"' in found
    staff_client.post(address, {"act": "add", "person": "ada-quay", "role": "cast"})
    assert Credit.objects.get().person == crowd[0]
    listed = page(staff_client, "/desk/words/people/?q=ada")
    assert "/desk/words/people/ada-quay/" in listed
    assert "extra-1" not in listed


def test_news_lead_to_one_of_the_latest_titles_or_one_that_is_found(staff_client):
    first = a_title("low-tide")
    Title.objects.bulk_create(
        Title(slug=f"t-{n}", texts={"en": {"name": f"T{n}"}}, published_at=first.published_at)
        for n in range(OFFERED)
    )
    Title.objects.filter(pk=first.pk).update(published_at="2020-01-01T00:00Z")
    reindex([first])
    shown = page(staff_client, "/desk/news/")
    assert "Low Tide" not in shown
    assert "A search finds the others." in shown
    assert "Low Tide" in page(staff_client, "/desk/news/?q=tide")
    staff_client.post("/desk/news/", NEWS | DAYS | {"title": first.pk})
    assert News.objects.get().title == first


@pytest.mark.parametrize("part", ["", "episodes/"])
def test_a_long_series_has_its_forms_on_several_pages(staff_client, part):
    series = a_title("night-line", kind="series")
    season = Season.objects.create(title=series, number=1)
    films = [
        a_video(series, ready=False, kind="episode", season=season, number=number)
        for number in range(1, FILMS + 2)
    ]
    address = f"/desk/titles/night-line/{part}"
    assert page(staff_client, address).count('name="video"') == FILMS
    assert page(staff_client, f"{address}?page=2").count('name="video"') == 1
    if part:
        last = films[-1]
        words = {"video": last.key, f"{last.key}-name:en": "Terminus"}
        sent = staff_client.post(f"{address}?page=2", words)
        assert sent["Location"] == f"{address}?page=2"
        last.refresh_from_db()
        assert last.name.text == "Terminus"


def test_the_studio_leads_to_every_film_and_to_what_one_works_on_however_old(staff_client, people):
    titles = [a_title(f"film-{number}") for number in range(LATEST + 1)]
    old = a_video(titles[-1])
    for each in titles[:-1]:
        a_video(each, ready=False)
    assert f'"/studio/{old.key}/"' not in page(staff_client, "/studio/")
    assert f'"/studio/{old.key}/"' in page(staff_client, "/studio/?page=2")
    reindex(titles[-1:])
    assert f'"/studio/{old.key}/"' in page(staff_client, f"/studio/?q=film-{LATEST}")
    Edition.objects.create(video=old, language="ko", limits="house@1")
    team = {"title": old.title, "language": "ko", "account": people.staff}
    Membership.objects.create(**team, role="subtitler", standing="member")
    assert f'"/studio/{old.key}/ko/"' in page(staff_client, "/studio/")
