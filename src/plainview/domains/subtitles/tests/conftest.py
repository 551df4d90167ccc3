"""A film with English subtitles, and people at browsers of their own who work on Korean ones."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from plainview.domains.accounts.models import Audience, Name, User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.models import Edition
from plainview.domains.subtitles.services import importing

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
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(account)
    client.account = account.pk
    return client


@pytest.fixture
def film(monkeypatch):
    """A film with English lines, read here: the process of their own is proved in `test_files`."""
    title = Title.objects.create(
        slug="harbour-lights",
        texts={"en": {"name": "Harbour Lights"}},
        original_language="en",
        published_at=timezone.now(),
    )
    video = Video.objects.create(title=title, language="en")
    with monkeypatch.context() as patched:
        patched.setattr(importing, "read_confined", _read_here)
        services.import_file(video, SRT, filename="film.en.srt")
    return video


def _read_here(data: bytes, *, filename: str = "", language: str = "") -> formats.Subtitles:
    return formats.read(data, filename=filename, language=language or None)


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
