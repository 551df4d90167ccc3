"""Outlining a film for those who subtitle it: its waveform, cuts and speech, made by a job."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from plainview.domains.playback.models import Package
from plainview.domains.playback.services import shelving
from plainview.platform import media
from plainview.platform.jobs import queue
from plainview.platform.media.outlining import DESCRIPTION, WAVEFORM, sources
from plainview.platform.storage.kept import Unreachable

OUTLINE = "playback.outline"


def run_outline(package_id: int) -> None:
    """The job: outline a package that has none yet. What can't be outlined stays without.

    Raises MediaError for what may pass by itself, to be tried again.
    """
    package = Package.objects.filter(pk=package_id).first()
    if package is None:
        return
    key = package.key
    try:
        if shelving.has(key, DESCRIPTION):
            return
        contents = shelving.described(key)
        with shelving.at_hand(key, *sources(contents)) as folder:
            media.outline(folder, contents, Path(settings.MEDIA_ROOT, "staging", f"{key}.outline"))
            shelving.add(key, folder / WAVEFORM, folder / DESCRIPTION)
    except Unreachable as problem:
        raise queue.NotNow(f"the bucket is {problem.why}") from None


def has_outline(package: Package) -> bool:
    """Whether the outline of a package was made, as far as its place can be asked."""
    try:
        return shelving.has(package.key, DESCRIPTION)
    except Unreachable:
        return False


def ask_for_outline(package: Package) -> bool:
    """Ask for the outline of a package that has none; returns whether one is being made.

    One that failed all its attempts is asked for again by whoever comes later.
    """
    try:
        if shelving.has(package.key, DESCRIPTION):
            return False
    except Unreachable:
        return False
    if not queue.awaited(OUTLINE, package_id=package.pk):
        queue.enqueue(OUTLINE, package_id=package.pk)
    return True
