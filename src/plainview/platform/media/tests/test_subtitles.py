"""Embedded texts come out as files of their own, in time with the film; pictures are named."""

import re
from pathlib import Path

import pytest

from plainview.platform.media import MediaError, probe, subtitle_tracks, subtitles
from plainview.platform.media.tests.making import BEEP, MOVING, QUICK, captioned, ffmpeg

pytestmark = pytest.mark.slow

LINES = {
    "en": "1\n00:00:00,500 --> 00:00:01,500\nHello\n",
    "ko": "1\n00:00:00,500 --> 00:00:01,500\n안녕하세요\n",
    "ar": "1\n00:00:00,500 --> 00:00:01,500\nمرحبا\n",
}
STYLED = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\i1}Bonjour{\\i0}
"""


@pytest.fixture
def film_with_texts(tmp_path: Path) -> Path:
    """A Matroska film with SRT, ASS, WebVTT, and a DVD picture subtitle."""
    inputs: list[str | Path] = ["-f", "lavfi", "-t", "2", "-i", MOVING]
    for language, lines in LINES.items():
        path = tmp_path / f"{language}.srt"
        path.write_text(lines, encoding="utf-8")
        inputs += ["-i", path]
    styled = tmp_path / "fr.ass"
    styled.write_text(STYLED, encoding="utf-8")
    made = tmp_path / "film.mkv"
    ffmpeg(
        *inputs,
        *("-i", styled, "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4"),
        *(*QUICK, "-c:s:0", "srt", "-c:s:1", "webvtt", "-c:s:2", "srt", "-c:s:3", "ass"),
        *("-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=kor"),
        *("-metadata:s:s:2", "language=ara", "-metadata:s:s:2", "title=Arabic for the deaf"),
        *("-metadata:s:s:3", "language=fre", made),
    )
    return made


def test_each_text_comes_out_in_its_kind(film_with_texts: Path, tmp_path: Path) -> None:
    into = tmp_path / "out"
    tracks = subtitle_tracks(film_with_texts, probe(film_with_texts), into)
    assert [(each.language, each.name, each.path.suffix) for each in tracks] == [
        ("en", "English", ".srt"),
        ("ko", "한국어", ".vtt"),
        ("ar", "Arabic for the deaf", ".srt"),
        ("fr", "Français", ".ass"),
    ]
    texts = [track.path.read_text(encoding="utf-8") for track in tracks]
    for text, word in zip(texts, ("Hello", "안녕하세요", "مرحبا", "{\\i1}Bonjour"), strict=True):
        assert word in text
    assert "00:00:00,500 --> 00:00:01,500" in texts[0]
    assert "0:00:00.50" in texts[3]


def test_mp4_text_becomes_srt_in_time_with_a_film_that_starts_late(tmp_path: Path) -> None:
    lines = tmp_path / "en.srt"
    lines.write_text(LINES["en"])
    film = tmp_path / "film.mp4"
    ffmpeg(
        *("-f", "lavfi", "-t", "2", "-i", MOVING, "-i", lines, "-map", "0", "-map", "1"),
        *(*QUICK, "-c:s", "mov_text", "-output_ts_offset", "100", film),
    )
    (track,) = subtitle_tracks(film, probe(film), tmp_path / "out")
    assert "00:00:00,500 --> 00:00:01,500\nHello" in track.path.read_text()


@pytest.mark.parametrize("fragments", [(), ("-g", "25", "-movflags", "+frag_keyframe")])
def test_documents_in_an_mp4_come_out_as_they_are(tmp_path: Path, fragments: tuple[str]) -> None:
    """Of streams that were saved (`stpp`), one for each fragment."""
    (tmp_path / "en.srt").write_text(LINES["en"])
    film = tmp_path / "film.mp4"
    ffmpeg(
        *("-f", "lavfi", "-t", "2", "-i", MOVING, "-i", tmp_path / "en.srt", "-map", "0"),
        *("-map", "1", *QUICK, "-bf", "0", "-c:s", "ttml", *fragments),
        *("-metadata:s:s:0", "language=eng", film),
    )
    facts = probe(film)
    assert facts.skipped_subtitles == ()
    (track,) = subtitle_tracks(film, facts, tmp_path / "out")
    assert (track.language, track.path.suffix) == ("en", ".ttml")
    said = track.path.read_text()
    assert said.count("</tt>") == (2 if fragments else 1)
    assert 'end="00:00:01.500"' in said


def test_texts_beside_the_pictures_stay_where_those_within_them_fail(tmp_path, monkeypatch):
    (tmp_path / "en.srt").write_text(LINES["en"])
    aired, film = tmp_path / "aired.ts", tmp_path / "film.mkv"
    captioned("Hello there")(aired)
    ffmpeg(
        *("-i", aired, "-i", tmp_path / "en.srt", "-map", "0:v", "-map", "1", "-c", "copy", film)
    )
    monkeypatch.setattr(subtitles, "captions", lambda *_: ["-i", "nothing-there"])
    missed: list[MediaError] = []
    facts = probe(film)
    (track,) = subtitle_tracks(film, facts, tmp_path / "out", missed=missed.append)
    assert "Hello" in track.path.read_text()
    assert [each.code for each in missed] == ["unsupported"]
    with pytest.raises(MediaError):
        subtitle_tracks(film, facts, tmp_path / "none")
    assert not (tmp_path / "none").exists()


CAPTIONS = """Scenarist_SCC V1.0

