"""Chapters and marks: entered by editors, told to players, taken from files."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.domains.playback import services
from plainview.domains.playback.models import Package
from plainview.domains.playback.services import marking
from plainview.platform.media import Chapter
from plainview.web.tests.conftest import a_title, a_video

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(db):
    return a_video(a_title("harbour-lights"))  # 75 minutes


def entered(desk, film, chapters: str = "", status: int = 302, **ends: str) -> str:
    answer = desk.post(
        f"/desk/titles/harbour-lights/parts/{film.key}/", {"chapters": chapters, **ends}
    )
    assert answer.status_code == status
    return answer.content.decode()


def test_what_an_editor_enters_is_what_a_player_is_told(desk, client, film):
    entered(
        desk, film, "0:00 The harbour\n\n12:30.5 <The> storm\n1:02:03 Home",
        intro_0="0:30", intro_1="0:01:15", credits_0="1:10:00", credits_1="1:15:00",
    )  # fmt: skip
    told = client.get(f"/watch/{film.key}/playing/").json()
    assert told["chapters"] == [
        {"start": 0, "title": "The harbour"},
        {"start": 750.5, "title": "<The> storm"},
        {"start": 3723, "title": "Home"},
    ]
    assert told["marks"] == [
        {"kind": "intro", "start": 30, "end": 75},
        {"kind": "credits", "start": 4200, "end": 4500},
    ]
    assert "\\u003CThe" in client.get(f"/watch/{film.key}/").content.decode()
    page = desk.get(f"/desk/titles/harbour-lights/parts/{film.key}/").content.decode()
    assert "0:12:30.5 &lt;The&gt; storm" in page
    entered(desk, film)
    assert client.get(f"/watch/{film.key}/playing/").json()["marks"] == []


@pytest.mark.parametrize(
    ("chapters", "ends", "said"),
    [
        ("soon Home", {}, "Line 1 does not begin"),
        ("0:00 A\n2:00:00 Late", {}, "Line 2 does not begin"),
        ("0:00", {}, "Line 1 has no name"),
        ("0:10 A\n0:10 B", {}, "Line 2 begins when"),
        ("", {"intro_0": "1:00", "intro_1": "0:30"}, "ends before it begins"),
        ("", {"intro_0": "1:00"}, "no time within the film"),
        ("", {"recap_0": "0:75", "recap_1": "9:00"}, "no time within the film"),
    ],
)
def test_a_fault_is_named_and_everything_typed_stays(desk, film, chapters, ends, said):
    services.keep_marks(film, [services.Entry(5000, "Before")], {})
    page = entered(desk, film, chapters, status=422, **ends)
    assert said in page
    assert all(text in page for text in [*chapters.splitlines(), *ends.values()])
    assert film.chapters.get().title == "Before"


def test_strangers_and_members_enter_nothing(client, film):
    assert client.get(f"/desk/titles/harbour-lights/parts/{film.key}/").status_code == 302


def test_chapters_of_the_file_come_along_but_undo_no_editors_work(film):
    marking.adopt_chapters(film, [Chapter(0, 5, "One"), Chapter(5, 9, " "), Chapter(9, 12, "Two")])
    assert [each.title for each in film.chapters.all()] == ["One", "Two"]
    marking.adopt_chapters(film, [Chapter(0, 5, "Other"), Chapter(9, 12, "Words")])
    assert [each.title for each in film.chapters.all()] == ["One", "Two"]


def test_chapters_that_nobody_edited_go_with_the_file_that_brought_them(film):
    minute = 60_000
    old = [Chapter(0, minute, "Opening"), Chapter(minute, 9 * minute, "Part one")]
    new = [Chapter(0, 2 * minute, "Intro"), Chapter(2 * minute, 8 * minute, "First part")]
    marking.adopt_chapters(film, old)
    marking.adopt_chapters(film, new, before=old)
    assert [each.title for each in film.chapters.all()] == ["Intro", "First part"]
    assert [(each.kind, each.end_ms) for each in film.marks.all()] == [("intro", 2 * minute)]
    marking.keep_marks(film, [services.Entry(0, "Mine")], {})
    marking.adopt_chapters(film, old, before=new)
    assert film.chapters.get().title == "Mine", "an editor's work is not undone"
    assert not film.marks.exists()


def test_what_lies_behind_the_end_of_a_shorter_film_is_neither_shown_nor_in_the_way(
    desk, client, film
):
    entered(
        desk, film, "0:00 The harbour\n1:02:03 Home",
        intro_0="0:00", intro_1="1:30", credits_0="1:10:00", credits_1="1:15:00",
    )  # fmt: skip
    Package.objects.filter(video=film).update(duration_ms=60_000)
    told = client.get(f"/watch/{film.key}/playing/").json()
    assert [each["title"] for each in told["chapters"]] == ["The harbour"]
    assert told["marks"] == [{"kind": "intro", "start": 0, "end": 60}]
    page = desk.get(f"/desk/titles/harbour-lights/parts/{film.key}/").content.decode()
    assert "The harbour" in page and "Home" not in page
    entered(desk, film, "0:00 The harbour", intro_0="0:00", intro_1="1:00")


def test_chapters_called_so_become_marks_to_skip_unless_an_editor_marked_some(film):
    minute = 60_000
    found = [
        Chapter(0, minute, "前回のあらすじ"),
        Chapter(minute, 2 * minute, "OPENING"),
        Chapter(2 * minute, 20 * minute, "Recap"),
        Chapter(20 * minute, 22 * minute, "Ending"),
        Chapter(22 * minute, 23 * minute, "The opening of the door"),
    ]
    marking.adopt_chapters(film, found)
    assert [(each.kind, each.start_ms) for each in film.marks.all()] == [
        ("recap", 0), ("intro", minute), ("credits", 20 * minute),
    ]  # fmt: skip
    marking.keep_marks(film, [], {"intro": (0, 5)})
    marking.adopt_chapters(film, found)
    assert [(each.kind, each.end_ms) for each in film.marks.all()] == [("intro", 5)]
    assert film.chapters.count() == len(found)


@given(st.integers(0, 99 * 3600 * 1000))
def test_a_time_survives_being_written_and_read(milliseconds):
    assert services.from_clock(services.to_clock(milliseconds)) == milliseconds


@given(st.text(max_size=12))
def test_whatever_is_no_time_is_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert services.from_clock(text) >= 0
