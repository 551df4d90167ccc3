"""Which browsers it works in is said once, built for, and no newer than what is written needs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRONT = ROOT / "frontend"
NEEDS = {
    r"popover": (114, 125, 17.0),
    r"new Intl\.Segmenter": (87, 125, 14.1),
    r"\.checkVisibility\(": (105, 106, 17.4),
    r":has\(": (105, 121, 15.4),
    r"oklch\(": (111, 113, 15.4),
    r"\.findLast": (97, 104, 15.4),
    r"Object\.hasOwn": (93, 92, 15.4),
    r"replaceChildren": (86, 78, 14.0),
    r"\dsvh": (108, 101, 15.4),
    r"@container": (105, 110, 16.0),
}
"""What is used without another way; the first Chrome, Firefox and Safari that know it (MDN)."""


def oldest() -> dict[str, float]:
    said = (FRONT / "browsers.js").read_text()
    return {name: float(version) for name, version in re.findall(r'(\w+): "([\d.]+)"', said)}


def test_the_page_for_viewers_names_the_browsers_that_it_is_built_for():
    said, page = oldest(), (ROOT / "docs/viewer.md").read_text()
    words = "Chrome and Edge from {chrome:g}, Firefox from {firefox:g}, Safari from {safari:g}"
    assert words.format(**said) in page
    assert (said["edge"], said["ios"]) == (said["chrome"], said["safari"])
    assert re.search(r"^ +target,$", (FRONT / "build.js").read_text(), re.MULTILINE)


def test_they_are_as_old_as_what_is_written_lets_them_be():
    kept = [path for kind in ("ts", "css") for path in FRONT.glob(f"*/**/*.{kind}")]
    written = "\n".join(path.read_text() for path in kept if "node_modules" not in path.parts)
    assert [each for each in NEEDS if not re.search(each, written)] == [], "used no more"
    newest = [max(each) for each in zip(*NEEDS.values(), strict=True)]
    said = oldest()
    assert [said["chrome"], said["firefox"], said["safari"]] == newest
