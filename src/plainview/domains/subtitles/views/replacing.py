"""Find and replace in every episode of a title: look, choose line by line, take all of it back."""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.forms import SearchForm
from plainview.domains.subtitles.views import comparing
from plainview.domains.subtitles.views.editor import clock
from plainview.domains.subtitles.views.finding import Desk, desk_at
from plainview.platform.languages import numbers, own_name
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

MARK = re.compile(r"[0-9a-z]{12}")
UNPROCESSABLE = 422


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def find(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Looks for words; posted with `do=replace`, replaces them in the lines that are ticked.

    What was left out then is shown without a tick, or it would be replaced by the next press.
    """
    desk = desk_at(request, key, language)
    if request.POST.get("do") == "back":
        return _take_back(request, desk)
    form = SearchForm(request.POST or None)
    context = {
        "video": desk.video,
        "edition": desk.edition,
        "name": own_name(desk.edition.language),
        "dir": formats.direction_of(desk.edition.language),
        "writes": desk.standing.writes(desk.edition.state),
        "form": form,
        "most": services.MOST_PLACES,
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        search = services.Search(**form.cleaned_data)
        places = services.find_words(services.editions_of_title(desk.edition), search)
        replaces = request.POST.get("do") == "replace"
        if replaces:
            places = _replace(request, desk, places, context)
        context["ticked"] = not replaces
        context["places"] = [
            (each, clock(each.start_ms), *comparing.apart(each.before, each.after))
            for each in places
        ]
        context["looked"] = True
    elif request.method == "POST":
        status = UNPROCESSABLE
    return render(request, "subtitles/find.html", context, status=status)


def _replace(
    request: HttpRequest, desk: Desk, places: list[services.Place], context: dict[str, object]
) -> list[services.Place]:
    """Replace where it is ticked; returns what is left to look at."""
    chosen = set(request.POST.getlist("place"))
    wanted = [each for each in places if each.name in chosen]
    if not wanted:
        messages.error(request, _("No line is ticked, or the lines changed since. Look again."))
        return places
    done = services.replace_words(wanted, **desk.who)
    context["mark"] = done.mark if done.saved else ""
    said = ngettext("%(count)s line replaced.", "%(count)s lines replaced.", done.saved)
    context["said"] = said % {"count": numbers.written(done.saved)}
    context["left"] = [(place, clock(place.start_ms), why) for place, why in done.left]
    gone = chosen - {each.name for each in wanted}
    if gone:
        messages.warning(request, _("Some lines changed since you looked; they were left alone."))
    return [each for each in places if each.name not in chosen]


def _take_back(request: HttpRequest, desk: Desk) -> HttpResponse:
    mark = request.POST.get("mark", "")
    if MARK.fullmatch(mark):
        back, left = services.take_replacement_back(mark, **desk.who)
        said = ngettext("%(count)s line is as before.", "%(count)s lines are as before.", back)
        messages.success(request, said % {"count": numbers.written(back)})
        if left:
            said = ngettext(
                "%(count)s line was written by somebody since, and stays.",
                "%(count)s lines were written by somebody since, and stay.",
                left,
            )
            messages.warning(request, said % {"count": numbers.written(left)})
    return redirect(request.path)
