"""What one keeps: lists, follows and ratings, the buttons that change them, and their pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Seat
from plainview.domains.catalogue.models import Collection, Person, Title
from plainview.domains.library import queries, services
from plainview.domains.library.models import Rating, Saved
from plainview.domains.library.queries import Arrival, Average, Marks
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import current, entering
from plainview.privacy.origin import same_origin_post
from plainview.web.pages.availability import gone
from plainview.web.pages.cards import (
    Card,
    Episode,
    card_of,
    episode_of,
    posters,
    videos_for_cards,
)

LISTS = "lists"
COMMUNITY = "community"
PAGE = 48
STARS = range(1, 6)
KINDS = {"series": Title, "person": Person, "collection": Collection}
FORBIDDEN, CONFLICT = 403, 409


@dataclass(frozen=True)
class Line:
    """A title that somebody keeps: its poster, and the row that keeps it."""

    row: Saved | Rating
    card: Card


@dataclass(frozen=True)
class New:
    """An arrival in words: the poster of the title, its episode if it is one, whom it came of."""

    arrival: Arrival
    card: Card
    episode: Episode | None


def keeper(request: HttpRequest) -> int | None:
    """Whose lists this visitor changes; None of whom nothing may be kept, and of strangers."""
    visitor = request.visitor  # type: ignore[attr-defined]
    subject: int | None = visitor.subject
    return subject if subject is not None and visitor.permits(LISTS) else None


def put_aside(request: HttpRequest) -> frozenset[str]:
    """The addresses of the titles to watch later, where the page's door lists `lists`."""
    scope = current()
    if scope is None or LISTS not in {scope.life.door.purpose, *scope.life.door.may}:
        return frozenset()
    subject = keeper(request)
    if subject is None:
        return frozenset()
    with entering(LISTS):
        later = queries.saved(subject, Saved.List.LATER)
        return frozenset(later.values_list("title__slug", flat=True))


def marks(request: HttpRequest, title: Title) -> Marks:
    """What whoever is at the door keeps of a title."""
    subject = keeper(request)
    if subject is None:
        return Marks()
    with entering(LISTS):
        return queries.marks(subject, title)


def average(title: Title) -> Average | None:
    """The public ratings of a title, where they are enough; the door lists `community`."""
    with entering(COMMUNITY):
        return queries.average(title)


def followed(request: HttpRequest, **what: object) -> bool:
    """Whether whoever is at the door follows a person or collection."""
    subject = keeper(request)
    if subject is None:
        return False
    with entering(LISTS):
        return queries.follows_one(subject, **what)


def news_of_follows(request: HttpRequest, seat: Seat, *, fresh: bool) -> list[New]:
    """What lately came of what one follows; `fresh` is what one was not told of yet."""
    subject = keeper(request)
    if subject is None:
        return []
    with entering(LISTS):
        rows = list(queries.follows(subject))
    found = [each for each in queries.arrivals(rows) if each.fresh or not fresh]
    if not found:
        return []
    titles = posters(catalogue.listed_titles(), [each.title for each in found])
    keys = [each.video for each in found if each.video]
    videos = videos_for_cards().select_related("title").in_bulk(keys)
    return [
        New(
            each,
            card_of(titles[each.title], seat),
            episode_of(videos[each.video]) if each.video else None,
        )
        for each in found
        if each.title in titles
    ]


@serves("lists", may=["account", "availability", "playback"], source="use")
@never_cache
def later(request: HttpRequest) -> HttpResponse:
    """What one means to watch; `?want=` is a title that nobody could be asked to keep yet."""
    wanted = request.GET.get("want", "")
    return _list(
        request,
        Saved.List.LATER,
        tab="list",
        device=_of_device(request),
        wanted=catalogue.listed_titles().filter(slug=wanted).first() if wanted else None,
    )


@serves("lists", may=["account", "availability", "playback"], source="use")
@never_cache
def favourites(request: HttpRequest) -> HttpResponse:
    """What one likes best."""
    return _list(request, Saved.List.FAVOURITES, tab="favourites")


def _list(request: HttpRequest, kind: str, **context: Any) -> HttpResponse:
    subject = keeper(request)
    page = None
    if subject is not None:
        services.looked(subject)
        page = _lines(request, queries.saved(subject, kind))
    context |= {"page": page, "kind": kind, "keeps": subject is not None}
    return render(request, "pages/list.html", context)


