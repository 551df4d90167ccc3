"""Files as people bring them: made here after what is out there, each read for what it means."""

from __future__ import annotations

import re

import pytest

from plainview.domains.subtitles.formats import SubtitleError, read, write
from plainview.domains.subtitles.formats.cues import MAX_MS, Cue
from plainview.domains.subtitles.tests.test_files import bring, look, main_of

TTML = 'xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"'
PARAMETERS = 'xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
STYLES = (
    "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, Italic, Angle, Alignment\n"
    "Style: Top,Arial,60,-1,0,8\nStyle: Tate,@MS Gothic,60,0,270,9\n"
)


def srt(*lines: str, ends: str = "\n") -> str:
    return ends.join(
        f"{n}{ends}00:00:0{n},000 --> 00:00:0{n},900{ends}{line}{ends}"
        for n, line in enumerate(lines, 1)
    )


def ttml(body: str, attributes: str = "", head: str = "") -> bytes:
    text = f"<tt {TTML} {attributes}><head>{head}</head><body><div>{body}</div></body></tt>"
    return text.encode()


def ruby(*kinds: str) -> str:
    said = {"base": "漢", "text": "kan", "container": ""}
    spans = "".join(f'<span tts:ruby="{kind}">{said[kind]}</span>' for kind in kinds)
    return f'<p begin="1s" end="2s"><span tts:ruby="container">{spans}</span>字</p>'


