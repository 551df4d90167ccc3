"""What somebody can do with what they keep. Whose it is, is the first argument.

What they take back no restored copy gives back (P1.2.2b).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from plainview.domains.catalogue.models import Collection, Person, Title
from plainview.domains.library.models import MOST_STARS, Follow, Pause, Rating, Saved
from plainview.domains.playback.services import Watched
from plainview.privacy.backups import returning
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.standing import permitting
from plainview.privacy.rights import services as rights

LONGEST_LIST = 1000
FRESH = timedelta(days=1)
LISTS, HISTORY = "lists", "history"


class Full(Exception):
    """A list that holds as many titles as a list may."""


def save(subject: int, title: Title, *, list: str) -> None:
    """Put a title on a list; one that is there stays. Raises Full."""
    with transaction.atomic():
        held = Saved.objects.filter(subject=subject, list=list)
        if held.filter(title=title).exists():
            return
        if held.count() >= LONGEST_LIST:
            raise Full
        Saved.objects.get_or_create(subject=subject, title=title, list=list)


def drop(subject: int, title: Title, *, list: str) -> None:
    """Take a title off a list."""
    rights.let_go(subject, Saved.objects.filter(subject=subject, title=title, list=list))


def follow(subject: int, what: Title | Person | Collection) -> None:
    """Follow a series, person or collection: told is what comes from now on."""
    Follow.objects.get_or_create(subject=subject, **_link(what))


def unfollow(subject: int, what: Title | Person | Collection) -> None:
    """Follow it no more."""
    rights.let_go(subject, Follow.objects.filter(subject=subject, **_link(what)))


def _link(what: Title | Person | Collection) -> dict[str, Any]:
    return {type(what).__name__.lower(): what}


def seen(subject: int) -> None:
    """Note that somebody saw what was new of all that they follow."""
    Follow.objects.filter(subject=subject).update(seen_at=timezone.now())


def rate(subject: int, title: Title, *, stars: int, public: bool = False) -> None:
    """Give a title 1 to 5 stars, anew if it has some. Raises ValueError for other numbers."""
    if not 1 <= stars <= MOST_STARS:
        raise ValueError(f"there are 1 to {MOST_STARS} stars")
    if not public:
        rights.hidden(subject, Rating.objects.filter(subject=subject, title=title, public=True))
    Rating.objects.update_or_create(
        subject=subject,
        title=title,
        defaults={"stars": stars, "public": public, "rated_at": timezone.now()},
    )


def unrate(subject: int, title: Title) -> None:
    """Take one's stars back."""
    rights.let_go(subject, Rating.objects.filter(subject=subject, title=title))


def looked(subject: int) -> None:
    """Note that somebody looked at their own pages, once a day: what they keep is used."""
    now = timezone.now()
    for kind in (Saved, Follow, Rating):
        kind.objects.filter(subject=subject, used_at__lt=now - FRESH).update(used_at=now)


def pause(subject: int) -> None:
    """Let the history rest; in a restored copy it rests too. Whoever has left has none."""
    with transaction.atomic():
        if permitting([subject], HISTORY):
            returning.rests(subject, HISTORY)
            Pause.objects.get_or_create(subject=subject)


def go_on(subject: int) -> None:
    """Let the history go on."""
    with transaction.atomic():
        Pause.objects.filter(subject=subject).delete()
        returning.rests_no_more(subject, HISTORY)


def rest_again(subject: int, what: str) -> bool:
    """Let a history rest that rested when the database was lost; whether it went on in the copy."""
    return what == HISTORY and Pause.objects.get_or_create(subject=subject)[1]


def unless_paused(hear: Callable[[Watched], None]) -> Callable[[Watched], None]:
    """`hear`, but for those whose history rests; heard for the purpose `history`."""

    def heard(event: Watched) -> None:
        rests = Pause.objects.filter(subject=event.subject)
        used = rests.values_list("used_at", flat=True).first()
        if used is None:
            hear(event)
        elif used < timezone.now() - FRESH:
            rests.update(used_at=timezone.now())

    heard.__qualname__ = f"unless_paused({hear.__qualname__})"
    return heard


@runs(LISTS, about="device", source="form")
def of_device(*, device: int) -> list[tuple[int, str]]:
    """The titles on a device's own lists, each with its list."""
    return list(Saved.objects.filter(subject=device).values_list("title", "list"))


@runs(LISTS, about="device", source="form")
def _let_go(*, device: int) -> None:
    rights.let_go(device, Saved.objects.filter(subject=device))


def take_over(account: int, device: int) -> int:
    """Put what a device put aside on the lists of a member who said so; how many titles.

    The device keeps none of it: afterwards it is the member's alone. Raises Full.
    """
    with transaction.atomic():
        found = of_device(device=device)
        titles = Title.objects.in_bulk([title for title, _list in found])
        for title, kind in reversed(found):
            save(account, titles[title], list=kind)
        _let_go(device=device)
    return len(found)
