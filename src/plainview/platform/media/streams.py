"""Turns what the demuxer and the first decoded pictures say into facts.

Headers lie, so sizes come from decoded pictures; a stream counts only when something of it decodes.
"""

import re
import time
from fractions import Fraction
from typing import Any, Final

import av
import av.error
import msgspec
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from plainview.platform.media.clocks import MOST_PACKETS, Clock, late
from plainview.platform.media.errors import MediaError
from plainview.platform.media.facts import (
    CAPTIONS,
    DOCUMENTS,
    Audio,
    Limits,
    Subtitle,
    Video,
    one_line,
)

_PICTURES_READ: Final = 8
_HELD_BACK: Final = 100
"""Packets that a decoder may have taken in before it gives its first picture."""
_FEW: Final = 10
"""What has so many times fewer pictures than another stream are stills beside it."""
_DESCRIBED: Final = Disposition.visual_impaired | Disposition.descriptions
_MOST_AUDIO: Final = 16
_ONE_CHANNEL: Final = "1 channels"
"""How FFmpeg names one that is neither the middle nor any other place."""
_MOST_SUBTITLES: Final = 100
_HDR_TRANSFERS: Final = {16: "smpte2084", 18: "arib-std-b67"}  # PQ and HLG
_UNTOLD: Final = 2  # AVCOL_SPC_UNSPECIFIED
_FASTEST: Final = 1000
"""Pictures a second; that and more is the rate of a clock, as bare DV and Matroska give it."""
_INTERLACED_ORDERS: Final = frozenset((2, 3, 4, 5))
_CAPTIONS: Final = SideDataType.A53_CC
_MEMBERS: Final = re.compile(r"^  (?:Program |Stream #0:(\d+))", re.MULTILINE)
"""A line that begins a programme, or one of its streams, whose index is told."""
_DOCUMENTS: Final = re.compile(rf"^  Stream #0:(\d+).*: Subtitle: {DOCUMENTS} ", re.MULTILINE)
_TEXT: Final = frozenset(
    [
        "subrip",
        "srt",
        "ass",
        "ssa",
        "webvtt",
        "mov_text",
        "text",
        "subviewer",
        "subviewer1",
        "microdvd",
        "sami",
        "realtext",
        "jacosub",
        "mpl2",
        "pjs",
        "vplayer",
        "stl",
        CAPTIONS,
        DOCUMENTS,
    ]
)


class Seen:
    """What reading the beginning, and where needed the whole, of a file showed."""

    def __init__(self) -> None:
        self.picture: VideoFrame | None = None
        self.pictures = 0
        self.packets = 0
        self.interlaced = False
        self.captioned = False
        self.audible: set[int] = set()
        self.garbled: set[int] = set()
        self.end_seconds: float | None = None
        self.rate: Fraction | None = None


def choose_video(container: InputContainer) -> VideoStream:
    """The stream that is the film: no cover, decodable, the default one, moving, the largest.

    Telephones put the best shots beside a motion photo, larger than its film and a few in number.

    Raises `MediaError`: `audio-only`, `picture`, `not-media`, `unsupported`.
    """
    streams = [s for s in container.streams.video if s.codec_context is not None]
    films = [s for s in streams if not s.disposition & Disposition.attached_pic]
    if not films:
        if any(s.type == "video" and not s.codec_context for s in container.streams):
            raise MediaError("unsupported")
        if container.streams.audio:
            raise MediaError("audio-only")
        raise MediaError("picture" if streams else "not-media")
    most = max(s.frames for s in films)

    def fitness(s: VideoStream) -> tuple[bool, bool, int, int]:
        moves = not s.frames or s.frames * _FEW >= most
        return bool(s.disposition & Disposition.default), moves, s.width * s.height, -s.index

    return max(films, key=fitness)


def elsewhere(container: InputContainer, film: VideoStream) -> frozenset[int]:
    """The streams of other programmes than the film's, where a broadcast holds several.

    FFmpeg tells which stream is of which programme in words alone.
    """
    programmes: list[set[int]] = []
    for stream in _MEMBERS.findall(_in_words(container).partition("\n  No Program")[0]):
        if not stream:
            programmes.append(set())
        elif programmes:
            programmes[-1].add(int(stream))
    own = {index for each in programmes if film.index in each for index in each}
    return frozenset(index for each in programmes for index in each - own)


def documents(container: InputContainer) -> frozenset[int]:
    """The streams of TTML, which FFmpeg takes out as they are, and so has no decoder for."""
    return frozenset(map(int, _DOCUMENTS.findall(_in_words(container))))