READ = {
    "line ends of three kinds": (
        b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\rOne\r\n\r2\n"
        b"00:00:03,000 --> 00:00:04,000\nTwo\r\n\r\n",
        ["One", "Two"],
    ),
    "no numbers, points for commas": (
        b"00:00:01.000 --> 00:00:02.5\nOne\n\n0:0:3,0 --> 0:0:4,5\nTwo\n",
        ["One", "Two"],
    ),
    "times that TTML has otherwise, and such as say none": (
        ttml(
            '<p begin="0:00:01.5" end="0:00:02,5">One</p><p begin="3" end="4.25">Two</p>'
            '<p begin="soon" end="9s">Lost</p><p begin="5s" dur="long">Lost</p>'
            '<p begin="6s" end="7s"><span begin="soon">Three</span></p>'
        ),
        ["One", "Two", "Three"],
    ),
    "before the film, and backwards": (
        b"1\n-00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:09,000 --> 00:00:08,000\nTwo\n",
        ["One"],
    ),
    "a hundred hours": (
        b"1\n100:00:01,000 --> 100:00:02,000\nLate\n\n2\n30:00:01,000 --> 30:00:02,000\nDay\n",
        ["Day"],
    ),
    "arrows of other keyboards": (
        "1\n00:00:01,000 —> 00:00:02,000\nOne\n\n"
        "2\n００：００：０３，０００　－－＞　００：００：０４，０００\nTwo\n".encode(),
        ["One", "Two"],
    ),
    "a line with a wide colon is words": (
        srt("12：30 we meet --> there").encode(),
        ["12：30 we meet --&gt; there"],
    ),
    "an empty line after every line": (
        srt("One", "Two\r\r\nlines", ends="\r\r\n").encode(),
        ["One", "Two\nlines"],
    ),
    "an empty line after every line of WebVTT": (
        b"WEBVTT\n\n\n\n00:01.000 --> 00:02.000\n\nOne\n\ntwo\n\n\n\n00:03.000 --> 00:04.000\n\nx",
        ["One\ntwo", "x"],
    ),
    "times that a translating machine took apart": (
        b"1\n00: 00: 01, 000 -> 00: 00: 02, 500\nOne\n\n2\n00:00:03, 000 --> 00:00:04, 000\nTwo",
        ["One", "Two"],
    ),
    "nested and crossed tags": (
        srt("<b><b>twice</b></b> <i>a <b>b</i> c</b>").encode(),
        ["<b>twice</b> <i>a </i><b><i>b</i> c</b>"],
    ),
    "breaks and fonts of HTML": (
        srt("One<br>two<BR />\nthree <font color=red>red</font> <3").encode(),
        ["One\ntwo\nthree <c.red>red</c> &lt;3"],
    ),
    "a number that is words": (
        b"1\n00:00:01,000 --> 00:00:02,000\n1999\n2\n00:00:03,000 --> 00:00:04,000\n42\nsheep\n",
        ["1999", "42\nsheep"],
    ),
    "Big5 as Hong Kong has it": (
        srt("你睇唔睇到燈塔嘅光呀？", "係，船長，我哋就快到喇。").encode("big5hkscs"),
        ["你睇唔睇到燈塔嘅光呀？", "係，船長，我哋就快到喇。"],
    ),
    "UTF-16 without a mark, cut in a character": (
        srt("はい", ends="\r\n").encode("utf-16-le") + b"\0",
        ["はい"],
    ),
    "Hebrew, whose bytes are Russian letters": (
        srt("אתה רואה את אור המגדלור?", "כן, רב החובל.").encode("cp1255"),
        ["אתה רואה את אור המגדלור?", "כן, רב החובל."],
    ),
    "Russian, whose bytes are Hebrew letters": (
        srt("а она там, да?", "да, она пока не дома").encode("cp1251"),
        ["а она там, да?", "да, она пока не дома"],
    ),
    "karaoke and drawings": (
        f"{STYLES}[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,{{\\k20}}Ka{{\\kf40}}ra\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n".encode(),
        ["Kara"],
    ),
    "SubStation of the nineties": (
        "[Script Info]\nScriptType: v4.00\n[V4 Styles]\nFormat: Name, Alignment\n"
        "Style: Default,6\n[Events]\nFormat: Marked, Start, End, Style, Name, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.50,Default,Bob,Old\\nscript\n".encode("utf-16"),
        ["<v Bob>Old\nscript</v>"],
    ),
    "pieces of a stream put together": (
        b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:9\n\n00:01.000 --> 00:02.000\nOne\n\n"
        b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:9\n\n00:03.000 --> 00:04.000\nTwo\n",
        ["One", "Two"],
    ),
    "chapters with notes between": (
        b"WEBVTT chapters\n\nNOTE by us\n\nintro\n00:00.000 --> 10:00.000\nTitles &amp; pier\n",
        ["Titles &amp; pier"],
    ),
    "a namespace of 2006": (
        b'<tt xmlns="http://www.w3.org/2006/10/ttaf1" xmlns:s="http://www.w3.org/2006/10/ttaf1#style">'
        b'<body><div><p begin="00:00:01.00" dur="00:00:01.50"><span s:color="yellow">Old</span></p>'
        b"</div></body></tt>",
        ["<c.yellow>Old</c>"],
    ),
    "an encoding that XML declares": (
        b'<?xml version="1.0" encoding="Shift_JIS"?>'
        + ttml('<p begin="1s" end="2s">灯</p>').decode().encode("cp932"),
        ["灯"],
    ),
    "Latin-1 that is Windows-1252": (
        b'<?xml version="1.0" encoding="ISO-8859-1"?>'
        + ttml('<p begin="1s" end="2s">l\u2019été</p>').decode().encode("cp1252"),
        ["l\u2019été"],
    ),
    "documents one behind the other, as an MP4 has them": (
        ttml('<p begin="1s" end="2s">One</p>')
        + ttml("")
        + b'<?xml version="1.0"?>\n'
        + ttml('<p begin="2s" end="3s">One</p><p begin="3s" end="4s">Two</p>'),
        ["One", "Two"],
    ),
    "ruby by its styles": (
        ttml(
            '<p begin="1s" end="2s"><span style="c"><span style="b">漢</span>'
            '<span style="t">kan</span></span>字</p>',
            head='<styling><style xml:id="c" tts:ruby="container"/><style xml:id="b" '
            'tts:ruby="base"/><style xml:id="t" style="u"/><style xml:id="u" style="t" '
            'tts:ruby="text"/></styling>',
        ),
        ["<ruby>漢<rt>kan</rt></ruby>字"],
    ),
    "two pairs in one ruby": (
        ttml(ruby("base", "text", "base", "text")),
        ["<ruby>漢<rt>kan</rt></ruby><ruby>漢<rt>kan</rt></ruby>字"],
    ),
    "ruby of no shape": (ttml(ruby("text", "base")), ["(kan)漢字"]),
    "a ruby within a ruby": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<ruby>漢<ruby>字<rt>ji</rt></ruby>\n".encode(),
        ["<ruby>漢字<rt>ji</rt></ruby>"],
    ),
    "two lines in a ruby": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<ruby>漢\n字<rt>ji</rt></ruby>\n".encode(),
        ["<ruby>漢\n字<rt>ji</rt></ruby>"],
    ),
    "a backslash that is words": (
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nC:\\New and {\\i1}\n",
        ["C:\\New and {\\i1}"],
    ),
    "frames": (b"\xef\xbb\xbf{25}{75}Good evening|again\n", ["Good evening\nagain"]),
    "SAMI": ("<SAMI><BODY><SYNC Start=1><P>안녕</SAMI>".encode("cp949"), ["안녕"]),
    "SubViewer": (
        b"[INFORMATION]\n[TITLE]x\n00:00:01.00,00:00:02.50\nHi[br]you\n",
        ["Hi\nyou"],
    ),
    "MPL2": (b"[10][25]Hello|World\n", ["Hello\nWorld"]),
    "YouTube": (b"0:00:01.000,0:00:02.500\nHello\n", ["Hello"]),
    "SubViewer without a head": (b"00:00:01.00,00:00:02.50\nHello[br]you\n", ["Hello\nyou"]),
    "emoji in two halves": (
        srt("끝 \U0001f3ee 한")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16")
        .replace("\U0001f3ee", "\ud83c\udfee")
        .encode("utf-8", "surrogatepass"),
        ["끝 \U0001f3ee 한"],
    ),
    "a comma as wide as a character": (
        "1\n00:00:01，000 --> 00:00:02，000\n10，000\n".encode(),
        ["10，000"],
    ),
    "as Whisper prints it": (
        b"[00:00.000 --> 00:04.000]  One\n[00:04.000 --> 00:60.500]  Two\n",
        ["One", "Two"],
    ),
    "emphasis in braces": (
        srt("{b}One{/b} {I}two{/I} {bit}").encode(),
        ["<b>One</b> <i>two</i> {bit}"],
    ),
    "zeros to the end of a block": (srt("One").encode() + bytes(400), ["One"]),
    "captions that YouTube makes by itself": (
        b"WEBVTT\nKind: captions\nLanguage: en\n\n"
        b"00:00:00.160 --> 00:00:02.310 align:start position:0%\n \n"
        b"so<00:00:00.480><c> this</c><00:00:00.719><c> is</c>\n\n"
        b"00:00:02.310 --> 00:00:02.320 align:start position:0%\nso this is\n \n\n"
        b"00:00:02.320 --> 00:00:04.000 align:start position:0%\n"
        b"so this is\nthe<00:00:02.500><c> light</c>\n",
        ["so this is", "the light"],
    ),
    "TTML that does not say it is": (
        b'<tt xml:lang="en"><body><div><p begin="1s" end="2s">One</p></div></body></tt>',
        ["One"],
    ),
    "a base without a gloss": (ttml(ruby("base")), ["漢字"]),
}
"""What it is: the bytes, and the words that they mean."""

