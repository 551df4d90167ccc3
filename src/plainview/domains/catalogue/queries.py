"""What can be asked about the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue.document import document_of, pictures_in, plain, taken_away
from plainview.domains.catalogue.licensing import Availability, Seat, Why, countries, decide
from plainview.domains.catalogue.models import (
    Collection,
    Credit,
    Entry,
    Genre,
    Label,
    Reminder,
    Season,
    Tag,
    Title,
    Video,
    listed,
    released,
)
from plainview.domains.catalogue.ports import Ports
from plainview.privacy import permissions
from plainview.privacy.consent import questions
from plainview.privacy.decisions.register import Made
from plainview.privacy.gate.scope import entering
from plainview.privacy.places.territories import territory_name
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import ends_at

_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class Pictured(NamedTuple):
    """A picture that a title has or had: name, what it is used as, the language of its words.

    `shown` is whether the title shows it now, `gone` the day on which it was taken away for good.
    """

    name: str
    use: str
    tongue: str
    shown: bool
    gone: date | None


def seat_of(request: HttpRequest) -> Seat:
    """From where, with which plan and when the person at the door asks.

    Made anew for each request and kept nowhere (P1.2.4a). Its door lists `availability` and, for
    members, `playback`.
    """
    visitor = request.visitor  # type: ignore[attr-defined]
    previewed: Seat | None = getattr(request, "previewed", None)
    if previewed is not None:
        return previewed
    with entering("availability"):
        places = places_of(visitor.presence)
    tier = Ports.plans.tiers()[0].id
    if (account := visitor.account) is not None:
        with entering("playback"):
            tier = Ports.plans.tier_of(account)
    return Seat(places, tier, timezone.now())


def places_of(presence: str | None) -> frozenset[str] | None:
    """Everywhere somebody may be whose presence is a country, a state, a law's id, or unknown."""
    if presence is None or _COUNTRY.fullmatch(presence):
        return None if presence is None else frozenset({presence})
    return frozenset(code for code, law in in_force().places.items() if law == presence) or None


def explained(subject: int) -> list[Made]:
    """By which place it is decided what somebody may watch (P6c)."""
    known = permissions.read(subject)
    presence = known[0].presence if known is not None else None
    place = territory_name(presence) if presence and _COUNTRY.fullmatch(presence) else ""
    if not place and presence in in_force().jurisdictions:
        place = questions.say(f"jurisdictions.{presence}")
    reason = _("Your network address said where you are; the address itself is not kept.")
    return [Made("", reason, ((_("Place"), place or _("not known")),))]


def may_see(title: Title, seat: Seat) -> Availability:
    """Whether a title may be watched at `seat`, as its truth, and if not why, when and where.

    The one answer to it in the house; a title that comes with its `licences` costs no query.
    """
    if not (title.published_at or title.announced_at):
        return Availability(Why.HIDDEN)
    if title.published_at is None or title.published_at > seat.at:
        announced = title.announced_at is not None and title.announced_at <= seat.at
        return _coming(title, seat) if announced else Availability(Why.HIDDEN)
    if not title.licensed:
        return Availability(Why.HERE)
    return decide((each.window for each in title.licences.all()), seat)


def _coming(title: Title, seat: Seat) -> Availability:
    """Of what is announced: when it comes to where somebody is, if its licences let it at all."""
    day = title.published_at
    if day is None or not title.licensed:
        return Availability(Why.SOON, at=day)
    then = decide((each.window for each in title.licences.all()), replace(seat, at=day))
    if then.why is Why.SOON:
        return then
    if then.why in (Why.HERE, Why.PLAN):
        return Availability(Why.SOON, at=day, tiers=then.tiers)
    return Availability(Why.ELSEWHERE)


def countries_of(title: Title, tier: str, at: datetime, every: frozenset[str]) -> frozenset[str]:
    """Those of `every` country where `may_see` lets a title be watched with a plan at a moment."""
    if title.published_at is None or title.published_at > at:
        return frozenset()
    if not title.licensed:
        return every
    return countries((each.window for each in title.licences.all()), tier, at, every)


def nowhere(title: Title) -> bool:
    """Whether a title is shown only within licences, of which none is open or will be."""
    left = Q(closes_at__isnull=True) | Q(closes_at__gt=timezone.now())
    return title.licensed and not title.licences.filter(left).exists()


def reveals(title: Title) -> frozenset[str]:
    """The kinds of sensitive data that watching a title may say of somebody, by all its marks."""
    labels: list[Label] = [*title.genres.all(), *title.tags.all()]
    return frozenset(title.reveals).union(*(each.reveals for each in labels))


