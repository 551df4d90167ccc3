"""How every process comes to the version that is in force, all of them at the same request.

A thread of each process reads the row of `Force` twice a second, so that a request reads nothing.
What was read counts for `LEASE` from the moment the reading began; later than that a request reads
for itself. A publication says first that it is about to switch, and waits until no process can go
by an earlier reading: from then on every request reads the row, until the switch is over. So no
request that begins after a publication is served by the version before it, in any process, and no
clocks are compared. What comes next is loaded ahead, and drawn by the rooms above (`ahead`): nobody
waits for that.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DatabaseError, close_old_connections, connection

from plainview.engine import Policy
from plainview.privacy.gate import purposes
from plainview.privacy.versions import archive
from plainview.privacy.versions.models import Force, Version

log = logging.getLogger("plainview.privacy.policy")
LEASE = 1.0
"""Seconds that a reading counts, by the process's own steady clock."""
PAUSE = 0.4
GIVES_WAY = 0.0005
"""Seconds after which what is made ahead lets a request go on; of the interpreter's own, 5 ms."""
ahead: list[Callable[[], None]] = []
"""Called in every process by the version that comes, while it is about to be in force."""
KEPT = 4
"""How many versions a process keeps ready."""


class _Seen(NamedTuple):
    number: int | None
    coming: int | None
    switching: bool
    at: float


_NEVER = _Seen(None, None, False, float("-inf"))
_seen: list[_Seen] = [_NEVER]
_ready: OrderedDict[int, Policy] = OrderedDict()
_taken: list[int | None] = [None]
_lock = threading.RLock()
_watching = threading.Event()


def number() -> int | None:
    """The version that this process has taken, by its row; None where it goes by its folder."""
    return _taken[0]


def watch(*, beside: bool = True) -> None:
    """Follow what is published for as long as this process lives, `beside` what it does.

    Otherwise its requests read for themselves, once in a `LEASE`.
    """
    if not _watching.is_set():
        _watching.set()
        if beside:
            threading.Thread(target=_watch, name="policy", daemon=True).start()


def arrive() -> None:
    """Called as a request begins: afterwards the process has the version that is in force."""
    if not _watching.is_set():
        return
    seen = _seen[0]
    if seen.switching or time.monotonic() - seen.at > LEASE:
        seen = _look()
    if seen.number is not None and seen.number != _taken[0]:
        _take(seen.number)


def follow() -> None:
    """Read now which version is in force, and take it."""
    seen = _look()
    if seen.number is not None and seen.number != _taken[0]:
        _take(seen.number)


def policy_of(version: int) -> Policy:
    """The policy of a version, loaded once. Raises Version.DoesNotExist."""
    with _lock:
        found = _ready.get(version)
        if found is None:
            row = Version.objects.only("policy", "content").get(pk=version)
            found = _own(row.policy) or archive.policy(archive.restored(row.content), passed=True)
        keep(version, found)
        return found


def _own(fingerprint: str) -> Policy | None:
    """The policy that the process runs on, if it is the one that has this fingerprint."""
    own = purposes.forced().policy
    return own if isinstance(own, Policy) and own.fingerprint == fingerprint else None


def keep(version: int, policy: Policy) -> None:
    """Keep what was loaded of a version ready, in the place of what was asked for longest ago."""
    with _lock:
        _ready[version] = _own(policy.fingerprint) or policy
        _ready.move_to_end(version)
        while len(_ready) > KEPT:
            _ready.popitem(last=False)


def forget() -> None:
    """Know of no version any more (tests, between which the tables are emptied)."""
    with _lock:
        _ready.clear()
        _taken[0], _seen[0] = None, _NEVER
        _watching.clear()


def _look() -> _Seen:
    began = time.monotonic()
    row = Force.objects.values_list("version_id", "coming_id", "switching").first()
    version, coming, switching = row or (None, None, False)
    seen = _Seen(version, coming, switching, began)
    _seen[0] = seen
    return seen


def _take(version: int) -> None:
    with _lock:
        if version == _taken[0]:
            return
        policy = policy_of(version)
        if policy is not purposes.forced().policy or _taken[0] is not None:
            purposes.enforce(policy)
        _taken[0] = version
    log.info("version %s of the policy is in force here", policy.version)


def prepare(version: int) -> None:
    """Have drawn of a version that comes what is asked for. Raises Version.DoesNotExist."""
    with purposes.holding(policy_of(version)):
        for each in ahead:
            each()


@contextmanager
def _giving_way() -> Iterator[None]:
    """Much is worked out beside requests, each of which would wait at every read of its own."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(GIVES_WAY)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _watch() -> None:
    while _watching.is_set():
        close_old_connections()
        try:
            seen = _look()
            if seen.number is not None and seen.number != _taken[0]:
                _take(seen.number)
            if seen.coming is not None:
                with _giving_way():
                    (prepare if seen.switching else policy_of)(seen.coming)
        except DatabaseError:
            connection.close()  # each request looks for itself until the database is back
        except Exception:
            log.exception("the policy that is in force could not be read")
        time.sleep(PAUSE)
