"""The words of scripts: the page brings one for each that a script knows, and no other."""

import re
from pathlib import Path

import pytest

from plainview.domains.subtitles.views.labels import studio_labels
from plainview.web.pages.labels import player_labels

FILLED = re.compile(r"fill\([\w.]*labels\.(\w+), \{([^}]*)\}\)")
FRONTEND = Path(__file__).resolve().parents[4] / "frontend"


@pytest.mark.parametrize(("room", "labels"), [("player", player_labels), ("studio", studio_labels)])
def test_the_page_brings_every_word_that_the_script_knows_and_no_other(room, labels):
    block = (FRONTEND / room / "labels.ts").read_text().split("LabelKey =")[1].split(";")[0]
    brought = {key for key in labels() if not key.startswith("check.")}  # by what a check found
    assert brought == set(re.findall(r'"([\w.]+)"', block))


@pytest.mark.parametrize(("room", "labels"), [("player", player_labels), ("studio", studio_labels)])
def test_a_word_has_the_marks_that_the_script_fills_in(room, labels):
    brought, found = labels(), 0
    for script in (FRONTEND / room).glob("*.ts"):
        for key, values in FILLED.findall(script.read_text()):
            names = set(re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"\([^()]*\)", "", values)))
            assert set(re.findall(r"\{(\w+)\}", brought[key])) == names, (script.name, key)
            found += 1
    assert found > 5
