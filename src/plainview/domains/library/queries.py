"""What can be asked about what people keep. Each question is one person's, but for the average."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Avg, Count, Min, Q, QuerySet
from django.utils import timezone

from plainview.domains.catalogue.models import Credit, Entry, Title, Video, listed, released
from plainview.domains.library.models import Follow, Pause, Rating, Saved
from plainview.domains.playback.models import Ingest

FEWEST_RATINGS = 5
"""An average of fewer public ratings is shown to nobody: it would say who gave which."""
MOST_ARRIVALS = 60
RECENT = timedelta(days=60)
"""So long ago is nothing new."""


@dataclass(frozen=True)
class Marks:
    """What somebody keeps of one title."""

    lists: frozenset[str] = frozenset()
    follows: bool = False
    stars: int = 0
    public: bool = False


class Average(NamedTuple):
    """The mean of a title's public ratings, to a tenth, and how many they are."""

    stars: float
    ratings: int


class Arrival(NamedTuple):
    """Something new of what somebody follows: a title, or an episode of it, and since when."""

    follow: Follow
    title: int
    video: int | None
    at: datetime

    @property
    def fresh(self) -> bool:
        """Whether its follower has not been told of it yet."""
        return self.at > self.follow.seen_at


def saved(subject: int, list: str) -> QuerySet[Saved]:
    """A list of somebody's, the latest first."""
    return Saved.objects.filter(subject=subject, list=list)


def marks(subject: int, title: Title) -> Marks:
    """What somebody keeps of a title; asked for the purpose `lists`."""
    rated = Rating.objects.filter(subject=subject, title=title).values("stars", "public").first()
    lists = Saved.objects.filter(subject=subject, title=title).values_list("list", flat=True)
    return Marks(
        lists=frozenset(lists),
        follows=Follow.objects.filter(subject=subject, title=title).exists(),
        stars=rated["stars"] if rated else 0,
        public=bool(rated and rated["public"]),
    )


def follows(subject: int) -> QuerySet[Follow]:
    """What somebody follows, the latest first."""
    found = Follow.objects.filter(subject=subject)
    return found.select_related("title", "person", "collection")


def follows_one(subject: int, **what: object) -> bool:
    """Whether somebody follows a `title`, `person` or `collection`."""
    return Follow.objects.filter(subject=subject, **what).exists()


def ratings(subject: int) -> QuerySet[Rating]:
    """What somebody rated, the latest first; of others not even what they made public."""
    return Rating.objects.filter(subject=subject)


def average(title: Title) -> Average | None:
    """The mean of a title's public ratings; None for too few. Asked for `community` (P1.1.5e)."""
    found = Rating.objects.filter(title=title, public=True).aggregate(
        mean=Avg("stars"), count=Count("pk")
    )
    if found["count"] < FEWEST_RATINGS:
        return None
    return Average(round(float(found["mean"]), 1), found["count"])


def paused(subject: int) -> Pause | None:
    """The pause of somebody's history; asked for `history`."""
    return Pause.objects.filter(subject=subject).first()


def arrivals(followed: Iterable[Follow]) -> list[Arrival]:
    """What lately came of what somebody follows, since they do; the latest first.

    Of a series its episodes, from the moment they can be watched; of a person or collection its
    titles, each once, of a collection from the moment at which they can be seen in it. Asks about
    nobody: the rows of `follows` are given.
    """
    rows, now = list(followed), timezone.now()
    found = [*_episodes(rows, now), *_titles(rows, now)]
    once = {(each.title, each.video): each for each in found}
    return sorted(once.values(), key=lambda each: each.at, reverse=True)[:MOST_ARRIVALS]


def _since(row: Follow, now: datetime) -> datetime:
    return max(row.followed_at, now - RECENT)


def _episodes(rows: list[Follow], now: datetime) -> list[Arrival]:
    of = {row.title_id: row for row in rows if row.title_id}
    if not of:
        return []
    since = min(_since(row, now) for row in of.values())
    videos = Video.objects.filter(
        released("title__"),
        Q(package__created_at__gt=since) | Q(title__published_at__gt=since),
        title__in=of,
        kind=Video.Kind.EPISODE,
        package__isnull=False,
    ).order_by()
    # A film that took the place of another is nothing new: the first that was taken counts.
    taken = Min("ingests__finished_at", filter=Q(ingests__state=Ingest.State.READY))
    came = ("package__created_at", "title__published_at", "taken")
    return [
        Arrival(of[title], title, video, at)
        for title, video, made, shown, first in videos.annotate(taken=taken).values_list(
            "title", "pk", *came
        )
        if (at := max(min(made, first or made), shown or made)) > _since(of[title], now)
    ]


def _titles(rows: list[Follow], now: datetime) -> list[Arrival]:
    people = {row.person_id: row for row in rows if row.person_id}
    collections = {row.collection_id: row for row in rows if row.collection_id}
    found: list[tuple[Follow, int, datetime]] = []
    if people:
        since = min(_since(row, now) for row in people.values())
        made = Credit.objects.filter(
            person__in=people, title__published_at__gt=since, title__published_at__lte=now
        )
        found += [
            (people[person], title, at)
            for person, title, at in made.values_list("person", "title", "title__published_at")
            if at is not None
        ]
    if collections:
        since = min(_since(row, now) for row in collections.values())
        shown = [f"title__{name}" for name in ("published_at", "announced_at")]
        lately = Q(added_at__gt=since)
        for name in shown:
            lately |= Q(**{f"{name}__gt": since})
        entered = Entry.objects.filter(listed("title__"), lately, collection__in=collections)
        found += [
            (collections[kind], title, max(added, min(filter(None, ats))))
            for kind, title, added, *ats in entered.values_list(
                "collection", "title", "added_at", *shown
            )
        ]
    return [Arrival(row, title, None, at) for row, title, at in found if at > _since(row, now)]