REFUSED = {
    "lines of which nothing is written": (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
    "pictures of SMPTE": (
        ttml(
            '<p begin="1s" end="2s" smpte:backgroundImage="#i"/>',
            'xmlns:smpte="http://www.smpte-ra.org/schemas/2052-1/2010/smpte-tt"',
        ),
        "pictures of words",
    ),
    "pictures of IMSC": (
        ttml('<div begin="1s" end="2s"><image src="1.png" type="image/png"/></div>'),
        "pictures of words",
    ),
    "a song": (b"[ar:Someone]\n[00:01.00]Hello\n", "LRC"),
    "of a Blu-ray disc": (b"PG" + bytes(8) + b"\x16\0\x0b" + bytes(300), "PGS"),
    "a text of an office": (b"{\\rtf1\\ansi 1\\par 00:00:01,000 --> 00:00:02,000}", "RTF"),
    "an answer of a service": (b'{"events":[{"tStartMs":1000}]}', "JSON"),
}


@pytest.mark.parametrize("what", READ)
def test_it_is_read_for_what_it_means(what: str) -> None:
    data, words = READ[what]
    assert [cue.text for cue in read(data).cues] == words


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_called_by_its_name(what: str) -> None:
    data, name = REFUSED[what]
    with pytest.raises(SubtitleError, match=re.escape(name)):
        read(data, filename="film.srt")


@pytest.mark.sample(28)
@pytest.mark.parametrize("format", ["webvtt", "srt", "ass", "ttml"])
@pytest.mark.parametrize("what", READ)
def test_out_again_in_each_format_no_word_is_lost(what: str, format: str) -> None:
    cues = read(READ[what][0]).cues
    again = read(write(cues, format, language="en").text.encode()).cues
    spoken = [re.sub(r"<[^>]*>|[()]", "", cue.text) for cue in again]
    assert spoken == [re.sub(r"<[^>]*>|[()]", "", cue.text) for cue in cues]
    step = 10 if format == "ass" else 1  # ASS counts hundredths
    for one, other in zip(cues, again, strict=True):
        assert abs(one.start_ms - other.start_ms) < step


def test_styles_of_a_script_say_where_words_stand() -> None:
    events = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Top,,0,0,0,,One\n"
    events += "Dialogue: 0,0:00:03.00,0:00:04.00,Tate,,0,0,0,,縦書き\n"
    top, column = read(f"{STYLES}{events}".encode()).cues
    assert (top.text, top.settings) == ("<i>One</i>", "line:5%")
    assert column.settings == "vertical:rl line:0 align:start"


def test_a_line_at_the_head_stays_there_in_srt() -> None:
    for settings, mark in [("line:10%", "{\\an8}"), ("line:0 align:left", "{\\an7}"), ("", "")]:
        vtt = f"WEBVTT\n\n00:01.000 --> 00:02.000 {settings}\nHi\n"
        assert f"\n{mark}Hi\n" in write(read(vtt.encode()).cues, "srt").text


def test_a_head_whose_fields_make_no_line_is_left_behind() -> None:
    cues = read(READ["karaoke and drawings"][0]).cues
    head = "[Script Info]\n[Events]\nFormat: Layer, Style, Text, Start"
    twice = f"{head}\n\n[Events]\nFormat: Start, End, Text"
    for kept in (head, twice):
        again = read(write(cues, "ass", head=kept).text.encode()).cues
        assert [cue.text for cue in again] == ["Kara"]


def test_times_that_leave_out_frames_are_those_of_a_clock() -> None:
    """An hour of drop-frame time code is an hour, to the frame (SMPTE ST 12-1)."""
    said = '<p begin="01:00:00;00" end="01:00:02;15">One</p>'
    given = f'{PARAMETERS} ttp:timeBase="smpte" ttp:frameRate="30" ttp:dropMode="dropNTSC"'
    (cue,) = read(ttml(said, given)).cues
    assert abs(cue.start_ms - 3_600_000) < 10
    assert abs(cue.end_ms - 3_602_500) < 10


def test_times_of_an_editing_program_end_in_frames() -> None:
    found = read(b"1\n00:00:01:12 --> 00:00:02:24\nOne\n", rate=25.0)
    assert [(cue.start_ms, cue.end_ms) for cue in found.cues] == [(1480, 2960)]
    assert found.notes[0] == "frames are counted as 25 a second, as the film has them"


def test_a_line_of_captions_that_roll_up_stands_until_the_next() -> None:
    found = read(READ["captions that YouTube makes by itself"][0])
    assert [(cue.start_ms, cue.end_ms) for cue in found.cues] == [(160, 2320), (2320, 4000)]
    assert found.notes == ("copies of the same line merged: 1",)


def test_a_line_that_its_words_time_begins_with_the_first_of_them() -> None:
    (cue,) = read(ttml('<p>\n  <span begin="1s" end="2s">One</span>\n  <br/>\n</p>')).cues
    assert (cue.start_ms, cue.end_ms) == (1000, 2000)
    timed = '<p begin="1s" end="9s">{}<span begin="1s">b</span><br/><span begin="2s">c</span></p>'
    for before, start in (("", 2000), ("a", 1000)):
        found = read(ttml(timed.format(before)))
        assert found.cues[0].start_ms == start
        assert "appear at once" in found.notes[0]


def test_a_line_without_an_end_stands_until_the_next_and_the_last_for_five_seconds() -> None:
    """By TTML2 (12.2.3) each would stay until the film ends, over those that follow."""
    found = read(ttml('<p begin="1s">One</p><p begin="3s">Two</p>'))
    assert [(cue.start_ms, cue.end_ms) for cue in found.cues] == [(1000, 3000), (3000, 8000)]
    assert all("has no end; shown until the next" in note for note in found.notes)


def test_a_line_whose_words_have_times_from_the_film_s_first_moment_is_read() -> None:
    said = '<p><span begin="0s" end="4s">One</span> <span begin="4s" end="9s">more</span></p>'
    (cue,) = read(ttml(said)).cues
    assert (cue.start_ms, cue.end_ms, cue.text) == (0, 9000, "One more")


def test_what_a_document_shows_at_no_time_is_no_line() -> None:
    hidden = '<p begin="{}s" end="9s" tts:display="none">{}Two</p>'
    shown = '<set begin="1s" end="2s" tts:display="auto"/>'
    said = '<p begin="1s" end="2s">One<span tts:display="none"> more</span></p>'
    found = read(ttml(said + hidden.format(3, "") + hidden.format(4, shown)))
    assert [(cue.start_ms, cue.text) for cue in found.cues] == [(1000, "One"), (4000, "Two")]


def test_a_line_that_is_to_stay_to_the_end_may_end_later_than_any_film() -> None:
    (cue,) = read(b"1\n00:01:00,000 --> 99:59:59,999\nThe end\n").cues
    assert (cue.start_ms, cue.end_ms) == (60_000, MAX_MS)


@pytest.mark.parametrize("form", ["srt", "ass"])
def test_words_about_another_form_make_no_file_of_it(form: str) -> None:
    """What begins as one is one, also where somebody speaks of SAMI in it."""
    cues = [Cue(1000, 2000, "Type &lt;SYNC Start=100&gt; or &lt;SAMI&gt;")]
    again = read(write(cues, form).text.encode())
    assert (again.format, [cue.text for cue in again.cues]) == (form, [cues[0].text])


def test_where_words_stand_is_what_the_division_around_them_says() -> None:
    """As broadcasters of EBU-TT-D write it: words in the middle by the style of a division."""
    head = '<layout><region xml:id="r" tts:origin="10% 70%" tts:extent="80% 20%"'
    head += ' tts:displayAlign="after"/></layout>'
    body = '<div tts:textAlign="center"><p region="r" begin="1s" end="2s">One</p></div>'
    said = f"<tt {TTML}><head>{head}</head><body>{body}</body></tt>"
    assert read(said.encode()).cues[0].settings == ""


@pytest.mark.django_db
def test_by_the_public_door_too(film, korean, mira) -> None:
    page = main_of(bring(mira, korean, READ["ruby by its styles"][0], name="film.ko.ttml"))
    assert "What became of the file" in page
    for ending in ("vtt", "srt", "ass", "ttml"):
        assert "漢" in mira.get(f"/studio/{film.key}/ko/lines.{ending}").content.decode()
    refused = look(mira, korean, REFUSED["pictures of SMPTE"][0], name="film.ttml")
    assert refused.status_code == 422
    assert "These subtitles are pictures of words" in refused.content.decode()
