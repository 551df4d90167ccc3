"""What can be asked about playback."""

from __future__ import annotations

from django.db.models import QuerySet

from plainview.domains.catalogue.models import Video
from plainview.domains.playback.models import Ingest, Package


def ingests() -> QuerySet[Ingest]:
    """Every ingest, newest first."""
    return Ingest.objects.select_related("video__title")


def streamable(key: str) -> bool:
    """Whether the package's title is published."""
    return Package.objects.filter(key=key, video__title__published_at__isnull=False).exists()


def under_way(video: Video) -> bool:
    """Whether the video has its package, or an ingest that will give it one."""
    open_states = [Ingest.State.WAITING, Ingest.State.WORKING]
    return (
        Package.objects.filter(video=video).exists()
        or Ingest.objects.filter(video=video, state__in=open_states).exists()
    )