def _in_words(container: Any) -> str:  # whose dump not every version of the stubs knows
    level = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    said: str = container.dumps_format()
    av.logging.set_level(level)
    return said


def first_pictures(
    container: InputContainer,
    stream: VideoStream,
    sounds: list[AudioStream],
    limits: Limits,
    until: float,
) -> Seen:
    """Decode a few pictures and a little of each sound; read on when the length is unknown.

    Also while there is one picture, as slides of a lecture stand for minutes; until this moment of
    the monotonic clock at the latest.

    Raises `MediaError`: `picture`, `audio-only`, `truncated`, `unsupported`, `too-many-pixels`.
    """
    if stream.width * stream.height > limits.most_pixels:
        raise MediaError("too-many-pixels")
    stream.codec_context.thread_count = 1
    sounds = [s for s in sounds if s.codec_context is not None][:_MOST_AUDIO]
    seen, clock, pace = Seen(), Clock(), Clock()
    measure = not container.duration or container.duration <= 0
    for read, packet in enumerate(container.demux([stream, *sounds]), start=1):
        if packet.stream is stream:
            _look(packet, seen, limits)
            pace.hear(packet)
        elif packet.stream.index not in seen.audible:
            _listen(packet, seen)
        clock.hear(packet)
        enough = seen.pictures >= _PICTURES_READ and len(seen.audible) == len(sounds)
        over = time.monotonic() > until
        least = 1 if seen.picture else _HELD_BACK
        if not measure and (enough or over or (read > MOST_PACKETS and seen.packets > least)):
            break
        if over:
            raise MediaError("timeout", "no length in the header, and too long to measure")
    _judge(seen, bool(sounds))
    if measure:
        seen.end_seconds = clock.seconds or seen.packets / float(_rate(stream))
        seen.rate = None if stream.average_rate else pace.rate
    else:
        seen.end_seconds = late(container, [stream, *sounds])
    return seen


def _look(packet: Any, seen: Seen, limits: Limits) -> None:
    if packet.size:
        seen.packets += 1
    if seen.pictures >= _PICTURES_READ:
        return
    try:
        for picture in packet.decode():
            if picture.width * picture.height > limits.most_pixels:
                raise MediaError("too-many-pixels")
            seen.picture = seen.picture or picture
            seen.pictures += 1
            seen.interlaced = seen.interlaced or bool(picture.interlaced_frame)
            seen.captioned = seen.captioned or _captioned(picture)
    except (av.error.FFmpegError, EOFError):
        return


def _captioned(picture: Any) -> bool:  # whose keys the stubs take for names
    try:
        return _CAPTIONS in picture.side_data.keys()  # noqa: SIM118
    except ValueError:  # beside it is something that the library has no name for, as in MV-HEVC
        return False


def _listen(packet: Any, seen: Seen) -> None:
    try:
        if any(frame.samples for frame in packet.decode()):
            seen.audible.add(packet.stream.index)
    except (av.error.FFmpegError, EOFError):
        seen.garbled.add(packet.stream.index)


def _judge(seen: Seen, has_sound: bool) -> None:
    """Refuse what is no moving picture."""
    if seen.picture is None:
        raise MediaError("truncated" if seen.packets == 0 else "unsupported")
    if seen.packets < 2 and seen.pictures < 2:
        raise MediaError("audio-only" if has_sound else "picture")


def _rate(stream: VideoStream) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and rate < _FASTEST:
            return _exact(rate)
    return Fraction(25)


def _exact(ratio: Any) -> Fraction:
    """A ratio of the library's, whose own kind it is from its version 19 on."""
    return Fraction(ratio)


def video_facts(stream: VideoStream, seen: Seen) -> Video:
    """Describe the film's picture from its first decoded frame. Raises MediaError without."""
    picture = seen.picture
    if picture is None:
        raise MediaError("unsupported")
    wide, high = round(picture.width * _pixel_shape(stream)), picture.height
    turned = picture.rotation % 180 == 90
    average, base = seen.rate or _rate(stream), _exact(stream.base_rate or 0)
    kind = picture.format
    context = stream.codec_context
    return Video(
        index=stream.index,
        codec=context.codec.canonical_name,
        coded_width=picture.width,
        coded_height=picture.height,
        width=high if turned else wide,
        height=wide if turned else high,
        rotation=picture.rotation % 360,
        fps=average,
        steady=abs(base / average - 1) < Fraction(1, 200),
        interlaced=seen.interlaced or int(context.field_order or 0) in _INTERLACED_ORDERS,
        hdr=_HDR_TRANSFERS.get(int(picture.color_trc or 0), ""),
        rgb=kind.is_rgb,
        finest=base if base < _FASTEST else Fraction(0),
        untold=not kind.is_rgb and int(picture.colorspace) == _UNTOLD,
    )


