"""The editors' pages of people, genres, tags, of a title's credits and its episodes' words."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import Credit, document_of
from plainview.domains.catalogue.models import Genre, Label, Person, Tag
from plainview.domains.catalogue.search import named
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.credited import line_of
from plainview.domains.staff.forms.shared import FILMS, form_page, held, in_turn, sought
from plainview.domains.staff.forms.wording import (
    CreditForm,
    LabelForm,
    WordsForm,
    initial_words,
    tongues_of,
)
from plainview.domains.staff.views.catalogue import title_at
from plainview.platform import languages
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves

PAGE = 100
UNPROCESSABLE = 422
KINDS: dict[str, tuple[type[Label] | type[Person], Any, str]] = {
    "people": (Person, gettext_lazy("People of films"), "about"),
    "genres": (Genre, gettext_lazy("Genres"), "description"),
    "tags": (Tag, gettext_lazy("Tags"), "description"),
}


def _tongues(*texts: dict[str, Any]) -> list[str]:
    own = languages.offered()
    return list(dict.fromkeys([*own, *(tag for each in texts for tag in each)]))


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def words(request: HttpRequest, kind: str) -> HttpResponse:
    """Every person, genre or tag; makes one (posted)."""
    model, heading, about = KINDS[kind]
    form = WordsForm(request.POST or None, tongues=_tongues(), words=["name", about])
    if request.method == "POST" and form.is_valid():
        made = services.make_word(model, form.texts())
        if made is not None:
            return redirect(_address(kind, made.slug))
        form.add_error(None, _("It needs a name of its own, in one language at least."))
    query = sought(request)
    rows: Any = named(model._default_manager.order_by("slug"), query)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "heading": heading,
        "page": page,
        "rows": [(each, _address(kind, each.slug)) for each in page.object_list],
        "form": form,
        "columns": tongues_of(form),
        "query": query,
    }
    return form_page(request, "staff/words.html", context)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
@in_turn
def word(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """One of them: its words by language, what it reveals (posted).

    A genre or tag that no title has can be deleted. A person cannot: people may follow them.
    """
    if kind not in KINDS:
        raise Http404("no such words")
    model, heading, about = KINDS[kind]
    rows: Any = model._default_manager.filter(slug=slug)
    found: Any = get_object_or_404(held(request, rows))
    label = isinstance(found, Label)
    initial = initial_words(found.texts) | ({"reveals": found.reveals} if label else {})
    form = (LabelForm if label else WordsForm)(
        request.POST if request.POST.get("act") == "words" else None,
        initial=initial,
        tongues=_tongues(found.texts),
        words=["name", about],
    )
    if label and request.POST.get("act") == "delete":
        if services.discard(found):
            return redirect(_address(kind))
        messages.error(request, _("A title still has it. Take it off there first."))
    elif form.is_bound and form.is_valid():
        if any(each.get("name") for each in form.texts().values()):
            services.reword(found, form.texts(), reveals=form.cleaned_data.get("reveals"))
            messages.success(request, _("Saved."))
            return redirect(_address(kind, found.slug))
        form.add_error(None, _("It needs a name, in one language at least."))
    context = {
        "row": found,
        "label": label,
        "in_use": label and services.in_use(found),
        "kind": kind,
        "heading": heading,
        "all": _address(kind),
        "form": form,
        "columns": tongues_of(form),
        "facts": [each for each in form.visible_fields() if ":" not in each.name],
    }
    return form_page(request, "staff/word.html", context)


def _address(kind: str, slug: str = "") -> str:
    """The page of a kind, or of one of it."""
    one = {"kind": kind, "slug": slug}
    return reverse("desk-word", kwargs=one) if slug else reverse(f"desk-{kind}-words")


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def credits(request: HttpRequest, slug: str) -> HttpResponse:
    """Who made a title, chosen from people, in order; adds, moves and takes out (posted)."""
    found = title_at(slug)
    document = document_of(found)
    act = request.POST.get("act", "")
    query = sought(request)
    form = CreditForm(
        request.POST if act == "add" else None, tongues=_tongues(document.texts), query=query
    )
    rows = list(document.credits)
    changed, place = None, len(rows)
    if act == "add" and form.is_valid():
        changed = [*rows, form.credit()]
    elif act in ("up", "down", "remove"):
        pressed = _place(request, rows)
        if pressed is None:
            messages.error(request, _("Somebody took it out meanwhile. Nothing was changed."))
            return redirect(request.path)
        place, changed = pressed, list(rows)
        moved = changed.pop(place)
        if act != "remove":
            place = max(0, place + (1 if act == "down" else -1))
            changed.insert(place, moved)
    if changed is not None:
        try:
            new = msgspec.structs.replace(document, credits=changed)
            services.save(new, title=found, over=document)
        except services.Overtaken:
            said = _("Somebody changed this title meanwhile. Look at it, and press again.")
            messages.error(request, said)
            return redirect(request.path)
        except services.Invalid as error:
            for each in error.problems:
                form.add_error(None, each.words)
        else:
            # Keys go on from where it then is, or from what came into its place.
            return redirect(f"{request.path}#at-{max(0, min(place, len(changed) - 1))}")
    context = {
        "title": found,
        "form": form,
        "more": form.more,
        "query": query,
        "columns": tongues_of(form),
        "facts": [each for each in form.visible_fields() if ":" not in each.name],
        "credits": [
            (each, line_of(said))
            for each, said in zip(
                found.credits.select_related("person"), document.credits, strict=True
            )
        ],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "staff/title_credits.html", context, status=status)


def _place(request: HttpRequest, credits: list[Credit]) -> int | None:
    """Where the credit now is whose button was pressed; None if somebody took it out."""
    place, lines = number_in(request.POST.get("place", "")), [line_of(each) for each in credits]
    who = request.POST.get("who")
    if place is not None and place < len(lines) and who in (None, lines[place]):
        return place
    if who is None:
        raise Http404("no such credit")
    return lines.index(who) if who in lines else None


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
@in_turn
def episodes(request: HttpRequest, slug: str) -> HttpResponse:
    """The name and story of each episode and film of a title, by language (posted one by one)."""
    found = title_at(slug)
    posted = request.POST.get("video", "")
    rows, status = [], 200
    videos = held(request, found.videos.select_related("season"))
    page = Paginator(videos, FILMS).get_page(request.GET.get("page"))
    for video in page:
        form = WordsForm(
            request.POST if video.key == posted else None,
            initial=initial_words(video.texts),
            tongues=_tongues(found.texts, video.texts),
            words=["name", "synopsis"],
            prefix=video.key,
        )
        if form.is_bound and form.is_valid():
            services.reword_video(video, form.texts())
            messages.success(request, _("Saved."))
            return redirect(request.get_full_path())
        status = UNPROCESSABLE if form.is_bound else status
        rows.append((video, form, tongues_of(form)))
    context = {"title": found, "rows": rows, "page": page}
    return render(request, "staff/title_episodes.html", context, status=status)
