"""Captions as television has them: SCC (CEA-608) and EBU STL (EBU Tech 3264)."""

from __future__ import annotations

import pytest

from plainview.domains.subtitles.formats import SubtitleError, Subtitles, read
from plainview.domains.subtitles.formats.confined import read_confined

Time = tuple[int, int, int, int]
PROGRAMME = b"10000000"
POPS_ON = (
    "Scenarist_SCC V1.0\n\n00:00:02:00\t94ae 94ae 9420 9420 9470 9470 c8e5 ecec ef80 942f 942f\n\n"
    "00:00:05:00\t942c 942c\n"
)
ROLLS_UP = (
    "Scenarist_SCC V1.0\r\n\r\n00:00:06;00\t9425 9425 94ad 94ad 9470 9470 f2ef ecec 20f5 7080\r\n"
    "\r\n00:00:08;00\t94ad 94ad 9470 9470 6def f2e5\r\n\r\n00:00:10;00\t942c 942c\r\n"
)

TTML = (
    b'<tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
    b'<p begin="1s" end="2s">Hello</p></div></body></tt>'
)
FORMS = ("scc", "stl", "ttml")


def stl(
    *blocks: tuple[Time, Time, bytes], begins: bytes = PROGRAMME, letters: bytes = b"00"
) -> bytes:
    """A file of the head and blocks of EBU Tech 3264, in English; a block with `!` is a comment."""
    head = (b"850STL25.011" + letters + b"09").ljust(238)
    head += b"%05d%05d00140231" % (len(blocks), len(blocks)) + begins + begins
    made = head.ljust(1024)
    for number, (starts, ends, words) in enumerate(blocks):
        comment = words.startswith(b"!")
        block = bytes((0, number % 256, number // 256, 255, 0, *starts, *ends, 20, 2, comment))
        made += (block + words).ljust(128, b"\x8f")
    return made


def shown(found: Subtitles) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in found.cues]


def test_stl_counts_from_where_its_programme_begins_and_leaves_comments_out() -> None:
    found = read(
        stl(
            ((10, 0, 1, 0), (10, 0, 3, 12), b"\x0d\x0bHello\x8aagain"),
            ((10, 0, 4, 0), (10, 0, 5, 0), b"\x03caf\xc2e"),
            ((10, 0, 6, 0), (10, 0, 7, 0), b"!for translators"),
        )
    )
    assert shown(found) == [(1000, 3480, "Hello\nagain"), (4000, 5000, "<c.yellow>café</c>")]
    assert (found.format, found.encoding, found.language) == ("stl", "ISO 6937", "en")


def test_stl_whose_lines_are_before_its_programme_counts_from_midnight() -> None:
    found = read(stl(((0, 0, 1, 0), (0, 0, 2, 0), b"Early")))
    assert shown(found) == [(1000, 2000, "Early")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "data", [POPS_ON.encode(), stl(((10, 0, 1, 0), (10, 0, 2, 0), b"Hello")), TTML], ids=FORMS
)
def test_a_reader_that_may_open_no_file_has_loaded_what_it_needs(data: bytes) -> None:
    found = read_confined(data)
    assert found == read(data)
    assert found.cues[0].text == "Hello"


def test_stl_says_which_letters_it_has() -> None:
    words = "Привет".encode("iso8859-5")
    found = read(stl(((10, 0, 1, 0), (10, 0, 2, 0), words), letters=b"01"))
    assert (found.cues[0].text, found.encoding) == ("Привет", "ISO 8859-5")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (POPS_ON, [(2302, 5005, "Hello")]),
        (ROLLS_UP, [(6073, 8008, "roll up"), (8008, 10010, "roll up\nmore")]),
    ],
)
def test_scc_is_shown_as_a_television_shows_it(
    text: str, words: list[tuple[int, int, str]]
) -> None:
    found = read(text.encode())
    assert shown(found) == words
    assert found.format == "scc"
    assert all("size:85%" in cue.settings for cue in found.cues), "words in other letters have room"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"850STL25.01", "bad-captions"),
        (b"850STL25.01" + b" " * 1013, "no-cues"),
        (b"850STL99.01" + b" " * 1013 + b"x" * 300, "no-cues"),
        (b"Scenarist_SCC V1.0\n", "no-cues"),
        (b"Scenarist_SCC V1.0\n\n00:00:01:00 zzzz\n", "no-cues"),
    ],
)
def test_what_is_broken_is_refused_with_a_remedy(data: bytes, code: str) -> None:
    with pytest.raises(SubtitleError) as refusal:
        read(data, filename="film.stl")
    assert (refusal.value.code, bool(refusal.value.remedy)) == (code, True)
