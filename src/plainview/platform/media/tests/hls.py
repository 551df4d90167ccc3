"""Judges a package by RFC 8216, from its playlists and bytes alone, and says what is wrong."""

import io
import re
import struct
from pathlib import Path
from typing import Any, NamedTuple

import av

from plainview.platform.media.boxes import walk

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)')
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_WITHIN = 0.10
_MOMENT = 0.25  # the tolerance by which hls.js looks up the segment that follows
NEEDED = {"TYPE", "GROUP-ID", "NAME", "URI"}


class Segment(NamedTuple):
    """One segment: seconds, and where its bytes are."""

    seconds: float
    offset: int
    length: int


class Media(NamedTuple):
    """A media playlist."""

    file: str
    header: int
    target: int
    segments: list[Segment]
    tags: set[str]
    faults: list[str]


def attributes(line: str) -> dict[str, str]:
    """The attributes of a tag (4.2), without their quotes."""
    return {k: v.strip('"') for k, v in _ATTRIBUTE.findall(line.partition(":")[2])}


def media(path: Path) -> Media:
    """Read a media playlist, with what is wrong by the rules of 4.3.2 and 4.3.3."""
    lines = path.read_text(encoding="utf-8").splitlines()
    tags = {line.partition(":")[0] for line in lines if line.startswith("#EXT")}
    text = "\n".join(lines)
    faults = [] if lines[0] == "#EXTM3U" else ["does not begin with #EXTM3U"]
    version = int(re.search(r"VERSION:(\d+)", text)[1])
    faults += [] if version >= 6 else [f"version {version} has no EXT-X-MAP"]
    for tag in ("#EXT-X-TARGETDURATION", "#EXT-X-ENDLIST", "#EXT-X-MAP"):
        if sum(line.startswith(tag) for line in lines) != 1:
            faults.append(f"{tag} is not there once")
    if "#EXT-X-DISCONTINUITY" in tags:
        faults.append("discontinuity")
    head = re.search(r'MAP:URI="([^"]+)",BYTERANGE="(\d+)@0"', text)
    found = re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)", text)
    target = int(re.search(r"TARGETDURATION:(\d+)", text)[1])
    segments = [Segment(float(s), int(at), int(n)) for s, n, at, _ in found]
    if len(found) != text.count("#EXTINF"):
        faults.append("a segment without its range or address")
    for segment in segments:
        if int(segment.seconds + 0.5) > target:
            faults.append(f"a segment of {segment.seconds} s, and a target of {target}")
    keys_alone = "#EXT-X-I-FRAMES-ONLY" in tags
    if len(segments) > 1 and segments[-1].seconds < _MOMENT and not keys_alone:
        faults.append(f"ends in a segment of {segments[-1].seconds} s, which players skip")
    names = {name for *_, name in found}
    faults += [] if names == {head[1]} else [f"{names} and the header of {head[1]}"]
    return Media(head[1], int(head[2]), target, segments, tags, faults)


def peak(read: Media) -> float:
    """Bits a second of the busiest stretch of 0.5 to 1.5 target durations (4.3.4.2)."""
    rates = []
    for first in range(len(read.segments)):
        bits = seconds = 0.0
        for segment in read.segments[first:]:
            bits, seconds = bits + segment.length * 8, seconds + segment.seconds
            if seconds > read.target * 1.5:
                break
            if seconds >= read.target * 0.5:
                rates.append(bits / seconds)
    return max(rates, default=0.0) or average(read)


def average(read: Media) -> float:
    """Bits a second over all."""
    return sum(s.length * 8 for s in read.segments) / sum(s.seconds for s in read.segments)


def faults(folder: Path) -> list[str]:
    """Everything that is wrong with a package."""
    lines = (folder / "master.m3u8").read_text(encoding="utf-8").splitlines()
    said = [] if lines[0] == "#EXTM3U" else ["master: does not begin with #EXTM3U"]
    if "#EXT-X-INDEPENDENT-SEGMENTS" not in lines:
        said.append("master: does not say that segments are independent")
    sounds = [attributes(line) for line in lines if line.startswith("#EXT-X-MEDIA:")]
    said += [f"master: {fault}" for fault in _renditions(sounds)]
    heard = [media(folder / sound["URI"]) for sound in sounds]
    for number, line in enumerate(lines):
        if line.startswith("#EXT-X-STREAM-INF:"):
            said += _variant(folder, lines[number + 1], attributes(line), sounds, heard)
        elif line.startswith("#EXT-X-I-FRAME-STREAM-INF:"):
            said += _key_frames(folder, attributes(line))
    for sound, read in zip(sounds, heard, strict=True):
        said += [f"{sound['URI']}: {fault}" for fault in [*read.faults, *_bytes(folder, read)]]
    return said


