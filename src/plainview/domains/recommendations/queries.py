"""What can be asked: titles alike, and the reasons that somebody's own acts give."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from django.db.models import CharField, Count, F, Value

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Credit, Genre, Tag, Title
from plainview.domains.library.models import Saved
from plainview.domains.library.queries import ratings, saved
from plainview.domains.playback.queries import history
from plainview.privacy.caching import Board
from plainview.privacy.decisions.register import overruled

MOST = 12
CONSIDERED = 300
FEWEST_ALIKE = 3
"""A row of fewer titles is none."""
LIKED = 4
LOOKED_BACK = 90
"""So many of the latest sittings, stars and favourites are looked at for a reason."""
TRIED = 5
"""For so many of their titles it is looked what is like them, before there is no suggestion."""
_ALIKE: Board[list[int]] = Board(
    Title, Title.genres.through, Title.tags.through, Genre, Tag, Credit
)
"""What is like a title, which rests on nobody, a moment long for all whose home asks."""
SHELVES = "shelves"
"""The decision of the policy that `suggestion` makes."""


class Ground(StrEnum):
    """What somebody did, that a suggestion rests on."""

    WATCHED = "watched"
    RATED = "rated"
    FAVOURITE = "favourite"


class Reason(NamedTuple):
    """A title, and what somebody did with it."""

    ground: Ground
    title: Title


class Suggestion(NamedTuple):
    """Titles like one that somebody watched, rated or keeps, the most alike first.

    `looked_at` is the latest of what they did, among which the reason was looked for.
    """

    reason: Reason
    titles: list[int]
    looked_at: list[Reason]


def alike(title: Title, most: int = MOST) -> list[int]:
    """The keys of the titles of the programme most like one, by genres, tags and people.

    About nobody. None that reveals something is among them, so none is found by a word that does
    (P1.2.7b). Those as much alike come the newest first.
    """
    pool = catalogue.inferable(catalogue.published()).exclude(pk=title.pk).order_by()
    genres, tags, people = (
        pool.filter(**{f"{path}__{back}": title.pk})
        .annotate(worth=weight * Count(path, distinct=True))
        .values_list("pk", "published_at", "worth")
        for path, back, weight in (
            ("genres", "titles", 2),
            ("tags", "titles", 3),
            ("credits__person", "credits__title", 4),
        )
    )
    rows = genres.union(tags, people, all=True)
    worth: Counter[tuple[datetime, int]] = Counter()
    for key, at, points in rows.order_by("-worth", "-published_at")[:CONSIDERED]:
        if at is not None:
            worth[at, key] += points
    found = sorted(worth, key=lambda each: (worth[each], each), reverse=True)
    return [key for _at, key in found[:most]]


def suggestion(subject: int) -> Suggestion | None:
    """What to suggest to somebody, and why; asked for `recommend`, of those who permit it.

    The latest thing they did gives the reason, if anything is like it. What they watched, rated or
    put aside already is not suggested, and what a person struck out for them gives no reason.
    """
    grounds = _grounds(subject)
    titles = catalogue.inferable(catalogue.published()).in_bulk(list(grounds))
    struck = overruled(SHELVES, subject) if titles else frozenset()
    tried = [titles[key] for key in grounds if key in titles and titles[key].slug not in struck]
    known = _known(subject) if tried else set()
    for title in tried[:TRIED]:
        every = _ALIKE.get(title.pk, partial(alike, title, CONSIDERED))
        found = [each for each in every if each not in known][:MOST]
        if len(found) >= FEWEST_ALIKE:
            did = [Reason(ground, titles[key]) for key, ground in grounds.items() if key in titles]
            return Suggestion(Reason(grounds[title.pk], title), found, did)
    return None


def _known(subject: int) -> set[int]:
    """The titles that somebody watched, rated or put aside."""
    watched = history(subject).order_by().values_list("video__title")
    rated = ratings(subject).order_by().values_list("title")
    kept = Saved.objects.filter(subject=subject).order_by().values_list("title")
    return {title for (title,) in watched.union(rated, kept)}


def _grounds(subject: int) -> dict[int, Ground]:
    """The titles that somebody did something with, the latest first, each with what it was."""
    watched, rated, kept = (
        rows.order_by()
        .annotate(done_at=F(at), ground=Value(ground, CharField()), done_with=F(title))
        .values_list("done_at", "ground", "done_with")
        for rows, ground, at, title in (
            (history(subject), Ground.WATCHED, "watched_at", "video__title"),
            (ratings(subject).filter(stars__gte=LIKED), Ground.RATED, "rated_at", "title"),
            (saved(subject, Saved.List.FAVOURITES), Ground.FAVOURITE, "saved_at", "title"),
        )
    )
    told: dict[int, Ground] = {}
    acts = watched.union(rated, kept, all=True).order_by("-done_at", "ground", "done_with")
    for _at, ground, title in acts[:LOOKED_BACK]:
        told.setdefault(title, Ground(ground))
    return told
