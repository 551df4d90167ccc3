"""Outlining a film for those who subtitle it: its waveform, cuts and speech, made by a job."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from plainview.domains.playback.models import Package
from plainview.platform import media
from plainview.platform.jobs import queue

OUTLINE = "playback.outline"


def run_outline(package_id: int) -> None:
    """The job: outline a package that has none yet. What can't be outlined stays without.

    Raises MediaError for what may pass by itself, to be tried again.
    """
    package = Package.objects.filter(pk=package_id).first()
    if package is None or media.read_outline(package.folder) is not None:
        return
    contents = media.read_package(package.folder)
    media.outline(package.folder, contents, Path(settings.MEDIA_ROOT) / "staging")


def ask_for_outline(package: Package) -> bool:
    """Ask for the outline of a package that has none; returns whether one is being made.

    One that failed all its attempts is asked for again by whoever comes later.
    """
    if (package.folder / "outline.json").exists():
        return False
    if not queue.awaited(OUTLINE, package_id=package.pk):
        queue.enqueue(OUTLINE, package_id=package.pk)
    return True
