"""Why a file could not become a film, in words for the person who uploaded it.

Each verdict has a code that callers translate by, a sentence on what happened and what it means,
and a sentence on what to do. None of them ever holds a path of the server.
"""

from typing import Final


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the translators: films are read in a process without Django."""
    return sentence


VERDICTS: Final[dict[str, tuple[str, str]]] = {
    "empty": (
        gettext_noop("The file has no content."),
        gettext_noop("Check that the copy or the export finished, then upload it again."),
    ),
    "not-media": (
        gettext_noop("The file is not a film: no video was recognised in it."),
        gettext_noop("Upload a video file, such as MP4, MOV, MKV, WebM, AVI or MPEG-TS."),
    ),
    "audio-only": (
        gettext_noop("The file has sound but no moving pictures."),
        gettext_noop("Upload a file that also has a video track."),
    ),
    "picture": (
        gettext_noop("The file is a still picture or a document, not a film."),
        gettext_noop("Upload a video file. Posters are added on the title’s own page."),
    ),
    "truncated": (
        gettext_noop("The file is incomplete: too little of it is there to be played."),
        gettext_noop(
            "Copy or export it again from the original, wait until that has finished, "
            "and upload it."
        ),
    ),
    "playlist": (
        gettext_noop(
            "The file is a playlist or a script that only names other files; "
            "it holds no film itself."
        ),
        gettext_noop("Upload the film it points to, as one file."),
    ),
    "references-elsewhere": (
        gettext_noop(
            "The film’s pictures or sound are kept in other files that this one only refers to."
        ),
        gettext_noop("Save it from the editing program as a self-contained movie and upload that."),
    ),
    "encrypted": (
        gettext_noop("The film is encrypted or copy-protected, so it can’t be read."),
        gettext_noop("Upload a copy without protection."),
    ),
    "unsupported": (
        gettext_noop("The video is in a format that could not be decoded here."),
        gettext_noop("Convert it to MP4 with H.264 or MKV with any common format and upload that."),
    ),
    "too-long": (
        gettext_noop("The film is longer than this service accepts."),
        gettext_noop("Cut it into parts, or ask the operator to raise the limit."),
    ),
    "too-large": (
        gettext_noop("The file, or what would be made of it, is larger than this service accepts."),
        gettext_noop(
            "Export it at a lower bit rate or size, or ask the operator to raise the limit."
        ),
    ),
    "too-many-pixels": (
        gettext_noop("The picture is larger than this service can decode."),
        gettext_noop("Export it at 8K (7680 x 4320) or less and upload that."),
    ),
    "timeout": (
        gettext_noop("Reading or encoding the file took too long or stood still, and was stopped."),
        gettext_noop(
            "Try again when the service is less busy; if it stops again, convert the file first."
        ),
    ),
    "memory": (
        gettext_noop("The file needs more memory than this service may use."),
        gettext_noop(
            "Export it at a smaller picture size, or ask the operator to raise the limit."
        ),
    ),
    "disk-full": (
        gettext_noop("The service has no room left to store the film."),
        gettext_noop("Nothing is wrong with the file. Tell the operator, then try again."),
    ),
    "updating": (
        gettext_noop("The service is being updated, and can’t prepare films at this moment."),
        gettext_noop("Nothing is lost, and nothing needs doing: it is tried again every minute."),
    ),
    "encoder-died": (
        gettext_noop("The encoder stopped before it had finished."),
        gettext_noop("Try again. If it stops at the same place, convert the file first."),
    ),
}


UPDATING: Final = "updating"


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