def _lines(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """A page of kept rows with their posters. A title of the past stays, and says so (P2.1.4a)."""
    page: Page[Any] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    seat = catalogue.seat_of(request)
    titles = posters(catalogue.everything(), [row.title_id for row in page])
    for row in page:
        row.title = titles[row.title_id]
    page.object_list = [Line(row, kept_card(row.title, seat)) for row in page]
    return page


def kept_card(title: Title, seat: Seat) -> Card:
    """The poster of a title that somebody keeps: one that has no page any more leads nowhere."""
    card = card_of(title, seat)
    return card if title.is_listed else card.without_page(gone())


@serves("lists", may=["account", "availability", "playback"], source="use")
@never_cache
def follows(request: HttpRequest) -> HttpResponse:
    """What one follows, and what is new of it; it is told of with that."""
    subject = keeper(request)
    context: dict[str, Any] = {"keeps": subject is not None, "tab": "follows"}
    if subject is not None:
        services.looked(subject)
        context["new"] = news_of_follows(request, catalogue.seat_of(request), fresh=False)
        rows = Paginator(queries.follows(subject), PAGE)
        context["page"] = rows.get_page(request.GET.get("page"))
    response = render(request, "pages/follows.html", context)
    if subject is not None and request.method == "GET":
        services.seen(subject)
    return response


@serves("lists", may=["account", "availability", "playback"], source="use")
@never_cache
def ratings(request: HttpRequest) -> HttpResponse:
    """What one rated, and which of it counts in public."""
    subject = keeper(request)
    page = None
    if subject is not None:
        services.looked(subject)
        page = _lines(request, queries.ratings(subject))
    context = {"page": page, "keeps": subject is not None, "tab": "ratings", "stars": STARS}
    return render(request, "pages/ratings.html", context)


@serves("lists", may=["account"], source="form")
@same_origin_post
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Puts on a list or follows (`put=later some-title`), or no more (`take=…`): post only.

    Goes back to the page it came from (`next`); to script it says how things stand, as JSON.
    """
    word = request.POST.get("put") or request.POST.get("take") or ""
    kind, _space, slug = word.partition(" ")
    put = "put" in request.POST
    what = _thing(kind, slug, listed=put)
    subject = keeper(request)
    if subject is None:
        want = {"want": slug} if isinstance(what, Title) else {}
        return _nobody(request, f"{reverse('list')}?{urlencode(want)}" if want else reverse("list"))
    if isinstance(what, Title) and kind != "series":
        if put:
            try:
                services.save(subject, what, list=kind)
            except services.Full:
                return _full(request)
        else:
            services.drop(subject, what, list=kind)
    elif put:
        services.follow(subject, what)
    else:
        services.unfollow(subject, what)
    return _done(request, {"on": put})


def _thing(kind: str, slug: str, *, listed: bool) -> Title | Person | Collection:
    """What a button is about, a title only if it is `listed` where that is asked.

    Raises BadRequest for no such button, Http404 for nothing there.
    """
    if kind not in KINDS and kind not in Saved.List.values:
        raise BadRequest("put= and take= name a list and an address")
    model: Any = KINDS.get(kind, Title)
    found = model.objects.filter(slug=slug).first()
    hidden = isinstance(found, Title) and not found.is_listed
    if found is None or (hidden and listed):
        raise Http404("no such thing to keep")
    thing: Title | Person | Collection = found
    return thing


@serves("lists", may=["account"], source="form")
@same_origin_post
@require_POST
def rate(request: HttpRequest) -> HttpResponse:
    """Gives a `title` its `stars`, `public` if they may count in the average; `act=take` unrates.

    Only a member's stars count in public: a browser may be anybody's.
    """
    title = get_object_or_404(Title, slug=request.POST.get("title", ""))
    subject = keeper(request)
    if subject is None:
        return _nobody(request, title.get_absolute_url())
    if request.POST.get("act") == "take":
        services.unrate(subject, title)
        return _done(request, {"stars": 0, "public": False})
    text = request.POST.get("stars", "")
    if text not in {str(each) for each in STARS}:
        messages.error(request, _("Choose one to five stars."))
        return _done(request, {})
    public = request.POST.get("public") == "yes" and request.visitor.account is not None  # type: ignore[attr-defined]
    services.rate(subject, title, stars=int(text), public=public)
    return _done(request, {"stars": int(text), "public": public})


@serves("lists", may=["account"], source="form")
@same_origin_post
@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    """Puts what this browser put aside on the member's own lists, because they say so."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.account is None:
        return redirect_to_login(reverse("list"))
    if keeper(request) is not None and visitor.device is not None and not visitor.shared:
        try:
            services.take_over(visitor.account, visitor.device)
        except services.Full:
            return _full(request)
    return redirect("list")


def _of_device(request: HttpRequest) -> int:
    """How many titles this browser put aside for nobody, while a member is signed in."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if keeper(request) is None or visitor.account is None or visitor.device is None:
        return 0
    return 0 if visitor.shared else len(services.of_device(device=visitor.device))


def back(request: HttpRequest, otherwise: str = "list") -> str:
    """The page that a form came from, if it is one of ours; else the one of that name."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return there if ours and there.startswith("/") else reverse(otherwise)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _done(request: HttpRequest, state: dict[str, object]) -> HttpResponse:
    return JsonResponse(state) if _by_script(request) else redirect(back(request))


def _nobody(request: HttpRequest, there: str) -> HttpResponse:
    """What nobody can be asked to keep: the page that says how it could be."""
    if _by_script(request):
        return JsonResponse({"go": there}, status=FORBIDDEN)
    return redirect(there)


def _full(request: HttpRequest) -> HttpResponse:
    said = _("Your list is full. Take something off it first.")
    if _by_script(request):
        return JsonResponse({"said": said}, status=CONFLICT)
    messages.error(request, said)
    return redirect(back(request))
