"""Times as subtitle files write them, read to the millisecond."""

from __future__ import annotations

import re

_TIME = r"(-?)[ \t]*(?:(\d{1,9}): ?)?(\d{1,3}): ?(\d{1,3})(?:[.,:;] ?(\d{1,9}))?"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-{{1,3}}>[ \t]*{_TIME}(?:[ \t]+(\S.*))?[ \t]*")
_HUNDREDTHS = re.compile(r"([0-9]):([0-9]{2}):([0-9]{2})\.([0-9]{2})")
_SINGLE = re.compile(rf"[ \t]*{_TIME}[ \t]*")


def parse_timing(line: str) -> tuple[int, int, str] | None:
    """Start and end in ms and what follows, of a line such as `00:01,5 --> 00:00:02.000 line:0`.

    Below zero is zero. None if the line isn't two times and an arrow.
    """
    found = _TIMING.fullmatch(line[:400])
    if not found:
        return None
    parts = found.groups()
    return _milliseconds(*parts[:5]), _milliseconds(*parts[5:10]), (parts[10] or "").strip()


def parse_time(text: str) -> int | None:
    """One time in ms, or None if it isn't one."""
    if usual := _HUNDREDTHS.fullmatch(text):  # as ASS writes it: a thousand times a file
        hours, minutes, seconds, hundredths = map(int, usual.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
    found = _SINGLE.fullmatch(text[:60])
    return _milliseconds(*found.groups()) if found else None


def format_time(milliseconds: int) -> str:
    """A time as WebVTT writes it: `00:01:02.345`, with more digits of hours if need be."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def _milliseconds(
    sign: str | None, hours: str | None, minutes: str, seconds: str, fraction: str | None
) -> int:
    if sign:
        return 0
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))
