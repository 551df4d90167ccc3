"""Search: titles, people, genres and tags by name, and who said what; without words, browsing."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.licensing import Seat
from plainview.domains.catalogue.models import Genre, Label, Title
from plainview.domains.catalogue.search import Found
from plainview.domains.catalogue.search import search as find
from plainview.domains.catalogue.texts import Words
from plainview.domains.playback.queries import may_play
from plainview.domains.searches.services import Searched
from plainview.domains.subtitles import search as lines
from plainview.domains.subtitles.models import Cue
from plainview.platform.languages import own_name
from plainview.platform.search.marking import marked
from plainview.privacy import events
from plainview.privacy.gate.doors import serves
from plainview.web.pages.availability import in_words
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import card_of, for_posters, posters
from plainview.web.pages.facets import NAMES, narrow
from plainview.web.pages.searched import SEARCHES, in_own_order, lately
from plainview.web.pages.watch import line_of

PAGE = 24
LINES_FIRST, LINES_PAGE = 5, 30
LONGEST_QUERY = 100
SUGGESTED, SUGGESTED_AGAIN = 6, 3
LATELY = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """One line that was said: what, in which film and at which second.

    Where the film can't be watched `barred` says so in a word or two, and `href` leads to the page
    of its title, which says when and where.
    """

    href: str
    seconds: int
    clock: str
    language: str
    pieces: list[tuple[str, bool]]
    title: Words
    episode: str
    barred: str


@serves("browse", may=["account", "availability", "playback", "lists", SEARCHES], source="use")
@cached
def search(request: HttpRequest) -> HttpResponse:
    """What `?q=` names and where it is said; without it the whole programme, or `?genre=` of it.

    `?in=lines` shows the lines alone. Nothing about who asks is looked at, but that titles which
    one looked for by name come first where that is permitted (P2.1.3a), and the page says so. A
    question that was sent is told to whoever may keep it; what script asks while one types (htmx,
    the results alone) is not.
    """
    query = query_of(request)
    seat = queries.seat_of(request)
    found = _found(request, query, seat) if query else _browsed(request, seat)
    if query and (subject := _asker(request)) is not None:
        events.publish(Searched(subject, query))
    template = "pages/search_results.html" if _asks_results(request) else "pages/search.html"
    response = render(request, template, {"query": query, **found})
    patch_vary_headers(response, ["HX-Request", "HX-Boosted"])
    return response


@serves("browse", source="use")
def programme(request: HttpRequest) -> HttpResponse:
    """The whole programme, for an address such as `/titles/`."""
    return redirect("search")


def _asker(request: HttpRequest) -> int | None:
    """Who sent a question themselves, by what the browser states (Fetch Metadata); else nobody.

    A link of another site, a page that is fetched ahead and a picture's address ask nothing.
    """
    headers = request.headers
    sent = (
        headers.get("Sec-Fetch-Site") in ("same-origin", "none")
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
        and "Sec-Purpose" not in headers
    )
    if not sent or request.method != "GET":
        return None
    subject: int | None = request.visitor.subject  # type: ignore[attr-defined]
    return subject


@serves("browse", may=["account", SEARCHES], source="use")
@cached
def suggestions(request: HttpRequest) -> HttpResponse:
    """What `?q=` may be the beginning of: titles, people, genres and tags, as JSON; kept nowhere.

    Each has its `text` and the text's `language`, what `kind` of thing it is, and its `href`. Apart
    from them, `searched` are own searches that begin so, of whoever permits it.
    """
    named = find(query_of(request))
    titles = Title.objects.only("slug", "texts", "kind", "original_language", "year")
    rows = titles.in_bulk(named.titles[:SUGGESTED])
    shown: list[tuple[Words, str, str]] = [
        (title.name, _kind(title), title.get_absolute_url())
        for key in named.titles[:SUGGESTED]
        if (title := rows.get(key)) is not None
    ]
    shown += [(p.name, _("Person"), reverse("person", args=[p.slug])) for p in named.people[:2]]
    shown += [
        (label.name, _("Genre") if isinstance(label, Genre) else _("Theme"), _address(label))
        for label in named.labels[:1]
    ]
    named_so = [
        {"text": name.text, "language": name.language, "kind": kind, "href": href}
        for name, kind, href in shown
    ]
    again = [
        {"text": text, "language": "", "kind": _("Earlier search"), "href": href}
        for text, href in lately(request, query_of(request), SUGGESTED_AGAIN)
    ]
    return JsonResponse({"suggestions": named_so, "searched": again})


def _kind(title: Title) -> str:
    kind = _("Series") if title.kind == Title.Kind.SERIES else _("Film")
    return f"{kind} · {title.year}" if title.year else kind


def _address(label: Label) -> str:
    return reverse(label.__class__.__name__.lower(), args=[label.slug])


def query_of(request: HttpRequest) -> str:
    """What is asked for, at a length that is answered."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]


