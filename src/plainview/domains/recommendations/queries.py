"""What can be asked: titles alike, and the reasons that somebody's own acts give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Title
from plainview.domains.library.models import Saved
from plainview.domains.library.queries import ratings, saved
from plainview.domains.playback.queries import history
from plainview.privacy.decisions.register import overruled

MOST = 12
CONSIDERED = 300
FEWEST_ALIKE = 3
"""A row of fewer titles is none."""
LIKED = 4
LOOKED_BACK = 30
"""So many of the latest sittings, stars and favourites are looked at for a reason."""


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
    """Titles like one that somebody watched, rated or keeps, the most alike first."""

    reason: Reason
    titles: list[int]


def alike(title: Title, most: int = MOST) -> list[int]:
    """The keys of the titles of the programme most like one, by genres, tags and people.

    About nobody. None that reveals something is among them, so none is found by a word that does
    (P1.2.7b). Those as much alike come the newest first.
    """
    pool = catalogue.inferable(catalogue.published()).exclude(pk=title.pk).order_by()
    genres = [each.pk for each in title.genres.all()]
    tags = [each.pk for each in title.tags.all()]
    people = [each.person_id for each in title.credits.all()]
    shared = [
        pool.filter(**{f"{path}__in": keys})
        .annotate(worth=weight * Count(path, distinct=True))
        .values_list("pk", "published_at", "worth")
        for path, keys, weight in (
            ("genres", genres, 2),
            ("tags", tags, 3),
            ("credits__person", people, 4),
        )
        if keys
    ]
    if not shared:
        return []
    rows = shared[0].union(*shared[1:], all=True) if len(shared) > 1 else shared[0]
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
    struck: frozenset[str] | None = None
    known = {
        *history(subject).values_list("video__title", flat=True),
        *ratings(subject).values_list("title", flat=True),
        *Saved.objects.filter(subject=subject).values_list("title", flat=True),
    }
    for ground, key in _grounds(subject):
        title = catalogue.inferable(catalogue.published()).filter(pk=key).first()
        if title is None:
            continue
        found = [each for each in alike(title, CONSIDERED) if each not in known][:MOST]
        if len(found) >= FEWEST_ALIKE:
            struck = overruled(SHELVES, subject) if struck is None else struck
            if title.slug in struck:
                continue
            return Suggestion(Reason(ground, title), found)
    return None


def looked_at(subject: int, most: int) -> list[Reason]:
    """The latest of what somebody did that a suggestion may rest on."""
    acts = [act for act, _n in zip(_grounds(subject), range(most), strict=False)]
    titles = catalogue.inferable(catalogue.published()).in_bulk([key for _ground, key in acts])
    return [Reason(ground, titles[key]) for ground, key in acts if key in titles]


def _grounds(subject: int) -> Iterator[tuple[Ground, int]]:
    """(ground, title) of what somebody did, the latest first, each title once."""
    watched = history(subject).values_list("watched_at", "video__title")[:LOOKED_BACK]
    liked = ratings(subject).filter(stars__gte=LIKED).values_list("rated_at", "title")
    kept = saved(subject, Saved.List.FAVOURITES).values_list("saved_at", "title")
    acts = [
        *((at, Ground.WATCHED, title) for at, title in watched),
        *((at, Ground.RATED, title) for at, title in liked[:LOOKED_BACK]),
        *((at, Ground.FAVOURITE, title) for at, title in kept[:LOOKED_BACK]),
    ]
    told: set[int] = set()
    for _at, ground, title in sorted(acts, reverse=True):
        if title not in told:
            told.add(title)
            yield ground, title
