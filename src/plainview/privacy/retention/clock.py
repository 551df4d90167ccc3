"""Whether the clock may be gone by: what ends on a day must not go because the clock went ahead.

The machine's steady clock, which counts sleep too, says how long it was since the last sweep. Where
the day has gone further than that, the clock was set, rightly or wrongly, and nothing goes for a
day: who runs the service sees by then that it is wrong. Across a start of the machine nothing can
be compared; after more than a week off, nothing goes for an hour, in which a clock is set that was
lost with the power. What was seen last stands in a file of the data folder, about nobody.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import timedelta
from math import ceil
from pathlib import Path

import msgspec
from django.conf import settings

FAR, OFF = timedelta(days=1), timedelta(days=7)
"""So far ahead of the steady clock, or so long after the machine ran last, is in doubt."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class _Seen(msgspec.Struct, frozen=True):
    """The clocks at one moment: of the day, and the steady one, which is that of one `start` alone.

    `until` is when, by the steady clock, what was in doubt has gone on for long enough; 0 if
    nothing is. `ahead` is by how many seconds the day had gone further.
    """

    at: float
    steady: float
    start: str
    until: float = 0.0
    ahead: float = 0.0


def doubt(*, note: bool = True) -> timedelta:
    """How long nothing that ends on a day may go yet; zero while the clock can be gone by.

    Noted are the clocks of now, for the next time, unless `note` is false. Where they can't be,
    nothing that is due stays for it.
    """
    before, now = _read(), _now()
    if before is not None:
        now = _judged(before, now)
    if note:
        with suppress(OSError):
            _write(now)
    return timedelta(seconds=max(0.0, now.until - now.steady)) if now.until else timedelta()


def said(wait: timedelta) -> str:
    """What is in doubt and how long nothing goes for it, in words; empty if nothing is."""
    if not wait or (before := _read()) is None:
        return ""
    hours = ceil(wait / HOUR)
    return (
        f"the clock went {before.ahead / 86400:.0f} days ahead: what ends on a day stays for"
        f" {hours} more hours"
    )


def trust() -> None:
    """Go by the clock from now on: who runs the service says that it is right. Raises OSError."""
    _write(_now())


def _judged(before: _Seen, now: _Seen) -> _Seen:
    """The clocks of now, with the doubt that they raise, or that has not ended yet."""
    same = before.start == now.start
    went = now.at - before.at - (now.steady - before.steady if same else 0.0)
    most, wait = (FAR, DAY) if same else (OFF, HOUR)
    if went > most.total_seconds():
        until = now.steady + wait.total_seconds()
    elif went < -FAR.total_seconds() or not before.until:
        return now  # put right, or in no doubt
    elif same and now.steady >= before.until:
        return now
    else:
        until, went = before.until if same else now.steady + HOUR.total_seconds(), before.ahead
    return msgspec.structs.replace(now, until=until, ahead=went)


def _now() -> _Seen:
    steady = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    start = f"process {os.getpid()}"
    with suppress(OSError):
        start = _BOOT.read_text().strip()
    return _Seen(time.time(), time.clock_gettime(steady), start)


def _file() -> Path:
    return Path(settings.DATA) / "clock.json"


def _read() -> _Seen | None:
    try:
        return msgspec.json.decode(_file().read_bytes(), type=_Seen)
    except (OSError, msgspec.DecodeError):
        return None


def _write(seen: _Seen) -> None:
    path = _file().with_suffix(".new")
    path.write_bytes(msgspec.json.encode(seen))
    path.replace(_file())
