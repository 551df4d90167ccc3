"""A small programme: a film, a series, one on its way, one kept back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Credit, Genre, Person, Season, Title, Video
from plainview.domains.catalogue.services import reindex
from plainview.domains.playback.models import Ingest, Package
from plainview.domains.subtitles.models import Cue, Track

STORY = {
    "en": {"name": "Harbour Lights", "synopsis": "A keeper counts the ships that never come."},
    "ko": {"name": "항구의 불빛"},
}


def a_title(slug: str, *, kind: str = "film", texts: dict | None = None, public: bool = True):
    """A title called after its slug, an hour younger than the one before."""
    age = timedelta(hours=Title.objects.count())
    return Title.objects.create(
        slug=slug,
        kind=kind,
        year=2026,
        countries=["KR"],
        original_language="en",
        accent="#e08a3c",
        texts=texts or {"en": {"name": slug.replace("-", " ").title()}},
        published_at=timezone.now() - age if public else None,
    )


def a_video(title: Title, *, ready: bool = True, **fields):
    video = Video.objects.create(title=title, language="en", **fields)
    if ready:
        Package.objects.create(
            video=video, key=video.key, duration_ms=4_500_000, width=1280, height=720, contents={}
        )
    return video


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def lines(video: Video, language: str, label: str, texts: list[str]) -> None:
    track = Track.objects.create(video=video, language=language, label=label)
    for number, text in enumerate(texts):
        start = 3_590_000 + number * 5000
        Cue.objects.create(track=track, start_ms=start, end_ms=start + 3000, text=text)


@dataclass
class Programme:
    """The titles and videos by what they are for."""

    film: Title
    feature: Video
    series: Title
    episodes: list[Video]
    coming: Title
    hidden: Title
    hidden_video: Video


@pytest.fixture
def programme(db) -> Programme:
    drama = Genre.objects.create(slug="drama", texts={"en": {"name": "Drama"}})
    film = a_title("harbour-lights", texts=STORY)
    series = a_title("night-line", kind="series")
    coming = a_title("a-slow-comet")
    hidden = a_title("kept-back", public=False)
    for title in (film, series):
        title.genres.add(drama)
    person = Person.objects.create(slug="ines-calder", texts={"en": {"name": "Inés Calder"}})
    Credit.objects.create(title=film, person=person, role=Credit.Role.DIRECTOR)
    Credit.objects.create(
        title=film, person=person, role=Credit.Role.CAST, texts={"en": {"character": "The Keeper"}}
    )
    feature = a_video(film)
    lines(feature, "en", "English", ["I light it <i>every</i> evening.", "Nobody &amp; nothing."])
    lines(feature, "ar", "العربية", ["أشعله كل مساء"])
    season = Season.objects.create(title=series, number=1)
    episodes = [
        a_video(series, kind="episode", season=season, number=number, ready=number < 3)
        for number in (1, 2, 3)
    ]
    waiting = a_video(coming, ready=False)
    Ingest.objects.create(
        state=Ingest.State.WORKING,
        progress=62,
        source_name="comet.mov",
        name="Comet",
        video=waiting,
    )
    hidden_video = a_video(hidden)
    reindex(list(Title.objects.all()))
    return Programme(film, feature, series, episodes, coming, hidden, hidden_video)


@pytest.fixture
def harbours(programme):
    """Six films of like names beside, each a day older than the one before."""
    for number in range(6):
        title = a_title(f"harbour-{number}")
        title.published_at = timezone.now() - timedelta(days=number)
        title.save()
        a_video(title)
    reindex(list(Title.objects.all()))


@pytest.fixture
def people(db) -> SimpleNamespace:
    """A staff account and a member's."""
    make = User.objects.create_user
    return SimpleNamespace(
        staff=make("desk@example.org", "a sentence is good", roles="administrator"),
        member=make("member@example.org", "a sentence is good"),
    )


@pytest.fixture
def germany(placed) -> Client:
    """A browser, or another program, in Germany."""
    return Client(headers={"X-Place": "DE"})


@pytest.fixture
def member(germany: Client, people: SimpleNamespace) -> Client:
    """A member's browser there."""
    germany.force_login(people.member)
    return germany


@pytest.fixture
def staff_client(at_desk, people):
    return at_desk(people.staff)
