"""How the tests make films: FFmpeg's own test pictures and sounds, and plain bytes."""

import re
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from plainview.platform.media.machine import encoder

type_of_maker = Callable[[Path], None]

MOVING = "testsrc2=size=320x180:rate=25"
# Grey with a red top left quarter: whatever turns or mirrors the picture moves the red.
CORNER = "color=gray:size=320x180:rate=25,drawbox=w=160:h=90:color=red:t=fill"
BEEP = "sine=frequency=440:sample_rate=48000"
QUICK = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25")


def ffmpeg(*arguments: str | Path) -> None:
    """Run FFmpeg, unconfined: these films are ours."""
    command = [encoder(), "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, timeout=60)
    assert ran.returncode == 0, ran.stderr.decode()


def film(
    *output: str,
    video: str | None = MOVING,
    audio: str | None = BEEP,
    seconds: float = 2,
    format: str = "mp4",
) -> type_of_maker:
    """A film of `seconds` from test sources; `output` adds to FFmpeg's arguments."""

    def make(path: Path) -> None:
        inputs: list[str] = []
        for source in (video, audio):
            inputs += ["-f", "lavfi", "-i", source] if source else []
        codecs = QUICK if video and "-c:v" not in output else ()
        ffmpeg(*inputs, "-t", str(seconds), *codecs, *output, "-f", format, path)

    return make


def then(make: type_of_maker, *arguments: str, format: str = "mp4", before: tuple[str, ...] = ()):
    """A film made by `make`, copied by FFmpeg with `arguments` (and `before` its input)."""

    def remake(path: Path) -> None:
        first = path.with_name("first-" + path.name)
        make(first)
        ffmpeg(*before, "-i", first, "-c", "copy", *arguments, "-f", format, path)
        first.unlink()

    return remake


def changed(make: type_of_maker, change: Callable[[bytes], bytes]) -> type_of_maker:
    """A film made by `make` whose bytes `change` then spoils."""

    def remake(path: Path) -> None:
        make(path)
        before = path.read_bytes()
        after = change(before)
        assert after != before, "the change found nothing to change"
        path.write_bytes(after)

    return remake


def joined(*makers: type_of_maker) -> type_of_maker:
    """The bytes of several films behind each other, as a broadcast would have them."""

    def make(path: Path) -> None:
        parts = []
        for maker in makers:
            maker(path)
            parts.append(path.read_bytes())
        path.write_bytes(b"".join(parts))

    return make


def piped(make: type_of_maker, format: str) -> type_of_maker:
    """A film as a live recorder writes it: no seeking back, so no length and no index."""

    def remake(path: Path) -> None:
        first = path.with_name("first-" + path.name)
        make(first)
        command = [encoder(), "-v", "error", "-i", str(first), "-c", "copy", "-f", format, "pipe:1"]
        path.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
        first.unlink()

    return remake


def text(content: str | bytes) -> type_of_maker:
    """A file with exactly this content."""
    data = content if isinstance(content, bytes) else content.encode()
    return lambda path: path.write_bytes(data) and None


def picture(format: str, *arguments: str) -> type_of_maker:
    """One picture in a picture's format."""
    return lambda path: ffmpeg(
        *("-f", "lavfi", "-i", MOVING, "-frames:v", "1", *arguments, "-f", format, path)
    )


def archive(path: Path) -> None:
    """A small archive that unpacks to much more."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("film.mp4", bytes(20_000_000))


def cover_art(path: Path) -> None:
    """A song with its sleeve as an attached picture."""
    ffmpeg(
        *("-f", "lavfi", "-i", BEEP, "-f", "lavfi", "-i", MOVING, "-t", "2", "-map", "0", "-map"),
        *("1", "-frames:v", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic", "-f", "mp3"),
        path,
    )


def song_with_still(path: Path) -> None:
    """A song over one single frame, marked as nothing special."""
    ffmpeg(
        *("-f", "lavfi", "-i", BEEP, "-f", "lavfi", "-i", MOVING, "-map", "0", "-map", "1"),
        *("-t", "2", "-frames:v", "1", *QUICK, "-f", "matroska", path),
    )


def many_voices(path: Path) -> None:
    """Six sounds: five languages, the second the default, and one language twice."""
    inputs: list[str] = []
    maps = ["-map", "0"]
    tongues = ("eng", "fre", "jpn", "kor", "ara", "fre")
    for number, tongue in enumerate(tongues, start=1):
        inputs += ["-f", "lavfi", "-i", f"sine=frequency={200 * number}:sample_rate=48000"]
        maps += ["-map", str(number), f"-metadata:s:a:{number - 1}", f"language={tongue}"]
    maps += ["-disposition:a:0", "0", "-disposition:a:1", "default"]
    ffmpeg(
        *("-f", "lavfi", "-i", MOVING, *inputs, "-t", "2", *maps, *QUICK, "-c:a", "aac"),
        *("-f", "matroska", path),
    )


def channels_apart(
    *output: str, format: str, named: bool = False, sounds: int = 1
) -> type_of_maker:
    """A film as studios hand them out: left is silent, right is not, each a stream of its own."""

    def make(path: Path) -> None:
        chains, maps = list[str](), ["-map", "0"]
        for number, source in enumerate(("anullsrc=cl=mono:r=48000", BEEP) * sounds):
            place = ("FL", "FR")[number % 2]
            chain = f",channelmap=0-{place}:channel_layout={place}" if named else ""
            chains.append(f"{source},atrim=end=2{chain}[s{number}]")
            maps += ["-map", f"[s{number}]"]
        pictures = "-f", "lavfi", "-i", MOVING, "-filter_complex", ";".join(chains)
        ffmpeg(*pictures, "-t", "2", *maps, *output, "-c:a", "pcm_s16le", "-f", format, path)

    return make


def with_best_shots(path: Path) -> None:
    """A motion photo: beside the film a larger stream of two pictures, as telephones write it."""
    ffmpeg(
        *("-f", "lavfi", "-i", MOVING, "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=1"),
        *("-t", "2", "-map", "0", "-map", "1", *QUICK, "-pix_fmt", "yuv420p"),
        *("-disposition:v", "default", "-f", "mp4", path),
    )


def of_a_camera(path: Path) -> None:
    """Motion JPEG whose every picture says how it was taken (EXIF), as photo cameras write it."""
    first = path.with_name("first.mjpeg")
    film("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", audio=None, format="mjpeg")(first)
    told = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0"
    segment = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    pictures = first.read_bytes().replace(b"\xff\xd8\xff", b"\xff\xd8" + segment + b"\xff")
    first.write_bytes(pictures)
    ffmpeg("-f", "mjpeg", "-i", first, "-c", "copy", "-f", "mov", path)
    first.unlink()


def two_programmes(path: Path) -> None:
    """A broadcast of two programmes, the second with the larger picture, in Korean."""
    sizes = ("testsrc2=size=160x90:rate=25", MOVING)
    inputs = [each for video in sizes for each in ("-f", "lavfi", "-i", video)]
    inputs += ["-f", "lavfi", "-i", BEEP, "-f", "lavfi", "-i", BEEP, "-t", "2"]
    tongues = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=kor")
    programmes = ("-program", "title=News:st=0:st=1", "-program", "title=Film:st=2:st=3")
    maps = [each for number in "0213" for each in ("-map", number)]
    ffmpeg(*inputs, *maps, *QUICK, "-c:a", "mp2", *tongues, *programmes, "-f", "mpegts", path)


def described(path: Path) -> None:
    """Two sounds in one language, of which the second says what is to be seen, without a title."""
    maps = [each for number in (1, 2) for each in ("-map", str(number))]
    tongues = [f"-metadata:s:a:{number}" for number in (0, 1)]
    ffmpeg(
        *("-f", "lavfi", "-i", MOVING, "-f", "lavfi", "-i", BEEP, "-f", "lavfi", "-i", BEEP),
        *("-t", "2", "-map", "0", *maps, tongues[0], "language=eng", tongues[1], "language=eng"),
        *("-disposition:a:1", "visual_impaired", *QUICK, "-c:a", "aac", "-f", "matroska", path),
    )


def captioned(words: str, *, at: int = 15) -> type_of_maker:
    """A broadcast with a line written into its pictures (CEA-608 in A53), from this one on."""
    text = words.encode() + b"\x80" * (len(words) % 2)
    pairs = [b"\x94\x20", b"\x94\x70", *(text[n : n + 2] for n in range(0, len(text), 2))]
    sent = [*(b"\x80\x80" for _ in range(at)), *(map(_odd, pairs)), b"\x94\x2f"]
    sent += [b"\x80\x80"] * 30 + [b"\x94\x2c"]

    def make(path: Path) -> None:
        bare = path.with_name("first-" + path.name)
        film("-c:v", "mpeg2video", "-bf", "0", audio=None, seconds=4, format="mpeg2video")(bare)
        words, pictures = iter(sent), bare.read_bytes().split(b"\0\0\1\0")
        for number, data in enumerate(pictures[1:], start=1):
            where = data.index(b"\0\0\1\1")
            said = b"\xfc" + next(words, b"\x80\x80")
            told = b"\0\0\1\xb2GA94\3\x41\xff" + said + b"\xff"
            pictures[number] = data[:where] + told + data[where:]
        bare.write_bytes(b"\0\0\1\0".join(pictures))
        again = ("-c:v", "mpeg2video", "-a53cc", "1", "-c:a", "mp2", "-shortest", "-f", "mpegts")
        ffmpeg("-r", "25", "-i", bare, "-f", "lavfi", "-i", BEEP, *again, path)
        bare.unlink()

    return make


def _odd(pair: bytes) -> bytes:
    """Two characters, each with the bit that makes the number of its bits odd (CTA-608)."""
    return bytes(c & 0x7F | (0x80 if (c & 0x7F).bit_count() % 2 == 0 else 0) for c in pair)


def late(*, video: float = 0, audio: float = 0) -> type_of_maker:
    """A film one of whose tracks begins later than the other."""

    def make(path: Path) -> None:
        ffmpeg(
            *("-f", "lavfi", "-itsoffset", str(video), "-t", "2", "-i", MOVING),
            *("-f", "lavfi", "-itsoffset", str(audio), "-t", "2", "-i", BEEP),
            *(*QUICK, "-c:a", "aac", "-f", "matroska", path),
        )

    return make


def without_its_beginning(data: bytes) -> bytes:
    """A film of MP4 fragments as who joins a stream has it: its head, then all from the fourth."""
    at = [found.start() - 4 for found in re.finditer(b"moof|mfra", data)]
    return data[: at[0]] + data[at[3] : at[-1]]


def kept_elsewhere(data: bytes) -> bytes:
    """Point an MP4's data reference at another file instead of itself."""
    inside = struct.pack(">I4sI", 12, b"url ", 1)
    at = data.index(inside)
    outside = struct.pack(">I4sI", 12, b"url ", 0)
    where = b"file:///etc/passwd\0"
    grown = struct.pack(">I4sI", 12 + len(where), b"url ", 0) + where
    assert len(outside) == 12
    return _grow(data, at, inside, grown, "dinf dref")


def left_half(data: bytes) -> bytes:
    """Let an MP4 of 320 x 180 ask its players to crop it to its left half (a `clap` box)."""
    at = data.index(b"avcC") - 4
    aperture = struct.pack(">I4s4I2i2I", 40, b"clap", 160, 1, 180, 1, -80, 1, 0, 1)
    old = data[at : at + 4]
    return _grow(data, at, old, aperture + old, "stbl stsd avc1")


def _grow(data: bytes, at: int, old: bytes, new: bytes, within: str) -> bytes:
    """Replace `old` by longer `new` inside MP4 boxes, and let every box around it know."""
    more = len(new) - len(old)
    result = bytearray(data[:at] + new + data[at + len(old) :])
    for kind in (b"moov", b"trak", b"mdia", b"minf", *within.encode().split()):
        place = data.rindex(kind, 0, at) - 4
        (size,) = struct.unpack_from(">I", data, place)
        assert place < at < place + size, kind
        struct.pack_into(">I", result, place, size + more)
    return bytes(result)


def matroska_length(seconds: float) -> Callable[[bytes], bytes]:
    """Make a Matroska header claim another length."""

    def change(data: bytes) -> bytes:
        at = data.index(b"\x44\x89\x88")
        return data[: at + 3] + struct.pack(">d", seconds * 1000) + data[at + 11 :]

    return change


def untimed(data: bytes) -> bytes:
    """A Matroska file that says neither how long it lasts nor how long each picture does."""
    data = re.sub(rb"\x44\x89\x88.{8}", b"\xec\x89" + bytes(9), data, count=1, flags=re.DOTALL)
    return re.sub(rb"\x23\xe3\x83\x84.{4}", b"\xec\x86" + bytes(6), data, flags=re.DOTALL)


def sample_entry_size(width: int, height: int) -> Callable[[bytes], bytes]:
    """Make an MP4's description of its picture claim another size than the picture has."""

    def change(data: bytes) -> bytes:
        at = data.index(b"avc1", data.index(b"stsd")) + 28
        return data[:at] + struct.pack(">HH", width, height) + data[at + 4 :]

    return change


def avi_size(width: int, height: int) -> Callable[[bytes], bytes]:
    """Make an AVI header claim another size of its picture."""

    def change(data: bytes) -> bytes:
        at = data.index(b"strf") + 12
        return data[:at] + struct.pack("<ii", width, height) + data[at + 8 :]

    return change


def linked_segment(data: bytes) -> bytes:
    """Append chapters to an endless Matroska file that play a segment of another file."""
    foreign = b"\x6e\x67\x90" + bytes(range(16))
    times = b"\x91\x81\x00" + b"\x92\x84\x3b\x9a\xca\x00"
    atom = _ebml(b"\xb6", b"\x73\xc4\x81\x01" + times + foreign)
    edition = _ebml(b"\x45\xb9", b"\x45\xdd\x81\x01" + atom)
    return data + _ebml(b"\x10\x43\xa7\x70", edition)


def _ebml(kind: bytes, content: bytes) -> bytes:
    return kind + bytes((0x80 | len(content),)) + content


def first_part(share: float) -> Callable[[bytes], bytes]:
    """Cut a file off."""
    return lambda data: data[: int(len(data) * share)]


def scratched(data: bytes) -> bytes:
    """Spoil a few bytes in every block but the first and the last, as a bad disc would."""
    spoiled = bytearray(data)
    for at in range(20_000, len(data) - 5_000, 9_973):
        spoiled[at : at + 4] = b"\xde\xad\xbe\xef"
    return bytes(spoiled)
