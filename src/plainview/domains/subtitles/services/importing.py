"""What can be done with subtitles."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from langcodes import standardize_tag, tag_is_valid

from plainview.domains.catalogue.models import Video
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.formats.confined import read_confined
from plainview.domains.subtitles.formats.sami import SEVERAL
from plainview.domains.subtitles.models import Track
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.services.refusing import Refusal

_KINDS = frozenset(("cc", "default", "full", "hi", "sdh"))
"""What other media servers say after the language in a name.

By themselves `hi` is Hindi and `sdh` Southern Kurdish.
"""


class Read(NamedTuple):
    """A file of subtitles that was read: each language with what it says, the file's own first."""

    source: str
    found: list[tuple[str, formats.Subtitles]]


def import_file(
    video: Video, data: bytes, *, filename: str = "", language: str = ""
) -> list[Track]:
    """Read a subtitle file and keep it: `read_file`, then `keep_file`. Raises SubtitleError."""
    read = read_file(data, filename=filename, language=language, rate=rate_of(video), beside=video)
    return keep_file(video, read)


def read_file(
    data: bytes,
    *,
    filename: str = "",
    language: str = "",
    rate: float = 0.0,
    beside: Video | None = None,
) -> Read:
    """Read a subtitle file (any of `formats`, in any encoding) for a film of so many pictures a
    second.

    The language is `language`, else what the file states, else what its name ends in
    (`film.ko.srt`). A file of several languages has the others too, unless one is named; not what a
    film that it comes to, `beside`, would not take from it. Takes as long as a process does to
    begin: not for within a transaction, which keeps everybody from writing. Raises
    formats.SubtitleError if the file can't be read, or its language is not to be known.
    """
    stated = language or _language_of_name(filename)
    read = read_confined(data, filename=filename, language=stated, rate=rate)
    tag = stated or (read.language or "")
    if not tag or not tag_is_valid(tag):
        raise formats.SubtitleError(
            "no-language",
            "It is not to be known which language these subtitles are in.",
            "Say which language they are in, or name the file like film.ko.srt.",
        )
    others = [] if stated else [each for each in read.tongues if each != read.language]
    found = [(standardize_tag(tag), read)]
    for other in others:
        if beside is not None and not _is_free(beside, standardize_tag(other), filename[-255:]):
            continue
        said = read_confined(data, filename=filename, language=other, rate=rate)
        found.append((standardize_tag(other), said))
    return Read(filename[-255:], found)


def keep_file(video: Video, read: Read) -> list[Track]:
    """Let what was read be the tracks of its languages.

    A track of the file's language is replaced whole, in one transaction; the others replace what
    came of a file of its name, and nothing else. Raises formats.SubtitleError where a copyright
    notice holds one down.
    """
    first, *others = read.found
    found = [first, *(each for each in others if _is_free(video, each[0], read.source))]
    try:
        return [
            tracks.put(video, each, said.cues, source=read.source, notes=_notes(video, said, found))
            for each, said in found
        ]
    except Refusal as refused:
        raise formats.SubtitleError(
            "withheld", refused.message, "They come back when the notice falls."
        ) from None


def _is_free(video: Video, tag: str, source: str) -> bool:
    """Whether a language has no track but what came of a file of the same name."""
    return not Track.objects.filter(video=video, language=tag).exclude(source_name=source).exists()


def _notes(
    video: Video, said: formats.Subtitles, found: list[tuple[str, formats.Subtitles]]
) -> list[str]:
    """What a person is told of a track; not which language was taken where all were."""

    def all_taken(note: str) -> bool:
        return note.startswith(SEVERAL) and note.partition(";")[0].count(",") + 1 == len(found)

    return [*(each for each in said.notes if not all_taken(each)), *too_late(video, said.cues)]


def rate_of(video: Video) -> float:
    """How many pictures a second the film has; 0 where there is no film yet."""
    said = Package.objects.filter(video=video).values_list(
        "contents__renditions__0__fps", flat=True
    )
    return float(Fraction(said.first() or 0))


def too_late(video: Video, cues: Iterable[formats.Cue]) -> list[str]:
    """A note on lines that nobody would see, since the film has ended, as one counted from ten
    o'clock has them; none where there is no film yet."""
    ends = Package.objects.filter(video=video).values_list("duration_ms", flat=True).first()
    count = sum(each.start_ms >= ends for each in cues) if ends else 0
    return [f"lines that begin after the film has ended: {count}"] if count else []


def _language_of_name(filename: str) -> str:
    """The tag in `film.ko.srt` or `film.ko.sdh.srt`, or nothing."""
    *before, last, _ending = ["", "", *filename.rsplit(".", 3)[1:]]
    if last.lower() in _KINDS and (tag := _tag(before[-1])):
        return tag
    return _tag(last)


def _tag(word: str) -> str:
    valid = 2 <= len(word) <= 12 and tag_is_valid(word)
    return standardize_tag(word) if valid else ""
