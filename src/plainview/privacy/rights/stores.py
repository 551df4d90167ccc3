"""Holdings beside the tables: the cache, mails kept in development, work that was asked for."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from plainview.platform.jobs.models import Job
from plainview.platform.storage.whole import put_whole
from plainview.privacy import caching
from plainview.privacy.rights.holdings import Found, Quiet
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line

_SEPARATOR = b"-" * 79 + b"\n"


class Cache(Quiet):
    """What was cached about the person; it lives an hour at most in any case."""

    name = "cache"

    def erase(self, person: Person) -> int:
        """Drops the whole shelf."""
        caching.forget(person.subject)
        return 0

    def look_for(self, people: Sequence[Person]) -> Iterator[tuple[int, Found]]:
        """Whether there is a shelf of theirs in this process."""
        for one in people:
            if caching.holds(one.subject):
                yield one.subject, Found(self.name, 1)


class Outbox(Quiet):
    """Mails kept as files, where no mail server is set (development), as long as any mail."""

    name = "outbox"

    def _files(self) -> list[Path]:
        folder = Path(getattr(settings, "EMAIL_FILE_PATH", "") or settings.DATA / "outbox")
        return sorted(folder.glob("*.log")) if folder.is_dir() else []

    def holding(self, person: Person) -> set[str]:
        """The names of the files in which a mail to their address stands."""
        return {path.name for path in self._files() if self._theirs(self._read(path), person)}

    def older(self, last: dt.date) -> list[Path]:
        """The files written on `last` or before, by their names."""
        return [path for path in self._files() if path.name[:8] <= f"{last:%Y%m%d}"]

    def _theirs(self, mail: bytes, person: Person) -> bool:
        text = mail.lower()
        return any(address.lower().encode() in text for address in person.addresses)

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError:  # somebody else left meanwhile, or its time was over
            return b""

    def _mails(self, path: Path) -> list[bytes]:
        return [mail for mail in self._read(path).split(_SEPARATOR) if mail.strip()]

    def plan(self, person: Person) -> Iterator[Line]:
        """The mails that name their address."""
        mails = (mail for path in self._files() for mail in self._mails(path))
        count = sum(self._theirs(mail, person) for mail in mails)
        if count:
            yield Line(self.name, "messages.service", "removed", count)

    def erase(self, person: Person) -> int:
        """Raises OSError for a file that can't be written."""
        files = self._files()
        if not files:
            return 0
        with _alone(files[0].parent):
            return sum(self._without(path, person) for path in files)

    def _without(self, path: Path, person: Person) -> int:
        mails = self._mails(path)
        kept = [mail for mail in mails if not self._theirs(mail, person)]
        if not kept:
            path.unlink(missing_ok=True)
        elif len(kept) < len(mails):
            put_whole(path, b"".join(mail + _SEPARATOR for mail in kept), mode=0o666)
        return len(mails) - len(kept)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time: of two who write one file, the later would bring back what the first took."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Jobs(Quiet):
    """Work that was asked for about the person: the arguments of a job are ids."""

    name = "jobs"

    def erase(self, person: Person) -> int:
        """Drops every job that names them. Work under way ends when it finds nobody."""
        texts = Q(arguments__icontains=str(person.subject))
        near = Job.objects.filter(texts).values_list("pk", "arguments")
        theirs = [key for key, given in near if person.subject in given.values()]
        return Job.objects.filter(pk__in=theirs).delete()[0]
