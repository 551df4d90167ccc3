"""The editors' collections: their words, their titles in order, the rows of home."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import queries, services
from plainview.domains.catalogue.models import Collection
from plainview.domains.catalogue.search import matching
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.editing import CollectionForm
from plainview.domains.staff.forms.shared import form_page, held, in_turn, offered, sought
from plainview.domains.staff.forms.wording import initial_words, tongues_of
from plainview.platform import languages
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves

PAGE = 100
NAMELESS = gettext_lazy("It needs a name of its own, in one language at least.")


def _tongues() -> list[str]:
    return languages.offered()


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
@in_turn
def collections(request: HttpRequest) -> HttpResponse:
    """Every collection, home's rows first and in their order; moves a row, makes one (posted)."""
    form = CollectionForm(tongues=_tongues())
    if request.method == "POST" and "move" in request.POST:
        row = _collection(request, request.POST.get("row", ""))
        services.move_row(row, _place(request))
        return redirect(f"{request.path}#at-{row.slug}")
    if request.method == "POST":
        form = CollectionForm(request.POST, tongues=_tongues())
        if form.is_valid():
            made = services.make_collection(form.texts(), on_home=form.cleaned_data["on_home"])
            if made is not None:
                return redirect("desk-collection", made.slug)
        form.add_error(None, NAMELESS)
    rows = list(Collection.objects.all())
    last = next((each for each in reversed(rows) if each.place is not None), None)
    context = {"rows": rows, "last": last, "form": form, "columns": tongues_of(form)}
    return form_page(request, "staff/collections.html", context)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
@in_turn
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """One collection: words, titles in order; adds, takes out, moves (posted)."""
    found = _collection(request, slug)
    act = request.POST.get("act", "")
    form = CollectionForm(
        request.POST if act == "words" else None,
        initial=initial_words(found.texts) | {"on_home": found.place is not None},
        tongues=dict.fromkeys([*_tongues(), *found.texts]),
    )
    if request.method == "POST":
        if act == "words":
            if form.is_valid() and (texts := form.texts()):
                services.collect(found.slug, texts=texts, on_home=form.cleaned_data["on_home"])
                messages.success(request, _("Saved."))
                return redirect("desk-collection", found.slug)
            if not form.clashes:
                form.add_error(None, NAMELESS)
        else:
            return redirect(_standing(request, *_entered(request, found, act)))
    pages = Paginator(found.entries.select_related("title"), PAGE)
    others = queries.everything().exclude(entries__collection=found)
    query = sought(request)
    rows, more = offered(matching(others, query) if query else others)
    context = {
        "collection": found,
        "form": form,
        "columns": tongues_of(form),
        "page": pages.get_page(request.GET.get("page")),
        "others": rows,
        "more": more,
        "query": query,
    }
    return form_page(request, "staff/collection.html", context)


def _entered(request: HttpRequest, found: Collection, act: str) -> tuple[list[str], str]:
    """Do what a button asks; the slugs that are then in it, and of which title to go on from.

    The title itself, or what follows one taken out, so that keys go on from where they were.
    """
    title = queries.everything().filter(slug=request.POST.get("title", "")).first()
    if title is None:
        messages.error(request, _("There is no such title."))
        return [], ""
    if act == "remove":
        slugs = _slugs(found)
        services.remove_entry(found, title)
        if title.slug not in slugs:
            return slugs, ""
        at = slugs.index(title.slug)
        left = [*slugs[:at], *slugs[at + 1 :]]
        return left, next(iter([*left[at:], *left[-1:]]), "")
    if act == "add":
        services.add_entry(found, title)
    else:
        services.move(found, title.pk, _place(request))
    return _slugs(found), title.slug


def _slugs(found: Collection) -> list[str]:
    return list(found.entries.values_list("title__slug", flat=True))


def _standing(request: HttpRequest, slugs: list[str], title: str) -> str:
    """The address at which a title is seen in its place, whichever page that is on."""
    query = request.GET.copy()
    if len(slugs) > PAGE and title in slugs:
        query["page"] = str(slugs.index(title) // PAGE + 1)
    return f"{request.path}{'?' if query else ''}{query.urlencode()}#at-{title}"


def _place(request: HttpRequest) -> int:
    """The place that a button or a drop asks for; the first for what is none."""
    return number_in(request.POST.get("move", "")) or 0


def _collection(request: HttpRequest, slug: str) -> Collection:
    return get_object_or_404(held(request, Collection.objects.filter(slug=slug)))
