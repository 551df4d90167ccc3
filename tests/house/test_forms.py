"""A form takes what it asks for: nobody says in one whose row it is, or how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.urls import get_resolver

OWN = {
    "user", "users", "owner", "subject", "person", "member", "author", "staff", "is_staff",
    "is_superuser", "is_active", "roles", "status", "state", "created", "created_at", "joined_at",
    "given_at", "received_at", "verified", "proof", "outcome", "erasure", "seal", "key", "id", "pk",
}  # fmt: skip
"""What a row says of whose it is and how it stands."""
DESK = "plainview.domains.staff."
"""Whose forms move other people's requests and accounts, each behind its permission."""


def kinds(base: type = forms.BaseForm) -> Iterator[type]:
    """Every form of ours that the addresses of the service have loaded."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("plainview."):
            yield kind
        yield from kinds(kind)


@pytest.fixture(scope="module")
def ours() -> list[type]:
    get_resolver().url_patterns  # noqa: B018 - loads the views, and they their forms
    found = [kind for kind in kinds() if ".tests." not in kind.__module__]
    assert len(found) > 40
    return found


def test_p2_1_6a_no_form_writes_a_table_by_the_names_of_its_columns(ours):
    """What is not a field of a form reaches no row, whatever else is posted with it."""
    assert not [kind for kind in ours if issubclass(kind, forms.BaseModelForm)]


def test_p2_1_6a_no_form_of_a_person_asks_whose_row_it_is_or_how_it_stands(ours):
    said = {
        f"{kind.__module__}.{kind.__qualname__}: {name}"
        for kind in ours
        if not kind.__module__.startswith(DESK)
        for name in kind.base_fields  # type: ignore[attr-defined]
        if name in OWN
    }
    assert not said


def test_whoever_uses_voice_or_a_switch_finds_a_button_in_every_search():
    """Enter alone sent the search of the page's head, and that of one's history."""
    templates = (Path(__file__).parents[2] / "src").rglob("templates/**/*.html")
    searches = [
        (path.name, form)
        for path in templates
        for form in re.findall(r"<form[^>]*role=.search.*?</form>", path.read_text(), re.DOTALL)
        if " hidden>" not in form.partition("<input")[0]  # one that a script filters a page by
    ]
    assert len(searches) > 8
    assert not [name for name, form in searches if not re.search(r"<button|{% button ", form)]
