"""A title is shown where, with which plan and while its licences say; else its page says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Licence, Title
from plainview.domains.catalogue.ports import Ports, Tier
from plainview.web.tests.conftest import a_title, a_video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("placed")]
DAY = timedelta(days=1)


class TwoPlans:
    """A double of billing: whoever's number it knows is on the plan *Plus*."""

    def __init__(self) -> None:
        self.plus: set[int] = set()

    def tiers(self) -> tuple[Tier, ...]:
        return (Tier("free", "Free"), Tier("plus", "Plus"))

    def tier_of(self, account: int) -> str:
        return "plus" if account in self.plus else "free"


@pytest.fixture
def plans(monkeypatch) -> TwoPlans:
    double = TwoPlans()
    monkeypatch.setattr(Ports, "plans", double)
    return double


@pytest.fixture
def film(programme) -> Title:
    programme.film.licensed = True
    programme.film.save(update_fields=["licensed"])
    return programme.film


@pytest.fixture
def doors(programme) -> list[str]:
    """Each way to the film itself, its words among them."""
    key = programme.feature.key
    return [
        f"/watch/{key}/",
        f"/watch/{key}/transcript/",
        f"/stream/{key}/master.m3u8",
        f"/subtitles/{key}/en.vtt",
    ]


@pytest.fixture
def playlist(programme, media_root) -> None:
    folder = media_root / "packages" / programme.feature.key
    folder.mkdir(parents=True)
    (folder / "master.m3u8").write_text("#EXTM3U\n")


def licence(title: Title, *territories: str, **fields: object) -> Licence:
    return Licence.objects.create(title=title, territories=list(territories), **fields)


def read(client, address: str, place: str = "", status: int = 200) -> str:
    response = client.get(address, headers={"X-Place": place}, follow=True)
    assert response.status_code == status, address
    return response.content.decode() if not response.streaming else ""


def test_p2_1_4a_the_country_of_the_moment_decides_every_way_to_the_film(
    client, film, doors, playlist
):
    licence(film, "KR", "JP", closes_at=timezone.now() + DAY)
    for door in doors:
        read(client, door, "KR")
        read(client, door, "DE", status=403)
        read(client, door, "", status=403)


def test_it_is_said_where_it_can_be_watched_and_nothing_is_hidden(client, film, doors):
    licence(film, "KR", "JP")
    page = read(client, film.get_absolute_url(), "DE")
    assert "Japan and South Korea" in page
    assert f'href="{doors[0]}' not in page
    assert "data-player" not in read(client, doors[0], "DE", status=403)
    unknown = read(client, film.get_absolute_url(), "")
    assert "We can’t tell" in unknown
    assert "Yours was told by your network address" in page
    assert "Yours was told by your network address" not in unknown, "it told nothing"
    assert "Not where you are" in read(client, "/search/?q=harbour", "DE")
    assert f'href="{doors[0]}#play"' in read(client, film.get_absolute_url(), "KR")


def test_home_offers_only_what_can_be_watched_and_what_comes(client, film):
    row = licence(film, "KR", opens_at=timezone.now() - DAY)
    assert "Harbour Lights" in read(client, "/", "KR")
    assert "Harbour Lights" not in read(client, "/", "DE")
    Licence.objects.filter(pk=row.pk).update(opens_at=timezone.now() + DAY)
    page = read(client, "/", "KR")
    assert "Coming soon" in page
    assert "Harbour Lights" in page


@pytest.mark.parametrize(
    ("opens", "closes", "status"),
    [(-2, -1, 403), (-1, 1, 200), (1, 2, 403), (None, -1, 403), (None, None, 200), (1, None, 403)],
)
def test_p2_1_4a_both_ends_of_a_window_count_at_the_door(
    client, film, doors, opens, closes, status
):
    now = timezone.now()
    licence(
        film,
        opens_at=None if opens is None else now + opens * timedelta(minutes=1),
        closes_at=None if closes is None else now + closes * timedelta(minutes=1),
    )
    read(client, doors[0], "KR", status=status)


def test_a_day_is_said_before_and_after(client, film, doors):
    row = licence(film, closes_at=timezone.now() - 40 * DAY)
    assert "until" in read(client, doors[0], "KR", status=403)
    Licence.objects.filter(pk=row.pk).update(
        opens_at=timezone.now() + 40 * DAY, closes_at=timezone.now() + 80 * DAY
    )
    assert "It comes on" in read(client, film.get_absolute_url(), "KR")


