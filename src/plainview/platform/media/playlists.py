"""Writes HLS playlists (RFC 8216) for single-file renditions addressed by byte range."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from plainview.platform.media.boxes import Layout
from plainview.platform.media.facts import AudioTrack, Rendition
from plainview.platform.media.ladder import SEGMENT_SECONDS

SHORTEST = Fraction(1, 2)
"""Seconds that a last segment has at least; hls.js takes a quarter for none."""
_ADDRESS = re.compile(r'(?<=[:,])URI="')
_HEADER = ("#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS")


def media(file: str, layout: Layout) -> str:
    """The playlist of one rendition or sound, kept in `file`.

    A last segment of a moment belongs to the one before: players that look segments up by time with
    a tolerance never ask for it, and so neither end nor, where the rest is longer, go on.
    """
    segments = list(layout.segments)
    if len(segments) > 1 and segments[-1].ticks < SHORTEST * layout.timescale:
        last, rest = segments[-2:]
        length = rest.offset + rest.length - last.offset
        whole = last._replace(length=length, ticks=last.ticks + rest.ticks)
        segments[-2:] = [whole]
    times = [Fraction(segment.ticks, layout.timescale) for segment in segments]
    lines = [
        *_HEADER,
        f"#EXT-X-TARGETDURATION:{max(1, *(round(time) for time in (*times, Fraction(1))))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f'#EXT-X-MAP:URI="{file}",BYTERANGE="{layout.header}@0"',
    ]
    for segment, time in zip(segments, times, strict=True):
        lines.append(f"#EXTINF:{float(time):.6f},")
        lines.append(f"#EXT-X-BYTERANGE:{segment.length}@{segment.offset}")
        lines.append(file)
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def key_frames(file: str, layout: Layout) -> str:
    """The playlist of a rendition's key frames alone (RFC 8216 4.3.3.6), for looking through it."""
    times = [Fraction(segment.ticks, layout.timescale) for segment in layout.segments]
    lines = [
        *_HEADER[:2],
        f"#EXT-X-TARGETDURATION:{max(1, *(round(time) for time in (*times, Fraction(1))))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-I-FRAMES-ONLY",
        f'#EXT-X-MAP:URI="{file}",BYTERANGE="{layout.header}@0"',
    ]
    for segment, time in zip(layout.segments, times, strict=True):
        lines.append(f"#EXTINF:{float(time):.6f},")
        lines.append(f"#EXT-X-BYTERANGE:{segment.first}@{segment.offset}")
        lines.append(file)
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master(renditions: Sequence[Rendition], audio: Sequence[AudioTrack]) -> str:
    """The playlist a player opens: every rendition, smallest first, and every sound."""
    lines = [*_HEADER]
    for track in audio:
        language = f',LANGUAGE="{track.language}"' if track.language else ""
        kind = ',CHARACTERISTICS="public.accessibility.describes-video"' if track.described else ""
        default = "YES" if track.default else "NO"
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{_quotable(track.title)}"{language},'
            f'DEFAULT={default},AUTOSELECT=YES{kind},CHANNELS="2",URI="{track.name}.m3u8"'
        )
    for rendition in sorted(renditions, key=lambda r: r.bandwidth):
        group = ',AUDIO="audio"' if audio else ""
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={rendition.bandwidth},"
            f"AVERAGE-BANDWIDTH={rendition.average_bandwidth},"
            f'CODECS="{rendition.codecs}",RESOLUTION={rendition.width}x{rendition.height},'
            f"FRAME-RATE={float(rendition.fps):.3f}{group},CLOSED-CAPTIONS=NONE"
        )
        lines.append(f"{rendition.name}.m3u8")
    lines += [
        f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={rendition.key_bandwidth},"
        f'CODECS="{rendition.codecs.partition(",")[0]}",'
        f"RESOLUTION={rendition.width}x{rendition.height},"
        f'URI="i{rendition.name[1:]}.m3u8"'
        for rendition in sorted(renditions, key=lambda r: r.bandwidth)
    ]
    return "\n".join([*lines, ""])


class Text(NamedTuple):
    """Subtitles besides a film: their BCP 47 language, their name for people, their playlist."""

    language: str
    name: str
    address: str


def completed(master: str, folder: str, texts: Sequence[Text]) -> str:
    """A master playlist as one reads it elsewhere: its files in `folder`, and texts besides.

    None of these is chosen by itself: a page of ours shows the same by its own means.
    """
    lines = [
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="{_quotable(text.name)}",'
        f'LANGUAGE="{text.language}",DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI="{text.address}"'
        for text in texts
    ]
    head, *rest = _ADDRESS.sub(f'URI="{folder}', master).rstrip("\n").split("\n")
    for line in rest:
        sized = line.startswith("#EXT-X-STREAM-INF:")
        there = line if line.startswith("#") else f"{folder}{line}"
        lines.append(f'{there},SUBTITLES="subtitles"' if sized else there)
    return "\n".join([head, *lines, ""])


def text(file: str, seconds: int) -> str:
    """The playlist of subtitles, which are one WebVTT file as long as the film."""
    return "\n".join(
        [
            *_HEADER[:2],
            f"#EXT-X-TARGETDURATION:{max(1, seconds)}",
            "#EXT-X-PLAYLIST-TYPE:VOD",
            f"#EXTINF:{max(1, seconds)},",
            file,
            "#EXT-X-ENDLIST",
            "",
        ]
    )


def peak(layout: Layout) -> int:
    """Bits a second of the busiest stretch of between half and one and a half segments.

    That is how RFC 8216 defines it, so that a short last segment does not count by itself.
    """
    shortest, longest = SEGMENT_SECONDS * 0.5, SEGMENT_SECONDS * 1.5
    rates = [average(layout)]
    for first in range(len(layout.segments)):
        bits, seconds = 0, 0.0
        for segment in layout.segments[first:]:
            bits += segment.length * 8
            seconds += segment.ticks / layout.timescale
            if seconds > longest:
                break
            if seconds >= shortest:
                rates.append(int(bits / seconds) + 1)
    return max(rates)


def key_peak(layout: Layout) -> int:
    """Bits a second of the costliest key frame, over the time until the next."""
    rates = [each.first * 8 * layout.timescale / max(1, each.ticks) for each in layout.segments]
    return int(max(rates)) + 1


def average(layout: Layout) -> int:
    """Bits a second over all."""
    bits = sum(segment.length * 8 for segment in layout.segments)
    return int(bits / max(layout.seconds, 0.001)) + 1


def _quotable(text: str) -> str:
    """Text that may stand between double quotes in a playlist."""
    return "".join(" " if ord(c) < 32 else c for c in text.replace('"', "'")).strip()
