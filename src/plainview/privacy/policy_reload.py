"""The policy that a running service keeps, and how it takes a new one.

Its processes start from a copy that was in force, so that one which is started again meanwhile does
not meet a folder that somebody is half-way through editing.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from plainview.engine import Policy, PolicyErrors, load
from plainview.privacy import checks, permissions, policies, roles
from plainview.privacy.gate import purposes
from plainview.privacy.log import accounting

log = logging.getLogger("plainview.privacy.policy")


COPIES = "policy"
"""Below the data folder: where the copies lie, and no policy of anybody may."""


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


def copied(folder: Path, data: Path) -> Path:
    """Copy `folder`, whose policy is in force, below `data`; return the copy. Raises Misplaced."""
    refuse_misplaced(folder, data)
    return _swapped(_copy(folder, data), data)


def reload(folder: Path, data: Path) -> bool:
    """Put the policy of `folder` into force, and fold everyone's permissions by it.

    One that does not load, or lacks what marks, doors or cookies name, changes nothing: the log
    says all that is to be mended.
    """
    kept, version = purposes.policy(), policies.in_force().version
    fresh = _copy(folder, data)
    try:
        wrong = _enforced(load(fresh))
    except PolicyErrors as errors:
        wrong = [str(each) for each in errors.problems]
    if wrong:
        purposes.enforce(kept)
        log.error(
            "the policy in %s is not taken: version %s stays in force; %d to mend\n%s",
            folder,
            version,
            len(wrong),
            "\n".join(wrong),
        )
        return False
    _swapped(fresh, data)
    roles.renew()
    count = permissions.refold()
    accounting.policy_runs()
    log.info(
        "version %s of the policy is in force; folded anew for %d",
        policies.in_force().version,
        count,
    )
    return True


def _enforced(policy: Policy) -> list[str]:
    purposes.enforce(policy)
    asked = (checks.check_marks, checks.check_doors, checks.check_commands, checks.check_storage)
    return [f"{found.msg}: {found.hint}" for check in asked for found in check()]


def _copy(folder: Path, data: Path) -> Path:
    fresh = data / COPIES / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    for file in folder.rglob("*"):
        if file.is_file():
            target = fresh / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return fresh


def _swapped(fresh: Path, data: Path) -> Path:
    kept, gone = data / COPIES / "in-force", data / COPIES / "gone"
    shutil.rmtree(gone, ignore_errors=True)
    if kept.exists():
        kept.rename(gone)
    fresh.rename(kept)
    shutil.rmtree(gone, ignore_errors=True)
    return kept
