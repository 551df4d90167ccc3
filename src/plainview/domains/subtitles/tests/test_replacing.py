"""Find and replace: what one saw is what is written, and tags are no words."""

from __future__ import annotations

import re
from unicodedata import normalize

import pytest

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.services import Search, find_words
from plainview.domains.subtitles.tests.test_studio_doors import act, main_of

pytestmark = pytest.mark.django_db


def found(edition, words: str, instead: str = "", **asked: bool) -> list[str]:
    """What each line would say."""
    return [each.after for each in find_words([edition], Search(words, instead, **asked))]


def write(client, edition, text: str) -> None:
    row = queries.rows(edition)[0]
    act(client, edition, "save", segment=row.segment, version=row.version, text=text)


def test_tags_and_places_are_no_words_unless_one_looks_for_them(korean, mira):
    write(mira, korean, "{\\an8}<i>bin</i> an <b>Bord</b>")
    assert found(korean, "i", "o") == ["{\\an8}<i>bon</i> an <b>Bord</b>"]
    assert found(korean, "an", "von", whole_words=True) == ["{\\an8}<i>bin</i> von <b>Bord</b>"]
    assert found(korean, "b", "B", match_case=True) == ["{\\an8}<i>Bin</i> an <b>Bord</b>"]
    assert found(korean, "<i>", "<u>") == ["{\\an8}<u>bin</i> an <b>Bord</b>"]
    assert found(korean, "an8", "x") == []
    assert found(korean, "{\\an8}") == ["<i>bin</i> an <b>Bord</b>"]


def test_signs_are_taken_as_they_are_typed(korean, mira):
    write(mira, korean, "$5 (now?) [a.b]* \\1 👩‍👧")
    assert found(korean, "(now?)", "\\1 \\g<0>") == ["$5 \\1 \\g<0> [a.b]* \\1 👩‍👧"]
    assert found(korean, "a.b", "$&") == ["$5 (now?) [$&]* \\1 👩‍👧"]
    assert found(korean, "axb") == []
    write(mira, korean, normalize("NFD", "Café 등대"))
    assert found(korean, normalize("NFC", "café 등대"), "x") == ["x"]


def test_what_was_not_seen_is_not_written(film, korean, mira):
    """Other words, or another replacement, are looked at before they are written."""
    write(mira, korean, "등대 불")
    address = f"/studio/{film.key}/ko/find/"
    page = main_of(mira.post(address, {"words": "등대", "instead": "등불", "do": "look"}))
    assert "<del>등대</del> 불" in page and "<ins>등불</ins> 불" in page
    seen = {"place": re.findall(r'name="place" value="([\d-]+)"', page), "do": "replace"}
    for other in ({"words": "불", "instead": "등불"}, {"words": "등대", "instead": "촛불"}):
        answer = main_of(mira.post(address, {**other, **seen}))
        assert "Look again." in answer
        assert queries.rows(korean)[0].text == "등대 불"
    mira.post(address, {"words": "등대", "instead": "등불", **seen})
    assert queries.rows(korean)[0].text == "등불 불"


def test_what_was_left_out_is_not_ticked_for_the_next_press(film, korean, mira):
    first, second, *_ = queries.rows(korean)
    for row in (first, second):
        act(mira, korean, "save", segment=row.segment, version=row.version, text="등대 불")
    address, asked = f"/studio/{film.key}/ko/find/", {"words": "등대", "instead": "등불"}
    names = re.findall(
        r'name="place" value="([\d-]+)" checked',
        main_of(mira.post(address, {**asked, "do": "look"})),
    )
    assert len(names) == 2
    page = main_of(mira.post(address, {**asked, "place": names[:1], "do": "replace"}))
    assert re.findall(r'name="place" value="([\d-]+)"( checked)?', page) == [(names[1], "")]
    assert main_of(mira.post(address, {**asked, "do": "look"})).count(" checked") == 1
