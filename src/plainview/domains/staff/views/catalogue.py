"""The editors' pages: titles found and changed, alone and many at once, with their history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue import services
from plainview.domains.catalogue.document import (
    Document,
    Licence,
    document_of,
    known,
    problems,
)
from plainview.domains.catalogue.models import Genre, Title, released
from plainview.domains.catalogue.search import matching
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms import editing as forms
from plainview.domains.staff.forms.licensing import LicenceRows, Licences, initial_licence
from plainview.domains.staff.forms.naming import zones
from plainview.domains.staff.forms.shared import sought
from plainview.domains.staff.forms.wording import tongues_of
from plainview.domains.staff.languages import language_choices
from plainview.platform import languages
from plainview.platform.downloads import CSV, JSON, download
from plainview.platform.languages import numbers
from plainview.privacy.gate.doors import serves

PAGE = 40
UNPROCESSABLE = 422
OVERTAKEN = gettext_lazy(
    "Somebody changed it meanwhile. What you typed stands here; save it again to put it in the"
    " place of theirs."
)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def titles(request: HttpRequest) -> HttpResponse:
    """Every title, or those that the filter finds; one change for all that are ticked (posted)."""
    form = forms.BulkForm(request.POST or None)
    form.fields["slugs"].choices = [(slug, slug) for slug in request.POST.getlist("slugs")]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        return redirect(request.get_full_path())
    found = _filtered(request).prefetch_related("videos__tracks", "genres")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.spoken = [(tag, languages.own_name(tag)) for tag in each.texts]  # type: ignore[attr-defined]
    filters = {name: request.GET.get(name, "") for name in ("q", "state", "genre")}
    context = {
        "page": page,
        "form": form,
        "genres": Genre.objects.all(),
        "filters": filters,
        "filtered": any(filters.values()),
        "ticked": set(request.POST.getlist("slugs")),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "staff/titles.html", context, status=status)


def _changed(request: HttpRequest, form: forms.BulkForm) -> bool:
    try:
        done = form.change()
    except services.Invalid as error:
        for each in error.problems:
            form.add_error(None, each.words)
        return False
    said = ngettext("%(count)s title changed.", "%(count)s titles changed.", done)
    messages.success(request, said % {"count": numbers.written(done)})
    return True


def _filtered(request: HttpRequest) -> QuerySet[Title]:
    found = catalogue.everything()
    if query := sought(request):
        found = matching(found, query)
    if genre := request.GET.get("genre"):
        found = found.filter(genres__slug=genre)
    states = {
        "shown": released(),
        "hidden": Q(published_at=None),
        "planned": Q(published_at__gt=timezone.now()),
        "licensed": Q(licensed=True),
        "revealing": ~Q(reveals=[]),
    }
    state = states.get(request.GET.get("state", ""))
    return found if state is None else found.filter(state)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A title whole: its words in languages side by side, facts, people, schedule, licences."""
    found = title_at(slug)
    before = document_of(found)
    adds = request.POST.get("language", "") if request.POST.get("act") == "language" else ""
    added = [*request.POST.getlist("added"), adds]
    tongues = _tongues(before.texts, *added)
    sent = request.POST or None
    form = forms.TitleForm(sent, initial=forms.initial_of(before), tongues=tongues)
    standing = [initial_licence(each) for each in before.licences]
    windows = Licences(sent, now=standing, prefix="licence")
    if sent:
        form.clashes += windows.clashes
        if adds:  # what was typed stays as it is, and is judged when it is saved
            for each in (form, *windows):
                each.errors.clear()
            if name := form.fields.get(f"name:{adds}"):
                name.widget.attrs["autofocus"] = True
        elif _saved(form, windows, found, before):
            messages.success(request, _("Saved. The history keeps what was before."))
            return redirect("desk-title-edit", found.slug)
    context = {
        "title": found,
        "form": form,
        "columns": tongues_of(form, added),
        "facts": [each for each in form.visible_fields() if ":" not in each.name],
        "windows": windows,
        "zones": zones(),
        "languages": [
            (group, [each for each in listed if each[0] not in tongues])
            for group, listed in list(form.fields["original_language"].choices)[-2:]  # type: ignore[attr-defined]
        ],
        "chosen": request.POST.get("language"),
        "added": [tag for tag in tongues if tag not in _tongues(before.texts)],
    }
    status = UNPROCESSABLE if sent and not adds else 200
    return render(request, "staff/title_edit.html", context, status=status)


