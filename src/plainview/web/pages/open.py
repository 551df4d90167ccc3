"""What other programs read: feed, sitemap, structured data by their specifications.

Nothing here looks at who asks. What a licence closes is said in the formats' own words, so that a
reader in another country learns it from the file (P2.1.4a).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import (
    Collection,
    Genre,
    Person,
    Revision,
    Title,
    Video,
    listed,
    released,
)
from plainview.domains.catalogue.ports import Ports
from plainview.platform import languages
from plainview.platform.addresses import absolute, link
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import any_page_reads
from plainview.privacy.policies import controller, in_force
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import (
    artwork,
    films_of,
    for_posters,
    link_picture,
    package_of,
    videos_for_cards,
)

NEWEST = 50
SITEMAP = 500
MEDIA = "http://search.yahoo.com/mrss/"
ATOM = "http://www.w3.org/2005/Atom"
BESIDE = ("accounts", "desk", "my", "privacy/choices", "privacy/used", "search/?", "studio")
"""Where addresses of pages begin that are somebody's own, or another for each page they are on."""
SITES = "http://www.sitemaps.org/schemas/sitemap/0.9"
VIDEO = "http://www.google.com/schemas/sitemap-video/1.1"
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold (XML 1.0, 2.2): pasted into one story, it would end the feed for all."""
for _prefix, _space in (("media", MEDIA), ("atom", ATOM), ("video", VIDEO)):
    register_namespace(_prefix, _space)


class Restriction(NamedTuple):
    """The countries where something may, or may not, be watched; whether it needs a paid plan."""

    allowed: bool
    countries: list[str]
    paid: bool
    closes: datetime | None


def restriction(title: Title, at: datetime) -> Restriction:
    """Where a title may be watched at a moment, by the one rule, for every country at once."""
    tiers = [tier.id for tier in Ports.plans.tiers()]
    every = _countries(in_force().fingerprint)
    free = queries.countries_of(title, tiers[0], at, every)
    paid = not free and len(tiers) > 1
    here = queries.countries_of(title, tiers[-1], at, every) if paid else free
    rows = title.licences.all() if title.licensed else ()
    ends = [row.closes_at for row in rows if row.closes_at and row.closes_at > at]
    closes = max(ends, default=None)
    if len(here) * 2 > len(every):
        return Restriction(False, sorted(every - here), paid, closes)
    return Restriction(True, sorted(here), paid, closes)


@functools.lru_cache(maxsize=2)
def _countries(fingerprint: str) -> frozenset[str]:
    """Every country that the policy of that fingerprint, the one in force, knows."""
    return frozenset(code for code in in_force().places if len(code) == 2)


def as_xml(root: Element, content_type: str) -> HttpResponse:
    """The answer that is a document, without what no XML may hold."""
    written = _NO_XML.sub("", tostring(root, encoding="unicode"))
    headers = {"Cache-Control": "public, max-age=300"}
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{written}',
        content_type=f"{content_type}; charset=utf-8",
        headers=headers,
    )


def child(parent: Element, name: str, text: object = "", **attributes: str) -> Element:
    """A new element of `parent`."""
    element = SubElement(parent, name, attributes)
    element.text = str(text) or None
    return element


@serves("browse", source="use")
@any_page_reads
@cached
def feed(request: HttpRequest) -> HttpResponse:
    """The newest titles as RSS 2.0 with Media RSS; `?collection=` or `?genre=` for one of them."""
    titles = Title.objects.filter(listed())
    name = controller().name
    chosen: Collection | Genre | None = None
    if slug := request.GET.get("collection"):
        chosen = Collection.objects.filter(slug=slug).first()
        titles = titles.filter(entries__collection__slug=slug)
    elif slug := request.GET.get("genre"):
        chosen = Genre.objects.filter(slug=slug).first()
        titles = titles.filter(genres__slug=slug)
    if slug and chosen is None:
        raise Http404("no such feed")
    root = Element("rss", {"version": "2.0"})
    channel = SubElement(root, "channel")
    child(channel, "title", f"{chosen.name} · {name}" if chosen else name)
    child(channel, "link", absolute(chosen.get_absolute_url() if chosen else "/"))
    child(channel, "description", name)
    child(channel, "language", languages.current())
    here = absolute(request.get_full_path())
    child(channel, f"{{{ATOM}}}link", rel="self", href=here, type="application/rss+xml")
    newest = titles.exclude(published_at=None).order_by("-published_at", "-pk").distinct()
    for title in for_posters(newest).prefetch_related("genres")[:NEWEST]:
        _item(channel, title)
    return as_xml(root, "application/rss+xml")


def _item(channel: Element, title: Title) -> None:
    item = SubElement(channel, "item")
    address = absolute(title.get_absolute_url())
    child(item, "title", title.name)
    child(item, "link", address)
    child(item, "guid", _lasting(title), isPermaLink="false")
    child(item, "description", title.synopsis or title.tagline or title.name)
    since = title.published_at if title.is_released else title.announced_at
    if since:  # never to come: readers hide that, or hold it above all else till then
        child(item, "pubDate", format_datetime(since))
    for genre in title.genres.all():
        child(item, "category", genre.name)
    if picture := link_picture(title, films_of(title)):
        child(item, f"{{{MEDIA}}}thumbnail", url=picture)
    found = restriction(title, timezone.now())
    if found.allowed or found.countries:
        relation = "allow" if found.allowed else "deny"
        countries = " ".join(found.countries).lower() or "none"
        child(item, f"{{{MEDIA}}}restriction", countries, type="country", relationship=relation)


def _lasting(title: Title) -> str:
    """What a title is known by to whoever reads the feed, also under another address (RFC 4151)."""
    return f"tag:{settings.PUBLIC.hostname},{title.created_at:%Y-%m-%d}:titles/{title.pk}"


@serves("browse", source="use")
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that go from link to link may leave out, and where the sitemap is (RFC 9309).

    It hides nothing: a page of somebody's own opens to nobody else.
    """
    root = reverse("home")
    left_out = [f"Disallow: {root}{each}{'' if '?' in each else '/'}" for each in BESIDE]
    lines = ["User-agent: *", *left_out, "", f"Sitemap: {link('sitemap-index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@serves("browse", source="use")
@cached
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap (sitemaps.org 0.9)."""
    root = Element("sitemapindex", xmlns=SITES)
    for number in range(1, len(_parts()) + 1):
        part = SubElement(root, "sitemap")
        child(part, "loc", link("sitemap", number))
    return as_xml(root, "application/xml")


def _parts() -> list[Page[Any]]:
    """Titles by five hundred, then films, collections, and people credited in a listed title."""
    edits = Revision.objects.filter(title=OuterRef("pk")).order_by("-made_at").values("made_at")
    titles = Title.objects.filter(listed()).annotate(edited_at=Subquery(edits[:1]))
    kinds: list[QuerySet[Any]] = [
        for_posters(titles.order_by("pk")),
        _playing().order_by("pk"),
        Collection.objects.filter(listed("titles__")).distinct().order_by("pk"),
        Person.objects.filter(listed("credits__title__")).distinct().order_by("pk"),
    ]
    pages = [Paginator(rows, SITEMAP, allow_empty_first_page=False) for rows in kinds]
    return [each.page(number) for each in pages for number in each.page_range]


@serves("browse", source="use")
@cached
def sitemap(request: HttpRequest, part: int) -> HttpResponse:
    """Five hundred pages of titles, films, collections or people.

    A film is told by Google's video extension 1.1, at the page where it plays.
    """
    parts = _parts()
    if not 0 < part <= len(parts):
        raise Http404("no such part")
    root = Element("urlset", xmlns=SITES)
    for row in parts[part - 1].object_list:
        url = SubElement(root, "url")
        child(url, "loc", absolute(row.get_absolute_url()))
        if isinstance(row, Title):
            _about(url, row)
        elif isinstance(row, Video):
            _video(url, row)
    return as_xml(root, "application/xml")


def _playing() -> QuerySet[Video]:
    """The films that can be watched now, with all that is said of them."""
    found = videos_for_cards().filter(released("title__"), package__isnull=False)
    return found.select_related("title").prefetch_related("title__licences")


def _about(url: Element, title: Title) -> None:
    """When the page of a title last changed."""
    now = timezone.now()
    films = [each for each in films_of(title) if package_of(each)]
    told = [title.edited_at, title.published_at, title.announced_at]  # type: ignore[attr-defined]
    told += [package.created_at for each in films if (package := package_of(each))]
    changed = max([title.created_at, *(at for at in told if at and at <= now)])
    child(url, "lastmod", changed.isoformat(timespec="seconds"))


def _video(url: Element, video: Video) -> None:
    """Since when a film is there, and what it is."""
    package, title = package_of(video), video.title
    assert package is not None  # noqa: S101 - asked by the query, for the type checker
    found = restriction(title, timezone.now())
    child(url, "lastmod", package.created_at.isoformat(timespec="seconds"))
    element = SubElement(url, f"{{{VIDEO}}}video")

    def put(name: str, text: object, **attributes: str) -> None:
        child(element, f"{{{VIDEO}}}{name}", text, **attributes)

    put("thumbnail_loc", absolute(package.poster_url))
    put("title", video.name)
    put("description", (video.synopsis or title.synopsis or title.name).text[:2048])
    put("content_loc", absolute(package.stream_url))
    put("duration", max(1, min(28_800, round(package.duration_ms / 1000))))
    if found.closes:
        put("expiration_date", found.closes.isoformat())
    if title.published_at:
        put("publication_date", title.published_at.isoformat())
    if not video.invites and (found.allowed or found.countries):
        relation = "allow" if found.allowed else "deny"
        put("restriction", " ".join(found.countries), relationship=relation)
    put("requires_subscription", "yes" if found.paid else "no")


def structured(title: Title, videos: Iterable[Video]) -> dict[str, Any]:
    """A title as schema.org says it: Movie or TVSeries, each film that plays a VideoObject."""
    now = timezone.now()
    found = restriction(title, now)
    kind = "TVSeries" if title.kind == Title.Kind.SERIES else "Movie"
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": title.name.text,
        "url": absolute(title.get_absolute_url()),
        "description": (title.synopsis or title.tagline or title.name).text,
        "inLanguage": title.original_language,
        "genre": [genre.name.text for genre in title.genres.all()],
        "countryOfOrigin": [{"@type": "Country", "name": code} for code in title.countries],
    }
    if title.year:
        about["dateCreated"] = str(title.year)
    poster = artwork(title.picture("poster"))
    if picture := absolute(poster) if poster else link_picture(title, videos):
        about["image"] = picture
    roles = {"director": "director", "cast": "actor", "music": "musicBy", "writer": "author"}
    for credit in title.credits.all():
        if name := roles.get(credit.role):
            person = {"@type": "Person", "name": credit.person.name.text}
            about.setdefault(name, []).append(person)
    if title.is_released:
        films = [video_object(title, each, found) for each in videos if package_of(each)]
        if films:
            about["trailer" if all(v.invites for v in videos) else "video"] = films
    return about


def structured_film(video: Video) -> dict[str, Any]:
    """A film on its own page, where search engines look for what plays; empty if none does yet."""
    title = video.title
    if not package_of(video) or not title.is_released:
        return {}
    said = video_object(title, video, restriction(title, timezone.now()))
    return {"@context": "https://schema.org", **said}


def video_object(title: Title, video: Video, found: Restriction) -> dict[str, Any]:
    """A film as a schema.org VideoObject, with where it may be watched."""
    package = package_of(video)
    assert package is not None  # noqa: S101 - asked by the caller, for the type checker
    said: dict[str, Any] = {
        "@type": "VideoObject",
        "name": video.name.text,
        "description": (video.synopsis or title.synopsis or title.name).text,
        "thumbnailUrl": absolute(package.poster_url),
        "uploadDate": (title.published_at or package.created_at).isoformat(),
        "duration": f"PT{max(1, round(package.duration_ms / 1000))}S",
        "contentUrl": absolute(package.stream_url),
        "url": absolute(video.get_absolute_url()),
        "isAccessibleForFree": not found.paid,
        "requiresSubscription": found.paid,
    }
    if settings.EMBED_ANCESTORS:
        said["embedUrl"] = link("embed", video.key)
    if found.closes:
        said["expires"] = found.closes.isoformat()
    if found.countries and not video.invites:
        key = "regionsAllowed" if found.allowed else "ineligibleRegion"
        said[key] = ",".join(found.countries)
    return said
