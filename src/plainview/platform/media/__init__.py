"""Makes any film that FFmpeg reads into an adaptive package, and trusts no film while doing so.

`probe` finds out what a file holds, `package` makes renditions, poster and seek-bar pictures of it,
`subtitle_tracks` saves its embedded texts, `outline` hears and watches a package for those who
subtitle it. What can't become a film ends in a `MediaError` that says so to the uploader. Knows
nothing of titles, people or jobs.
"""

from plainview.platform.media.errors import VERDICTS, MediaError
from plainview.platform.media.facts import (
    AudioTrack,
    Chapter,
    Limits,
    Outline,
    Package,
    Probe,
    fraction,
    one_line,
)
from plainview.platform.media.outlining import frame_ms, outline, read_outline
from plainview.platform.media.packaging import package, read_package
from plainview.platform.media.parts import (
    CantJoin,
    encode_part,
    encode_sounds,
    join,
    stretches,
)
from plainview.platform.media.probing import probe
from plainview.platform.media.sandbox import confinement
from plainview.platform.media.subtitles import subtitle_tracks
