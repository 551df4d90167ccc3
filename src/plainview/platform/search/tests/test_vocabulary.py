"""The words of the index come with their first row and go with their last."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from plainview.platform.search import vocabulary
from plainview.platform.search.models import Word
from plainview.platform.search.vocabulary import NAMED, SAID

pytestmark = pytest.mark.django_db
WORDS = ["harbour", "harbor", "lights", "of", "항구", "море", "x" * 40]


def counted(shelf: int = SAID) -> Counter[str]:
    return Counter(dict(Word.objects.filter(shelf=shelf).values_list("word", "count")))


class Counting(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=6))
    def test_a_word_is_there_as_long_as_a_row_has_it(self, rows):
        """Rows come one by one and go in another order; nothing is left of them at the end."""
        kept = [Counter(set(row)) for row in rows]
        for row in kept:
            vocabulary.adjust(SAID, Counter(), row)
        assert counted() == sum(
            (Counter({w: n for w, n in row.items() if w not in ("of", "항구")}) for row in kept),
            Counter(),
        )
        for row in sorted(kept, key=str):
            vocabulary.adjust(SAID, row, Counter())
        assert not Word.objects.exists()


def test_each_shelf_has_its_own_words():
    vocabulary.adjust(SAID, Counter(), Counter(["harbour"]))
    vocabulary.adjust(NAMED, Counter(), Counter(["harbour", "lights"]))
    vocabulary.adjust(NAMED, Counter(["harbour"]), Counter())
    assert counted(SAID) == {"harbour": 1}
    assert counted(NAMED) == {"lights": 1}


def test_beginnings_come_by_how_often_they_are_and_in_any_script():
    come = Counter({"marine": 1, "market": 5, "mars": 3, "море": 2, "морж": 9, "моряк": 1})
    vocabulary.adjust(SAID, Counter(), come)
    assert vocabulary.beginning("mar", SAID) == ["market", "mars", "marine"]
    assert vocabulary.beginning("мор", SAID) == ["морж", "море", "моряк"]
    assert vocabulary.beginning("market", SAID) == []


def test_the_nearest_and_then_the_most_frequent_is_meant():
    vocabulary.adjust(NAMED, Counter(), Counter({"harbour": 1, "harbours": 7, "labour": 2}))
    assert vocabulary.near(["harbuor"], NAMED)["harbuor"].spellings == ["harbour", "harbours"]
