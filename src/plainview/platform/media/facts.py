"""What is known of a source before it is encoded, and what a finished package holds.

Sizes are in pixels, times in milliseconds, bandwidths in bits per second.
"""

import re
from fractions import Fraction
from typing import Final

import msgspec

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")

CAPTIONS: Final = "eia_608"
"""The codec of closed captions (CEA-608)."""
DOCUMENTS: Final = "ttml"
"""The codec of TTML within MP4 (`stpp`, ISO/IEC 14496-30)."""


def one_line(text: str) -> str:
    """What a file says, as rows, logs and terminals can hold it: one line, in the order written."""
    return " ".join(_CONTROLS.sub(" ", _TURNS.sub("", text)).split())


class Video(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The film's moving picture, as coded (`coded_*`) and as it is meant to be seen.

    `steady` means that pictures come at even times; `finest` is the lowest rate that all of them
    fit, 0 when unknown; `hdr` names the transfer curve of a picture brighter than a common screen,
    "" for all others; `untold` means that nothing says how its colours are written.
    """

    index: int
    codec: str
    coded_width: int
    coded_height: int
    width: int
    height: int
    rotation: int
    fps: Fraction
    steady: bool
    interlaced: bool
    hdr: str
    rgb: bool
    finest: Fraction = Fraction(0)
    untold: bool = False


class Audio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One audio stream. `language` is the tag the file gives, "" when it gives none.

    A `described` one also says what is to be seen, a `commented` one is about the film. One with a
    stream `beside` it is the left half of a sound whose right half is there; -1 is none.
    """

    index: int
    codec: str
    channels: int
    layout: str
    language: str
    title: str
    default: bool
    described: bool = False
    commented: bool = False
    beside: int = -1


class Subtitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One subtitle stream. Only those made of text can be extracted; others are pictures.

    One with the index of the film's picture is written into the pictures themselves (CTA-708 A53).
    A `forced` one has only what is foreign in the film, a `described` one also what one hears, a
    `commented` one what somebody says about the film.
    """

    index: int
    codec: str
    language: str
    title: str
    text: bool
    forced: bool
    described: bool = False
    commented: bool = False


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named stretch of the film."""

    start_ms: int
    end_ms: int
    title: str


class Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `probe` learned of a file by reading it under confinement.

    `unheard` counts audio streams that could not be decoded; they are not in `audio`. `others` says
    that it is a broadcast of several programmes; what is told is of one. `begins_us` is what the
    film's clock shows at its start, in microseconds.
    """

    container: str
    duration_ms: int
    video: Video
    audio: tuple[Audio, ...] = ()
    unheard: int = 0
    subtitles: tuple[Subtitle, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    others: bool = False
    begins_us: int = 0

    @property
    def width(self) -> int:
        """Width as displayed, after rotation and pixel shape."""
        return self.video.width

    @property
    def height(self) -> int:
        """Height as displayed, after rotation and pixel shape."""
        return self.video.height

    @property
    def fps(self) -> Fraction:
        """Pictures per second of the source, on average."""
        return self.video.fps

    @property
    def skipped_subtitles(self) -> tuple[Subtitle, ...]:
        """Subtitle streams made of pictures or of an `unknown` codec, which can't become text."""
        return tuple(stream for stream in self.subtitles if not stream.text)


class Rendition(msgspec.Struct, frozen=True):
    """One size of the film in a package. `bandwidth` is the busiest segment's, with all in it."""

    name: str
    width: int
    height: int
    fps: Fraction
    bandwidth: int
    average_bandwidth: int
    codecs: str
    key_bandwidth: int = 0
    """Of its key frames alone; 0 where there is no playlist of them."""


class AudioTrack(msgspec.Struct, frozen=True):
    """One language of a package, always stereo AAC."""

    name: str
    title: str
    language: str
    default: bool
    bandwidth: int
    codecs: str
    loudness: float | None = None
    """LUFS as it came (EBU R 128); None if it was not measured."""
    peak: float | None = None
    """dBTP as it came."""
    gain: float = 0.0
    """dB that it was changed by."""
    described: bool = False
    """Whether it also says what is to be seen."""


class Thumbnails(msgspec.Struct, frozen=True):
    """Seek-bar pictures: `index` is a WebVTT file whose cues point into `sheets`."""

    index: str
    sheets: tuple[str, ...]
    width: int
    height: int


class Package(msgspec.Struct, frozen=True):
    """A finished film, as also written to `package.json`. File names are relative to it.

    `remarks` holds codes on what the source lacked: `shorter-than-declared`, `sound-dropped`,
    `silence-dropped`, `more-audio-than-kept`, `other-programmes`. `chapters` are the
    source's.
    """

    duration_ms: int
    width: int
    height: int
    renditions: tuple[Rendition, ...]
    audio: tuple[AudioTrack, ...]
    poster: str
    thumbnails: Thumbnails
    remarks: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    master: str = "master.m3u8"
    format: int = 1


class Outline(msgspec.Struct, frozen=True):
    """What helps to cut subtitles to a package: where shots begin and where somebody speaks."""

    fps: Fraction
    duration_ms: int
    shots: tuple[int, ...]
    speech: tuple[tuple[int, int], ...]
    waveform: str = "waveform.dat"
    format: int = 1


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one file may cost. A value beyond its limit ends in the `MediaError` beside it."""

    longest_ms: int = 12 * 60 * 60 * 1000
    """`too-long`"""
    largest_bytes: int = 128 * 2**30
    """`too-large`: the source"""
    most_pixels: int = 8192 * 4352
    """`too-many-pixels`: of one picture"""
    probe_seconds: float = 60.0
    """`timeout`: reading facts and subtitles may take this long"""
    still_seconds: float = 90.0
    """`timeout`: encoding may stand still for this long"""
    encode_factor: float = 40.0
    """`timeout`: encoding may take this many times the film's own length, and ten minutes"""
    memory_bytes: int = 0
    """`memory`: of the encoder; 0 takes most of what the machine or its container has"""
    tallest: int = 1080
    """Renditions are made up to this many pixels on the shorter side."""
    least_share: float = 0.5
    """`truncated`: at least this share of the declared length must decode"""


DEFAULT_LIMITS: Final = Limits()


class Orders(msgspec.Struct, frozen=True):
    """What the inspector is told: whose child it is, the open file, and the limits."""

    parent: int
    source: int
    memory_bytes: int
    limits: Limits


class Reply(msgspec.Struct, frozen=True):
    """What the inspector answers: facts, or the code of a verdict and a word for the log."""

    facts: Probe | None = None
    verdict: str = ""
    detail: str = ""


def fraction(kind: type, value: object) -> object:
    """Read a fraction that `str` wrote: msgspec's `dec_hook`."""
    if kind is Fraction:
        return Fraction(str(value))
    raise NotImplementedError(kind)
