"""The design keeps its own rules."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from plainview.domains.catalogue.texts import Words
from plainview.web.accents import accent_class
from plainview.web.icons import drawing
from plainview.web.pages.cards import length

PLAINVIEW = Path(__file__).resolve().parents[2]
FRONTEND = PLAINVIEW.parents[1] / "frontend"
SHEETS = sorted((FRONTEND / "design").glob("*.css"))


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ff0000", "accent-20"),
        ("#2a6fdb", "accent-260"),
        ("#e08a3c", "accent-60"),
        ("#808080", "accent-plain"),
        ("#000000", "accent-plain"),
        ("", ""),
        ("red; } body { display: none", ""),
    ],
)
def test_a_films_colour_becomes_a_class(colour, expected):
    assert accent_class(colour) == expected


def test_every_accent_class_is_in_the_sheet():
    sheet = (FRONTEND / "design/accents.css").read_text()
    colours = [
        f"#{r:02x}{g:02x}{b:02x}" for r in (0, 99, 255) for g in (0, 140, 255) for b in (0, 255)
    ]
    for name in {accent_class(colour) for colour in colours}:
        assert f".{name} {{" in sheet


def test_sheets_speak_of_start_and_end_never_of_left_and_right():
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|^\s+(?:left|right):",
        re.MULTILINE,
    )
    for sheet in SHEETS:
        assert not physical.search(sheet.read_text()), sheet.name


def test_a_sign_that_only_parts_is_drawn_everywhere_and_said_nowhere():
    """Before Safari 17.4 a `content` with words beside it is none: one without stands before."""
    for sheet in SHEETS:
        lines = [line.partition("/*")[0].strip() for line in sheet.read_text().splitlines()]
        for before, line in pairwise(lines):
            if line.startswith("content:") and line.endswith(' / "";'):
                assert before == line.replace(' / "";', ";"), sheet.name


def test_a_sentence_without_spaces_breaks_on_a_korean_page_too():
    sheet = (FRONTEND / "design/type.css").read_text()
    korean = re.search(r":lang\(ko\) \{[^}]*keep-all", sheet)
    others = re.search(r":is\(:lang\(ja\), :lang\(zh\)\) \{[^}]*word-break: normal", sheet)
    assert korean.start() < others.start()


def test_no_drawing_hands_the_width_of_its_lines_down():
    """WebKit makes a width that a path has from its `svg` larger twice where the page is zoomed."""
    for drawn in (*PLAINVIEW.rglob("templates/**/*.html"), *PLAINVIEW.rglob("*.py")):
        assert not re.search(r"<svg[^>]*stroke-width", drawn.read_text()), drawn
    for rule in re.findall(r"(?:^|\n)\.icon \{[^}]*\}", "".join(map(Path.read_text, SHEETS))):
        assert "stroke-width" not in rule


def test_colours_stand_in_the_tokens_alone():
    literal = re.compile(r"#[0-9a-f]{3,8}\b|oklch\(")
    for sheet in SHEETS:
        if sheet.name != "tokens.css":
            assert not literal.search(sheet.read_text()), sheet.name


def test_every_class_of_a_page_is_drawn_or_asked_for_by_a_script():
    """So is each kind of a component; a letter and a copied page bring their own style."""
    ours = [path for path in FRONTEND.rglob("*.*s") if "node_modules" not in path.parts]
    styled = " ".join(path.read_text() for path in ours if path.suffix == ".css")
    scripts = " ".join(path.read_text() for path in ours if path.suffix == ".ts")
    known = {*re.findall(r"\.([a-z][\w-]*)", styled), *re.findall(r"[\w-]+", scripts)}
    known.add("notice-problem")  # drawn as a bad one
    for path in sorted(PLAINVIEW.rglob("templates/**/*.html")):
        text = path.read_text()
        if "<style" in text:
            continue
        marks = re.findall(r'class="([^"{]*)"', text)
        kinds = re.findall(r'{% (tag|notice|button) [^%]*kind="([a-z]+)"', text)
        named = {*" ".join(marks).split(), *("-".join(kind) for kind in kinds)}
        assert named <= known, f"{path.name}: {named - known}"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (42_400, "42 s"),
        (89_000, "89 s"),
        (95_000, "2 min"),
        (5_400_000, "1 h 30 min"),
        (3_599_000, "1 h 0 min"),
    ],
)
def test_lengths_are_said_in_words(milliseconds, words):
    with translation.override("en"):
        assert length(milliseconds) == words


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_words_are_marked_only_where_they_are_foreign():
    with translation.override("ko"):
        assert render("{% words w %}", w=Words("불빛", "ko")) == "불빛"
        arabic = render("{% words w %}", w=Words("ضوء", "ar"))
    assert arabic == '<bdi lang="ar" dir="rtl">ضوء</bdi>'


def test_words_are_never_markup():
    with translation.override("ko"):
        html = render("{% words w %}", w=Words("<b>x</b>", "en"))
    assert "<b>" not in html
    script = render('{% json_for "data-labels" v %}', v={"a": "</script><script>"})
    assert script.count("</script>") == 1


def test_an_icon_is_hidden_from_readers_and_must_exist():
    assert 'aria-hidden="true"' in render('{% icon "play" %}')
    with pytest.raises(KeyError):
        drawing("nothing-like-it")


def test_nothing_that_holds_another_is_asked_for_before_a_pseudo_element():
    """`:has()` before `::` has browsers judge every page whole anew, whatever changes in it.

    One such rule for a fold of the notice took fifteen of sixteen parts of the time of styles while
    somebody typed in the studio.
    """
    for sheet in FRONTEND.rglob("*.css"):
        if "node_modules" in sheet.parts:
            continue
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+)\{", rules):
            assert not re.search(r":has\(.*::", selectors), (sheet.name, selectors.strip())
