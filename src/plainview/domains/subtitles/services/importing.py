"""What can be done with subtitles."""

from __future__ import annotations

from langcodes import standardize_tag, tag_is_valid

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.formats.confined import read_confined
from plainview.domains.subtitles.models import Track
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.services.refusing import Refusal


def import_file(video: Video, data: bytes, *, filename: str = "", language: str = "") -> Track:
    """Read a subtitle file (SRT, WebVTT, ASS/SSA, TTML; any encoding) as the track of its language.

    The language is `language`, else what the file states, else what its name ends in
    (`film.ko.srt`). A track of that language is replaced whole, in one transaction. Raises
    formats.SubtitleError if the file can't be read, or its language is not to be known.
    """
    stated = language or _language_of_name(filename)
    read = read_confined(data, filename=filename, language=stated)
    tag = stated or (read.language or "")
    if not tag or not tag_is_valid(tag):
        raise formats.SubtitleError(
            "no-language",
            "It is not to be known which language these subtitles are in.",
            "Say which language they are in, or name the file like film.ko.srt.",
        )
    tag = standardize_tag(tag)
    try:
        return tracks.put(video, tag, read.cues, source=filename[-255:], notes=read.notes)
    except Refusal as refused:
        raise formats.SubtitleError(
            "withheld", refused.message, "They come back when the notice falls."
        ) from None


def _language_of_name(filename: str) -> str:
    """The tag in `film.ko.srt`, or nothing."""
    parts = filename.rsplit(".", 2)
    if len(parts) == 3 and 2 <= len(parts[1]) <= 12 and tag_is_valid(parts[1]):
        return standardize_tag(parts[1])
    return ""
