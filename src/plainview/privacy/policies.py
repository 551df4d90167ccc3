"""The policy that this installation runs on: loaded at the start, and what pages show of it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

from plainview import engine
from plainview.engine import Policy, PolicyErrors, load, overdue
from plainview.privacy import page_words
from plainview.privacy.gate import purposes
from plainview.privacy.versions import archive

log = logging.getLogger("plainview.privacy.policy")
COPIES, IN_FORCE, WERE = "policy", "in-force", "were-in-force"
"""Below the data folder: where the copy of what is in force lies, and the digests of what was."""


class PolicyDoesNotLoad(ImproperlyConfigured):
    """The service does not start on this policy; the text has every problem and its remedy."""


class Controller(NamedTuple):
    """Who answers for the service, as the policy says."""

    name: str
    email: str
    address: str = ""
    group: str = ""
    group_seat: str = ""


def start(folder: Path, given: Mapping[str, str] | None = None, data: Path | None = None) -> Policy:
    """Load the policy of `folder` and put it into force; `given` are files that it may lack.

    One that was in force, as the `data` folder tells, is read without the checks that came since:
    an update keeps no service from starting by what it asks anew. Raises PolicyDoesNotLoad.
    """
    try:
        policy = _loaded(folder, given, data)
    except PolicyErrors as errors:
        count = len(errors.problems)
        raise PolicyDoesNotLoad(
            f"the policy in {folder} does not load, so nothing starts: {count} to mend\n\n{errors}"
        ) from None
    purposes.enforce(policy)
    return policy


def _loaded(folder: Path, given: Mapping[str, str] | None, data: Path | None) -> Policy:
    try:
        return load(folder, given, standing=page_words.standing)
    except PolicyErrors as errors:
        copies = data / COPIES if data is not None else None
        if copies is None or not _was_in_force(folder, copies, given or {}):
            raise
        policy = load(folder, given, passed=True, standing=page_words.standing)
        if copies not in folder.parents:  # said once, not by each process of a service
            log.warning(
                "the policy in %s was in force before, and is read as it was; of its next version"
                " more is asked, %d to mend\n%s",
                folder,
                len(errors.problems),
                errors,
            )
        return policy


def _was_in_force(folder: Path, copies: Path, given: Mapping[str, str]) -> bool:
    """Whether a folder says to the byte what is in force or was, by what lies below the data."""
    known = {*were_in_force(copies), archive.written(copies / IN_FORCE, given)}
    return archive.written(folder, given) in known


def were_in_force(copies: Path) -> list[str]:
    """The digests of what was in force, by what lies in the folder of the copies."""
    were = copies / WERE
    return were.read_text().split() if were.exists() else []


_day: ContextVar[dt.date | None] = ContextVar("plainview_day", default=None)


@contextmanager
def as_of(policy: Policy, day: dt.date) -> Iterator[None]:
    """Let `in_force` be another version, as the law stood on a day, to draw what was."""
    token = _day.set(day)
    try:
        with purposes.holding(policy):
            yield
    finally:
        _day.reset(token)


def in_force() -> Policy:
    """The policy that `start` put into force, as the law stands today.

    Raises ImproperlyConfigured if there is none.
    """
    policy = purposes.policy()
    if not isinstance(policy, Policy):
        raise ImproperlyConfigured("the policy in force was not loaded from a folder")
    return policy.on(_day.get() or dt.datetime.now(dt.UTC).date())


def reviews_due(folder: Path) -> list[tuple[str, str]]:
    """What a folder owes today, each with its remedy: interests and safeguards to look at again.

    Promises: P3.1.3g, P7b.
    """
    today = dt.datetime.now(dt.UTC).date()
    return [(f"{each.key}: {each.problem}", each.remedy) for each in overdue(folder, today)]


def unsaid(policy: Policy) -> list[tuple[str, str]]:
    """What laws want read and a policy does not say, each with its remedy."""
    return list(engine.unsaid(policy))


def controller() -> Controller:
    """Who runs this service."""
    said = in_force().controller
    return Controller(said.name, said.email, said.address, said.group, said.group_seat)
