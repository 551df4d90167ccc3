"""The words that changed within a clause are marked, and without colour or sight too (P11b)."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.versions.conftest import published

from plainview.privacy.versions.marking import Mark, marked

pytestmark = pytest.mark.slow

GONE, NEW = Mark("del", "gone:"), Mark("ins", "new:")
HIDDEN = re.compile(r'<span class="visually-hidden">[^<]*</span>')
WORDS = ("we ", "keep ", "&amp; ", "手紙", "紙の", "</li>\n<li>", "\n", "<b>", "</b>", "24", ".")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=8).map(lambda words: f"<li>{''.join(words)}</li>")


def plain(text: str, element: str) -> str:
    return re.sub(f"</?{element}>", "", HIDDEN.sub("", text))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_marks_change_no_word_and_stand_only_where_something_differs(before: str, after: str):
    one, other = marked(before, after, GONE, NEW)
    assert (plain(one, "del"), plain(other, "ins")) == (before, after)
    kept = [re.sub(f"<{it}>.*?</{it}>", "", HIDDEN.sub("", text), flags=re.DOTALL)
            for it, text in (("del", one), ("ins", other))]  # fmt: skip
    words = [re.sub(r"<[^>]*>|\s", "", each) for each in kept]
    assert words[0] == words[1], "what is not marked reads the same in both"
    assert before != after or "class" not in one + other


def test_one_text_alone_is_left_as_it_is():
    assert marked("", "<p>new</p>", GONE, NEW) == ("", "<p>new</p>")


@pytest.mark.drawn
@pytest.mark.django_db
def test_p11b_changed_words_are_struck_out_and_underlined_and_said(begun, edit, client):
    published(edit(("texts/en/privacy.toml", ("without a sign-in", "without any sign-in"))))
    page = client.get("/legal/privacy/2026-11-26/changes/").content.decode()
    gone, new = (
        f'<span class="visually-hidden">[{said}: </span>{word}<span class="visually-hidden">]'
        "</span>"
        for said, word in (("gone", "a"), ("new", "any"))
    )
    assert f"months without <del>{gone}</del> sign-in" in page
    assert f"months without <ins>{new}</ins> sign-in" in page
    assert page.count("<ins>") == page.count("<del>") == 1, "all else stands as it was"
