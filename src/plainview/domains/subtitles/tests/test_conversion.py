"""From format to format: nothing is lost that the other one can carry, and the rest is told."""

import pysubs2
import pytest
import webvtt as webvtt_py
from hypothesis import given
from hypothesis import strategies as st

from plainview.domains.subtitles.formats import (
    NAMES,
    Cue,
    SubtitleError,
    canonical_text,
    losses,
    read,
    write,
)

RICH = """<v Ann Lee>Good <i>evening</i>, <c.yellow>Tom</c> &amp; {co}</v>"""
CUES = (
    Cue(1000, 2500, RICH, "line:10% align:start"),
    Cue(3000, 4000, "<ruby>灯<rt>ひ</rt></ruby>が<b>消<u>え</u>る</b>", "vertical:rl"),
    Cue(5010, 6990, "<c.colour-ff8800>한\n두</c> \\N <lang fr>salut</lang>", ""),
)


def again(cues, format, **options):
    written = write(cues, format, **options)
    return read(written.text.encode()), written


@pytest.mark.parametrize("format", ["webvtt", "ttml"])
def test_webvtt_and_ttml_carry_everything(format):
    found, written = again(CUES, format, language="ja")
    assert found.format == format
    assert found.language == "ja"
    assert written.lost == ()
    assert [cue.text for cue in found.cues] == [cue.text for cue in CUES]
    assert [(c.start_ms, c.end_ms) for c in found.cues] == [(c.start_ms, c.end_ms) for c in CUES]
    assert found.cues[0].settings.split(" ")[0] == "line:10%"
    assert found.cues[1].settings == "vertical:rl"


def test_ass_and_srt_carry_what_they_can_and_the_rest_is_told():
    found, written = again(CUES, "ass")
    assert [cue.text for cue in found.cues] == [
        RICH,
        "灯(ひ)が<b>消<u>え</u>る</b>",
        "<c.colour-ff8800>한\n두</c> \\N salut",
    ]
    assert found.cues[0].settings == "line:10% position:5% align:left"
    assert written.lost == (
        "words in another language, in 1 of the lines",
        "glosses beside words, written in brackets, in 1 of the lines",
        "where 1 of the lines stand on the picture",
    )
    found, written = again(CUES, "srt")
    assert found.cues[0].text == "Good <i>evening</i>, <c.yellow>Tom</c> &amp; {co}"
    assert written.lost == (
        "who speaks, in 1 of the lines",
        "words in another language, in 1 of the lines",
        "glosses beside words, written in brackets, in 1 of the lines",
        "where 2 of the lines stand on the picture",
    )


def test_other_peoples_readers_read_what_we_write(tmp_path):
    for format, ending in NAMES.items():
        (tmp_path / f"x.{ending}").write_text(write(CUES, format).text)
    for ending in ("srt", "ass", "vtt"):
        theirs = pysubs2.load(str(tmp_path / f"x.{ending}"))
        assert [(event.start, event.end) for event in theirs] == [
            (1000, 2500), (3000, 4000), (5010, 6990)
        ]  # fmt: skip
        assert "evening" in theirs[0].plaintext
    assert webvtt_py.read(str(tmp_path / "x.vtt"))[0].voice == "Ann Lee"


ASS = r"""[Script Info]
; by hand
ScriptType: v4.00+
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, Italic
Style: Default,Gentium,40,&H00FFFFFF,2,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,translator's note
Dialogue: 3,0:00:01.00,0:00:02.00,Default,Ann,10,0,0,scroll,{\k20\blur3}Hel{\k30}lo
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\be1}sign
Dialogue: 1,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\bord0}sign
"""


def test_an_ass_script_keeps_styles_comments_and_effects():
    found = read(ASS.encode())
    whole = write(found.cues, "ass", head=found.head).text
    assert [line for line in whole.split("\n") if line] == [
        line for line in ASS.split("\n") if line
    ]
    first, sign = found.cues
    moved = write([Cue(2000, 3000, first.text, first.settings, "", first.original),
                   Cue(3000, 4000, "sign!", sign.settings, "", sign.original)],
                  "ass", head=found.head).text  # fmt: skip
    assert r"3,0:00:02.00,0:00:03.00,Default,Ann,10,0,0,scroll,{\k20\blur3}Hel{\k30}lo" in moved
    assert moved.count("sign") == 1
    assert "sign!" in moved


VTT = """WEBVTT a title
Kind: captions
Language: en

STYLE
::cue(.loud) { font-weight: bold }

REGION
id:top width:40%

NOTE by hand

1
00:01.000 --> 00:02.000 region:top
<c.loud>Hel<00:00:01.500>lo</c>
"""


def test_a_webvtt_file_keeps_styles_regions_comments_and_karaoke():
    found = read(VTT.encode())
    whole = write(found.cues, "webvtt", language="en", head=found.head).text
    assert whole.replace("00:00:0", "00:0").replace("<00:01.5", "<00:00:01.5") == VTT
    changed = write([Cue(1000, 2000, "Hallo", original=found.cues[0].original)], "webvtt",
                    head=found.head).text  # fmt: skip
    assert "\nHallo\n" in changed
    assert "01.500" not in changed


TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:p="http://www.w3.org/ns/ttml#parameter"
 xmlns:s="http://www.w3.org/ns/ttml#styling" xmlns:m="http://www.w3.org/ns/ttml#metadata"
 xml:lang="es-MX" p:frameRate="24" p:tickRate="1000">
<head><metadata><m:agent xml:id="ann" type="person"><m:name type="alias">Ann</m:name></m:agent>
</metadata>
<styling><style xml:id="loud" s:fontWeight="bold" s:color="#ffff00"/></styling>
<layout><region xml:id="top" s:origin="10% 5%" s:extent="80% 20%" s:displayAlign="before"
 s:textAlign="center"/><region xml:id="foot" s:origin="10% 70%" s:extent="80% 25%"
 s:displayAlign="after" s:textAlign="center"/></layout></head>
<body><div begin="10s"><p begin="00:00:01:12" end="3000t" region="foot">uno<br/>
<span s:fontStyle="italic">dos</span></p>
<p begin="5s" dur="1s" style="loud" m:agent="ann" region="top">tres</p></div></body></tt>"""


def test_ttml_says_that_lines_run_from_right_to_left_and_left_stays_left():
    """Else its readers lay Arabic out from left to right, full stops first (TTML2, 10.2.12)."""
    cues = [Cue(0, 900, "مرحبا!", "align:left"), Cue(1000, 1900, "縦", "vertical:rl")]
    text = write(cues, "ttml", language="ar").text
    assert text.count('tts:direction="rtl"') == 1
    assert 'tts:textAlign="end"' in text
    first, _second = read(text.encode()).cues
    assert first.settings == "align:end", "of a line from right to left that is the left"
    assert 'direction="rtl"' not in write(cues, "ttml", language="en").text


def test_ttml_times_styles_speakers_and_regions_are_understood():
    found = read(TTML.encode())
    assert found.language == "es-MX"
    assert found.cues == (
        Cue(11_500, 13_000, "uno\n<i>dos</i>"),
        Cue(15_000, 16_000, "<v Ann><c.yellow><b>tres</b></c></v>", "line:5%"),
    )


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ('p:frameRate="25"', 2000),
        ('p:frameRate="25" p:subFrameRate="2"', 1000),
        ('p:frameRate="30" p:frameRateMultiplier="1000 1001"', 1668),
        ('p:frameRate="25" p:tickRate="10"', 5000),
        ("", 50_000),
    ],
)
def test_ticks_are_frames_where_a_file_says_how_long_frames_are_and_not_ticks(said, begins):
    """TTML2, 7.2.14: what a tick is when nobody says."""
    document = f"""<tt xmlns="http://www.w3.org/ns/ttml"
     xmlns:p="http://www.w3.org/ns/ttml#parameter" {said}>
    <body><div><p begin="50t" end="60s">uno</p></div></body></tt>"""
    (cue,) = read(document.encode()).cues
    assert cue.start_ms == begins


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tt>&b;</tt>', "forbidden-xml"),
        ('<?xml version="1.0"?><!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt/>', "forbidden-xml"),
        ('<tt xmlns="http://www.w3.org/ns/ttml">' + "<div>" * 5000, "too-deep"),
        ('<tt xmlns="http://www.w3.org/ns/ttml">' + "<br/>" * 150_001 + "</tt>", "too-deep"),
        ("<?xml version='1.0'?><html/>", "bad-ttml"),
        ('<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="9e99s">a', "no-cues"),
    ],
)
def test_hostile_xml_is_refused_before_it_costs_anything(document, code):
    with pytest.raises(SubtitleError) as refused:
        read(document.encode())
    assert refused.value.code == code


def test_a_document_that_breaks_off_is_read_as_far_as_it_goes():
    found = read(TTML[:-60].encode())
    assert found.cues[0].text == "uno\n<i>dos</i>"
    assert any("breaks off" in note for note in found.notes)


WORDS = st.text(st.sampled_from("ab <>&{}\\-n12.é灯ـم\n"), max_size=12)
TAGS = st.sampled_from(["i", "b", "u", "c.red", "c.colour-12ab34"])
TAGGED = st.tuples(TAGS, WORDS).map(lambda p: f"<{p[0]}>{p[1].replace('<', '')}</{p[0][0]}>")
TEXTS = st.lists(WORDS.map(lambda text: text.replace("<", "&lt;")) | TAGGED, max_size=4).map(
    "".join
)


@given(st.lists(TEXTS, max_size=4), st.sampled_from(sorted(NAMES)))
def test_words_and_styles_survive_every_format(texts, format):
    cues = [
        Cue(1000 * n, 1000 * n + 900, words)
        for n, text in enumerate(texts, 1)
        if (words := canonical_text(text))
    ]
    if not cues:
        return
    found = read(write(cues, format).text.encode())
    said = {(cue.start_ms, cue.end_ms): cue.text for cue in found.cues}
    assert said == {(cue.start_ms, cue.end_ms): cue.text for cue in cues}


def test_what_ass_has_no_place_for_is_told():
    """Lines that run downwards, and regions, whose sheet stays with WebVTT."""
    cues = (Cue(0, 1000, "縦書き", "vertical:rl line:10%"), Cue(1000, 2000, "b", "region:top"))
    told = losses(cues)
    assert told["ass"] == ("where 2 of the lines stand on the picture",)
    assert told["ttml"] == ("where 1 of the lines stand on the picture",)
    assert told["webvtt"] == ()
