"""The room's ear: one thread a process asks what is new, and tells everybody who listens.

Each listener is a response that waits on a thread of the web server and asks the database nothing;
the one thread asks a few short questions for each room where somebody listens, and none where
nobody does. Only the database is shared, so it is the same for many processes and machines.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from django.db import connections

from plainview.domains.subtitles.live import news
from plainview.domains.subtitles.models import Edition
from plainview.privacy.gate.doors import runs

TICK = 0.35
"""Seconds between two questions: what is saved is heard within half a second."""
MOST = 64
"""Listeners of one process, a thread each; whoever comes after them asks every few seconds."""
BREATH = 15.0
"""Seconds after which a silent stream says that it is there, so that a dead one is noticed."""
LONGEST = 1800.0
"""Seconds of one stream; a browser comes back by itself, and is looked at anew."""
_BEHIND = 200

log = logging.getLogger(__name__)


class Full(Exception):
    """There are as many listeners as this process can have."""


class Listener:
    """The server-sent events of one who listens, until it is closed or nobody holds it any more.

    No generator: one whose first event nobody asks for, as of a HEAD, would stay in its room.
    """

    def __init__(self, hub: Hub, edition: int, waiting: queue.Queue[bytes]) -> None:
        self._hub, self._edition, self._waiting = hub, edition, waiting
        self._ends = time.monotonic() + LONGEST
        self._first = [b"retry: 2000\n\n"]

    def begin_with(self, event: bytes) -> None:
        """Put an event before all others."""
        self._first.insert(0, event)

    def close(self) -> None:
        """Listen no more."""
        if self._ends:
            self._ends = 0.0
            self._hub.leave(self._edition, self._waiting)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if time.monotonic() >= self._ends:
            self.close()
            raise StopIteration
        if self._first:
            return self._first.pop(0)
        try:
            return self._waiting.get(timeout=BREATH)
        except queue.Empty:
            return b": still here\n\n"

    def __del__(self) -> None:
        self.close()


class Hub:
    """Who listens to which edition; the thread that tells them runs while anybody does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rooms: dict[int, set[queue.Queue[bytes]]] = {}
        self._gone: deque[tuple[int, queue.Queue[bytes]]] = deque()
        self._known: dict[int, int] = {}
        self._thread: threading.Thread | None = None

    def listen(self, edition: int, *, known: int) -> Listener:
        """Server-sent events of an edition whose changes until `known` are known. Raises Full."""
        waiting: queue.Queue[bytes] = queue.Queue(_BEHIND)
        with self._lock:
            self._let_go()
            if sum(map(len, self._rooms.values())) >= MOST:
                raise Full
            self._rooms.setdefault(edition, set()).add(waiting)
            self._known[edition] = min(known, self._known.get(edition, known))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="studio-live", daemon=True)
                self._thread.start()
        return Listener(self, edition, waiting)

    def leave(self, edition: int, waiting: queue.Queue[bytes]) -> None:
        """Tell whoever waits there nothing more, from the next look on.

        No lock: it may be called by the collector of garbage in the middle of anything.
        """
        self._gone.append((edition, waiting))

    def _let_go(self) -> None:
        """Take those who left out of their rooms; called with the lock."""
        while self._gone:
            edition, waiting = self._gone.popleft()
            room = self._rooms.get(edition, set())
            room.discard(waiting)
            if not room:
                self._rooms.pop(edition, None)

    def _run(self) -> None:
        marks: dict[int, news.Mark] = {}
        while True:
            with self._lock:
                self._let_go()
                wanted = sorted(self._rooms)
                for edition, known in self._known.items():
                    before = marks.get(edition)
                    marks[edition] = before or news.Mark(known)
                    if known < marks[edition].changes:
                        marks[edition] = replace(marks[edition], changes=known)
                self._known.clear()
                if not wanted:
                    self._thread = None
                    break
            try:
                for edition, event in ask(wanted, marks):
                    self._tell(edition, event)
            except Exception:  # a database that is away comes back; the listeners wait for it
                log.warning("the studio's news could not be asked for", exc_info=False)
                connections.close_all()
                time.sleep(2)
            time.sleep(TICK)
        connections.close_all()

    def _tell(self, edition: int, event: bytes) -> None:
        with self._lock:
            for waiting in list(self._rooms.get(edition, ())):
                try:
                    waiting.put_nowait(event)
                except queue.Full:  # a browser that does not read; it comes back with what it knows
                    self._rooms[edition].discard(waiting)


HUB = Hub()


@runs("contribute", source="use", everyone="everybody in a room of the studio hears the same of it")
def ask(wanted: list[int], marks: dict[int, news.Mark]) -> list[tuple[int, bytes]]:
    """What is new in these editions since their marks, as events; the marks move on."""
    told = []
    for edition, mark, fresh in news.since(list(Edition.objects.filter(pk__in=wanted)), marks):
        marks[edition.pk] = mark
        if fresh is not None:
            told.append((edition.pk, event(fresh)))
    for gone in set(marks) - set(wanted):
        del marks[gone]
    return told


def event(fresh: dict[str, object]) -> bytes:
    """News as a server-sent event; its id is the last change that it holds."""
    return f"id: {fresh['changes']}\ndata: {json.dumps(fresh)}\n\n".encode()
