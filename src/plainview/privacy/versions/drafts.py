"""Drafts that the officer edits at the desk: an archive each, below the data folder, live nowhere.

A draft begins as the files of a version. A form writes what it changes into a copy of them, the
policy's own check reads that, and only then do the files take its place. Proposed, a draft is a
version like any other, that two people release; the archive goes.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings

from plainview.engine import (
    BASES,
    STORAGE,
    Difference,
    Policy,
    PolicyErrors,
    Problem,
    Recipient,
    Schedule,
    differences,
    unadmitted,
)
from plainview.platform.identifiers import new_key
from plainview.platform.storage.whole import put_whole
from plainview.privacy.versions import archive, editing, queries, services
from plainview.privacy.versions.models import Version

__all__ = [
    "BASES",
    "Draft",
    "NoSuchDraft",
    "Policy",
    "Problem",
    "Recipient",
    "Schedule",
    "begin",
    "discard",
    "every",
    "found",
    "named",
    "policy_of",
    "problems",
    "propose",
    "write",
]
_FILES, _BASE = "policy.tar", "base"


class NoSuchDraft(LookupError):
    """There is no draft under this key."""


class Draft(NamedTuple):
    """A draft: its key, the version it began as by name and row, and when it was last written.

    The name is that of then; taken back, the version has another, and its row stays.
    """

    key: str
    base: str
    row: int
    written: dt.datetime

    @property
    def files(self) -> Mapping[str, bytes]:
        """What stands in it: names with slashes, and bytes."""
        return archive.unpack((_place() / self.key / _FILES).read_bytes())

    @property
    def changed(self) -> list[str]:
        """The files that say something else than the version it began as, sorted.

        All of them where nobody knows that version any more.
        """
        version = Version.objects.filter(pk=self.row).defer("content").first()
        before, now = _files_of(version) if version else {}, self.files
        return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def begin(version: Version) -> Draft:
    """Begin a draft with the files of a version."""
    key = new_key()
    with _alone():
        (_place() / key).mkdir()
        (_place() / key / _BASE).write_text(f"{version.name}\n{version.pk}")
        _put(key, _files_of(version))
    return named(key)


def named(key: str) -> Draft:
    """The draft under a key. Raises NoSuchDraft."""
    files = _place() / key / _FILES
    if not key.isalnum() or not files.is_file():
        raise NoSuchDraft(key)
    written = dt.datetime.fromtimestamp(files.stat().st_mtime, dt.UTC)
    base, _line, row = files.with_name(_BASE).read_text().partition("\n")
    return Draft(key, base, int(row or 0), written)


def every() -> list[Draft]:
    """Every draft, the one written last first."""
    if not _place().is_dir():
        return []
    found = [named(each.parent.name) for each in _place().glob(f"*/{_FILES}")]
    return sorted(found, key=lambda each: each.written, reverse=True)


def discard(draft: Draft) -> None:
    """Throw a draft away."""
    with _alone():
        shutil.rmtree(_place() / draft.key, ignore_errors=True)


def problems(files: Mapping[str, bytes]) -> list[Problem]:
    """All that is wrong with files as a policy, as `plainview policy check` finds it."""
    return list(_read(files)[1])


def policy_of(draft: Draft) -> Policy | None:
    """What a draft says; None while there is something to mend."""
    return _read(draft.files)[0]


def write(draft: Draft, edit: editing.Edit) -> None:
    """Let the files of a draft be those of an edit, whole."""
    with _alone():
        named(draft.key)
        _put(draft.key, edit.files())


def found(draft: Draft) -> tuple[Policy, Policy, list[Difference]] | None:
    """The version in force, the draft, and what sets them apart; None while it does not load."""
    new, current = policy_of(draft), queries.current()
    if new is None or current is None:
        return None
    old = queries.policy_of(current)
    return old, new, differences(old, new)


def touched(draft: Draft) -> list[str]:
    """What a draft touches that a material change has to name, as `[[change]]` does."""
    told = found(draft)
    if told is None:
        return []
    head = msgspec.structs.replace(told[1].head, change=())
    bare = msgspec.structs.replace(told[1], head=head)  # it admits nothing, so all is found
    return list(dict.fromkeys(gap for each in told[2] for gap in unadmitted(each, bare)))


def propose(draft: Draft, *, name: str, effective: dt.date, summary: str) -> Version:
    """Propose a draft as a version of this name, from a day on; the draft itself goes.

    What is material in it is admitted in its `[[change]]`. Raises PolicyErrors.
    """
    edit = editing.Edit(draft.files)
    edit.head(name, effective, summary, touched(draft))
    version = services.propose_files(edit.files())
    discard(draft)
    return version


def _read(files: Mapping[str, bytes]) -> tuple[Policy | None, Sequence[Problem]]:
    try:
        return archive.policy(services.whole(files)), ()
    except PolicyErrors as errors:
        return None, errors.problems


def _files_of(version: Version) -> dict[str, bytes]:
    files = archive.unpack(queries.archive_of(version))
    return {name: content for name, content in files.items() if name != STORAGE}


def _put(key: str, files: Mapping[str, bytes]) -> None:
    """Let these be the files of a draft, whole or not at all."""
    put_whole(_place() / key / _FILES, archive.pack(files))


def _place() -> Path:
    return Path(settings.DATA) / "drafts"


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time writes."""
    _place().mkdir(parents=True, exist_ok=True)
    with (_place() / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