def test_a_plan_decides_and_strangers_are_on_the_free_one(client, film, doors, plans):
    licence(film, tiers=["plus"])
    member = User.objects.create_user("member@example.org")
    assert "with the plan Plus" in read(client, doors[0], "KR", status=403)
    client.force_login(member)
    read(client, doors[0], "KR", status=403)
    plans.plus.add(member.pk)
    read(client, doors[0], "KR")


def test_p1_2_4a_nothing_of_the_place_stays(client, film, doors):
    licence(film, "KR")
    response = client.get(doors[0], headers={"X-Place": "NZ"})
    assert response.status_code == 403
    assert not response.cookies
    assert "NZ" not in response.content.decode().replace("NZ$", "")


def test_p2_1_4a_a_region_never_stands_against_ones_rights(client, film):
    """What cannot be watched can still be found, read about and forgotten by whoever watched it."""
    licence(film, "KR")
    for place in ("DE", ""):
        read(client, film.get_absolute_url(), place)
        read(client, "/privacy/", place)
        read(client, "/my/history/", place)


def test_a_trailer_speaks_for_its_title_everywhere(client, film):
    licence(film, "KR")
    trailer = a_video(film, kind="trailer")
    read(client, f"/watch/{trailer.key}/", "DE")


def test_staff_see_it_all_the_same(staff_client, film, doors, playlist):
    licence(film, "KR")
    for door in doors:
        read(staff_client, door, "DE")


def test_staff_see_a_draft_with_its_subtitles_and_nobody_else_does(
    staff_client, film, doors, playlist
):
    """They look at it before they publish it."""
    Title.objects.filter(pk=film.pk).update(published_at=None)
    for door in doors:
        read(staff_client, door, "KR")
        read(Client(), door, "KR", status=404)


def test_what_is_announced_has_a_page_and_no_film_until_its_day(client, db):
    soon = a_title("first-frost", public=False)
    video = a_video(soon)
    assert client.get("/titles/first-frost/").status_code == 404
    Title.objects.filter(pk=soon.pk).update(
        announced_at=timezone.now() - DAY, published_at=timezone.now() + DAY
    )
    assert "It comes on" in read(client, "/titles/first-frost/", "KR")
    read(client, f"/watch/{video.key}/", "KR", status=403)
    assert "First Frost" in read(client, "/", "KR")
    Title.objects.filter(pk=soon.pk).update(published_at=timezone.now() - timedelta(seconds=1))
    read(client, f"/watch/{video.key}/", "KR")


def test_what_is_announced_comes_to_each_place_when_its_licence_there_begins(client, db):
    soon = a_title("first-frost", public=False)
    now = timezone.now()
    Title.objects.filter(pk=soon.pk).update(
        announced_at=now - DAY, published_at=now + DAY, licensed=True
    )
    licence(soon, "KR")
    licence(soon, "DE", opens_at=now + 9 * DAY)
    licence(soon, "FR", closes_at=now + DAY / 2)
    days = [date_format(timezone.localtime(now + each * DAY), "DATE_FORMAT") for each in (1, 9)]
    for place, day in zip(("KR", "DE"), days, strict=True):
        assert f"It comes on {day}" in read(client, "/titles/first-frost/", place)
        assert "First Frost" in read(client, "/", place)
    for place in ("BR", "FR"):
        page = read(client, "/titles/first-frost/", place)
        assert "It comes on" not in page
        assert "nobody gave us the rights for it there" in page


def test_p2_1_4a_a_state_left_out_is_not_sent_to_its_own_country(client, film):
    licence(film, "JP")
    licence(film, "US", excluded=["US-CA"])
    for place in ("US", "US-CA"):
        page = read(client, film.get_absolute_url(), place)
        assert "It can be watched in Japan." in page
    assert "It can be watched in Japan and United States." in read(
        client, film.get_absolute_url(), "BR"
    )


def test_what_is_planned_in_secret_is_nowhere_until_its_moment(client, db):
    kept = a_title("kept-secret", public=False)
    Title.objects.filter(pk=kept.pk).update(published_at=timezone.now() + DAY)
    assert client.get("/titles/kept-secret/").status_code == 404
    assert "Kept Secret" not in read(client, "/") + read(client, "/search/?q=kept")


def test_the_tables_stand_as_the_models_say(db):
    call_command("makemigrations", "catalogue", check=True, dry_run=True, verbosity=0)