def _tongues(texts: dict[str, Any], *more: str) -> list[str]:
    """The service's own languages, then those the title has words in, then those to be added."""
    known = dict(language_choices())
    wanted = [*languages.offered(), *sorted(texts), *(tag for tag in more if tag in known)]
    return list(dict.fromkeys(tag for tag in wanted if tag))


def _saved(form: forms.TitleForm, windows: LicenceRows, title: Title, before: Document) -> bool:
    """Write what was typed; False with all the reasons in the form, those of the catalogue too."""
    sound = all([form.is_valid(), windows.is_valid()])
    kept = [each for each in windows if each.has_changed() and not each.cleaned_data.get("DELETE")]
    licences = [Licence() if each.errors else each.licence(before.licences) for each in kept]
    document = form.document(before, licences)
    try:
        if not sound:
            raise services.Invalid(problems(document, known([document])))
        services.save(document, title=title, over=before)
    except services.Overtaken:
        form.add_error(None, OVERTAKEN)
        return False
    except services.Invalid as error:
        for each in error.problems:
            if each.field == "licences":
                kept[each.row].add_error(each.part.removesuffix("_at"), each.words)
            elif each.field not in form.errors:
                form.add_error(each.field if each.field in form.fields else None, each.words)
        return False
    return True


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def pictures(request: HttpRequest, slug: str) -> HttpResponse:
    """A title's poster and backdrop; takes another one, which a job cuts to sizes (posted)."""
    found = title_at(slug)
    form = forms.PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        services.put_picture(
            found,
            values["use"],
            values["picture"].read(),
            values["suffix"],
            focus=(values["focus_x"], values["focus_y"]),
            language=values["language"],
        )
        messages.success(request, _("The picture is there; its sizes are being made."))
        return redirect("desk-title-pictures", found.slug)
    status = UNPROCESSABLE if request.method == "POST" else 200
    names = dict(language_choices())
    spoken = [(names.get(tag, tag), uses.items()) for tag, uses in sorted(found.artwork.items())]
    context = {"title": found, "form": form, "spoken": spoken}
    return render(request, "staff/title_pictures.html", context, status=status)


def title_at(slug: str) -> Title:
    """The title of an address. Raises Http404."""
    return get_object_or_404(catalogue.everything(), slug=slug)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def exchange(request: HttpRequest) -> HttpResponse:
    """Takes a file of titles in; of one with faults nothing, and says what is wrong by row."""
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    faults: list[services.Fault] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if (file.size or 0) > services.LARGEST_BYTES:
            form.add_error("file", _("The file is larger than 20 MB; part it."))
        else:
            kind = "json" if str(file.name).lower().endswith(".json") else "csv"
            check = form.cleaned_data["only_check"]
            try:
                done = services.imported(file.read(), kind, only_check=check)
            except services.Rejected as error:
                faults = error.faults
            else:
                said = (
                    _("It would make %(made)s, change %(changed)s and leave %(same)s as they are.")
                    if check
                    else _("Made %(made)s, changed %(changed)s, left %(same)s as they were.")
                )
                messages.success(request, said % done._asdict())
                if done.left:
                    said = ngettext(
                        "%(left)s title was not reached. Bring the same file in once more.",
                        "%(left)s titles were not reached. Bring the same file in once more.",
                        done.left,
                    )
                    messages.warning(request, said % {"left": numbers.written(done.left)})
                return redirect("desk-exchange")
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"form": form, "faults": faults}
    return render(request, "staff/exchange.html", context, status=status)


@serves("contribute", may=["account"], source="use")
@staff("catalogue.edit")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Every title, or those that the filter of the list finds, as a file that comes in again."""
    types = {"json": JSON, "csv": CSV}
    if form not in types:
        raise Http404("no such form")
    every = (
        _filtered(request)
        .order_by("slug")
        .prefetch_related("genres", "tags", "credits__person", "licences")
    )
    return download(f"catalogue.{form}", services.exported(every, form), types[form])