def _browsed(request: HttpRequest, seat: Seat) -> dict[str, object]:
    """The programme, newest first, or a genre of it."""
    genres = list(queries.labels_in_use(Genre))
    genre = _genre(genres, request.GET.get("genre", ""))
    titles = queries.listed_titles()
    if genre:
        titles = titles.filter(genres=genre)
    page = Paginator(for_posters(titles.order_by("-published_at", "-pk")), PAGE).get_page(
        request.GET.get("page")
    )
    cards = [card_of(title, seat) for title in page.object_list]
    again = [] if genre else lately(request, "", LATELY)
    return {"genres": genres, "genre": genre, "page": page, "cards": cards, "lately": again}


def _found(request: HttpRequest, query: str, seat: Seat) -> dict[str, object]:
    """What a query finds: titles with their facets, people, genres, tags, lines."""
    tongue = request.GET.get("spoken", "")
    heard = lines.said(query, language=tongue)
    context: dict[str, object] = {"heard": heard, "spoken": tongue}
    if request.GET.get("in") == "lines":
        page = Paginator(heard.keys, LINES_PAGE).get_page(request.GET.get("page"))
        languages = [(tag, own_name(tag), count) for tag, count in sorted(heard.languages.items())]
        said = _lines(list(page.object_list), query, seat)
        return {**context, "page": page, "lines": said, "languages": languages, "only_lines": True}
    named = find(query)
    titles, own = in_own_order(request, query, named.titles)
    narrowed = narrow(titles, request.GET, seat)
    page = Paginator(narrowed.keys, PAGE).get_page(request.GET.get("page"))
    rows = posters(Title.objects.all(), page.object_list)
    first = page.number == 1 and not narrowed.chosen
    return {
        **context,
        "page": page,
        "own_order": own,
        "facets": narrowed.facets,
        "narrowed": narrowed.chosen,
        "unnarrowed": _without(request, NAMES),
        "cards": [card_of(rows[key], seat) for key in page.object_list if key in rows],
        "people": named.people if first else [],
        "labels": named.labels if first else [],
        "lines": _lines(heard.keys[:LINES_FIRST], query, seat) if first else [],
        "meant": meant(query, named, heard),
    }


def meant(query: str, named: Found, heard: lines.Lines) -> str:
    """How a query is probably spelled, if nothing is found by it as it stands."""
    if named.meant or not (named.titles or named.people or named.labels):
        return named.meant or heard.meant
    return ""


def _without(request: HttpRequest, names: tuple[str, ...]) -> str:
    left = request.GET.copy()
    for name in (*names, "page", "lang"):
        left.pop(name, None)
    return f"?{left.urlencode()}"


def _lines(keys: list[int], query: str, seat: Seat) -> list[Heard]:
    return [_heard(cue, query, seat) for cue in lines.cues(keys)]


def _heard(cue: Cue, query: str, seat: Seat) -> Heard:
    video, line = cue.track.video, line_of(cue)
    episode = ""
    if video.season is not None:
        episode = f"{video.season.number}.{video.number}"
    barred = in_words(may_play(video, seat), seat)
    second = f"{reverse('watch', args=[video.key])}?t={line.seconds}"
    return Heard(
        href=second if barred is None else video.title.get_absolute_url(),
        seconds=line.seconds,
        clock=line.clock,
        language=cue.track.language,
        pieces=marked(line.text, query),
        title=video.title.name,
        episode=episode,
        barred="" if barred is None else barred.tag,
    )


def _asks_results(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")


def _genre(genres: list[Genre], slug: str) -> Genre | None:
    return next((genre for genre in genres if genre.slug == slug), None)
