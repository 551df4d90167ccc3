"""WebVTT by the specification's algorithm: the facts that the web platform tests hold of it."""

from __future__ import annotations

import pytest

from plainview.domains.subtitles.formats import cue_text, markup, read, webvtt, write_webvtt
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.placing import canonical_settings

TIMES = "00:00:00.000 --> 00:00:01.000"


def cues(text: str) -> list[webvtt.Block]:
    """The cues that the algorithm alone finds, even those with no words."""
    prepared = webvtt.prepared(text)
    if not webvtt.signed(prepared):
        return []
    return [block for block in webvtt.blocks(prepared).blocks if block.times is not None]


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("WEBVTT\n\n", 1), ("WEBVTT \n\n", 1), ("WEBVTT\t\n\n", 1), ("WEBVTT a title\n\n", 1),
        ("WEBVTT\n", 1), ("WEBVTT\nkind: x\nanything\n\n", 1), ("WEBVTT\r\r", 1),
        ("WEBVTT\r\n\r\n", 1), ("WEBVTTx\n\n", 0), ("webvtt\n\n", 0), ("\nWEBVTT\n\n", 0),
        (" WEBVTT\n\n", 0), ("WEBVT\n\n", 0), ("", 0), ("WEBVTT\x0c\n\n", 0),
    ],
)  # fmt: skip
def test_the_signature_decides_whether_it_is_a_file_at_all(head, count):
    assert len(cues(f"{head}{TIMES}\ntext")) == count


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("00:00.000 --> 00:01.000", (0, 1000)),
        ("0:00:00.000 --> 0:00:01.000", (0, 1000)),
        ("100:00:00.000 --> 100:00:01.500", (360_000_000, 360_001_500)),
        ("00:00:00.000-->00:00:01.000", (0, 1000)),
        ("\t00:00:00.000\x0c -->\t00:00:01.000 ", (0, 1000)),
        ("00:00:01.000 --> 00:00:00.000", (1000, 0)),
        ("00:00:00.000 --> 00:00:01.000align:start", (0, 1000)),
        ("59:59.999 --> 00:59:59.999", (3_599_999, 3_599_999)),
        ("60:00.000 --> 60:01.000", None), ("00:60:00.000 --> 00:60:01.000", None),
        ("00:00:60.000 --> 00:00:61.000", None), ("0:00.000 --> 0:01.000", None),
        ("00:00:00.00 --> 00:00:01.00", None), ("00:00:00.0000 --> 00:00:01.0000", None),
        ("00:00:0.000 --> 00:00:1.000", None), ("00:0:00.000 --> 00:0:01.000", None),
        ("-00:00:00.000 --> 00:00:01.000", None), ("00:00:00,000 --> 00:00:01,000", None),
        ("00:00:00.000 --> ", None), ("00:00:00.000 a --> 00:00:01.000", None),
        ("\x0b00:00:00.000 --> 00:00:01.000", None), ("00.000 --> 01.000", None),
        ("00:00:00:00.000 --> 00:00:00:01.000", None), (":00:00.000 --> 00:00:01.000", None),
        ("00:00:00 --> 00:00:01", None), ("００:00.000 --> 00:01.000", None),
    ],
)  # fmt: skip
def test_times_are_read_or_refused_as_specified(line, times):
    found = cues(f"WEBVTT\n\n{line}\ntext")
    assert [block.times[:2] for block in found] == ([] if times is None else [times])


def test_an_arrow_ends_a_block_wherever_it_stands():
    ends = ["foo-->", "-->foo", "--->", "-->-->"]
    file = "WEBVTT\n\n-->\n" + "".join(f"{TIMES}\ntext{n}\n{end}\n" for n, end in enumerate(ends))
    found = cues(f"{file}{TIMES}\nlast\n\n00:00:00.000 -a -->\n\n00:00:00.000 -- -->\n")
    assert [block.text for block in found] == ["text0", "text1", "text2", "text3", "last"]


def test_identifiers_stay_as_they_stand():
    names = [" leading", "trailing ", "-- >", "->", " "]
    file = "WEBVTT\n\n" + "\n\n".join(f"{name}\n{TIMES}\ntext" for name in names)
    assert [block.identifier for block in cues(file)] == names


