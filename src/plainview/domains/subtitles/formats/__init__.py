"""Subtitle files in and out: in whatever form and encoding they come (`FORMS`).

`read` turns a file into cues whose text is the safe subset of WebVTT cue text that Plainview
keeps; `write_webvtt` turns cues into a WebVTT file that every player takes, `write` into a file of
any format. Nothing here touches a database or a disk, and no input, however hostile, raises
anything but `SubtitleError`.
"""

from plainview.domains.subtitles.formats.cues import (
    MAX_BYTES,
    MAX_CUES,
    Cue,
    Reading,
    SubtitleError,
    Subtitles,
)
from plainview.domains.subtitles.formats.decoding import ENCODINGS, public_name
from plainview.domains.subtitles.formats.direction import direction_of
from plainview.domains.subtitles.formats.markup import canonical as canonical_text
from plainview.domains.subtitles.formats.markup import editable as editable_text
from plainview.domains.subtitles.formats.markup import plain_text
from plainview.domains.subtitles.formats.reading import (
    ACCEPTED,
    CHOICE,
    ENDINGS,
    REFUSED_ENDINGS,
    read,
)
from plainview.domains.subtitles.formats.typed_text import (
    MARK,
    isolated,
    joined,
    of_typed,
    parted,
    typed,
)
from plainview.domains.subtitles.formats.webvtt import write_webvtt
from plainview.domains.subtitles.formats.writing import NAMES, TYPES, Written, look, losses, write
