"""The player's words: the page brings one for each that the player knows, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from plainview.web.pages.labels import player_labels

LABELS = Path(__file__).resolve().parents[4] / "frontend" / "player" / "labels.ts"


def test_the_page_brings_every_word_that_the_player_knows_with_its_marks():
    block = LABELS.read_text().split("ENGLISH = {")[1].split("\n}")[0]
    wanted = dict(re.findall(r'^\s*(\w+): "((?:[^"\\]|\\.)*)"', block, re.MULTILINE))
    brought = player_labels()
    assert set(brought) == set(wanted)
    for key, words in wanted.items():
        marks = re.findall(r"\{\w+\}", words)
        assert sorted(re.findall(r"\{\w+\}", str(brought[key]))) == sorted(marks), key
