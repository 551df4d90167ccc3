"""The policy says the same in each of its languages, and in none of them a word too few."""

import re

import pytest
from click.testing import CliRunner

from plainview.engine import Policy, load
from plainview.platform.languages import FINISHED, direction
from plainview.platform.languages.catalogues import phrases
from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.notice import blocks_of, compose
from plainview.privacy.notice.blocks import Items, Link, Table
from plainview.privacy.notice.writing import to_elements
from plainview.web.tests.markup import Markup

pytestmark = pytest.mark.usefixtures("read_once")

APART = re.compile("\u2068(.*?)\u2069")


@pytest.fixture(params=FINISHED)
def language(request) -> str:
    """Each language that the demonstration policy speaks."""
    return request.param


def rendered(settings, folder, *words: str) -> str:
    """What `plainview policy render` prints."""
    settings.POLICY_DIR = folder
    result = CliRunner().invoke(command, ["render", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_policy_speaks_the_languages_of_pages(policy):
    """Those of the site."""
    assert set(policy.head.languages) >= set(FINISHED)


def test_every_family_of_data_has_a_name_in_each_language(policy, language):
    """P0h: pages and the map say it in words; the name in the policy is for who writes it."""
    families = {each.partition(".")[0] for each in policy.categories}
    said = policy.words[language].sentences
    assert {each for each in families if f"held.family.{each}" not in said} == set()


def test_every_word_that_a_language_lacks_is_named_at_once(copy, change, problems):
    """P0h: file, key and remedy for each, whether a declaration needs the word or a page."""
    change("texts/ar/purposes.toml", "why =", "because =")
    change("texts/ko/choices.toml", 'save = "', 'saves = "')
    (copy / "texts" / "ko" / "sources.toml").unlink()
    found = {(one.file, one.key): (one.problem, one.remedy) for one in problems()}
    assert found["texts/ar/purposes.toml", "browse.why"] == (
        "no words for `browse.why`",
        'add `browse.why = "..."` to `texts/ar/purposes.toml`',
    )
    assert found["texts/ko/choices.toml", "centre.save"] == (
        "no words for `centre.save`",
        'add `centre.save = "..."` to `texts/ko/choices.toml`',
    )
    assert found["texts/ko/choices.toml", "centre.saves"] == (
        "words for `centre.saves`, which `en` lacks",
        "remove them, or write them there too",
    )
    assert ("texts/ko/sources.toml", "webhook") in found


def test_a_sentence_that_leaves_a_fact_out_is_refused(change, problems):
    """A translation that forgets for what, where or to whom says something else."""
    change("texts/ar/because.toml", "وافقت على ذلك: {purpose}.", "وافقت على ذلك.")
    [one] = problems()
    assert (one.file, one.key) == ("texts/ar/because.toml", "permitted.consent")
    assert one.problem == "`{purpose}` is left out"
    assert "You said yes: {purpose}." in one.remedy


@pytest.mark.parametrize(
    ("file", "old", "key"),
    [
        ("texts/ko/because.toml", "{place}에서는", "silent.none"),
        ("texts/en/because.toml", "in {place}", "silent.none"),
        ("texts/ko/choices.toml", "{place}에", "centre.place"),
        ("texts/en/sources.toml", "a mail", "mail"),
    ],
)
def test_a_sentence_that_invents_a_fact_is_refused(change, problems, file, old, key):
    """Nothing would fill it in, and people would read the braces."""
    change(file, old, old + " {city}")
    mine = [one for one in problems() if one.file == file]
    assert [(one.key, one.problem) for one in mine] == [(key, "nothing fills in `{city}`")]


@pytest.mark.sample(3)
def test_p0a_the_notice_is_whole_in_each_language(settings, folder, policy, language):
    """Nothing is left to fill in, every table has as many heads as columns, all parts are there.

    A screen reader and a browser are told the language and its direction.
    """
    text = rendered(settings, folder, "--language", language, "--format", "html")
    assert not re.search(r"\{\w*\}", text)
    assert Markup(text).all("html")[0] == {"lang": language, "dir": direction(language)}
    blocks, model = (list(blocks_of(compose(policy, said))) for said in (language, "en"))
    assert [type(block) for block in blocks] == [type(block) for block in model]
    for table in blocks:
        if isinstance(table, Table):
            assert {len(row) for row in table.rows} == {len(table.head)}


@pytest.mark.parametrize("language", ["ja", "zh-Hant"])
def test_p0a_squares_have_signs_of_their_own(policy, language):
    """P0a: between Chinese or Japanese words stand no stop, bracket or colon of Latin."""
    square = "[\u3040-\u30ff\u4e00-\u9fff]"
    latin = re.compile(rf"{square}[.](?: |$)|{square} [(]|[(]{square}")
    blocks = list(blocks_of(compose(policy, language)))
    cells = [
        cell
        for block in blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if isinstance(cell, str)
    ]
    assert len(cells) > 100
    assert [each for each in cells if latin.search(each)] == []
    assert re.findall(rf"</a>: {square}+", to_elements(blocks)) == []


def test_no_english_is_left_among_the_translated_words(policy):
    """Names, addresses and citations stay in their own script; in Arabic they are kept apart."""
    arabic = "\n".join(_sentences(policy, "ar"))
    foreign = sorted(set(APART.findall(arabic)), key=len, reverse=True)
    korean = "\n".join(_sentences(policy, "ko"))
    for name in foreign:
        korean = korean.replace(name, "")
    for text in (APART.sub("", arabic), korean):
        left = set(re.findall(r"[A-Za-z]{3,}", text.replace(policy.fingerprint, "")))
        assert left <= {"EUR"}, left


def test_each_word_has_the_apostrophe_of_printers(policy):
    typed = re.compile(r"[^\W\d_]'[^\W\d_]")
    said = ((tag, *each) for tag, words in policy.words.items() for each in words.sentences.items())
    assert [(tag, key) for tag, key, text in said if typed.search(text)] == []


def test_korean_keeps_one_polite_form(policy):
    """Pages, mails and policy say 해요; 합니다 is left to what somebody declares of themselves."""
    english = policy.words["en"].sentences
    said = [(each.source[0], form) for each in phrases("ko").values() for form in each.said]
    said += [(english[key], text) for key, text in policy.words["ko"].sentences.items()]
    declared = re.compile(r"\bI\b")
    assert [ko for en, ko in said if "니다" in ko and not declared.search(en)] == []


def test_the_place_names_its_opt_out_in_each_language(policy, language):
    """P5.2.2.2: California's own words, and the same said in Arabic and Korean."""
    said = policy.text("local.optout.us-ca", language)
    english = "Do Not Sell or Share My Personal Information"
    assert (said == english) == (language == "en")


@pytest.mark.slow
def test_p0h_words_may_wait_in_the_first_language_and_are_counted(copy, change, problems):
    """A text named in `first_language_only` is missed nowhere, falls back, and is counted."""
    assert not any(load(copy).untranslated().values()), "the demonstration is whole"
    change("policy.toml", "covers = [", 'first_language_only = ["notice.covers"]\ncovers = [')
    for language in ("ar", "ko"):
        file = copy / "texts" / language / "notice.toml"
        head, _, tail = file.read_text().partition("[covers]")
        file.write_text(head + tail[tail.index("[kinds]") :])
    assert problems() == []
    policy = load(copy)
    after = {tongue: len(keys) for tongue, keys in policy.untranslated().items()}
    assert {tongue: after[tongue] for tongue in ("ar", "ko")} == {"ar": 5, "ko": 5}
    assert policy.text("notice.covers.site", "ko") == "site"
    assert policy.language_of("notice.covers.site", "ko") == "en"
    assert policy.language_of("notice.everywhere", "ko") == "ko"
    change("policy.toml", "notice.covers", "notice.cover")
    said = {(one.key, one.problem) for one in problems()}
    assert ("first_language_only[0]", "no words are called `notice.cover`") in said


def test_whoever_reviewed_a_text_reviewed_it_as_it_stood(copy, change, policy):
    """A name and a day count for the words that were read; change one, and nobody has read it."""
    assert "sources" in policy.unreviewed()["en"]
    mark = policy.words["en"].marks["sources"]
    signed = f'reviewed_by = {{ name = "A. Lawyer", on = 2026-11-01, text = "{mark}" }}\nform = '
    change("texts/en/sources.toml", "form = ", signed)
    reviewed = load(copy)
    assert "sources" not in reviewed.unreviewed()["en"]
    assert reviewed.fingerprint == policy.fingerprint
    change("texts/en/sources.toml", "a mail you sent", "a letter you sent")
    assert "sources" in load(copy).unreviewed()["en"]


def _sentences(policy: Policy, language: str) -> list[str]:
    """What the notice says in a language, without what it marks as said in another."""
    found: list[str] = []
    for block in blocks_of(compose(policy, language)):
        cells: list[object] = []
        if isinstance(block, Table):
            cells = [*block.head, *(cell for row in block.rows for cell in row)]
        elif block.language:
            continue
        else:
            cells = list(block.items) if isinstance(block, Items) else [block.text]
        for cell in cells:
            found += [cell.text, cell.note] if isinstance(cell, Link) else [str(cell)]
    return found
