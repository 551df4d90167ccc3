"""SAMI, SBV, SubViewer, MicroDVD and MPL2: forms that people bring and nobody is given."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from plainview.domains.playback.models import Package
from plainview.domains.playback.ports import Ports
from plainview.domains.subtitles import commands, formats, queries, services
from plainview.domains.subtitles.formats import SubtitleError, read
from plainview.domains.subtitles.models import Track
from plainview.domains.subtitles.services import importing
from plainview.domains.subtitles.tests.files import only, texts
from plainview.domains.subtitles.tests.test_files import bring, look, main_of
from plainview.platform.identifiers import new_key

BOTH = """<SAMI>
<HEAD><TITLE>등대</TITLE><STYLE TYPE="text/css"><!--
P { margin-left:8pt; }
.KRCC { Name:Korean; lang:ko-KR; SAMIType:CC; }
.ENCC { Name:English; lang:en-US; SAMIType:CC; }
--></STYLE>
<!-- <SYNC Start=1><P Class=KRCC>a line put aside -->
</HEAD><BODY>
<SYNC Start=1000><P Class=KRCC>
<font color=#ffff00>안녕하세요<br>반갑<b>습니다
<SYNC Start=1000><P Class=ENCC>Good &amp; evening<BR>I <3 you
<SYNC Start=3000><P Class=KRCC>&nbsp;
<SYNC Start=3500><P Class=ENCC>&nbsp
<SYNC Start="9000"><P Class='KRCC'>끝
<SYNC Start=5000><P Class=krcc>&nbsp;그 사이<br>&nbsp;</P></SYNC>
<SYNC Start=6000><P Class=KRCC>&nbsp;
</BODY></SAMI>
"""
KOREAN = [
    (1000, 3000, "<c.yellow>안녕하세요\n반갑<b>습니다</b></c>"),
    (5000, 6000, "그 사이"),
    (9000, 14000, "끝"),
]
MICRODVD = b"{0}{48}Good evening|again\n"


def sami(*moments: str) -> str:
    return f"<SAMI><BODY>{''.join(f'<SYNC {each}' for each in moments)}</BODY></SAMI>"


def lines(found: formats.Subtitles) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in found.cues]


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_sami_file_is_read_in_the_language_asked_for(encoding: str) -> None:
    data = BOTH.encode(encoding)
    korean, english = read(data, language="ko"), read(data, language="en-GB")
    assert lines(korean) == KOREAN
    assert lines(english) == [(1000, 3500, "Good &amp; evening\nI &lt;3 you")]
    assert (korean.language, english.language) == ("ko", "en")
    assert "several languages in one file: ko, en; taken: en" in english.notes
    assert read(data).cues == read(data, language="fr").cues == korean.cues


TWO = sami(
    "Start=1000><P Class=KRCC>안녕<P Class=ENUSCC>Hello",
    "Start=2000><P Class=KRCC>둘<P Class=ENUSCC>two",
    "Start=3000><P Class=KRCC>&nbsp;<P Class=ENUSCC>&nbsp;",
).encode("cp949")


@pytest.mark.django_db
@pytest.mark.usefixtures("read_here")
def test_a_sami_file_of_several_languages_gives_a_track_of_each(film, monkeypatch) -> None:
    """Unless one is named; none takes the place of what came of another file."""

    def there(**named: str) -> dict[str, list[str]]:
        given = services.import_file(film, TWO, **named)
        assert not any("several languages" in note for each in given for note in each.notes)
        return {each.language: [cue.text for cue in each.cues.all()] for each in given}

    Track.objects.filter(video=film).delete()
    assert there(filename="film.smi") == {"ko": ["안녕", "둘"], "en": ["Hello", "two"]}
    assert set(there(filename="film.smi")) == {"ko", "en"}
    Track.objects.filter(video=film, language="en").update(source_name="film.en.srt")
    count, reading = [], importing.read_confined
    with monkeypatch.context() as told:
        told.setattr(
            importing, "read_confined", lambda *a, **k: count.append(k) or reading(*a, **k)
        )
        (korean,) = services.import_file(film, TWO, filename="film.smi")
    assert len(count) == 1, "no process reads what the film would not take"
    assert "several languages in one file: ko, en; taken: ko" in korean.notes
    (english,) = services.import_file(film, TWO, filename="film.en.smi")
    assert english.language == "en"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (sami("Start=9><P>&nbsp;", "Start=9><P>하나", "Start=9><P>둘"), ["하나\n둘"]),
        (sami("Start=9>하나", "Start=99>", "Start=soon><P>?", "Start=999><P>둘"), ["하나", "둘"]),
        (
            sami("Start=9 End=50><P><RUBY>漢字<RP>(</RP><RT>かんじ</RUBY>だ", "Start=99><P>次"),
            ["<ruby>漢字<rt>かんじ</rt></ruby>だ", "次"],
        ),
        (sami("Start=9><P Class=ENUSCC ID=Source>Ann<P Class=ENUSCC>Hi"), ["<v Ann>Hi</v>"]),
        (sami("Start=9<P Class=KRCC><a href=x><i>안녕</a> <말>"), ["<i>안녕 &lt;말&gt;</i>"]),
        (sami("Start=9><P>10&nbsp;km<!-- nobody says when"), ["10\xa0km&lt;!-- nobody says when"]),
    ],
)  # fmt: skip
def test_sami_is_read_as_its_players_do(data: str, words: list[str]) -> None:
    assert texts(read(data.encode())) == words


def test_a_moment_lasts_until_the_next_of_its_class_or_to_its_own_end() -> None:
    said = sami("Start=1000 End=1500><P>a", "Start=2000><P>b", "Start=3000><P>c")
    found = read(said.encode())
    assert lines(found) == [(1000, 1500, "a"), (2000, 3000, "b"), (3000, 8000, "c")]
    assert found.notes == ("line 1: nothing takes these words off; five seconds given",)


@pytest.mark.parametrize("name", ["KRCC", "ENUSCC", "JPCC", "TWCC", "Unknown"])
def test_a_class_says_its_language_by_its_name_too(name: str) -> None:
    said = read(sami(f"Start=9><P Class={name}>a").encode())
    known = {"KRCC": "ko", "ENUSCC": "en", "JPCC": "ja", "TWCC": "zh-TW"}
    assert said.language == known.get(name)


def test_two_classes_of_one_language_are_called_by_their_names() -> None:
    found = read(sami("Start=1><P Class=KRCC>a", "Start=9><P Class=KRCC2>b").encode())
    assert found.notes[0] == "several languages in one file: krcc, krcc2; taken: krcc"


def test_one_korean_line_is_enough_to_know_its_letters() -> None:
    assert only(sami("Start=1><P>안녕").encode("cp949")).text == "안녕"


@pytest.mark.parametrize(
    ("data", "rate", "times", "note"),
    [
        (MICRODVD, 24.0, (0, 2000), "frames are counted as 24 a second, as the film has them"),
        (MICRODVD, 0.0, (0, 2002),
         "frames are counted as 23.976 a second, since nothing says how many"),
        (b"{1}{1}25.000\n" + MICRODVD, 24.0, (0, 1920), ""),
        (b"{DEFAULT}{}{Y:b}\n{0}{0}12,5\n" + MICRODVD, 24.0, (0, 3840), ""),
        (b"{1}{1}0.0001\n" + MICRODVD, 24.0, (0, 2000),
         "frames are counted as 24 a second, as the film has them"),
    ],
)  # fmt: skip
def test_frames_are_those_of_the_file_or_of_the_film(
    data: bytes, rate: float, times: tuple[int, int], note: str
) -> None:
    found = read(data, rate=rate)
    (cue,) = [each for each in found.cues if "evening" in each.text]
    assert (cue.start_ms, cue.end_ms, cue.text) == (*times, "Good evening\nagain")
    assert (note in found.notes) if note else found.notes == ()


def test_codes_of_microdvd_are_for_a_line_or_for_all() -> None:
    found = read(
        b"{1}{1}25\n{25}{50}{P:0}{y:i,u}top|{c:$0000FF}red\n"
        b"{75}{}{Y:b}a|/b {x} {f:Arial}c\n{100}{}d"
    )
    assert texts(found) == ["<i><u>top</u></i>\n<c.red>red</c>", "<b>a\n<i>b {x} c</i></b>", "d"]
    assert found.cues[0].settings == "line:5%"
    assert [cue.end_ms for cue in found.cues] == [2000, 4000, 9000]


def test_mpl2_counts_tenths_of_seconds() -> None:
    found = read(b"[10][25]/Hello|World\n", rate=24.0)
    assert lines(found) == [(1000, 2500, "<i>Hello</i>\nWorld")]
    assert found.notes == ()


def test_sbv_and_subviewer_are_two_times_and_words() -> None:
    sbv = b"0:00:01.000,0:00:02.500\n>> Hello\n\nyou\n\n0:00:0x.000,0:00:04.000\nLost\n"
    assert lines(found := read(sbv)) == [(1000, 2500, "&gt;&gt; Hello\nyou")]
    assert found.notes == ("line 6: the times can’t be read; left out",)
    head = b"[INFORMATION]\n[TITLE]x\n[SUBTITLE]\n[COLF]&HFFFFFF,[SIZE]18\n"
    assert lines(read(head + b"00:00:01.00,00:00:02.50\nHi[br]you\n")) == [(1000, 2500, "Hi\nyou")]


@given(st.lists(st.tuples(st.integers(0, 9_000), st.sampled_from(["", "a", "b c"])), max_size=12))
def test_moments_of_sami_in_any_order_never_overlap(moments: list[tuple[int, str]]) -> None:
    said = sami(*(f"Start={start}><P>{words or '&nbsp;'}" for start, words in moments))
    try:
        found = read(said.encode())
    except SubtitleError:
        assert not any(words for _, words in moments)
        return
    ends = [0, *(cue.end_ms for cue in found.cues)]
    assert all(cue.start_ms >= end for cue, end in zip(found.cues, ends, strict=False))
    spoken = sorted(words for _, words in moments if words)
    assert sorted("\n".join(texts(found)).split("\n")) == spoken


@given(st.lists(st.tuples(st.integers(0, 99_999), st.integers(1, 999)), min_size=1, max_size=9))
def test_frames_of_a_stated_rate_are_exact(times: list[tuple[int, int]]) -> None:
    said = "".join(f"{{{at}}}{{{at + length}}}x\n" for at, length in times)
    cues = read(f"{{1}}{{1}}25\n{said}".encode(), rate=24.0).cues
    assert sorted((each.start_ms, each.end_ms) for each in cues) == sorted(
        (at * 40, (at + length) * 40) for at, length in times
    )


@pytest.mark.parametrize(
    "data",
    ["<SAMI><SYNC Start=1><P>" + "<!--" * 100_000, "<SAMI>" + "<SYNC Start=1>" * 25_000,
     "<SAMI><SYNC Start=1><P>" + "<ruby><rt>" * 40_000 + "x", "<SAMI>" + ".a{lang:" * 40_000,
     "".join(f"<SAMI><SYNC Start=1><P Class=c{n}cc>x" for n in range(9_000)),
     "".join(f"<SAMI><SYNC Start={n // 40_000}><P Class=c{n}cc>x" for n in range(9_000, 49_000)),
     "{1}{2}" + "{Y:i}a|" * 60_000, "{1}{2}" + "{" * 400_000, "{1}{2}movie info " * 25_000,
     "0:00:01.000,0:00:02.000\n" + "[br]" * 100_000, "0:00:01.000,0:00:02.000\n" + "1:" * 200_000],
    ids=range(11),
)  # fmt: skip
def test_no_line_makes_the_reader_slow(data: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(SubtitleError):
        read(data.encode(), language="fr")
    assert time.process_time() - begun < 3


def test_what_is_read_is_what_pages_the_watch_folder_and_the_guide_say() -> None:
    guide = (Path(__file__).parents[5] / "docs" / "films.md").read_text(encoding="utf-8")
    assert [name for name in formats.ACCEPTED if not re.search(rf"\b{name}\b", guide)] == []
    for ending in formats.ENDINGS:
        assert ending in formats.CHOICE.split(",")
        assert ending in Ports.texts


@pytest.mark.django_db
@pytest.mark.usefixtures("read_here")
def test_by_the_studio_the_language_of_the_edition_is_taken(film, korean, mira) -> None:
    page = main_of(mira.get(f"/studio/{film.key}/ko/files/"))
    assert "SAMI, SBV, SubViewer, SCC, EBU STL, MicroDVD, and MPL2, at most 5 MB." in page
    shown = main_of(look(mira, korean, BOTH.encode("cp949"), name="film.smi"))
    assert "several languages in one file: ko and en; taken: ko" in shown
    assert "EUC-KR" in shown
    bring(mira, korean, BOTH.encode("cp949"), name="film.smi")
    assert "그 사이" in [row.text for row in queries.rows(korean)]
    assert "그 사이" in mira.get(f"/studio/{film.key}/ko/lines.vtt").content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("read_here")
def test_by_the_studio_frames_are_those_of_the_film(film, korean, mira) -> None:
    contents = {"renditions": [{"fps": "24000/1001"}]}
    Package.objects.create(
        video=film, key=new_key(), duration_ms=9_000, width=2, height=2, contents=contents
    )
    page = main_of(look(mira, korean, MICRODVD, name="film.sub"))
    assert "frames are counted as 23.976 a second, as the film has them" in page


@pytest.mark.django_db
def test_by_the_command_a_sami_file_says_which_language_it_is(film, tmp_path) -> None:
    Track.objects.all().delete()
    (tmp_path / "film.smi").write_bytes(BOTH.encode("cp949"))
    (tmp_path / "film.en.smi").write_bytes(BOTH.encode("utf-16"))
    (tmp_path / "film.sub").write_bytes(b"\x00\x00\x01\xba" + bytes(2000))
    names = [str(tmp_path / name) for name in ("film.smi", "film.en.smi", "film.sub")]
    said = CliRunner().invoke(commands.subtitles, [film.key, *names])
    assert {each.language for each in Track.objects.all()} == {"ko", "en"}
    assert "taken: en" in said.output
    assert "film.sub is VobSub, which can’t be read" in said.output
