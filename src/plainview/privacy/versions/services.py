"""What is done with a version before it takes effect: propose, release, withdraw, take back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import STORAGE, Policy, PolicyErrors, Problem, unfit
from plainview.platform import days
from plainview.platform.languages import dates
from plainview.platform.overtaking import looks_again
from plainview.privacy import checks, tasks
from plainview.privacy.consent import storage
from plainview.privacy.decisions import register as decisions
from plainview.privacy.gate import purposes
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.versions import archive, following, queries
from plainview.privacy.versions.models import Force, Release, Version

PEOPLE = 2
"""How many different people of the staff release a version before it can be published."""
_DOOR = Door(
    "plainview.privacy.versions.release",
    "account",
    source="staff",
    everyone="who released a version is counted, whoever they are",
    lists=frozenset({"access.looks"}),
)
_VERSION = re.compile(r"^version\s*=.*$", re.MULTILINE)
_EFFECTIVE = re.compile(r"^effective\s*=.*$", re.MULTILINE)


AGAINST_SOFTWARE = (
    checks.check_marks,
    checks.check_doors,
    checks.check_commands,
    checks.check_storage,
    tasks.check_tasks,
    decisions.check,
)
"""What holds the policy in force against the software: no version, and no start, where one finds
anything."""

_MENDED_IN = {
    "privacy.E011": "categories.toml",
    "privacy.E012": "categories.toml",
    "privacy.E021": "purposes/",
    "privacy.E022": "categories.toml",
}

Faulty = PolicyErrors
"""What a folder that can be no version is refused with; `problems` has all that is to mend."""


class NotPossible(ValueError):
    """The version is not in the state for that; the text says what it is."""


def propose(
    folder: Path,
    *,
    effective: dt.datetime | None = None,
    origin: str = Version.Origin.DESK,
    settled: dt.date | None = None,
) -> Version:
    """Keep what a folder says as a draft of the next version.

    It takes effect at `effective`, but not before the day that it names itself, unless that is
    `settled`, the day of the version in force. One from the shell gets a name of its own where its
    version is taken. Raises PolicyErrors with all that keeps it from being one.
    """
    return propose_files(
        archive.files_of(folder), effective=effective, origin=origin, settled=settled
    )


def digest(folder: Path) -> str:
    """The hash that a version would have of what a folder says now."""
    return archive.digest(whole(archive.files_of(folder)))


def whole(files: Mapping[str, bytes]) -> bytes:
    """The archive of a version of these files: with the cookies and keys of our own (P11e)."""
    own = {name: text.encode() for name, text in storage.declared().items()}
    return archive.pack({**files, **own})


def propose_files(
    files: Mapping[str, bytes],
    *,
    effective: dt.datetime | None = None,
    origin: str = Version.Origin.DESK,
    restores: Version | None = None,
    settled: dt.date | None = None,
) -> Version:
    """As `propose`, of files by their names; what our pages keep in a browser is that of now."""
    bytes_ = whole(files)
    policy = archive.policy(bytes_)
    own = origin == Version.Origin.SHELL
    # loads every page the first time: others write meanwhile
    if wrong := _beside_others(policy, own=own) + against_software(policy):
        raise PolicyErrors(wrong)
    now = timezone.now()
    first = now if policy.head.effective == settled else begins(policy)
    version = Version(
        policy=policy.fingerprint,
        digest=archive.digest(bytes_),
        content=archive.kept(bytes_),
        effective=max(effective or now, first),
        origin=origin,
        restores=restores,
        proposed_at=now,
    )
    _keep(version, policy)
    following.keep(version.pk, policy)
    return version


@looks_again
def _keep(version: Version, policy: Policy) -> None:
    """Write the row of a draft, under a name that nobody took meanwhile. Raises PolicyErrors."""
    own = version.origin == Version.Origin.SHELL
    if wrong := _beside_others(policy, own=own):
        raise PolicyErrors(wrong)
    version.name = queries.free_name(policy.version) if own else policy.version
    version.save(force_insert=True)


def _beside_others(policy: Policy, *, own: bool) -> list[Problem]:
    """What keeps a policy that loads from following the version in force.

    With `own` it is given a name where its version is taken.
    """
    found: list[Problem] = []
    current = queries.current()
    if current is not None:
        found += [
            each
            for each in unfit(queries.policy_of(current), policy)
            if not own or each.key != "version"
        ]
    taken = Version.objects.filter(name=policy.version)
    if not own and taken.exists() and not any(each.key == "version" for each in found):
        problem = f"there is a version `{policy.version}` already"
        remedy = "give this one a `version` of its own, as today's date"
        found.append(Problem("policy.toml", 1, "version", problem, remedy))
    return found


def against_software(policy: Policy) -> list[Problem]:
    """What the software needs and a policy lacks, as a purpose that a page names.

    Each stands in the file where it is mended. Needs no database.
    """
    with purposes.holding(policy):
        return [
            Problem(
                _MENDED_IN.get(str(each.id), "policy.toml"), 1, "", str(each.msg), str(each.hint)
            )
            for check in AGAINST_SOFTWARE
            for each in check()
        ]


def begins(policy: Policy) -> dt.datetime:
    """The first moment of the day on which a policy takes effect, where the service is."""
    return days.start(policy.head.effective)


def schedule(version: Version, effective: dt.datetime) -> None:
    """Set when a draft takes effect. Raises NotPossible for another state or an earlier day.

    One alone may put it off, and not hasten it: whoever released it for a later moment has to
    release it anew.
    """
    with Opened(_DOOR), transaction.atomic():
        kept = Version.objects.select_for_update().get(pk=version.pk)
        if kept.state != Version.State.DRAFT:
            raise NotPossible(f"version {kept.name} is {kept.state}; only of a draft is it set")
        first = begins(queries.policy_of(kept))
        if effective < first:
            said = _(
                "Its own files say that it begins on %(day)s. It cannot take effect before that."
            )
            raise NotPossible(said % {"day": dates.written(timezone.localtime(first))})
        if effective < kept.effective:
            Release.objects.filter(version=kept).delete()
        Version.objects.filter(pk=kept.pk).update(effective=effective)
    version.effective = effective


def release(version: Version, *, staff: int, seen: str = "") -> int:
    """Let somebody of the staff release a draft; return how many people have.

    With the second of them it is released, and waits for its moment. Releasing twice counts once.
    `seen` is the moment that they were shown, in ISO 8601. Raises NotPossible, also where it is
    another by now.
    """
    with Opened(_DOOR), transaction.atomic():
        kept = Version.objects.select_for_update().get(pk=version.pk)
        if kept.state != Version.State.DRAFT:
            raise NotPossible(f"version {kept.name} is {kept.state}, not a draft")
        if seen and seen != kept.effective.isoformat():
            raise NotPossible(f"version {kept.name} takes effect at another moment than was shown")
        Release.objects.get_or_create(version=kept, staff=staff, defaults={"at": timezone.now()})
        people = Release.objects.filter(version=kept).count()
        if people >= PEOPLE:
            kept.state = Version.State.RELEASED
            kept.save(update_fields=["state"])
            comes(kept)
    version.state = kept.state
    return people


def comes(version: Version) -> None:
    """Let every process load a version ahead that is released, if none comes before it."""
    force = Force.objects.select_related("coming").first()
    if force is not None and (force.coming is None or version.effective < force.coming.effective):
        Force.objects.update(coming=version)


def withdraw(version: Version) -> None:
    """Take back a version that is not published. Raises NotPossible for one that is."""
    with transaction.atomic():
        kept = Version.objects.select_for_update().get(pk=version.pk)
        if kept.state not in (Version.State.DRAFT, Version.State.RELEASED):
            raise NotPossible(f"version {kept.name} is {kept.state}")
        Force.objects.filter(coming=kept).update(coming=None)
        kept.state = Version.State.WITHDRAWN
        kept.name = f"{kept.name}~{kept.pk}"
        kept.save(update_fields=["state", "name"])


def restore(version: Version) -> Version:
    """Propose what a published version said as a new version of its own, from today on (P11b).

    A version that was is never in force again itself: what people see has a name that is new.
    Raises NotPossible, and PolicyErrors where the software of now can't do without what it lacks.
    """
    if version.state != Version.State.PUBLISHED:
        raise NotPossible(f"version {version.name} never was in force")
    files = archive.unpack(archive.restored(version.content))
    return propose_files(dated(files, timezone.localdate()), restores=version)


def renew(version: Version) -> Version | None:
    """Propose what a version says with the cookies and storage keys that the software has now.

    None where they are the same, or a version that waits has them already. Raises PolicyErrors.
    """
    declared = storage.declared()
    files = archive.unpack(queries.archive_of(version))
    waiting = [archive.unpack(queries.archive_of(each)) for each in queries.waiting()]
    if any(declared.items() <= _texts(each).items() for each in (files, *waiting)):
        return None
    return propose_files(dated(files, timezone.localdate()))


def says(version: Version, files: Mapping[str, bytes]) -> bool:
    """Whether a version is of these files, whatever it says of the software."""
    kept = archive.unpack(queries.archive_of(version))
    before, now = (
        {name: each for name, each in some.items() if name != STORAGE} for some in (kept, files)
    )
    return before == now


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in files.items() if name == STORAGE}


def dated(files: Mapping[str, bytes], day: dt.date, *, name: str = "") -> dict[str, bytes]:
    """Files of a policy under a name that is free (of the day, or `name`), in force from a day."""
    head = files["policy.toml"].decode()
    head = _VERSION.sub(f'version = "{name or queries.free_name(str(day))}"', head, count=1)
    head = _EFFECTIVE.sub(f"effective = {day}", head, count=1)
    return {**files, "policy.toml": head.encode()}
