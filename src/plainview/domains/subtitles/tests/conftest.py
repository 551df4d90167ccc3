"""A film with English subtitles, and people at browsers of their own who work on Korean ones."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import browser_of

from plainview.domains.accounts.models import Audience, Name, User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.models import Edition
from plainview.domains.subtitles.services import bringing, importing, tracks

SRT = b"""1
00:00:01,000 --> 00:00:03,000
Good evening.

2
00:00:03,200 --> 00:00:05,000
Is the lamp lit?

3
00:00:06,000 --> 00:00:08,000
It is.
"""


def member(name: str) -> Client:
    """A member at a browser of their own, who shows their name to members."""
    account = User.objects.create_user(f"{name}@lantern.example")
    services.agree(account.pk, services.TERMS)
    Name.objects.create(account=account, value=name.title(), audience=Audience.MEMBERS)
    client = browser_of(account, headers={"Sec-Fetch-Site": "same-origin"})
    client.account = account.pk
    return client


@pytest.fixture
def read_here(monkeypatch):
    """Files are read here: the process of their own is proved in `test_files` and `test_wild`."""

    def read(data: bytes, *, filename: str = "", encoding: str = "", language: str = "", rate=0.0):
        words = {"encoding": encoding or None, "language": language or None}
        return formats.read(data, filename=filename, rate=rate, **words)

    for each in (importing, bringing):
        monkeypatch.setattr(each, "read_confined", read)


@pytest.fixture
def film(db):
    """A film with English lines."""
    title = Title.objects.create(
        slug="harbour-lights",
        texts={"en": {"name": "Harbour Lights"}},
        original_language="en",
        published_at=timezone.now(),
    )
    video = Video.objects.create(title=title, language="en")
    read = formats.read(SRT, filename="film.en.srt")
    tracks.put(video, "en", read.cues, source="film.en.srt")
    return video


@pytest.fixture
def mira():
    return member("mira")


@pytest.fixture
def tom():
    return member("tom")


@pytest.fixture
def korean(film, mira):
    answer = mira.post(f"/studio/{film.key}/", {"listed": "ko"})
    assert answer.url == f"/studio/{film.key}/ko/"
    return Edition.objects.get(video=film, language="ko")


@pytest.fixture
def both(film, korean, mira, tom):
    """Both, who write into Korean as peers."""
    tom.post(f"/studio/{film.key}/", {"listed": "ko"})
    return mira, tom
