"""What a subtitle file becomes: cues, what was noticed on the way, and the one error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_BYTES = 5_000_000
MAX_CUES = 20_000
MAX_MS = 48 * 3_600_000
"""No film is longer than two days; a later time is a mistake or an attack."""
MAX_NOTES = 20
MAX_HEAD = 200_000

_VOICE = re.compile(r"<v ([^<>]*)>")


class SubtitleError(Exception):
    """A file that can't be read as subtitles: what is wrong (message) and what to do (remedy).

    `code` is stable, for programs: too-large, empty, binary, unknown-format, unsupported-format,
    unknown-encoding, bad-encoding, too-many-cues, no-cues. `line` counts from 1 where known.
    """

    def __init__(self, code: str, message: str, remedy: str, line: int | None = None) -> None:
        super().__init__(f"{message} {remedy}")
        self.code = code
        self.message = message
        self.remedy = remedy
        self.line = line


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle on the screen from `start_ms` to `end_ms`.

    `text` is WebVTT cue text of the tags v, b, i, u, ruby and rt; `settings` are WebVTT cue
    settings, such as `line:5% align:left`. `original` is what the cue's file had in its place, for
    a file of the same format to have again as long as `text` says the same.
    """

    start_ms: int
    end_ms: int
    text: str
    settings: str = ""
    identifier: str = ""
    original: str = field(default="", compare=False)

    @property
    def speaker(self) -> str:
        """Who speaks first, as the file names them; empty if it doesn't say."""
        found = _VOICE.search(self.text)
        if not found:
            return ""
        return found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A subtitle file as read. `notes` tell a person what was guessed, mended or left out.

    `head` is what stands around the cues in a file of this format (style sheets, comments), which
    the same format can have again.
    """

    cues: tuple[Cue, ...]
    format: str
    encoding: str
    language: str | None = None
    notes: tuple[str, ...] = ()
    head: str = ""


@dataclass(slots=True)
class Draft:
    """Cues and notes while a file is being read. Raises SubtitleError beyond MAX_CUES cues."""

    cues: list[Cue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    language: str | None = None
    head: str = ""
    unsaid: int = 0

    def note(self, text: str) -> None:
        """Keep a note for the person; after MAX_NOTES of them, only how many more there were."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(text)
        else:
            self.unsaid += 1

    def add(self, cue: Cue, line: int) -> None:
        """Keep a cue from this line of the file, unless its times make no sense."""
        if len(self.cues) >= MAX_CUES:
            raise SubtitleError(
                "too-many-cues",
                f"There are more than {MAX_CUES} subtitles in this file.",
                "Split it, or check that it is the right file.",
                line,
            )
        if cue.end_ms <= cue.start_ms:
            self.note(f"line {line}: ends before it starts; left out")
        elif cue.end_ms > MAX_MS:
            self.note(f"line {line}: later than any film lasts; left out")
        else:
            self.cues.append(cue)
