"""A translation says what the first language says now, or the check names it."""

from __future__ import annotations

from click.testing import CliRunner

from plainview.engine import load
from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.notice import compose


def said(folder, *words: str, code: int = 0) -> str:
    """What `plainview policy translations` prints."""
    result = CliRunner().invoke(command, ["translations", "--folder", str(folder), *words])
    assert result.exit_code == code, result.output
    return result.output


def test_p0h_every_translation_was_made_from_its_original(folder):
    """Of the folder that comes with the product."""
    assert "as it stands" in said(folder, "--check")


def test_p0h_a_reworded_original_makes_its_translations_stale(copy, change, policy):
    """Until they are changed too, or somebody says that they still hold."""
    change("texts/en/sources.toml", "a mail you sent", "a letter you sent")
    now = said(copy, "--check", code=1)
    for language in policy.head.languages[1:]:
        assert f"texts/{language}/sources.toml: `mail` is stale" in now
    assert "a letter you sent" in now
    said(copy, "--write")
    assert "stale" in said(copy, "--check", code=1), "marking alone settles nothing"
    change("texts/ko/sources.toml", 'mail = "', 'mail = "(새) ')
    assert "ko" not in said(copy, "--write").replace("tokens", "")
    assert "texts/ar/sources.toml: `mail` is stale" in said(copy, "--check", code=1)
    said(copy, "--write", "--settle", "sources.mail")
    said(copy, "--check")


def test_marks_change_nothing_that_the_policy_says(copy, policy):
    """They lie beside the words and are no part of the fingerprint."""
    (copy / "texts" / "ko" / "made_from.json").write_text("{ torn")
    assert load(copy).fingerprint == policy.fingerprint
    assert "ko: " in said(copy, "--check", code=1)
    said(copy, "--write")
    said(copy, "--check")


def test_a_translation_that_nobody_reviewed_is_marked_on_its_page(copy, change, policy):
    """The words of the first language are none; a signed translation is none either."""
    assert [compose(policy, language, "terms").draft for language in ("en", "ko")] == [False, True]
    mark = policy.words["ko"].marks["terms"]
    signed = f'reviewed_by = {{ name = "A. Reader", on = 2026-11-20, text = "{mark}" }}\nlead = "'
    change("texts/ko/terms.toml", 'lead = "', signed)
    assert not compose(load(copy), "ko", "terms").draft
