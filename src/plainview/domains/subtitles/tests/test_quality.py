"""How subtitles are measured and checked: what server, report and editor all say alike."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.domains.subtitles import formats, quality
from plainview.domains.subtitles.views import labels

VECTORS = json.loads((Path(quality.__file__).parent / "vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["measure"], ids=lambda vector: vector["why"])
def test_measures_as_the_editor_does(vector):
    size = quality.measure(vector["text"], vector["language"])
    assert (size.units, list(size.lines)) == (vector["units"], vector["lines"])


@pytest.mark.parametrize("vector", VECTORS["check"], ids=lambda vector: vector["why"])
def test_checks_as_the_editor_does(vector):
    lines = [quality.Timed(*line) for line in vector["lines"]]
    limits = quality.current_limits(vector["language"])
    found = quality.check(lines, vector["language"], limits)
    assert [list(each) for each in found] == vector["found"]


@pytest.mark.parametrize(
    ("text", "told"),
    [("가" * 26, "13 characters a second; 12 at most"),
     ("가" * 20, "10 characters a second; 9 read at ease")],
)  # fmt: skip
def test_what_is_only_hurried_breaks_no_limit(text, told):
    limits = quality.current_limits("ko")
    found = quality.check([quality.Timed(0, 2000, text)], "ko", limits)
    assert told in [labels.finding(each, limits) for each in found]


def test_limits_have_versions_and_a_language_has_its_own_or_the_default():
    assert quality.limits("house@1", "ko-KR").per_line == 16
    assert quality.limits("house@1", "sw").cps == 17
    assert quality.limits("bbc@1", "en").min_gap_ms == 0
    with pytest.raises(KeyError):
        quality.limits("house@99", "en")


@pytest.mark.parametrize(
    ("language", "set_well"),
    [
        ("ar", "[رصيف iPhone]"),
        ("ko", "[4번 iPhone 부두]"),
        ("ja", "〈iPhone埠頭〉"),
        ("zh-Hant", "【iPhone碼頭】"),
    ],
)
def test_no_limits_ask_for_capitals_where_a_script_has_none(language, set_well):
    for limits in quality.offered(language):
        assert limits.screen != "capitals"
        assert _about_screen(f"<c.screen>{set_well}</c>", language, limits) == []
    # What was begun under the first versions keeps them, and they ask for none either.
    for name in ("bbc@1", "arte@1", "ted@1"):
        limits = quality.limits(name, language)
        assert _about_screen(f"<c.screen>{set_well}</c>", language, limits) == []


def test_capitals_are_asked_of_a_script_that_has_them():
    limits = quality.current_limits("es", "ted")
    assert _about_screen("<c.screen>1ª AVENIDA</c>", "es", limits) == []
    assert _about_screen("<c.screen>1ª avenida</c>", "es", limits) == ["screen"]


def _about_screen(text, language, limits):
    found = quality.check([quality.Timed(0, 5000, text)], language, limits)
    return [each.code for each in found if each.code == "screen"]


@given(st.text(max_size=60))
@pytest.mark.slow
def test_what_is_typed_is_what_comes_back_to_be_typed(text):
    kept = formats.canonical_text(text)
    assert formats.canonical_text(formats.editable_text(kept)) == kept


@given(st.text(max_size=200), st.sampled_from(["en", "ko", "ja", "ar", "zh-Hans", "th"]))
def test_no_text_is_too_strange_to_be_measured_and_checked(text, language):
    size = quality.measure(text, language)
    assert 0 <= size.units <= 8 * len(text)
    quality.check([quality.Timed(0, 1, text)], language, quality.current_limits(language))


PLACES = [
    "",
    "line:5%",
    "line:50% align:left",
    "vertical:rl line:0",
    "line:10% position:20%,center",
]


@given(st.text(max_size=60), st.sampled_from([*PLACES, "region:one align:start"]))
@pytest.mark.slow
def test_a_line_typed_with_its_place_comes_back_as_it_stood(text, settings):
    kept = formats.canonical_text(text)
    said = formats.typed(kept, settings)
    if kept:
        assert formats.of_typed(said, settings) == (kept, settings)
        if not settings.startswith("region"):
            assert formats.of_typed(said, "vertical:lr") == (kept, settings)
    assert formats.of_typed(formats.isolated(said), settings)[0] == kept


@pytest.mark.parametrize("words", [r"{\an9}Pier 4", "{line:5%}Pier 4", "{vertical:rl line:0}灯"])
def test_words_that_look_like_a_place_are_still_words(words):
    kept = formats.canonical_text(words)
    assert formats.of_typed(formats.typed(kept, ""), "") == (kept, "")


def test_a_place_that_is_none_of_webvtts_is_refused_or_left_out():
    assert formats.of_typed("{line:5 size:no align:start}A", "") == (
        "A",
        "line:5 align:start",
    )
    with pytest.raises(ValueError, match="size"):
        formats.joined("line:10% size:huge", "A")
    assert formats.joined("align:start line:10%", "A") == "{line:10% align:start}A"
    assert formats.joined("", "A") == r"{\an2}A"
    assert formats.joined("line:10%", r"{\an8}A") == r"{\an8}A"