def _pixel_shape(stream: VideoStream) -> Fraction:
    """Width of a pixel over its height; 1 when unknown or beyond what any camera makes."""
    shape = stream.sample_aspect_ratio
    if not shape or not Fraction(1, 4) <= shape <= 4:
        return Fraction(1)
    return _exact(shape)


def _label(stream: Any, key: str) -> str:
    return one_line(str(stream.metadata.get(key, ""))[:200])


def _language(stream: Any) -> str:
    language = str(stream.language or _label(stream, "language"))[:40].lower()
    return "" if language in ("und", "unk", "mis", "zxx") else language


def audio_facts(sounds: list[AudioStream], seen: Seen) -> tuple[Audio, ...]:
    """Describe every audio stream that decodes, or that begins later than was read."""
    return tuple(
        _audio(stream)
        for stream in sounds[:_MOST_AUDIO]
        if stream.index in seen.audible
        or (stream.index not in seen.garbled and _is_described(stream))
    )


def in_pairs(sounds: tuple[Audio, ...], container: str) -> tuple[Audio, ...]:
    """The sounds of a film, of which two that are the left and the right of one are one.

    Studios write each channel into a stream of its own. QuickTime says which is which; of MXF,
    where nothing but such streams is, the first two belong together, and so on (EBU R 123).
    """
    alone = all(each.layout == _ONE_CHANNEL for each in sounds) and len(sounds) % 2 == 0
    found, rest = list[Audio](), list(sounds)
    while rest:
        sound = rest.pop(0)
        if rest and _halves(sound, rest[0], untold=alone and container == "mxf"):
            sound = msgspec.structs.replace(sound, channels=2, beside=rest.pop(0).index)
        found.append(sound)
    return tuple(found)


def _halves(left: Audio, right: Audio, *, untold: bool) -> bool:
    named = tuple(f"{_ONE_CHANNEL} ({side})" for side in ("FL", "FR"))
    return left.language == right.language and (untold or (left.layout, right.layout) == named)


def _is_described(stream: AudioStream) -> bool:
    """Whether the header alone says enough of a stream to prepare for it."""
    context = stream.codec_context
    return context is not None and context.sample_rate > 0 and context.layout.nb_channels > 0


def _audio(stream: AudioStream) -> Audio:
    context = stream.codec_context
    return Audio(
        index=stream.index,
        codec=context.codec.canonical_name,
        channels=context.layout.nb_channels,
        layout=context.layout.name,
        language=_language(stream),
        title=_label(stream, "title"),
        default=bool(stream.disposition & Disposition.default),
        described=bool(stream.disposition & _DESCRIBED),
        commented=bool(stream.disposition & Disposition.comment),
    )


def subtitle_facts(
    streams: list[SubtitleStream], documents: frozenset[int]
) -> tuple[Subtitle, ...]:
    """Describe every subtitle stream, of text (of which some are `documents`) or of pictures."""
    found = []
    for stream in streams[:_MOST_SUBTITLES]:
        context = stream.codec_context
        codec = context.codec.canonical_name if context is not None else "unknown"
        codec = DOCUMENTS if stream.index in documents else codec
        found.append(
            Subtitle(
                index=stream.index,
                codec=codec,
                language=_language(stream),
                title=_label(stream, "title"),
                text=codec in _TEXT,
                forced=bool(stream.disposition & Disposition.forced),
                described=bool(stream.disposition & Disposition.hearing_impaired),
                commented=bool(stream.disposition & Disposition.comment),
            )
        )
    return tuple(found)


def captions_within(
    film: VideoStream, seen: Seen, sounds: tuple[Audio, ...]
) -> tuple[Subtitle, ...]:
    """The closed captions that the film's pictures bring along, in the language of its sound."""
    if not seen.captioned:
        return ()
    first = min(sounds, key=lambda each: (not each.default, each.index), default=None)
    return (
        Subtitle(
            index=film.index,
            codec=CAPTIONS,
            language=first.language if first else "",
            title="",
            text=True,
            forced=False,
            described=True,
        ),
    )
