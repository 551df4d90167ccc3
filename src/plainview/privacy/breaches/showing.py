"""Telling everybody on the site, where to write to each would be too much (34(3)(c))."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.platform import languages
from plainview.privacy.breaches import letters, queries, services, wording
from plainview.privacy.breaches.models import Line
from plainview.privacy.breaches.said import Letter, Shown, Told, in_language
from plainview.privacy.caching import Board

_board: Board[bool] = Board(Line)


def show(found: queries.Case, said: Shown, *, staff: int) -> None:
    """Tell everybody from now on; the duty to tell people is done by it.

    Belongs into a transaction. Raises Unfounded.
    """
    services.add(found, said, staff=staff)
    for each in found.deadlines:
        if letters.covers(found, each, ()):
            late = said.late if each.overdue else ""
            told = Told(duty=each.key, at=timezone.now(), words=_("On the site"), late=late)
            services.add(found, told, staff=staff)


def current() -> list[tuple[str, str, str, Letter]]:
    """What the site tells now: number and kinds of data of each breach, language, and its words."""
    here = languages.current()
    return [
        (
            each.breach.number,
            wording.categories(each.facts),
            *in_language(each.shown.texts, here),
        )
        for each in queries.shown()
        if each.shown is not None
    ]


def tells() -> bool:
    """Whether the site tells of any, for a line on every page; a few seconds old at most."""
    return _board.get("tells", lambda: bool(queries.shown()))