00:00:00:15\t94ae 94ae 9420 9420 9470 9470 c8e5 ecec ef80 942f 942f

00:00:01:00\t942c 942c

00:00:01:10\t94ae 94ae 9420 9420 9470 9470 c8e5 ecec ef80 942f 942f

"""


def test_closed_captions_in_a_track_of_their_own_are_text(tmp_path: Path) -> None:
    """As a broadcaster's MOV has them (CEA-608 in a `c608` track)."""
    (tmp_path / "captions.scc").write_text(CAPTIONS)
    film = tmp_path / "film.mov"
    ffmpeg(
        *("-f", "lavfi", "-t", "2", "-i", MOVING, "-i", tmp_path / "captions.scc", "-map", "0"),
        *("-map", "1", *QUICK, "-c:s", "copy", "-metadata:s:s:0", "language=eng", film),
    )
    facts = probe(film)
    assert facts.skipped_subtitles == ()
    (track,) = subtitle_tracks(film, facts, tmp_path / "out")
    said = track.path.read_text()
    assert track.language == "en"
    assert re.search(r"0:00:00\.50,0:00:01\.0\d,.*Hello", said)


def test_closed_captions_within_the_pictures_are_text_in_the_language_that_is_spoken(tmp_path):
    """As a broadcast has them (A53), recorded, or made an MP4 whose sound begins before them."""
    aired = tmp_path / "aired.ts"
    captioned("Hello there")(aired)
    edited = tmp_path / "edited.mp4"
    ffmpeg(
        *("-itsoffset", "1", "-i", aired, "-f", "lavfi", "-t", "5", "-i", BEEP, "-map", "0:v"),
        *("-map", "1:a", *QUICK, "-a53cc", "1", "-c:a", "aac", "-metadata:s:a:0", "language=kor"),
        edited,
    )
    for film, spoken, language, second in (
        (aired, "en", "en", 0),
        (aired, "und", "", 0),
        (edited, "en", "ko", 1),
    ):
        (track,) = subtitle_tracks(film, probe(film), tmp_path / film.stem, spoken=spoken)
        assert track.language == language
        said = track.path.read_text()
        assert re.search(rf"0:00:0{second}\.[89]\d,0:00:0{second + 2}\.\d\d,.*Hello there", said), (
            said
        )


def test_pictures_that_bring_captions_without_a_word_bring_none(tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    captioned("", at=200)(film)
    facts = probe(film)
    assert [each.codec for each in facts.subtitles] == ["eia_608"]
    assert subtitle_tracks(film, facts, tmp_path / "out") == []


def test_subtitles_made_of_pictures_are_named_and_left_out(tmp_path: Path) -> None:
    lines = tmp_path / "en.sup"
    lines.write_bytes(_blank_bluray_subtitle())
    film = tmp_path / "film.mkv"
    ffmpeg(
        *("-f", "lavfi", "-t", "2", "-i", MOVING, "-i", lines, "-map", "0", "-map", "1"),
        *(*QUICK, "-c:s", "copy", "-metadata:s:s:0", "language=jpn", film),
    )
    facts = probe(film)
    assert [(s.codec, s.language) for s in facts.skipped_subtitles] == [
        ("hdmv_pgs_subtitle", "jpn")
    ]
    assert subtitle_tracks(film, facts, tmp_path / "out") == []
    assert not (tmp_path / "out").exists()


def _blank_bluray_subtitle() -> bytes:
    """A Blu-ray subtitle stream of one empty composition."""

    def part(kind: int, content: bytes) -> bytes:
        return b"PG" + bytes(8) + bytes((kind,)) + len(content).to_bytes(2, "big") + content

    composition = (1920).to_bytes(2, "big") + (1080).to_bytes(2, "big") + b"\x10\0\0\x80\0\0\0"
    return part(0x16, composition) + part(0x80, b"")
