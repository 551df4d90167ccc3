"""Whatever anybody sends: each parser answers or refuses as it says, in time and within memory.

make soak FUZZ_SECONDS=60     a minute of the processor for each parser, instead of an hour
FUZZ_INPUT=var/fuzzing/… pytest tests/house/test_fuzzing.py -k NAME -m 'not soak'     once more
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from tests.fuzzing import Parser, outcome, tried
from tests.house.parsers import PARSERS
from tests.house.parsers.doors import DOORS
from tests.house.parsers.mail import imap_answers

SECONDS = float(os.environ.get("FUZZ_SECONDS", "3600"))
FIXED = 16


@pytest.mark.parametrize("parser", PARSERS, ids=lambda each: each.name)
def test_a_few_spoiled_inputs_are_answered_or_refused(parser: Parser) -> None:
    if given := os.environ.get("FUZZ_INPUT"):
        outcome(parser, Path(given).read_bytes())
        return
    tried(parser, inputs=parser.few, seed=FIXED)


@pytest.mark.soak
@pytest.mark.parametrize("parser", PARSERS, ids=lambda each: each.name)
def test_spoiled_inputs_at_length(parser: Parser) -> None:
    seed = int(os.environ.get("FUZZ_SEED") or int.from_bytes(os.urandom(4)))
    count, ends = tried(parser, seconds=SECONDS, seed=seed)
    print(f"\n{parser.name}: {count} inputs, {ends} ways to end (FUZZ_SEED={seed})")  # noqa: T201


BOMB = zlib.decompress(
    base64.b85decode(
        b"c-nJ{%CIzaj8qGb<l}sFpE17Af#CoH1BU{GL4&WG(*o6%Tn*Dl<%fg(Rt6m&hL6#XKzSyJiZh(6G8d_=$aPX"
        b"#QL%fH=Ao8`U&<jL0PB^ZrT"
    )
)
"""720 MB of zeros, under bzip2."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "long", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["doors", "doors at length"]
)
def test_spoiled_requests_meet_no_error_of_ours(long: bool) -> None:
    """At the doors of strangers, whose answers are none of the 500s."""
    if long:
        test_spoiled_inputs_at_length(DOORS)
    else:
        test_a_few_spoiled_inputs_are_answered_or_refused(DOORS)


def packed(**files: object) -> bytes:
    """A zip of JSON, `data_json` as `data.json`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("_json", ".json"), json.dumps(content))
    return out.getvalue()


def costly(name: str) -> bytes:
    """A zip of one short file, as it says, which asks for 720 MB at once to be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, BOMB)
    whole = bytearray(out.getvalue())
    for place in (8, whole.index(b"PK\1\2") + 10):
        whole[place] = zipfile.ZIP_BZIP2
    return bytes(whole)


def endless() -> bytes:
    """A bundle that draws from more entries than there are seconds, under a head of nobody's."""
    head = f"elsewhere\n{10**15}\n{'A' * 43}=\nat 2026-11-26T09:00:00Z\n\n\u2014 a {'A' * 91}=\n"
    draw = {"seed": "s", "from": 0, "to": 10**15, "count": 10**15, "indices": []}
    bundle = {"type": "plainview-bundle-1", "kind": "sample", "files": {}, "head": head,
              "draw": draw, "others": [], "missing": [{"index": 0}]}  # fmt: skip
    return packed(bundle_json=bundle)


def elsewhere() -> bytes:
    """A zip whose first entry begins before the file does."""
    whole = bytearray(packed(data_json={}, more_json={}))
    at = slice(whole.rindex(b"PK\5\6") + 16, whole.rindex(b"PK\5\6") + 20)
    whole[at] = (int.from_bytes(whole[at], "little") + 90).to_bytes(4, "little")
    return bytes(whole)


