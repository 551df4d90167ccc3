"""What is shown to everybody alike is drawn once, and never longer than it is true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Genre, Licence, Title
from plainview.domains.playback.models import Upload
from plainview.privacy.caching import Board
from plainview.web.tests.conftest import a_title, a_video
from plainview.web.tests.test_watching import answer, tell


@pytest.fixture
def film(db) -> Title:
    title = a_title("harbour-lights")
    a_video(title)
    return title


def home(client, **headers: str) -> str:
    return client.get("/", headers=headers).content.decode()


def test_a_second_stranger_costs_no_look_into_the_catalogue(
    client, programme, django_assert_num_queries
):
    drawn = home(client)
    with django_assert_num_queries(0):
        assert home(client) == drawn


def test_p1_2_4a_each_language_and_place_has_its_own(client, film, placed):
    texts = {"en": {"name": "Harbour Lights"}, "ko": {"name": "항구의 불빛"}}
    Title.objects.update(licensed=True, texts=texts)
    Licence.objects.create(title=film, territories=["DE"])
    shown = [("DE", "en", "Harbour Lights"), ("DE", "ko", "항구의 불빛"), ("FR", "en", "")] * 2
    for place, language, name in shown:
        drawn = home(client, **{"x-place": place, "accept-language": language})
        assert [each for each in ("Harbour Lights", "항구의 불빛") if each in drawn] == [
            each for each in [name] if each
        ]


@pytest.mark.parametrize(
    "change",
    [
        lambda title: Title.objects.filter(pk=title.pk).update(published_at=None),
        lambda title: Title.objects.bulk_update([_unpublished(title)], ["published_at"]),
        lambda title: title.delete(),
        lambda title: title.videos.all().delete(),
        lambda title: title.genres.create(slug="drama", texts={"en": {"name": "Drama"}}),
    ],
)
def test_a_change_is_seen_at_once(client, film, change):
    before = home(client)
    assert home(client) == before
    change(film)
    assert home(client) != before


def _unpublished(title: Title) -> Title:
    title.published_at = None
    return title


def test_what_another_process_changed_is_seen_in_some_seconds(client, film, monkeypatch):
    before = home(client)
    with pytest.MonkeyPatch.context() as elsewhere:  # this process does not hear of the write
        elsewhere.setattr("plainview.privacy.gate.written._watched", set())
        Title.objects.update(published_at=None)
    assert home(client) == before
    later = timezone.now() + timedelta(seconds=Board.SECONDS)
    monkeypatch.setattr("plainview.privacy.caching.time.time", later.timestamp)
    assert "Harbour Lights" not in home(client)


def test_what_is_about_somebody_hangs_on_no_board(film, refused):
    board = Board(Title)
    with refused():
        board.get("", lambda: list(Upload.objects.all()))
    with refused():
        board.get("", lambda: list(User.objects.all()))
    assert board.get("", lambda: list(Title.objects.all())) == [film]


def test_a_full_board_forgets_what_was_made_first():
    board = Board(Title)
    for number in range(Board.MOST + 1):
        board.get(number, lambda number=number: number)
    assert board.get(Board.MOST, lambda: "anew") == Board.MOST
    assert board.get(0, lambda: "anew") == "anew"


@pytest.mark.django_db(transaction=True)
def test_whoever_watched_much_costs_few_looks_more(programme, people, germany):
    """The row that rests on what one did asks of a few of these titles what is like them."""
    client = germany
    client.force_login(people.member)
    answer(client, "/", via="banner", answer="accept")
    drama, videos = Genre.objects.get(slug="drama"), [programme.feature]
    for number in range(9):
        title = a_title(f"film-{number}")
        title.genres.add(drama)
        videos.append(a_video(title))

    def looks() -> int:
        with CaptureQueriesContext(connection) as asked:
            home(client)
        return len(asked)

    tell(client, videos[0])
    assert "Because you watched Harbour Lights" in home(client)
    of_one = looks()
    for video in videos[1:]:
        tell(client, video)
    assert "Because you watched" not in home(client), "all that is alike is known"
    assert looks() <= of_one
