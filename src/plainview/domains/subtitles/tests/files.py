"""Subtitle files for tests, and what is read of them."""

from __future__ import annotations

from plainview.domains.subtitles.formats import Cue, Subtitles, read


def srt_of(lines: list[str], newline: str = "\r\n") -> str:
    return newline.join(
        f"{n}{newline}00:00:{n:02},000 --> 00:00:{n:02},900{newline}{line}{newline}"
        for n, line in enumerate(lines, 1)
    )


def texts(found: Subtitles) -> list[str]:
    return [cue.text for cue in found.cues]


def only(data: str | bytes, **options: str) -> Cue:
    found = read(data.encode() if isinstance(data, str) else data, **options)
    assert len(found.cues) == 1
    return found.cues[0]
