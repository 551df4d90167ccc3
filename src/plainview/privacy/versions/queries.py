"""What is asked about versions: which is in force, which was at a moment, who released one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from plainview.engine import Policy
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.versions import archive, following
from plainview.privacy.versions.models import Force, Release, Version

_DOOR = Door(
    "plainview.privacy.versions.releases",
    "account",
    source="staff",
    everyone="the desk shows who of the staff released a version",
    lists=frozenset({"access.looks"}),
)


def current() -> Version | None:
    """The version in force; None before the first is published."""
    force = Force.objects.select_related("version").defer("version__content").first()
    return None if force is None else force.version


def name() -> str:
    """The name of the version in force, as notice and desk say it; that of the files before one."""
    version = current()
    return in_force().version if version is None else version.name


def at(moment: dt.datetime) -> Version | None:
    """The version that was in force at a moment; None before the first."""
    return published().filter(published_at__lte=moment).first()


def published() -> QuerySet[Version]:
    """Every version that is or was in force, the latest first, without content."""
    return (
        Version.objects.filter(state=Version.State.PUBLISHED)
        .order_by("-published_at", "-id")
        .defer("content")
    )


def until(version: Version) -> dt.datetime | None:
    """The moment from which another version was in force instead; None while there is none."""
    later = Version.objects.filter(published_at__gt=version.published_at)
    return later.order_by("published_at").values_list("published_at", flat=True).first()


def posted(version: Version) -> tuple[str, dt.date]:
    """The name of a version and the day from which it counts, whatever its files say (P11a).

    One from the shell may bring the name and day of the one before it, and two people may release
    one late. The first counts from the day that it says itself.
    """
    day = policy_of(version).head.effective
    if version.published_at is not None and version.origin != Version.Origin.FIRST:
        day = max(day, timezone.localdate(version.published_at))
    return version.name, day


def day_of(version: Version) -> dt.date:
    """The last day on which a version was in force, by whose law it is shown; today, if it is."""
    end = until(version)
    return (timezone.now() if end is None else end).astimezone(dt.UTC).date()


def shown(name: str) -> Version | None:
    """A version that anybody may see by its address: one that is or was in force."""
    return published().filter(name=name).first()


def before(version: Version) -> Version | None:
    """The version to hold one against: that before it, or that in force if it is to come."""
    if version.published_at is None:
        return current()
    return published().filter(published_at__lt=version.published_at).first()


def waiting() -> Sequence[Version]:
    """Drafts, and versions that wait for their moment."""
    states = (Version.State.DRAFT, Version.State.RELEASED)
    return list(Version.objects.filter(state__in=states).defer("content"))


def named(name: str) -> Version:
    """A version by its address. Raises Version.DoesNotExist."""
    return Version.objects.defer("content").get(name=name)


def policy_of(version: Version) -> Policy:
    """What a version says, loaded once."""
    return following.policy_of(version.pk)


def archive_of(version: Version) -> bytes:
    """The archive of a version, whose SHA-256 is its digest."""
    stored = Version.objects.values_list("content", flat=True).get(pk=version.pk)
    return archive.restored(stored)


def releasers(version: Version) -> dict[int, dt.datetime]:
    """Who of the staff released a version, and when."""
    with Opened(_DOOR):
        found = Release.objects.filter(version=version).order_by("at")
        return dict(found.values_list("staff", "at"))


def free_name(wanted: str) -> str:
    """A name for a version that none has yet: `2026-11-26`, or `2026-11-26.2`."""
    alike = Version.objects.filter(Q(name=wanted) | Q(name__startswith=f"{wanted}."))
    taken = set(alike.values_list("name", flat=True))
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}.{number}"
    return name