def _renditions(sounds: list[dict[str, str]]) -> list[str]:
    said = [f"sound without {NEEDED - set(s)}" for s in sounds if not set(s) >= NEEDED]
    names = [(s["GROUP-ID"], s["NAME"]) for s in sounds]
    said += [] if len(set(names)) == len(names) else ["two sounds of one name in a group"]
    defaults = sum(s.get("DEFAULT") == "YES" for s in sounds)
    said += [] if not sounds or defaults == 1 else [f"{defaults} default sounds"]
    tags = [s["LANGUAGE"] for s in sounds if "LANGUAGE" in s]
    return said + [f"no language: {tag}" for tag in tags if not _TAG.fullmatch(tag)]


def _near(declared: str, true: float) -> bool:
    return true <= int(declared) + 1 <= true * (1 + _WITHIN) + 2


def _variant(
    folder: Path, name: str, has: dict[str, str], sounds: list[dict[str, str]], heard: list[Media]
) -> list[str]:
    read = media(folder / name)
    said = [*read.faults, *_bytes(folder, read)]
    if bool(sounds) != ("AUDIO" in has) or {s["GROUP-ID"] for s in sounds} - {has.get("AUDIO")}:
        said.append("names no group of sounds that is there")
    loudest = max((peak(sound) for sound in heard), default=0)
    steady = max((average(sound) for sound in heard), default=0)
    if not _near(has["BANDWIDTH"], peak(read) + loudest):
        said.append(f"BANDWIDTH {has['BANDWIDTH']}, in truth {peak(read) + loudest:.0f}")
    if not _near(has["AVERAGE-BANDWIDTH"], average(read) + steady):
        said.append(f"AVERAGE-BANDWIDTH {has['AVERAGE-BANDWIDTH']}")
    with av.open(str(folder / read.file)) as film:
        stream = film.streams.video[0]
        profile = (stream.codec_context.extradata or bytes(4))[1:4].hex().upper()
        codecs = [f"avc1.{profile}", *(["mp4a.40.2"] if sounds else [])]
        if has["CODECS"].split(",") != codecs:
            said.append(f"CODECS {has['CODECS']}, in truth {codecs}")
        if has["RESOLUTION"] != f"{stream.width}x{stream.height}":
            said.append("RESOLUTION")
        if abs(float(has["FRAME-RATE"]) - float(stream.average_rate or 0)) > 0.01:
            said.append(f"FRAME-RATE {has['FRAME-RATE']}, in truth {stream.average_rate}")
    return [f"{name}: {fault}" for fault in said]


def _bytes(folder: Path, read: Media) -> list[str]:
    """Whether each segment decodes by itself, and its times go on where the last one ended."""
    data = (folder / read.file).read_bytes()
    header, said, at = data[: read.header], [], 0.0
    scale = _timescale(header)
    for number, segment in enumerate(read.segments):
        piece = data[segment.offset : segment.offset + segment.length]
        begins = _decode_time(piece) / scale
        if abs(begins - at) > 0.002:
            said.append(f"segment {number} begins at {begins:.3f} s, not {at:.3f}")
        at += segment.seconds
        with av.open(io.BytesIO(header + piece)) as alone:
            first = next(packet for packet in alone.demux() if packet.size)
            if not first.is_keyframe:
                said.append(f"segment {number} does not begin with a key frame")
    return said


def _key_frames(folder: Path, has: dict[str, str]) -> list[str]:
    read = media(folder / has["URI"])
    said = [] if "#EXT-X-I-FRAMES-ONLY" in read.tags else ["is not of key frames only"]
    true = max(s.length * 8 / s.seconds for s in read.segments)
    if not _near(has["BANDWIDTH"], true):
        said.append(f"BANDWIDTH {has['BANDWIDTH']}, in truth {true:.0f}")
    data = (folder / read.file).read_bytes()
    for segment in (read.segments[0], read.segments[-1]):
        piece = data[: read.header] + data[segment.offset : segment.offset + segment.length]
        with av.open(io.BytesIO(piece), format="mp4") as alone:
            try:
                picture: Any = next(alone.decode(video=0))
            except (av.error.FFmpegError, StopIteration):
                said.append("a key frame does not decode by itself")
                continue
            if f"{picture.width}x{picture.height}" != has["RESOLUTION"]:
                said.append("RESOLUTION")
    return [f"{has['URI']}: {fault}" for fault in [*read.faults, *said]]


def _timescale(header: bytes) -> int:
    box = next(box for box in walk(header) if box.kind == b"mdhd")
    where = box.body + (20 if header[box.body] == 1 else 12)
    return int(struct.unpack_from(">I", header, where)[0])


def _decode_time(piece: bytes) -> int:
    box = next(box for box in walk(piece) if box.kind == b"tfdt")
    return int(struct.unpack_from(">Q" if piece[box.body] else ">I", piece, box.body + 4)[0])
