"""A version takes effect: in one transaction, in every process at once, and not before its date."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import NamedTuple

from django.db import connections, transaction
from django.utils import timezone

from plainview.engine import Difference, Policy, PolicyErrors, unfit
from plainview.platform.jobs.apart import apart
from plainview.privacy import permissions, roles
from plainview.privacy.gate import purposes
from plainview.privacy.log import accounting
from plainview.privacy.versions import comparing, fence, following, queries, services
from plainview.privacy.versions.models import Force, Version

log = logging.getLogger("plainview.privacy.policy")

Hook = Callable[[Policy, Policy, list[Difference]], None]
after_publish: list[Hook] = []
"""Called in the publication's transaction, with the old and the new version and what differs.

The new one holds already; permissions are folded afterwards, so that facts which a hook changes (as
`pending`, where somebody is to be asked) count from the first moment.
"""
PATIENCE = following.LEASE + 0.25


class NotYet(ValueError):
    """The version is not released, or its moment has not come."""


class Published(NamedTuple):
    """What a publication did: the version, what differs, and how many were folded anew."""

    version: Version
    differences: list[Difference]
    folded: int


def publish(version: Version, *, patience: float = PATIENCE) -> Published | None:
    """Put a released version into force; None if it is already.

    First every process is told to look at each request; when none can go by an earlier reading, all
    that follows is one transaction: what rooms above have to do (`after_publish`), everyone's
    permissions, the log, and the row that every request reads. Dying in between leaves the old
    version in force, whole. `patience` is how long to wait for that, 0 where this is the only
    process. Raises NotYet, and PolicyErrors if the version can't follow the one in force.
    """
    version.refresh_from_db(fields=["state", "effective"])
    if version.state == Version.State.PUBLISHED:
        return None
    if version.state != Version.State.RELEASED:
        raise NotYet(f"version {version.name} is {version.state}: two people release it first")
    if version.effective > timezone.now():
        raise NotYet(f"version {version.name} takes effect at {version.effective:%Y-%m-%d %H:%M}")
    new, current = queries.policy_of(version), queries.current()
    old = new if current is None else queries.policy_of(current)
    found: list[Difference] = []
    if current is not None:
        if wrong := [each for each in unfit(old, new) if each.key != "version"]:
            raise PolicyErrors(wrong)
        found = list(comparing.found(current.pk, version.pk))
        Force.objects.update(switching=True, coming=version)
        time.sleep(patience)
    try:
        count = _switch(version, current, old, new, found)
    except BaseException:
        Force.objects.update(switching=False)
        raise
    following.follow()
    if count is None:
        return None
    log.info("version %s of the policy is in force; folded anew for %d", version.name, count)
    _narrow(old, new, patience)
    return Published(version, found, count)


def publish_due() -> list[Published]:
    """Publish every released version whose moment has come, the earliest first.

    One that can't be keeps no later one waiting. Raises an ExceptionGroup at the end.
    """
    due = Version.objects.filter(
        state=Version.State.RELEASED, effective__lte=timezone.now()
    ).order_by("effective", "id")
    with apart() as tried:
        done = [tried(publish, each) for each in due.defer("content")]
    return [each for each in done if each is not None]


def _switch(
    version: Version,
    current: Version | None,
    old: Policy,
    new: Policy,
    found: list[Difference],
) -> int | None:
    with transaction.atomic():
        before = fence.alone()
        kept = Version.objects.select_for_update().defer("content").get(pk=version.pk)
        if kept.state == Version.State.PUBLISHED:
            return None
        if before != (None if current is None else current.pk):
            raise NotYet("another version was published meanwhile; compare with that one first")
        with purposes.holding(new):
            roles.widen(old)
            if current is not None:
                for hook in after_publish:
                    hook(old, new, found)
            count = permissions.refold()
            accounting.policy_runs(version.digest, name=version.name)
        kept.state, kept.published_at = Version.State.PUBLISHED, timezone.now()
        kept.save(update_fields=["state", "published_at"])
        Force.objects.update_or_create(
            pk=1, defaults={"version": kept, "coming": None, "switching": False}
        )
        following_on = _next()
        if following_on is not None:
            services.comes(following_on)
    version.state, version.published_at = kept.state, kept.published_at
    return count


def _next() -> Version | None:
    due = Version.objects.filter(state=Version.State.RELEASED).defer("content")
    return due.order_by("effective").first()


def _narrow(old: Policy, new: Policy, patience: float) -> None:
    """Take from the database's roles what only the version before needed, once it has ended."""
    both = old.purposes.keys() & new.purposes.keys()
    narrower = any(old.uses(purpose) - new.uses(purpose) for purpose in both)
    if narrower and connections["default"].vendor == "postgresql":
        time.sleep(patience)
        roles.renew()
