"""The policy's folder and a running service: what whoever runs it puts into force from the shell.

The folder is where one edits; what is in force stands in the database (`versions`), and the
processes of a service start from a copy of that, so that one which is started again meanwhile does
not meet a folder that somebody is half-way through editing.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from django.utils import timezone

from plainview.engine import PolicyErrors
from plainview.platform.storage.whole import put_whole
from plainview.privacy import roles
from plainview.privacy.consent import storage
from plainview.privacy.gate import purposes
from plainview.privacy.policies import COPIES, IN_FORCE, WERE, PolicyDoesNotLoad, were_in_force
from plainview.privacy.versions import archive, following, publishing, queries, services
from plainview.privacy.versions.models import Version

log = logging.getLogger("plainview.privacy.policy")


class Misplaced(ValueError):
    """The policy's folder lies where its own copies go, or they in it."""


def refuse_misplaced(folder: Path, data: Path) -> None:
    """Raises Misplaced for a folder that would be copied into itself, or be swept away."""
    own, copies = folder.resolve(), (data / COPIES).resolve()
    if own == copies or copies in own.parents or own in copies.parents:
        raise Misplaced(
            f"the policy lies in {folder}, where the service keeps its copies of it ({copies});"
            " put it elsewhere, and name that in PLAINVIEW_POLICY_DIR"
        )


def begin(folder: Path, data: Path) -> Path:
    """Start a service: on its folder the first time, later on the version that is in force.

    A folder that was edited meanwhile is put into force, as by `reload`; where two people at the
    desk released what is in force now, it becomes a draft for them. Return a copy of what is in
    force, below `data`. Raises Misplaced, and PolicyDoesNotLoad where the first does not fit.
    """
    refuse_misplaced(folder, data)
    current, started = queries.current(), purposes.policy()
    if current is None:
        try:
            _first(folder)
        except PolicyErrors as errors:
            raise PolicyDoesNotLoad(
                f"the policy in {folder} is not taken, so nothing starts:"
                f" {len(errors.problems)} to mend\n\n{errors}"
            ) from None
    elif not Version.objects.filter(digest=services.digest(folder)).exists():
        if current.origin == Version.Origin.DESK:
            _drafted(folder)
        else:
            reload(folder, data, patience=0)
    try:
        publishing.publish_due()
    except* (PolicyErrors, publishing.NotYet) as errors:
        wrong = "\n".join(map(str, errors.exceptions))
        log.error("a version that was released can't come into force: withdraw it\n%s", wrong)
    following.follow()
    if purposes.policy() is not started:  # a migration made the roles what the folder says
        roles.renew()
    return copied(folder, data)


def reload(folder: Path, data: Path, *, patience: float = publishing.PATIENCE) -> bool:
    """Put the policy of `folder` into force, and fold everyone's permissions by it.

    It is published like any version, but that whoever runs the service releases it. One that does
    not load, or lacks what marks, doors or cookies name, changes nothing: the log says all that is
    to be mended. Nor does one whose day has not come yet, unless it is that of the version in
    force: it is published on its day.
    """
    current = queries.current()
    try:
        if current is None:
            _first(folder)
            return True
        if services.digest(folder) == current.digest:
            return True
        version = services.propose(
            folder, origin=Version.Origin.SHELL, settled=queries.policy_of(current).head.effective
        )
        version.state = Version.State.RELEASED
        version.save(update_fields=["state"])
        if version.effective > timezone.now():
            services.comes(version)
            log.warning("version %s is in force from %s on", version.name, version.effective)
            return False
        publishing.publish(version, patience=patience)
    except PolicyErrors as errors:
        wrong = [str(each) for each in errors.problems]
        log.error(
            "the policy in %s is not taken: %s; %d to mend\n%s",
            folder,
            f"version {current.name} stays in force" if current else "none is in force yet",
            len(wrong),
            "\n".join(wrong),
        )
        return False
    copied(folder, data)
    return True


def copied(folder: Path, data: Path) -> Path:
    """Write what is in force below `data`, or `folder` before anything was; return where.

    Raises Misplaced.
    """
    refuse_misplaced(folder, data)
    current = queries.current()
    fresh = data / COPIES / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    if current is None:
        archive.write(archive.files_of(folder), fresh)
    else:
        archive.write(archive.unpack(queries.archive_of(current)), fresh)
        _noted(data / COPIES, archive.written(fresh, storage.declared()))
    return _swapped(fresh, data)


def _noted(copies: Path, digest: str) -> None:
    """Add the digest of what is in force to those of what was, once."""
    known = were_in_force(copies)
    if digest not in known:
        put_whole(copies / WERE, "\n".join([*known, digest]).encode())


def _first(folder: Path) -> None:
    """The service has no version yet: what stands in the folder is the first, from now on.

    Raises PolicyErrors.
    """
    version = services.propose(folder, origin=Version.Origin.FIRST, settled=None)
    version.state, version.effective = Version.State.RELEASED, timezone.now()
    version.save(update_fields=["state", "effective"])
    publishing.publish(version, patience=0)


def _drafted(folder: Path) -> None:
    current = queries.current()
    files = archive.files_of(folder)
    try:
        if current is not None and services.says(current, files):
            why, version = "the software keeps something else in browsers", services.renew(current)
        else:
            why = f"the policy in {folder} was edited"
            version = services.propose(folder, origin=Version.Origin.DESK)
    except PolicyErrors as errors:
        log.error("the policy in %s can be no draft\n%s", folder, errors)
        return
    if version is not None:
        log.warning(
            "%s: it waits as draft %s, since what is in force was released by two people at the"
            " desk",
            why,
            version.name,
        )


def _swapped(fresh: Path, data: Path) -> Path:
    kept, gone = data / COPIES / IN_FORCE, data / COPIES / "gone"
    shutil.rmtree(gone, ignore_errors=True)
    if kept.exists():
        kept.rename(gone)
    fresh.rename(kept)
    shutil.rmtree(gone, ignore_errors=True)
    return kept
