"""The studio against bare baselines, as ratios in one run: `python bench/studio.py`.

- 1,500 cues checked (goal < 100 ms), in three scripts, against a bare count of their characters
- 1,500 cues read and written in each format, against bare pysubs2, webvtt-py and ttconv
"""

from __future__ import annotations

import io
import statistics
import sys
import timeit
from xml.etree import ElementTree

import pysubs2
import webvtt
from ttconv.imsc import reader as imsc

from plainview.domains.subtitles import formats, quality

CUES, ROUNDS = 1500, 9
GOAL_MS = 100
SAID = {
    "en": "<i>The lamp is lit,</i> he said,\nand nobody came down the pier.",
    "ko": "등불이 켜졌다고 그가 말했지만\n아무도 부두로 내려오지 않았다.",
    "ar": "قال إن المصباح مضاء،\nولم ينزل أحد إلى الرصيف.",
}
BARE = {
    "srt": lambda text: pysubs2.SSAFile.from_string(text, format_="srt"),
    "ass": lambda text: pysubs2.SSAFile.from_string(text, format_="ass"),
    "webvtt": lambda text: webvtt.from_buffer(io.StringIO(text)),
    "ttml": lambda text: imsc.to_model(
        ElementTree.ElementTree(ElementTree.fromstring(text.encode()))  # noqa: S314 - ours
    ),
}


def main() -> int:
    """Print each figure; 1 if a goal is missed."""
    missed = 0
    for language, text in SAID.items():
        lines = [quality.Timed(4000 * at, 4000 * at + 3500, f"{text} {at}") for at in range(CUES)]
        limits = quality.current_limits(language)
        spent = _milliseconds(
            lambda lines=lines, language=language, limits=limits: quality.check(
                lines, language, limits
            )
        )
        bare = _milliseconds(lambda lines=lines: [len(line.text) for line in lines])
        print(f"{CUES} cues in {language} checked: {spent:.1f} ms ({spent / bare:.0f} x a count)")
        missed += spent > GOAL_MS
    for format, bare_read in BARE.items():
        _read_and_write(format, bare_read)
    return 1 if missed else 0


def _read_and_write(format: str, bare_read) -> None:
    cues = [
        formats.Cue(4000 * at, 4000 * at + 3500, formats.canonical_text(f"{SAID['en']} {at}"))
        for at in range(CUES)
    ]
    text = formats.write(cues, format, language="en").text
    data = text.encode()
    read = _milliseconds(lambda: formats.read(data), rounds=3)
    bare = _milliseconds(lambda: bare_read(text), rounds=3)
    write = _milliseconds(lambda: formats.write(cues, format, language="en"), rounds=3)
    print(
        f"{CUES} cues of {format} read: {read:.0f} ms ({read / bare:.1f} x the bare library),"
        f" written: {write:.0f} ms"
    )


def _milliseconds(do, *, rounds: int = ROUNDS) -> float:
    return 1000 * statistics.median(timeit.repeat(do, number=1, repeat=rounds))


if __name__ == "__main__":
    sys.exit(main())
