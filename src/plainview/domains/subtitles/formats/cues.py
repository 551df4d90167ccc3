"""What a subtitle file becomes: cues, what was noticed on the way, and the one error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from plainview.domains.subtitles.formats import markup
from plainview.domains.subtitles.formats.markup import MAX_CHARACTERS

MAX_BYTES = 5_000_000
MAX_CUES = 20_000
MAX_MS = 48 * 3_600_000
"""No film is longer than two days; a later time is a mistake or an attack."""
LAST_MS = 5000
"""How long the last line is shown that nothing takes off."""
MAX_NOTES = 20
MAX_HEAD = 200_000

_VOICE = re.compile(r"<v ([^<>]*)>")


class SubtitleError(Exception):
    """A file that can't be read as subtitles: what is wrong (message) and what to do (remedy).

    `code` is stable, for programs: too-large, empty, binary, unknown-format, unsupported-format,
    pictures, unknown-encoding, bad-encoding, too-many-cues, no-cues. `line` counts from 1, where it
    is known.
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
class Reading:
    """Another encoding that a file may be in: how people call it, and what a line would say."""

    encoding: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A subtitle file as read. `notes` tell a person what was guessed, mended or left out.

    `others` are other readings of a file whose encoding can't be certain. `head` is what stands
    around the cues in a file of this format (style sheets, comments), which the same format can
    have again. `tongues` are all languages of a file that says the film in several.
    """

    cues: tuple[Cue, ...]
    format: str
    encoding: str
    language: str | None = None
    notes: tuple[str, ...] = ()
    head: str = ""
    others: tuple[Reading, ...] = ()
    tongues: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """Cues and notes while a file is being read. Raises SubtitleError beyond MAX_CUES cues.

    `counts` says what a note counts: the lines of a file, or the subtitles of a document. `asked`
    is the language that is wanted of a file of several, `rate` the film's pictures a second, or 0.
    """

    cues: list[Cue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    language: str | None = None
    head: str = ""
    unsaid: int = 0
    counts: str = "line"
    asked: str | None = None
    rate: float = 0.0
    tongues: tuple[str, ...] = ()

    def note(self, text: str) -> None:
        """Keep a note for the person; after MAX_NOTES of them, only how many more there were."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(text)
        else:
            self.unsaid += 1

    def words(self, runs: Iterable[markup.Run], line: int) -> str:
        """Canonical cue text of runs; what is too long for one cue is cut, with a note."""
        whole = list(runs)
        if markup.is_overlong(whole):
            self._note_at(line, f"longer than {MAX_CHARACTERS} characters; the rest left out")
        return markup.compose(whole)

    def _note_at(self, line: int, what: str) -> None:
        self.note(f"{self.counts} {line}: {what}")

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
            self._note_at(line, "ends before it starts; left out")
        elif cue.start_ms >= MAX_MS:
            self._note_at(line, "later than any film lasts; left out")
        else:
            self.cues.append(replace(cue, end_ms=min(cue.end_ms, MAX_MS)))