def oddly_described() -> bytes:
    """A picture on its side, of whose EXIF one number is a word."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.ImageDescription] = "wide"
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue().replace(b"\x01\x0e\x00\x02", b"\x01\x1a\x00\x02")


ONCE_BROKE = {
    "a catalogue with a byte that is no text": ("catalogue", b'{"titles": ["\xff"]}'),
    "a moment before there were days": (
        "catalogue", b'{"titles": [{"slug": "a", "published_at": "0001-01-01T00:00:00+23:00"}]}',
    ),
    "a subtitle as long as one may be, without room for a mark of direction": (
        "webvtt",
        b"WEBVTT\nLanguage: ar\n\n00:01.000 --> 00:02.000\nab " + "\u0634".encode() * 1998,
    ),
    "keys that are no text": ("backup-key", b"\xed"),
    "connections that are no text": ("connections", b"\xff"),
    "translations made on no day": (
        "translations", b'msgid ""\nmsgstr "POT-Creation-Date: 2026-01-01 \\n"\n',
    ),
    "translations with more plurals than room": (
        "translations", b'msgid ""\nmsgstr "Plural-Forms: nplurals=9999999999; plural=0;\\n"\n\n'
        b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n',
    ),
    "translations made on no day, said again by every comment": (
        "translations", b'msgid ""\nmsgstr "POT-Creation-Date: 2026-01-01 00:00+0000x\\n"\n'
        + b'#, a\n"Language: ar\\n"\n' * 15_000,
    ),
    "a film's name that is no ASCII": ("token", b"filename \xe9"),
    "a sum that is no ASCII": ("token", b"sha1 \xe9"),
    "a copy packed to cost memory": ("copy", costly("data.json")),
    "a copy that begins before itself": ("copy", elsewhere()),
    "a bundle packed to cost memory": (
        "verify-bundle", costly("bundle.json"),
    ),
    "a report that names no letter": (
        "report", b"Content-Type: multipart/report; boundary=b\n\n--b\n"
        b"Content-Type: text/rfc822-headers\n\nMessage-ID: <a@b>c\n\n--b--\n",
    ),
    "a letter whose parameters never close": (
        "letter", b'From: a@b.example\nContent-Type: text/plain; a="' + b";a" * 60_000 + b"\n\nso"
    ),
    "a letter named by nothing": (
        "letter", b"Message-ID: <\x00>\nReferences: <\x00@b>\n\n"
    ),
    "a label that is no text": ("backup-label", b'{"made_at": "\xe1"}'),
    "a label that nests without end": ("backup-label", b'{"x": ' + b"[" * 5_000),
    "an archive made at no moment": (
        "backup-label", b'{"made_at": "x", "engine": "", "product": "", "size": 1, "sha256": "",'
        b' "files": 1}',
    ),
    "a line of blanks and little else": (
        "srt", b"1\n00:00:01,000 --> 00:00:02,000\n" + b"\t" * 300_000 + b"so\n",
    ),
    "a key of thirty thousand parts": ("connections", b"a." * 30_000 + b"b = 1"),
    "ten thousand lists that nobody closed": ("toml", b"x = [\n" * 10_000),
    "ten thousand names alike": ("toml", b"[[a]]\nb = 1\nb = 2\n" * 5_000),
    "lines that begin nothing": ("toml", b"a\n." * 30_000),
    "a subtitle of a thousand blocks": (
        "stl", (b"850STL25.01" + b"1" * 1013) + (b"\0\0\0\1" + b"\0" * 12 + b"a" * 112) * 3_000,
    ),
    "a picture whose width in inches is a word": ("portrait", oddly_described()),
    "messages named in a literal": (
        "imap", imap_answers()[0].replace(b"SEARCH 4 7", b"SEARCH 4 {1}\r\n7"),
    ),
    "a farewell of five thousand digits": (
        "imap", imap_answers()[0].replace(b"%1 OK", b"%1 NO x\r\n* BYE {" + b"1" * 5000 + b"}\r\n"),
    ),
    "a bundle whose draw never ends": ("verify-bundle", endless()),
}  # fmt: skip


@pytest.mark.parametrize("which", ONCE_BROKE)
def test_what_broke_a_parser_once_is_taken_as_it_should(which: str) -> None:
    name, data = ONCE_BROKE[which]
    outcome(next(each for each in PARSERS if each.name == name), data)