def test_a_cue_may_follow_its_header_and_the_cue_before_it_without_a_blank_line():
    found = cues(f"WEBVTT\n{TIMES}\na\n{TIMES}\nb\n\n\n\nid\n{TIMES}\nc\nd\n\nlost")
    assert [block.text for block in found] == ["a", "b", "c\nd"]


def test_nul_becomes_a_replacement_character():
    assert cues(f"WEBVTT\n\n{TIMES}\nte\0xt")[0].text == "te\ufffdxt"


def test_style_sheets_and_regions_count_only_before_the_first_cue():
    file = f"WEBVTT\n\nSTYLE\n::cue {{}}\n\nREGION \nid:a\n\n{TIMES}\nx\n\nREGION\nid:b\n"
    assert webvtt.blocks(file).regions == ["a"]
    draft = Draft()
    webvtt.parse(file, draft)
    assert "::cue {}" in draft.head
    assert "id:b" not in draft.head


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        *((f"line:{n}", f"line:{n}") for n in ("-1", "0", "-0", "101", "1.5", "4294967296")),
        ("line:" + "1" * 35, "line:" + "1" * 35),
        *((f"line:{n}", "") for n in ("65536%", "-0%", "101%", "1%-", "1-", "%1", "1%%", "0%0",
                                      "0%x", "-", "%", "1..5", ".5", "5.")),
        ("line: 0%", ""), ("line:00%", "line:00%"), ("line:100%,start", "line:100%,start"),
        ("line:100%,end", "line:100%,end"), ("line:100%,middle", "line:100%"),
        ("position:1%", "position:1%"), ("position:1% position:x", "position:1%"),
        ("position:1%,line-left", "position:1%,line-left"),
        ("position:1%,middle", "position:1%"),
        ("position:1% ,center", "position:1%"), ("position:1%, center", "position:1%"),
        *((f"position:{n}", "") for n in ("-1%", "1", "1x", "1%x", "101%", "101%,center")),
        ("size:0%", "size:0%"), ("size:100%", "size:100%"), ("size:101%", ""), ("size:1", ""),
        ("align:start", "align:start"), ("align:middle", ""), ("align:", ""), ("align :end", ""),
        ("vertical:rl", "vertical:rl"), ("vertical:tb", ""), ("vertical:RL", ""),
        ("region:a", "region:a"), ("region:a region:b", "region:b"), ("region:a region:x", ""),
        ("region:x region:a", "region:a"), ("region:a line:1", "line:1"),
        ("region:a size:50%", "size:50%"),
        ("align:start line:1% vertical:lr size:50% position:25%",
         "vertical:lr line:1% position:25% size:50% align:start"),
    ],
)  # fmt: skip
def test_settings_are_read_as_specified(settings, kept):
    assert canonical_settings(settings, frozenset({"a", "b"})) == kept


@pytest.mark.parametrize(
    ("settings", "name"),
    [("id:a width:50% lines:2", "a"), ("id:a\tid: id:b", "b"), ("id :a", ""), ("width:9%", "")],
)
def test_a_region_goes_by_the_last_name_that_it_is_given(settings, name):
    assert webvtt.region(settings) == name


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a<b>c</b>d", "a<b>c</b>d"), ("<b>x</i>y</b>z", "<b>xy</b>z"),
        ("<b>x<i>y</b>z", "<b>x<i>yz</i></b>"),
        ("<b", ""), ("a<b>c<", "a<b>c</b>"), ("I <3 you", "I"), ("a < b > c", "a c"),
        ("<c.x.y>z</c>", "<c.x.y>z</c>"), ("<c>z</c>", "z"), ("<foo>z</foo>", "z"),
        ("<v.loud Ann  Lee>z", "<v Ann Lee>z</v>"),
        ("<lang en-GB>z</lang>", "<lang en-GB>z</lang>"),
        ("<rt>z</rt>", "z"), ("<ruby>a<rt>b</ruby>c", "<ruby>a<rt>b</rt></ruby>c"),
        ("<ruby>a<rt>b</rt>c<rt>d</ruby>", "<ruby>a<rt>b</rt>c<rt>d</rt></ruby>"),
        ("<00:00:01.000>a", "a"),
        ("&amp;&lt;&gt;&nbsp;x&copy;&notit;", "&amp;&lt;&gt;\xa0x©¬it;"),
        ("&#65;&#x42;&bogus;", "AB&amp;bogus;"), ("<b\n>x</b>", "<b>x</b>"), ("</b>x", "x"),
        ("<>x</>y", "xy"),
    ],
)  # fmt: skip
def test_cue_text_becomes_the_tree_that_is_specified(text, tree):
    assert markup.compose(cue_text.runs(text)) == tree


