"""Whether the database became one that this process does not know, while others updated it.

A thread of each web process looks, so that a request asks nothing. In tables of another version a
page may fail half way through a form, and what it writes may be in no column that an erasure knows.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections, connection

from plainview.privacy.schema import Watch

LOOK_SECONDS = 2.0
_log = logging.getLogger(__name__)
_why = [""]


def why() -> str:
    """What the database is to this process by the last look: `newer`, `waiting`, or empty."""
    return _why[0]


def watch() -> None:
    """Look for as long as this process lives, beside what it does."""
    threading.Thread(target=_watch, name="schema", daemon=True).start()


def look(known: Watch) -> None:
    """Look once; says in the log what it found, where that is new."""
    try:
        found = known.moved()
    except DatabaseError:
        connection.close()  # what holds is what was seen last
        return
    if found and found != _why[0]:
        _log.error("%s", _SAID[found])
    _why[0] = found


_SAID = {
    "newer": "the database is of a newer version than this process, which answers 503: start the"
    " version that brought it there",
    "waiting": "the database is not up to date; every page is answered 503 until it is",
}


def _watch() -> None:
    known = Watch()
    while True:
        close_old_connections()
        look(known)
        time.sleep(LOOK_SECONDS)
