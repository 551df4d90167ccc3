"""Who worked on a title is written by name, and two of one name are told apart."""

from __future__ import annotations

import re
from html import unescape

import pytest

from plainview.domains.catalogue.document import document_of
from plainview.domains.catalogue.models import Person, Title
from plainview.domains.staff.tests.test_editing import EDIT, film, form  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.drawn, pytest.mark.slow]


def credits_of(title: Title) -> list[tuple[str, str]]:
    return [(each.role, each.person) for each in document_of(title).credits]


def test_who_worked_on_it_is_written_by_name_in_any_language(desk, film):  # noqa: F811
    Person.objects.create(slug="ho", texts={"ko": {"name": "호; 주니어"}, "en": {"name": "Ho"}})
    typed = "Cast: ruth calloway; en=The nurse: elder\n감독: 호\\; 주니어\nmusic: ho\ncamera ruth"
    assert desk.post(EDIT, form(credits=typed)).status_code == 302
    film.refresh_from_db()
    roles = [("cast", "ruth"), ("director", "ho"), ("music", "ho"), ("camera", "ruth")]
    assert credits_of(film) == roles
    assert document_of(film).credits[0].texts == {"en": {"character": "The nurse: elder"}}
    page = desk.get(f"{EDIT}?lang=ko").content.decode()
    shown = unescape(re.search(r'name="credits"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)[1])
    assert "감독: 호\\; 주니어" in shown and "ruth" not in shown.replace("ruth calloway", "")
    assert desk.post(EDIT, form(credits=shown)).status_code == 302, "as it is shown it is read"
    assert credits_of(film) == roles
    assert film.revisions.count() == 1, "which changed nothing"


def test_two_of_one_name_are_told_apart(desk, film):  # noqa: F811
    """Whoever is credited there first; else by the code, which stands where names do not help."""
    Person.objects.create(slug="ruth-2", texts={"en": {"name": "Ruth Calloway"}})
    page = desk.post(EDIT, form(credits="Cast: Ruth Calloway")).content.decode()
    assert "Several are called so" in page and "ruth, ruth-2" in page
    assert "Cast: Ruth Calloway" in page, "what was typed stays"
    assert "Nobody here is called so" in desk.post(EDIT, form(credits="Cast: No")).content.decode()
    desk.post(EDIT, form(credits="Cast: ruth-2"))
    assert credits_of(film) == [("cast", "ruth-2")]
    assert "Cast: Ruth Calloway<" in desk.get(EDIT).content.decode()
    desk.post(EDIT, form(credits="Cast: Ruth Calloway; en=The keeper"))
    assert credits_of(film) == [("cast", "ruth-2")]
    desk.post(EDIT, form(credits="Cast: ruth\nCast: ruth-2"))
    assert "Cast: ruth\nCast: ruth-2<" in desk.get(EDIT).content.decode()
