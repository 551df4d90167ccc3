"""Subtitles, searches, the catalogue and translations: words that somebody wrote elsewhere."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json

import msgspec
from tests.fuzzing import Parser
from tests.house.parsers.inputs import ROOT, as_text, place

from plainview.domains.catalogue import document
from plainview.domains.catalogue.services import exchanging
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.formats import decoding
from plainview.domains.subtitles.formats.reading import FORMS
from plainview.platform.languages import catalogues
from plainview.platform.search import marking, terms

CUES = [
    formats.Cue(1000, 2500, "<v Ann Lee>Hola <c.red>roja</c> &amp; <i>más</i></v>", "line:5%"),
    formats.Cue(2600, 4000, "السلام عليكم\n<ruby>東京<rt>とうきょう</rt></ruby>", "align:start"),
    formats.Cue(4100, 5000, "<b>a</b> &lt;3 {b}"),
]
_FILMS = sorted((ROOT / "src/plainview/demo/subtitles").rglob("*.*"))
_SUBTITLE_WORDS = {
    "srt": (b"-->", b"00:00:01,000 --> 00:00:02,000\n", b"<font color=red>", b"{\\an8}", b"\n\n"),
    "webvtt": (b"WEBVTT\n", b"NOTE ", b"STYLE\n::cue{", b"REGION\n", b"<v ", b"<00:00:01.000>",
               b"<ruby>", b"<rt>", b"<lang ", b"<c.red>", b"&lrm;", b"position:50%,line-left "),
    "ass": (b"[Events]\n", b"[V4+ Styles]\n", b"Format: ", b"Dialogue: 0,0:00:01.00,0:00:02.00,",
            b"{\\k10}", b"{\\p1}m 0 0 l 1 1{\\p0}", b"\\N", b"{\\pos(1,2)}", b"{\\c&HFF&}",
            b"{\\t(\\fscx", b"[Fonts]\n", b"PlayResX: "),
    "ttml": (b"<tt xmlns='http://www.w3.org/ns/ttml'>", b"<p begin='1s' dur='1s'>", b"<span>",
             b"<br/>", b"<set ", b"tts:ruby='container'", b"ttp:frameRate='0'", b"region='a'",
             b"<!DOCTYPE tt [<!ENTITY a 'b'>]>", b"&a;", b"<![CDATA[", b"timeContainer='seq'",
             b"ttp:tickRate='1'", b"xml:id='a'", b"style='a'", b"begin='00:00:01:99'"),
    "sami": (b"<SAMI>", b"<SYNC Start=1000>", b"<P Class=KRCC>", b"<P ID=Source>", b"&nbsp;",
             b".KRCC { Name:Korean; lang:ko-KR; }", b"<!--", b"-->", b"<br>", b"<font color=red>"),
    "sbv": (b"0:00:01.000,0:00:02.000\n", b"00:00:01.00,00:00:02.00\n", b"[br]", b"[STYLE]no\n"),
    "scc": (b"Scenarist_SCC V1.0\n\n", b"00:00:02:00\t", b"00:00:02;00\t", b"9420 ", b"942f ",
            b"9425 ", b"94ad ", b"9429 ", b"942c ", b"9470 ", b"1370 ", b"97a1 ", b"c8e5 "),
    "stl": (b"850STL25.01", b"STL30.01", b"\x8a", b"\x8f", b"\x80\x81", b"\x0d\x0b", b"\xc2e",
            b"\xff\x00", b"10000000", b" " * 128),
    "frames": (b"{1}{1}23.976\n", b"{25}{50}", b"{60}{}", b"[10][20]", b"|", b"{y:i}", b"{Y:b}",
               b"{c:$0000FF}", b"{P:0}", b"{DEFAULT}{}", b"movie info 25.0fps"),
}  # fmt: skip
_READ_ALONE = {
    "sami": b"<SAMI><STYLE><!-- .KRCC {lang:ko-KR;} .ENCC {lang:en-US;} --></STYLE>"
            b"<SYNC Start=1000><P Class=KRCC>\xbe\xc8\xb3\xe7<br>a<SYNC Start=1000>"
            b"<P Class=ENCC>Hi<SYNC Start=2000><P Class=KRCC>&nbsp;</SAMI>",
    "sbv": b"[INFORMATION]\n0:00:01.000,0:00:02.500\nHi[br]you\n\n0:00:03.000,0:00:04.000\nHi\n",
    "scc": b"Scenarist_SCC V1.0\n\n00:00:02:00\t94ae 94ae 9420 9420 9470 9470 c8e5 ecec ef80 942f"
           b"\n\n00:00:05:00\t942c 942c\n\n00:00:06;00\t9425 9425 94ad 9470 f2ef ecec\n",
    "stl": (b"850STL25.0110009".ljust(238) + b"0000100001001402310000000010000000").ljust(1024)
           + bytes((0, 0, 0, 255, 0, 0, 0, 1, 0, 0, 0, 3, 0, 20, 2, 0))
           + b"\x0d\x0bHi\x8ayou".ljust(112, b"\x8f"),
    "frames": b"{1}{1}25\n{25}{75}{y:i}Good|evening\n{80}{}{Y:b}a|/b\n[90][99]c\n",
}  # fmt: skip
"""Of forms that are not written."""
MOST_WRITTEN = 4_000
"""So many cues are written in each form and read again: a film of three hours has half of them."""


def _subtitles(data: bytes) -> str:
    try:
        found = formats.read(data)
    except formats.SubtitleError as refusal:
        assert refusal.remedy
        raise
    written = formats.write_webvtt(found.cues, found.language or "")
    assert formats.read(written.encode()).cues == found.cues
    some = dataclasses.replace(found, cues=found.cues[:MOST_WRITTEN])
    for format in formats.NAMES:
        _said_alike(some, format)
    return f"{found.format} {found.encoding} {bool(found.notes)} {bool(found.head)}"


def _said_alike(found: formats.Subtitles, format: str) -> None:
    """What a format can carry of a file is carried, and stays as it is from then on."""
    language = found.language or ""
    text = formats.write(found.cues, format, head=found.head, language=language).text
    try:
        once = formats.read(text.encode(), language=language or None)
    except formats.SubtitleError:
        assert not any(cue.text for cue in found.cues), text
        return
    again = formats.write(once.cues, format, head=once.head, language=language).text
    assert formats.read(again.encode(), language=language or None).cues == once.cues


def _of_format(name: str) -> Parser:
    def seeds() -> list[bytes]:
        if name in _READ_ALONE:
            return [_READ_ALONE[name]]
        own = [formats.write(CUES, name, language=each).text.encode() for each in ("en", "ar")]
        shipped = [each.read_bytes()[:3000] for each in _FILMS if each.suffix == ".vtt"][:4]
        return own + (shipped if name == "webvtt" else [])

    return Parser(name, _subtitles, seeds, (formats.SubtitleError,), _SUBTITLE_WORDS[name], few=16)


def _encoding(data: bytes) -> str:
    asked, _, text = data.partition(b"\n")
    tag, _, name = as_text(asked).partition(" ")
    found = decoding.decode(text, language=tag or None, encoding=name or None)
    decoding.public_name(found.encoding)
    return f"{found.encoding} {bool(found.note)} {len(found.others)}"


def _encodings() -> list[bytes]:
    words = {"ru": "Привет, как дела? Всё хорошо.", "ja": "こんにちは、元気ですか。",
             "ko": "안녕하세요", "ar": "السلام عليكم ورحمة الله", "he": "שלום לכולם", "th": "สวัสดี",
             "el": "Καλημέρα σας", "es": "¿Qué pasa, señor? ¡Adiós!",
             "zh": "你好，今天怎么样？"}  # fmt: skip
    made = []
    for tag, said in words.items():
        text = f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n\n" * 6
        for name in formats.ENCODINGS:
            with contextlib.suppress(UnicodeEncodeError):
                made.append(tag.encode() + b"\n" + text.encode(name))
        made.append(f"{tag} utf-8\n{text}".encode())
    return made


_TITLE = {
    "slug": "harbour-lights", "kind": "film", "texts": {"en": {"name": "=Harbour", "tagline": "x"}},
    "original_language": "ko", "year": 2021, "countries": ["KR"], "genres": ["drama"], "tags": [],
    "ratings": {"mpa": "PG"}, "reveals": [], "accent": "#aabbcc", "featured": 1,
    "announced_at": "2026-01-01T00:00:00Z", "published_at": "2026-01-02T00:00:00+09:00",
    "credits": [{"person": "a", "role": "cast", "texts": {"en": {"character": "B"}}}],
    "licensed": True, "licences": [{"territories": ["DE"], "opens_at": "2026-01-01T00:00:00Z",
                                    "closes_at": None, "zone": "Europe/Berlin"}],
}  # fmt: skip
_KNOWN = document.Known(frozenset({"drama"}), frozenset(), frozenset({"a"}), frozenset())


def _catalogue(data: bytes) -> str:
    rows = exchanging._json(data) if data[:1] in (b"{", b"[") else exchanging._csv(data)
    said = []
    for row in rows[:20]:
        if isinstance(row, exchanging.Fault):
            said.append(row.field[:10])
        else:
            said += [each.field for each in document.problems(row[1], _KNOWN)]
            msgspec.json.encode(document.plain(row[1]))
    return f"{sorted({*said})}"


def _catalogues() -> list[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    columns = [name for name in _TITLE if name != "texts"]
    writer.writerow([*columns, "name:en", "synopsis:pt-BR"])
    cells = [exchanging._cell(name, _TITLE[name]) for name in columns]
    writer.writerow([*cells, "'=Harbour", "Uma noite"])
    return [json.dumps({"titles": [_TITLE]}).encode(), out.getvalue().encode(),
            out.getvalue().replace(",", ";").encode()]  # fmt: skip


def _po(data: bytes) -> str:
    root = place() / "locale"
    folder = root / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_bytes(data)
    return f"{len(catalogues._read(root, 'ar')) > 3}"


def _pos() -> list[bytes]:
    whole = (ROOT / "src/plainview/web/locale/ar/LC_MESSAGES/django.po").read_bytes()
    return [whole[: whole.index(b"\n\n", 4000)], whole[: whole.index(b"\n\n", 200)]]


def _words(data: bytes) -> str:
    text = as_text(data)[:5000]
    terms.index_terms(text), terms.line_terms(text), terms.column([text])
    marked = marking.marked(text, text[:50])
    assert "".join(piece for piece, _ in marked) == text
    return f"{len(terms.query_terms(text)) > 3} {len(marked)}"


def _searches() -> list[bytes]:
    said = ("harbour lights", "l’été à la mer", "東京の灯", "안녕하세요", "والسلام عليكم", "สวัสดี",
            "ﬁlm ½ ２０２６ ΣΑΣ", "don't \"quote\" -not OR (and)")  # fmt: skip
    return [each.encode() for each in said]


PARSERS = (
    *(_of_format(name) for name in FORMS),
    Parser("encoding", _encoding, _encodings, (formats.SubtitleError,)),
    Parser("search", _words, _searches),
    Parser("catalogue", _catalogue, _catalogues),
    Parser("translations", _po, _pos, (catalogues.Unreadable,)),
)
