"""What is typed by name is kept as a code (P2.1.4a); rooms and links are told apart by theirs."""

from __future__ import annotations

import re
from html import unescape

import pytest

from plainview.domains.accounts.models import User
from plainview.domains.staff.forms import naming
from plainview.domains.staff.tests.test_editing import EDIT, HISTORY, form
from plainview.platform import languages

pytestmark = pytest.mark.django_db


def test_places_and_zones_are_typed_by_name_in_any_language_and_codes_still_do(desk, film):
    desk.post(EDIT, form(**{
        "countries": "South Korea, jp",
        "licence-0-territories": "대한민국, St. Helena, Ascension & Tristan da Cunha, us-ca",
        "licence-0-excluded": "Washington; Hong Kong, RAE da China",
        "licence-0-zone": "서울",
        "licence-0-tiers": "Free",
        "ratings": "FSK 12, TV TV-14, own 12+",
    }))  # fmt: skip
    film.refresh_from_db()
    row = film.licences.get()
    assert film.countries == ["KR", "JP"]
    assert film.ratings == {"fsk": "12", "tv-pg": "TV-14", "own": "12+"}
    assert (row.territories, row.excluded) == (["KR", "SH", "US-CA"], ["US-WA", "HK"])
    assert (row.zone, row.tiers) == ("Asia/Seoul", ["free"])
    page = unescape(desk.get(f"{EDIT}?lang=ko").content.decode())
    assert 'value="대한민국, 일본"' in page
    assert 'value="서울"' in page
    assert '<option value="도쿄" label="Asia/Tokyo">' in page
    history = desk.get(f"{HISTORY}?lang=ko").content.decode()
    assert "대한민국, 일본" in history
    assert "… – …" not in history, "a window without ends says nothing of them"


def test_a_name_that_no_place_has_is_said_with_the_nearest_and_stays_typed(desk, film):
    typed = {"licence-0-territories": "KR, Suoth Korea", "licence-0-zone": "Soul"}
    page = unescape(desk.post(EDIT, form(**typed, countries="Atlantis")).content.decode())
    assert "“Suoth Korea” is not known here. Is it South Korea?" in page
    assert "“Soul” is not known here. Is it Seoul?" in page
    assert "“Atlantis” is not known here, neither as a name nor as a code." in page
    assert 'value="KR, Suoth Korea"' in page
    page = unescape(desk.post(EDIT, form(countries="Korea")).content.decode())
    assert "“Korea” is not known here. Is it North Korea or South Korea?" in page
    assert not film.licences.exists()


@pytest.mark.parametrize("tag", languages.FINISHED)
def test_every_name_that_is_shown_is_read_as_the_same_code(tag):
    with languages.speaking(tag):
        places = naming.codes(naming.in_words("SH HK MO KR US-GA GE"))
        assert places == ["SH", "HK", "MO", "KR", "US-GA", "GE"]
        every = list(naming.every_territory())
        assert naming.codes(naming.in_words(" ".join(every))) == every
        read = naming.Zone().format_value
        assert [zone for city, zone in naming.zones() if read(city) != zone] == []


def heard(markup: str) -> str:
    """The words in a piece of a page, those that only ears get too."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_each_room_of_a_title_has_a_heading_of_its_own_and_names_the_title_below(at_desk, film):
    """By ear one jumps from heading to heading: six rooms were all called as the title is."""
    desk = at_desk(User.objects.create_user("ed@lantern.example", roles="editor"))
    rooms = ["", "edit/", "credits/", "episodes/", "pictures/", "pictures/away/", "history/"]
    pages = [desk.get(f"/desk/titles/harbour-lights/{room}").content.decode() for room in rooms]
    heads = [re.findall(r"<h1\b[^>]*>(.*?)</h1>(.*?)</p>", page, re.DOTALL) for page in pages]
    assert [len(found) for found in heads] == [1] * len(rooms)
    assert len({heard(head) for [(head, _below)] in heads}) == len(rooms)
    assert all("Harbour Lights" in heard(below) for [(_head, below)] in heads[1:])
