"""The studio against bare baselines, as ratios in one run: `python bench/studio.py`.

- 1,500 cues checked (goal < 100 ms), in three scripts, against a bare count of their characters
"""

from __future__ import annotations

import statistics
import sys
import timeit

from plainview.domains.subtitles import quality

CUES, ROUNDS = 1500, 9
GOAL_MS = 100
SAID = {
    "en": "<i>The lamp is lit,</i> he said,\nand nobody came down the pier.",
    "ko": "등불이 켜졌다고 그가 말했지만\n아무도 부두로 내려오지 않았다.",
    "ar": "قال إن المصباح مضاء،\nولم ينزل أحد إلى الرصيف.",
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
    return 1 if missed else 0


def _milliseconds(do) -> float:
    return 1000 * statistics.median(timeit.repeat(do, number=1, repeat=ROUNDS))


if __name__ == "__main__":
    sys.exit(main())
