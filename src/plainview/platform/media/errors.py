"""Why a file could not become a film, in words for the person who uploaded it.

Each verdict has a code that callers translate by, a sentence on what happened and what it means,
and a sentence on what to do. None of them ever holds a path of the server.
"""

from typing import Final

VERDICTS: Final[dict[str, tuple[str, str]]] = {
    "empty": (
        "The file has no content.",
        "Check that the copy or the export finished, then upload it again.",
    ),
    "not-media": (
        "The file is not a film: no video was recognised in it.",
        "Upload a video file, such as MP4, MOV, MKV, WebM, AVI or MPEG-TS.",
    ),
    "audio-only": (
        "The file has sound but no moving pictures.",
        "Upload a file that also has a video track.",
    ),
    "picture": (
        "The file is a still picture or a document, not a film.",
        "Upload a video file. Posters are added on the title's own page.",
    ),
    "truncated": (
        "The file is incomplete: too little of it is there to be played.",
        "Copy or export it again from the original, wait until that has finished, and upload it.",
    ),
    "playlist": (
        "The file is a playlist or a script that only names other files; it holds no film itself.",
        "Upload the film it points to, as one file.",
    ),
    "references-elsewhere": (
        "The film's pictures or sound are kept in other files that this one only refers to.",
        "Save it from the editing program as a self-contained movie and upload that.",
    ),
    "encrypted": (
        "The film is encrypted or copy-protected, so it can't be read.",
        "Upload a copy without protection.",
    ),
    "unsupported": (
        "The video is in a format that could not be decoded here.",
        "Convert it to MP4 with H.264 or MKV with any common format and upload that.",
    ),
    "too-long": (
        "The film is longer than this service accepts.",
        "Cut it into parts, or ask the operator to raise the limit.",
    ),
    "too-large": (
        "The file, or what would be made of it, is larger than this service accepts.",
        "Export it at a lower bit rate or size, or ask the operator to raise the limit.",
    ),
    "too-many-pixels": (
        "The picture is larger than this service can decode.",
        "Export it at 8K (7680 x 4320) or less and upload that.",
    ),
    "timeout": (
        "Reading or encoding the file took too long or stood still, and was stopped.",
        "Try again when the service is less busy; if it stops again, convert the file first.",
    ),
    "memory": (
        "The file needs more memory than this service may use.",
        "Export it at a smaller picture size, or ask the operator to raise the limit.",
    ),
    "disk-full": (
        "The service has no room left to store the film.",
        "Nothing is wrong with the file. Tell the operator, then try again.",
    ),
    "encoder-died": (
        "The encoder stopped before it had finished.",
        "Try again. If it stops at the same place, convert the file first.",
    ),
}


class MediaError(Exception):
    """A file did not become a film.

    `code` is one of `VERDICTS`; `message` says what happened, `remedy` what to do, both in English
    and fit to be shown to the uploader. `detail` is for the operator's log alone: it may quote the
    decoder and is never to be shown.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.message, self.remedy = VERDICTS[code]
        self.detail = detail
        super().__init__(f"{self.message} {self.remedy}")

    def __reduce__(self) -> tuple[type["MediaError"], tuple[str, str]]:
        return (type(self), (self.code, self.detail))