def inferable(titles: QuerySet[Title]) -> QuerySet[Title]:
    """Those of `titles` that reveal nothing: all that an inference or an ad may draw on.

    Promises: P1.2.7b, P4.1.3c.
    """
    genres = Genre.objects.exclude(reveals=[])
    tags = Tag.objects.exclude(reveals=[])
    return titles.filter(reveals=[]).exclude(genres__in=genres).exclude(tags__in=tags)


def listed_titles() -> QuerySet[Title]:
    """The titles whose pages everyone may see, newest first."""
    return Title.objects.filter(listed()).defer("search_terms")


def may_ever_be_listed() -> QuerySet[Title]:
    """The titles that are listed or will be, at a moment that is set."""
    return Title.objects.filter(Q(published_at__isnull=False) | Q(announced_at__isnull=False))


def published() -> QuerySet[Title]:
    """The titles of the programme, newest first."""
    return Title.objects.filter(released()).defer("search_terms")


def everything() -> QuerySet[Title]:
    """All titles, published or not, the latest made first: for staff."""
    return Title.objects.defer("search_terms").order_by("-created_at", "-pk")


def with_people_and_seasons(titles: QuerySet[Title]) -> QuerySet[Title]:
    """`titles` with credits, people and seasons at hand: two further queries."""
    credits = Credit.objects.select_related("person")
    return titles.prefetch_related(Prefetch("credits", credits), Prefetch("seasons", _seasons()))


def _seasons() -> QuerySet[Season]:
    return Season.objects.order_by("number")


def rows_of_home(most: int) -> list[tuple[Collection, list[int]]]:
    """The editors' rows of home in order, each with the keys of `most` titles: two queries."""
    rows = list(Collection.objects.filter(place__isnull=False))
    held: dict[int, list[int]] = {row.pk: [] for row in rows}
    for row, title in Entry.objects.filter(collection__in=rows).values_list("collection", "title"):
        held[row].append(title)
    return [(row, held[row.pk][:most]) for row in rows]


def genres_of(titles: Iterable[int]) -> dict[int, list[Genre]]:
    """The genres of titles in their order, by the titles' keys, each genre once: two queries."""
    pairs = Title.genres.through.objects.filter(title__in=list(titles))
    found: dict[int, list[Genre]] = {}
    every = {genre.pk: genre for genre in Genre.objects.all()}
    ordered = pairs.order_by("genre__position", "genre__slug")
    for title, genre in ordered.values_list("title", "genre"):
        found.setdefault(title, []).append(every[genre])
    return found


def titles_of(collection: Collection) -> QuerySet[Title]:
    """The listed titles of a collection in its order."""
    found = listed_titles().filter(entries__collection=collection)
    return found.order_by("entries__position", "entries__pk")


def reminded(account: int, title: Title) -> date | None:
    """Until which day we keep that a member asked to be told of a title; None if they did not.

    Asked for `service-messages`.
    """
    asked = Reminder.objects.filter(account=account, title=title).values_list("asked_at", flat=True)
    return timezone.localdate(ends_at(asked[0], "messages.service")) if asked else None


L = TypeVar("L", bound=Label)


def labels_in_use(kind: type[L]) -> QuerySet[L]:
    """Genres or tags that a listed title has, in the catalogue's order."""
    return kind.objects.filter(listed("titles__")).distinct()  # type: ignore[attr-defined]


def siblings(video: Video) -> QuerySet[Video]:
    """The episodes of the video's series in the order of watching."""
    return Video.objects.filter(title=video.title_id, kind=Video.Kind.EPISODE).order_by(
        "season__number", "number"
    )


def pictures_of(title: Title) -> list[Pictured]:
    """Every picture that a title has or had, once: those that it shows first, then the latest."""
    found: dict[str, Pictured] = {}
    documents = [(True, plain(document_of(title)))]
    for revision in title.revisions.all():
        documents += [(False, each) for each in (revision.after, revision.before) if each]
    for shown, values in documents:
        for use, tongue, name in pictures_in(values):
            if name not in found:
                found[name] = Pictured(name, use, tongue, shown, taken_away(name))
    return list(found.values())


def also_of(name: str, title: Title) -> list[Title]:
    """The other titles that show a picture, which it leaves as well when it is taken away."""
    others = naming(name).exclude(pk=title.pk)
    return [
        each for each in others if name in {at[2] for at in pictures_in(plain(document_of(each)))}
    ]


def naming(name: str) -> QuerySet[Title]:
    """Titles that show or showed a picture, or have sizes of this name."""
    told = {field: Cast(field, TextField()) for field in ("artwork", "pictures")}
    rows = Title.objects.annotate(**{f"{field}_told": text for field, text in told.items()})
    return rows.filter(
        Q(poster=name)
        | Q(backdrop=name)
        | Q(artwork_told__contains=name)
        | Q(pictures_told__contains=name)
    )
