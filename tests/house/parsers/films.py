"""Pictures and films by their bytes."""

from __future__ import annotations

import io
import json
import warnings

from PIL import Image
from tests.fuzzing import Parser

from plainview.platform.media import portraits, probing, sniffing
from plainview.platform.media.errors import MediaError


def _pictures() -> list[bytes]:
    made = []
    picture = Image.linear_gradient("L").resize((24, 16)).convert("RGB")
    for form, more in (("JPEG", {"exif": _exif()}), ("PNG", {}), ("WEBP", {}), ("GIF", {})):
        out = io.BytesIO()
        picture.save(out, form, **more)
        made.append(out.getvalue())
    return made


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "here"
    return exif


def _portrait(data: bytes) -> str:
    with warnings.catch_warnings():  # an error in tests alone: Pillow tells of spoiled EXIF by it
        warnings.simplefilter("ignore", UserWarning)
        return f"{len(portraits.portrait(io.BytesIO(data))) > 0}"


def _sniffed(data: bytes) -> str:
    return f"{sniffing.verdict(io.BytesIO(data), len(data))}"


def _films() -> list[bytes]:
    def box(kind: bytes, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return (8 + len(body)).to_bytes(4, "big") + kind + body

    zero = bytes(4)
    dref = box(b"dref", zero, b"\0\0\0\1", box(b"url ", b"\0\0\0\1"))
    stsd = box(b"stsd", zero, b"\0\0\0\1", box(b"avc1", bytes(78), box(b"avcC", b"\1d\0\x1f")))
    mdhd = box(b"mdhd", bytes(12), (600).to_bytes(4, "big"), bytes(8))
    minf = box(b"minf", box(b"dinf", dref), box(b"stbl", stsd))
    moov = box(b"moov", box(b"trak", box(b"mdia", mdhd, minf)))
    tfhd = box(b"tfhd", b"\0\0\0\x08", b"\0\0\0\1", b"\0\0\0\x05")
    trun = box(b"trun", b"\0\0\3\1", b"\0\0\0\2", bytes(4), bytes(16))
    moof = box(b"moof", box(b"mfhd", bytes(8)), box(b"traf", tfhd, trun))
    head = box(b"ftyp", b"isom", zero)
    sidx = box(b"sidx", bytes(32))
    return [head + moov + sidx + moof + box(b"mdat", bytes(30)), *_pictures(),
            b"#EXTM3U\n", b"<svg xmlns='a'/>", b"BM" + bytes(30), b"\xff\xfev\0=\0"]  # fmt: skip


def _probed(data: bytes) -> str:
    reply = probing._understood(data)
    return f"{reply.verdict in probing.VERDICTS} {reply.facts is not None}"


def _probes() -> list[bytes]:
    video = {"index": 0, "codec": "h264", "width": 16, "height": 9, "rate": "24000/1001"}
    facts = {"video": video, "duration": 1.5, "audio": [], "subtitles": []}
    return [
        json.dumps({"facts": None, "verdict": "empty", "detail": "x"}).encode(),
        json.dumps({"facts": facts}).encode(),
    ]


PARSERS = (
    Parser("portrait", _portrait, _pictures, (portraits.NotAPicture,)),
    Parser(
        "film", _sniffed, _films, (), (b"moov", b"moof", b"ftyp", b"stsd", b"dref", b"\0\0\0\1")
    ),
    Parser("probe", _probed, _probes, (MediaError,)),
)
