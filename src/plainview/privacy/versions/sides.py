"""The words of two versions side by side: the clauses of a document that read differently."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from plainview.engine import Policy
from plainview.privacy.notice import compose, to_elements
from plainview.privacy.notice.blocks import Clause, Composed
from plainview.privacy.versions.marking import Mark, marked


class Side(NamedTuple):
    """A clause as it was and as it is, as HTML elements; nothing where there is none.

    Words that are gone or new are marked in them.
    """

    anchor: str
    number: str
    heading: str
    before: str
    after: str


def sides(old: Policy, new: Policy, document: str, language: str) -> list[Side]:
    """The clauses of a document that differ, in the order of the new one; gone ones last.

    Raises UnknownDocument if the new version has no such document.
    """
    gone, new_words = Mark("del", _("gone:")), Mark("ins", _("new:"))
    had = document in old.documents
    one = dict(_clauses(compose(old, language, document))) if had else {}
    other = dict(_clauses(compose(new, language, document)))
    found = []
    for anchor in dict.fromkeys((*other, *one)):
        before, after = one.get(anchor), other.get(anchor)
        was, is_ = (to_elements(each[1].blocks) if each else "" for each in (before, after))
        if was != is_:
            heading, clause = after or before  # type: ignore[misc]
            found.append(Side(anchor, clause.number, heading, *marked(was, is_, gone, new_words)))
    return found


def _clauses(document: Composed) -> Iterable[tuple[str, tuple[str, Clause]]]:
    for part in document.parts:
        for clause in part.clauses:
            yield clause.anchor, (part.heading.text, clause)
