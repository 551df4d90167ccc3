"""Notes on a line and its versions: whole as they were written, and never cut in silence."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape

from plainview.domains.subtitles import services
from plainview.domains.subtitles.models import Note
from plainview.domains.subtitles.tests.test_studio_doors import act, first, main_of
from plainview.domains.subtitles.views import comparing

pytestmark = pytest.mark.django_db


def history(film, edition) -> str:
    return f"/studio/{film.key}/{edition.language}/{first(edition)}/"


def test_a_note_of_many_short_lines_keeps_its_end(film, korean, mira):
    """A browser sends each line end as two characters, and counts it as one."""
    said = "\n".join(["and"] * 200 + ["so?"])
    mira.post(history(film, korean), {"note": said.replace("\n", "\r\n")})
    assert Note.objects.get().text == said
    assert f'class="studio-note">{said}</p>' in main_of(mira.get(history(film, korean)))


def test_a_note_that_is_too_long_is_refused_and_stays_in_its_field(film, korean, mira):
    said = "👩‍👧 <b>" + "ك" * 1000
    answer = mira.post(history(film, korean), {"note": said})
    assert answer.status_code == 422
    assert "at most 1,000 characters" in main_of(answer)
    assert f">\n{escape(said)}</textarea>" in main_of(answer)
    assert not Note.objects.exists()


def test_signs_of_several_parts_are_compared_whole():
    """A vowel sign stays with its letter, and a family is one sign."""
    compared = comparing.compared
    assert compared("किताब", "किताबें") == [("-", "किताब"), ("+", "किताबें")]
    assert compared("لم يأت", "لم يأتِ") == [("=", "لم "), ("-", "يأت"), ("+", "يأتِ")]
    assert compared("ok 👩‍👧!", "ok 👩‍👦!") == [
        ("=", "ok "), ("-", "👩‍👧"), ("+", "👩‍👦"), ("=", "!"),
    ]  # fmt: skip
    assert compared("กิน", "กิ่น") == [("-", "กิ"), ("+", "กิ่"), ("=", "น")]


def test_why_a_version_was_made_is_said_in_words(film, korean, mira):
    act(mira, korean, "save", segment=first(korean), version=0, text="등대 불")
    search = services.Search(words="등대", instead="등불")
    places = services.find_words([korean], search)
    done = services.replace_words(places, account=mira.account)
    services.take_replacement_back(done.mark, account=mira.account)
    mira.post(history(film, korean), {"version": "2"})
    page = main_of(mira.get(history(film, korean)))
    assert done.mark not in page
    said = re.findall(r" · <bdi>([^<]+)</bdi>", page)
    assert said == [
        "brought back version 2", "a replacement was taken back", "by find and replace",
    ]  # fmt: skip
    page = main_of(mira.get(history(film, korean), headers={"accept-language": "fr"}))
    assert "a rétabli la version 2" in page
