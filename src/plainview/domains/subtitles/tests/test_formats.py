"""What the reader and the writer of subtitle files promise."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from plainview.domains.subtitles.formats import (
    MAX_BYTES,
    MAX_CUES,
    Cue,
    SubtitleError,
    direction,
    markup,
    plain_text,
    read,
    write_webvtt,
)
from plainview.domains.subtitles.formats.decoding import decode
from plainview.domains.subtitles.formats.markup import MAX_CHARACTERS
from plainview.domains.subtitles.formats.placing import canonical_settings
from plainview.domains.subtitles.formats.webvtt import canonical_identifier
from plainview.domains.subtitles.tests.files import only, srt_of, texts


class TestSrt:
    def test_times_are_exact_to_the_millisecond(self) -> None:
        cue = only("1\n01:02:03,004 --> 01:02:03,999\nhi\n")
        assert (cue.start_ms, cue.end_ms) == (3_723_004, 3_723_999)

    @pytest.mark.parametrize(
        "line", ["0:0:1,5 --> 0:0:2", "00:01.500-->00:02", "00:00:01:500  ->  00:00:02.000 X1:40"]
    )
    def test_times_are_read_as_people_write_them(self, line: str) -> None:
        cue = only(f"1\n{line}\nhi\n")
        assert (cue.start_ms, cue.end_ms) == (1500, 2000)

    def test_blank_lines_and_missing_numbers_do_not_confuse(self) -> None:
        found = read(b"00:01 --> 00:02\none\n\nstill one\n\n7\n00:03 --> 00:04\n1984\n\n")
        assert texts(found) == ["one\nstill one", "1984"]

    @pytest.mark.parametrize(
        "said", ["Dialogue: the art of it", "[Events]", "Dialogue: 0,0:00:01.00,0:00:02.00,a"]
    )
    def test_words_that_begin_as_a_line_of_ass_does_make_no_script(self, said: str) -> None:
        assert read(srt_of(["One", said]).encode()).format == "srt"
        assert texts(read(f"0:00:01.000,0:00:02.000\n{said}\n".encode())) == [said]
        ttml = f"<tt xmlns='http://www.w3.org/ns/ttml'><body><div><p begin='1s' end='2s'>\n{said}"
        assert texts(read(f"{ttml}\n</p></div></body></tt>".encode())) == [said]

    def test_emphasis_and_colours_stay_and_fonts_go(self) -> None:
        cue = only(
            '1\n00:01 --> 00:02\n<font face=Arial color="red"><I>so</I> <b>it</b></font> {\\i1}is\n'
        )
        assert cue.text == "<c.red><i>so</i> <b>it</b></c> <i>is</i>"

    def test_what_looks_like_a_tag_but_is_said_stays_as_text(self) -> None:
        cue = only("1\n00:01 --> 00:02\nI <3 you & <script>alert(1)</script> a > b\n")
        assert cue.text == ("I &lt;3 you &amp; &lt;script&gt;alert(1)&lt;/script&gt; a &gt; b")
        assert plain_text(cue.text) == "I <3 you & <script>alert(1)</script> a > b"

    def test_a_place_at_the_top_is_kept(self) -> None:
        assert only("1\n00:01 --> 00:02\n{\\an8}sign\n").settings == "line:5%"

    def test_tags_within_tags_without_end_cost_no_more_than_their_length(self) -> None:
        """Ten thousand deep took a minute once: each tag looked at all that stood open."""
        said = "<i><b>" * 10_000 + "deep" + "</b></i> and <u>out</u>" * 10_000
        kept = only(f"1\n00:01 --> 00:02\n{said}\n").text
        assert kept.startswith("<b><i>deep and ")
        assert len(plain_text(kept).replace(" ", "")) == MAX_CHARACTERS  # blanks are not counted

    def test_senseless_times_are_left_out_and_told_by_line(self) -> None:
        found = read(
            b"1\n00:02 --> 00:01\nback\n\n2\n-00:00:01,0 --> 00:00:03,0\nearly\n\n"
            b"3\n900:00:00,0 --> 900:00:01,0\nlate\n\n4\n0x:00 --> 00:09\nodd\n"
        )
        assert [(cue.start_ms, cue.text) for cue in found.cues] == [(0, "early")]
        assert found.notes == (
            "line 2: ends before it starts; left out",
            "line 10: later than any film lasts; left out",
            "line 14: the times can’t be read; left out",
            "line 2: times written otherwise than SRT does, 3 times; mended",
        )

    def test_overlaps_are_kept_and_told(self) -> None:
        found = read(b"1\n00:01 --> 00:05\na\n\n2\n00:02 --> 00:03\nb\n\n3\n00:04 --> 00:06\nc\n")
        assert len(found.cues) == 3
        assert found.notes[0] == "2 overlapping lines kept"


class TestWebVtt:
    def test_speakers_settings_names_and_language_are_kept(self) -> None:
        found = read(
            b"WEBVTT - a title\nKind: captions\nLanguage: es-MX\n\nNOTE a --comment\nof two\n\n"
            b"intro\n00:01.000 --> 00:02.500 align:start line:10%,start bogus:1 size:40%\n"
            b"<v.loud Ann Lee>Hola <c.red>roja</c> &amp; <lang fr>salut</lang></v>\n"
        )
        assert found.language == "es-MX"
        assert found.cues == (
            Cue(
                1000,
                2500,
                "<v Ann Lee>Hola <c.red>roja</c> &amp; <lang fr>salut</lang></v>",
                "line:10%,start size:40% align:start",
                "intro",
            ),
        )
        assert found.cues[0].speaker == "Ann Lee"
        assert found.notes == ()

    def test_ruby_is_kept_and_read_without_its_gloss(self) -> None:
        cue = only("WEBVTT\n\n00:01.000 --> 00:02.000\n<ruby>灯<rt>ひ</rt></ruby>が消える\n")
        assert cue.text == "<ruby>灯<rt>ひ</rt></ruby>が消える"
        assert plain_text(cue.text) == "灯が消える"

    def test_style_sheets_are_kept_aside_and_never_reach_a_player(self) -> None:
        found = read(
            b"WEBVTT\n\nSTYLE\n::cue { background: url(//x) }\n\n00:01.000 --> 00:02.000\nhi\n"
        )
        assert "url(//x)" in found.head
        assert "STYLE" not in write_webvtt(found.cues)

    def test_unknown_and_unclosed_tags_do_no_harm(self) -> None:
        cue = only(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n"
            "<i><script src=//x>a</i></b> <img onerror=1> <00:01.500>b <u>c <d\n"
        )
        assert cue.text == "<i>a</i> b <u>c &lt;d</u>"

    def test_a_forgotten_blank_line_loses_nothing(self) -> None:
        found = read(b"WEBVTT\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb\n")
        assert texts(found) == ["a", "b"]


ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 1000
PlayResY: 500

[V4+ Styles]
Format: Name, Fontname, Italic, Alignment
Style: Default,Arial,0,2
Style: Thought,Arial,-1,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def ass_of(*events: str) -> bytes:
    return (ASS + "\n".join(events) + "\n").encode()


class TestAss:
    def test_words_speakers_emphasis_and_style_are_kept(self) -> None:
        found = read(
            ass_of(
                r"Dialogue: 0,0:00:01.25,0:00:02.50,Default,Ann,0,0,0,,Wait,{\i1}here{\i0}\Nplease",
                r"Dialogue: 0,0:00:03.00,0:00:04.00,Thought,,0,0,0,,Where {\r}is he?",
            )
        )
        assert found.cues == (
            Cue(1250, 2500, "<v Ann>Wait,<i>here</i>\nplease</v>"),
            Cue(3000, 4000, "<i>Where is he?</i>"),
        )

    @pytest.mark.parametrize(
        ("tag", "settings"),
        [
            (r"{\an8}", "line:5%"),
            (r"{\an1}", "align:left"),
            (r"{\a10}", "line:50%"),
            (r"{\an5\pos(500,250)}", "line:46%"),
            (r"{\an7\pos(100,50)}", "line:10% position:10% align:left"),
            (r"{\pos(500,490)}", ""),
            (r"{\pos(nan,inf)}", ""),
            (r"{\pos(1e999,-5)\an2}", ""),
        ],
    )
    def test_places_become_cue_settings(self, tag: str, settings: str) -> None:
        event = f"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{tag}sign"
        assert only(ass_of(event)).settings == settings

    def test_drawings_comments_and_karaoke_are_dropped(self) -> None:
        found = read(
            ass_of(
                r"Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,a note",
                r"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\p1}m 0 0 l 9 9{\p0}",
                r"Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\k20}la {\kf30\bord2}la{old}",
            )
        )
        assert texts(found) == ["la la"]

    def test_layers_and_frames_of_one_line_become_one_cue(self) -> None:
        found = read(
            ass_of(
                r"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\an8\blur4}HARBOUR",
                r"Dialogue: 1,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\an8\bord0}HARBOUR",
                r"Dialogue: 0,0:00:02.04,0:00:03.00,Default,,0,0,0,,{\an8}HARBOUR",
                r"Dialogue: 0,0:00:09.00,0:00:10.00,Default,,0,0,0,,HARBOUR",
            )
        )
        assert [(cue.start_ms, cue.end_ms) for cue in found.cues] == [(1000, 3000), (9000, 10000)]
        assert found.notes == ("copies of the same line merged: 2",)

    def test_the_older_ssa_is_read_too(self) -> None:
        data = (
            b"[Script Info]\nScriptType: v4.00\n[V4 Styles]\nFormat: Name, Alignment\n"
            b"Style: Top,6\n[Events]\nFormat: Marked, Start, End, Style, Text\n"
            b"Dialogue: Marked=0,0:00:01.00,0:00:02.00,*Top,up, here\n"
        )
        assert read(data).cues == (Cue(1000, 2000, "up, here", "line:5%"),)


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b" \r\n\t", "empty"),
            (b"x" * (MAX_BYTES + 1), "too-large"),
            (b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40, "binary"),
            (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" * 9, "binary"),
            (b"just a letter\nto a friend", "unknown-format"),
            (b"{1}{1}25", "no-cues"),
            (b"<SAMI><BODY></BODY></SAMI>", "no-cues"),
            (b"# VobSub index file, v7\n", "unsupported-format"),
            (b'<?xml version="1.0"?><tt/>', "bad-ttml"),
            (b"WEBVTT\n\nNOTE nothing\n", "no-cues"),
            (b"1\n00:01 --> 00:02\n{\\an8}\n", "no-cues"),
        ],
    )
    def test_what_is_no_subtitle_file_is_refused_with_a_remedy(
        self, data: bytes, code: str
    ) -> None:
        with pytest.raises(SubtitleError) as caught:
            read(data, filename="film.srt")
        assert caught.value.code == code
        assert caught.value.message
        assert caught.value.remedy

    def test_too_many_cues_are_refused(self) -> None:
        data = "WEBVTT\n\n" + "00:01.000 --> 00:02.000\na\n\n" * (MAX_CUES + 1)
        with pytest.raises(SubtitleError) as caught:
            read(data.encode())
        assert caught.value.code == "too-many-cues"
        assert caught.value.line

    def test_zeros_and_tricks_of_direction_are_removed(self) -> None:
        cue = only("1\n00:01 --> 00:02\nhe\0llo \u202egnp.exe\u202c\x1b[0m\n")
        assert cue.text == "hello gnp.exe[0m"

    def test_a_flood_of_notes_is_counted_not_listed(self) -> None:
        found = read(("1\n00:02 --> 00:01\na\n\n" * 500 + "1\n00:02 --> 00:03\na\n").encode())
        assert len(found.notes) == 21
        assert found.notes[-1] == "and 481 more of the kind"

    def test_a_cue_without_end_is_cut(self) -> None:
        assert len(only("1\n00:01 --> 00:02\n" + "ab " * 100_000).text) < 4000

    @pytest.mark.sample(9)
    @pytest.mark.parametrize(
        "line",
        ["<" * 400_000, "<a" * 200_000, "&" * 400_000, "<" + "a" * 400_000, "{\\" * 200_000,
         "-" * 400_000, "0:" * 200_000, "<v " + "&amp;" * 80_000, "00:01 --> " * 40_000],
    )  # fmt: skip
    @pytest.mark.parametrize(
        "head",
        ["1\n00:01 --> 00:02\nok ", "WEBVTT\n\n00:01.000 --> 00:02.000\nok ",
         ASS + "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,ok "],
    )  # fmt: skip
    def test_no_line_makes_the_reader_slow(self, head: str, line: str) -> None:
        begun = time.process_time()
        read((head + line + "\n").encode())
        assert time.process_time() - begun < 3


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
MARKED = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from(
            ["<i>", "</i>", "<b>", "</b>", "<v Ann>", "<v B-->", "</v>", "<ruby>", "<rt>", "</rt>",
             "</ruby>", "\n", " ", "-->", "&amp;", "&lt;i&gt;", "שלום", "abc", "\u200f"]
        ),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@st.composite
def cues(draw: st.DrawFn, language: str = "") -> Cue:
    start = draw(st.integers(0, 170_000_000))
    settings = draw(st.sampled_from(["", "line:5%", "align:left position:3.5%", "line:-1 nope"]))
    text = direction.unmark(markup.canonical(draw(MARKED)), language)
    return Cue(
        start,
        start + draw(st.integers(1, 100_000)),
        text or "seen",
        canonical_settings(settings),
        canonical_identifier(draw(WORDS)),
    )


class TestWriting:
    @pytest.mark.parametrize("examples", [30, pytest.param(300, marks=pytest.mark.soak)])
    @pytest.mark.parametrize("language", ["", "en", "he"])
    def test_what_is_written_is_read_back_the_same(self, language: str, examples: int) -> None:
        @trying(max_examples=examples)
        @given(st.lists(cues(language), min_size=1, max_size=6))
        def holds(given_cues: list[Cue]) -> None:
            written = write_webvtt(given_cues, language)
            assume(decode(written.encode()).text == written)  # it does not look encoded twice
            found = read(written.encode())
            ordered = sorted(given_cues, key=lambda cue: (cue.start_ms, cue.end_ms))
            assert found.cues == tuple(ordered)
            assert found.language == (language or None)

        holds()

    @given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=5))
    @pytest.mark.slow
    def test_an_srt_file_read_written_and_read_again_stays_as_it_was(
        self, lines: list[str]
    ) -> None:
        try:
            once = read(srt_of(lines, "\n").encode())
        except SubtitleError:
            return
        written = write_webvtt(once.cues)
        assume(decode(written.encode()).text == written)  # it does not look encoded twice
        assert read(written.encode()).cues == once.cues

    @given(st.lists(st.tuples(MARKED, WORDS, WORDS), max_size=5))
    def test_whatever_a_cue_holds_the_file_has_one_arrow_a_cue_and_no_stray_tag(
        self, rows: list[tuple[str, str, str]]
    ) -> None:
        written = write_webvtt(
            [Cue(0, 1000, text, settings, name) for text, settings, name in rows]
        )
        arrows = [line for line in written.split("\n") if "-->" in line]
        assert all(line.startswith("00:00:00.000 --> 00:00:01.000") for line in arrows)
        assert len(arrows) <= len(rows)
        bodies = markup._TAG.sub("", written.replace(" --> ", ""))
        assert "<" not in bodies
        assert ">" not in bodies

    def test_only_lines_that_would_run_the_wrong_way_are_marked(self) -> None:
        text = "DNA هو المفتاح\nمرحبا DNA\nOK"
        written = write_webvtt([Cue(0, 1000, text)], "ar")
        assert written.endswith("\n\u200fDNA هو المفتاح\nمرحبا DNA\nOK\n")
        assert "\u200f" not in write_webvtt([Cue(0, 1000, text)], "en")

    def test_a_file_that_was_marked_by_hand_is_not_marked_twice(self) -> None:
        marked = "WEBVTT\nLanguage: ar\n\n00:01.000 --> 00:02.000\n&rlm;DNA هو\n"
        found = read(marked.encode())
        assert texts(found) == ["DNA هو"]
        assert write_webvtt(found.cues, "ar").count("\u200f") == 1

    def test_an_unlikely_language_never_reaches_the_header(self) -> None:
        assert write_webvtt([], "en\n\n00:00.000 --> 00:01.000\nx") == "WEBVTT\n"
