"""Search finds in every script what a reader would call the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.platform.search.terms import column, fold, query_terms


def finds(query: str, text: str) -> bool:
    terms = query_terms(query)
    return bool(terms) and all(f" {term}" in column([text]) for term in terms)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("harb", "Harbour Lights"),
        ("LIGHTS harbour", "Harbour Lights"),
        ("cafe", "Le Café du Port"),
        ("Éclair", "eclair"),
        ("巨人", "進撃の巨人"),
        ("雨伞", "雨傘"),
        ("雨傘", "雨伞"),
        ("霸王別姬", "霸王别姬"),
        ("臺灣", "台湾"),
        ("千与千寻", "千與千尋"),
        ("桜", "櫻"),
        ("巨", "進撃の巨人"),
        ("항구", "항구의 불빛"),
        ("불빛", "항구의 불빛"),
        ("がっこう", "がっこう"),
        ("ﾊﾟﾘ", "パリ"),
        ("strasse", "Straße"),
        ("كتاب", "كِتَاب"),
        ("5", "The 5:14"),
    ],
)
def test_is_found(query, text):
    """By another script, case, width, accent or length of a word."""
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("lights of", "Harbour Lights"),
        ("人巨", "進撃の巨人"),
        ("arbour", "Harbour Lights"),
        ("か", "が"),
        ("", "anything"),
        ("% _", "anything"),
    ],
)
def test_is_not_found(query, text):
    """Words out of order, a word from its middle, signs that are no word."""
    assert not finds(query, text)


@given(st.text(max_size=60))
def test_every_text_is_found_by_itself_if_it_holds_a_word_at_all(text):
    if query_terms(text):
        assert finds(text, text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
