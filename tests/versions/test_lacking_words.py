"""Words that pages came to say since a policy was written: ours stand in (P0h, P11b)."""

from __future__ import annotations

import re

import pytest
from tests.versions.conftest import published

from plainview.engine.words import Words, completed
from plainview.privacy.policies import in_force
from plainview.privacy.versions import archive, following, queries
from plainview.privacy.versions.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]


@pytest.fixture
def from_before(begun) -> Version:
    """The version in force is of a folder that was begun before pages said these words."""
    files = dict(archive.unpack(queries.archive_of(begun)))
    gone = rb"(?m)^(colon|unfold|unnamed) = \"[^\"\n]+\"\n"
    for name, content in files.items():
        if re.fullmatch(r"texts/[\w-]+/(notice|officer|choices)\.toml", name):
            files[name] = re.sub(gone, b"", content)
    old = archive.pack(files)
    Version.objects.filter(pk=begun.pk).update(
        digest=archive.digest(old),
        content=archive.kept(old),
        policy=archive.policy(old, passed=True).fingerprint,
    )
    following.forget()
    following.follow()
    assert in_force().words["en"].ours
    return Version.objects.get(pk=begun.pk)


def test_p0h_every_page_of_a_policy_that_lacks_them_is_whole(from_before, client):
    for path in ("/legal/privacy/", "/legal/cookies/", "/privacy/choices/", "/privacy/", "/"):
        for language in ("en", "ar", "ko"):
            assert client.get(path, {"lang": language}).status_code == 200, (path, language)
    assert "Unfold everything" in client.get("/legal/privacy/").content.decode()


def test_p11b_p11e_it_is_followed_by_another_and_stays_readable(from_before, edit, client):
    version = published(edit()).version
    assert client.get(f"/legal/privacy/{from_before.name}/").status_code == 200
    assert client.get(f"/legal/privacy/{version.name}/changes/").status_code == 200
    same = archive.digest(client.get(f"/legal/privacy/{from_before.name}/policy.tar").content)
    assert same == from_before.digest, "its bytes and its hash are those of its day"


def said(**sentences: str) -> Words:
    words = Words({f"notice.{key}": text for key, text in sentences.items()}, {}, {})
    for key in words.sentences:
        words.places[key] = ("texts/xx/notice.toml", tuple(key.split(".")[1:]))
    return words


def test_words_of_ours_are_none_for_a_sentence_of_somebody_s_own():
    """What a policy says in its first language alone is read there, not in ours beside it."""
    ours = {"ar": {"notice.lead": "لنا", "notice.end": "النهاية"}, "en": {"notice.lead": "Ours"}}
    ours["en"]["notice.end"] = "The {what} ends."
    policy = {"en": said(lead="Theirs"), "ar": said(), "sw": said()}
    found = completed(policy, "en", lambda language: ours.get(language, {}))
    assert found["en"].sentences == {"notice.lead": "Theirs", "notice.end": "The {what} ends."}
    assert found["en"].blanks("notice.end") == {"what"}
    assert found["ar"].sentences == {"notice.end": "النهاية"}
    assert found["sw"].sentences == {}, "the first language stands in for one that we don't speak"
    assert found["en"].ours == {"notice.end"} and "notice.end" in found["en"].places
    assert (
        completed({"sw": said()}, "sw", lambda tag: ours.get(tag, {}))["sw"].sentences
        == (ours["en"])
    ), "a first language that we don't speak"
