"""What can be asked about playback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Availability, Seat, Why
from plainview.domains.catalogue.models import Title, Video, listed, released
from plainview.domains.playback.models import (
    Ingest,
    Package,
    PlatformUse,
    PlaybackFault,
    PlayerSettings,
    Progress,
    Upload,
    Viewing,
)
from plainview.privacy.consent.queries import people_among

BEGUN_SECONDS = 10
"""Less than this is a look, nothing to go on with."""


def ingests() -> QuerySet[Ingest]:
    """Every ingest, newest first."""
    return Ingest.objects.select_related("video__title")


_WITHIN = Q(video__package__duration_ms__gt=F("position") * 1000)
"""A place before the end of the film that there is now."""
_FILMED = Q(package__isnull=False) | Q(
    ingests__state__in=[Ingest.State.WAITING, Ingest.State.WORKING]
)


def has_episode(series: str, season: int, number: int) -> bool:
    """Whether an episode of the series of that slug has its film, or one is on its way."""
    place = {"title__slug": series, "season__number": season, "number": number}
    return Video.objects.filter(_FILMED, **place).exists()


def has_film(video: Video) -> bool:
    """Whether a video can be played, or will be once the film that comes is taken."""
    return Video.objects.filter(_FILMED, pk=video.pk).exists()


def package(key: str) -> Package | None:
    """The package of that key, with its video and title."""
    return Package.objects.select_related("video__title").defer("contents").filter(key=key).first()


def playable(key: str, seat: Seat) -> Availability:
    """Whether the video of that public key may be played at `seat`; HIDDEN if there is none."""
    found = Video.objects.select_related("title").filter(key=key).first()
    return Availability(Why.HIDDEN) if found is None else may_play(found, seat)


def package_of(key: str) -> Package | None:
    """What there is to stream of the video of that public key."""
    return Package.objects.defer("contents").filter(video__key=key).first()


def may_play(video: Video, seat: Seat) -> Availability:
    """Whether a video may be played at `seat`: as its title, but that a trailer has no licence."""
    if video.invites and video.title.is_listed:
        return Availability(Why.HERE)
    return catalogue.may_see(video.title, seat)


def under_way(video: Video, *, but: Collection[int] = ()) -> bool:
    """Whether the video has its package, or an ingest (`but` for these) that will give it one."""
    open_states = [Ingest.State.WAITING, Ingest.State.WORKING]
    return (
        Package.objects.filter(video=video).exists()
        or Ingest.objects.filter(video=video, state__in=open_states).exclude(pk__in=but).exists()
    )


def duration(key: str) -> tuple[int, int] | None:
    """(id, length in seconds) of a video that everybody may find, by its public key.

    Of what is announced that is what speaks of it.
    """
    invites = listed("video__title__") & Q(video__kind__in=Video.INVITING)
    found = Package.objects.filter(released("video__title__") | invites, video__key=key)
    row = found.values_list("video", "duration_ms").first()
    return None if row is None else (row[0], row[1] // 1000)


def to_continue(subject: int) -> QuerySet[Progress]:
    """Where somebody stopped half-way, the latest first; what may be watched, `may_play` says."""
    return Progress.objects.filter(
        _WITHIN,
        subject=subject,
        finished=False,
        position__gte=BEGUN_SECONDS,
    )


def place(subject: int, video: Video) -> tuple[int, int]:
    """Where somebody stopped in a video, in seconds; how late they want its subtitles, in ms.

    Where a film took its place that ends before, it begins anew.
    """
    found = Progress.objects.filter(subject=subject, video=video)
    within = Case(When(_WITHIN, then="position"), default=0)
    return found.values_list(within, "caption_offset").first() or (0, 0)


def history(subject: int) -> QuerySet[Viewing]:
    """What somebody watched, the latest first."""
    return Viewing.objects.filter(subject=subject)


def settings_of(account: int) -> PlayerSettings | None:
    """How a member wants the player."""
    return PlayerSettings.objects.filter(account=account).first()


def people_by_platform(month: dt.date) -> dict[str, int]:
    """How many people watched on each platform in the month that begins then (P2.8a).

    Those who permit it alone: the gate leaves everybody else out. Browsers on which somebody is
    signed in are one person with their account; whose the others are, nobody knows.
    """
    used = PlatformUse.objects.filter(month=month).values_list("platform", "subject")
    by_platform: dict[str, set[int]] = {}
    for platform, subject in used:
        by_platform.setdefault(platform, set()).add(subject)
    return {platform: people_among(subjects) for platform, subjects in by_platform.items()}


def met_faults(since: dt.date) -> dict[tuple[str, str], int]:
    """How many accounts and browsers of those who permit it met each kind of fault since a day."""
    met = PlaybackFault.objects.filter(day__gte=since).values_list("platform", "kind")
    return {
        (platform, kind): n for platform, kind, n in met.annotate(Count("subject", distinct=True))
    }


def uploads_of(account: int) -> int:
    """How many films somebody put on."""
    return Upload.objects.filter(account=account).count()


def uploaders_of(title: Title, *, at: dt.datetime | None = None) -> list[int]:
    """Who put on the films of a title, as far as they let us keep it.

    With `at` only those whose films were there at that moment: neither whose had been replaced by
    then, or not taken, nor who put one on later.
    """
    theirs = Upload.objects.filter(Q(ingest__video__title=title) | Q(ingest__title=title))
    if at is not None:
        there = Ingest.objects.filter(state=Ingest.State.READY, finished_at__lte=at)
        later = there.filter(
            video=OuterRef("ingest__video"), finished_at__gt=OuterRef("ingest__finished_at")
        )
        theirs = theirs.filter(~Exists(later), ingest__in=there)
    return sorted(set(theirs.values_list("account_id", flat=True)))


def put_on_since(title: Title, moment: dt.datetime) -> bool:
    """Whether a film of a title was put on, or replaced another, after a moment."""
    taken = Ingest.objects.filter(video__title=title, state=Ingest.State.READY)
    return taken.filter(finished_at__gt=moment).exists()
