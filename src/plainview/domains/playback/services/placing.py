"""The episode that a film is to be: there while its film comes, gone if it isn't taken."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from django.db import IntegrityError, transaction

from plainview.domains.catalogue import services as catalogue
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback.models import Ingest
from plainview.domains.playback.queries import has_film


class Place(NamedTuple):
    """Which episode a film is: of the series of that slug (none begins a new one), from 1 on."""

    series: str
    season: int
    number: int


def take_place(place: Place, *, name: str, language: str) -> Video:
    """The episode of a place; `name` is the series' if it begins one, else its own."""
    if place.series:
        title = Title.objects.get(slug=place.series)
    else:
        title, name = catalogue.add_series(name=name, language=language), ""
    return catalogue.add_episode(
        title, season=place.season, number=place.number, language=language, name=name
    )


def give_place_back(ingest: Ingest) -> None:
    """Leave no episode, and no series begun for it, of a film that wasn't taken.

    What somebody gave either meanwhile, subtitles say, keeps it: the database won't let it go.
    """
    video = ingest.video
    if not ingest.place or video is None or has_film(video):
        return
    with suppress(IntegrityError), transaction.atomic():
        Ingest.objects.filter(video=video).update(video=None)
        if catalogue.discard_episode(video):
            Ingest.objects.filter(title=video.title_id).update(title=None)