def test_what_the_algorithm_drops_is_mended_and_told():
    found = read(
        b"WEBVTT\n\n00:01,500 --> 00:02,0\none\n\n00:03.000 --> 00:04.000\nso\nA --> B\n\nlost\n"
    )
    assert [(cue.start_ms, cue.text) for cue in found.cues] == [
        (1500, "one"),
        (3000, "so\nA --&gt; B"),
    ]
    assert found.notes == (
        "line 3: times written otherwise than WebVTT does; mended",
        "line 10: words without a time; left out",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I <3 you", "I &lt;3 you"), ("a < b > c", "a &lt; b &gt; c"), ("<- left", "&lt;- left"),
        ("if x<y", "if x&lt;y"), ("<i>1<2</i>", "<i>1&lt;2</i>"), ("x <", "x &lt;"),
        ("<<b>b</b>", "&lt;<b>b</b>"), ("</3 alas", "&lt;/3 alas"),
    ],
)  # fmt: skip
def test_a_bracket_that_begins_no_tag_takes_no_words_with_it(text, shown):
    found = read(f"WEBVTT\n\n{TIMES}\n{text}\n".encode())
    assert [cue.text for cue in found.cues] == [shown]
    assert found.notes == ("line 3: a bracket < that begins no tag; mended",)
    again = read(write_webvtt(found.cues, head=found.head).encode())
    assert ([cue.text for cue in again.cues], again.notes) == ([shown], ())


def test_mending_never_changes_what_the_algorithm_reads():
    file = f"WEBVTT\n\nid\n{TIMES} line:0\na\n{TIMES}\nb\n\n00:1,0 --> 00:2,0\nc\n"
    alone, mended = Draft(), Draft()
    webvtt.parse(file, alone, mend=False)
    webvtt.parse(file, mended)
    assert mended.cues[:2] == alone.cues
    assert len(mended.cues) == 3


def test_blanks_behind_a_mark_of_direction_go_with_it():
    """What is written and read again is the same, also where a line begins with another script."""
    text = "WEBVTT\nLanguage: he\n\n00:00.000 --> 00:01.000\n\u200f \u200f Aא\n"
    [cue] = read(text.encode()).cues
    assert cue.text == "Aא"
    assert read(write_webvtt([cue], "he").encode()).cues[0].text == "Aא"


def test_a_no_break_space_behind_a_mark_of_direction_stays():
    cue = Cue(0, 1000, "\xa0Aא")
    assert read(write_webvtt([cue], "he").encode()).cues[0].text == cue.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<v Zoe>Hi <v Ann>you", "<v Zoe>Hi </v><v Ann>you</v>"),
        ("<v .5 Zoe>a", "<v .5 Zoe>a</v>"),
        ("<v Zoe>a<v  <i[[[>b", "<v Zoe>a</v><v &lt;i[[[>b</v>"),
        ("<lang fr>a <lang en>b</lang> c</lang>",
         "<lang fr>a </lang><lang en>b</lang><lang fr> c</lang>"),
        ("<c.yellow>a <c.blue>b</c></c>", "<c.yellow>a <c.blue>b</c></c>"),
        ("<c.blue>a <c.yellow>b</c></c>", "<c.blue>a <c.yellow>b</c></c>"),
    ],
)  # fmt: skip
def test_of_tags_within_tags_the_innermost_holds(text, shown):
    """Also once it was written and read again."""
    found = read(f"WEBVTT\n\n{TIMES}\n{text}\n".encode())
    assert [cue.text for cue in found.cues] == [shown]
    assert read(write_webvtt(found.cues).encode()).cues == found.cues
