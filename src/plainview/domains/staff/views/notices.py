"""How far people were told of a change of the policy, and how many of those asked have answered."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plainview.domains.staff.access import staff
from plainview.platform.identifiers import number_in
from plainview.privacy.changes import queries, sending
from plainview.privacy.gate.doors import serves

PAGE = 20
ALL = "the officer sees numbers of people, and no row of any"
ACTS = {"pause": sending.pause, "go-on": sending.go_on}


@serves("privacy-choices", may=["account"], source="staff", everyone=ALL)
@staff("privacy.notices")
def notices(request: HttpRequest) -> HttpResponse:
    """Each change that was told, by whichever way; it can be stopped and gone on with here."""
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        number = number_in(request.POST.get("change", ""))
        if act is None or number is None:
            raise Http404
        if act(number):
            messages.success(request, _("Done."))
        else:
            messages.warning(request, _("It was so already, so nothing was changed."))
        return redirect(request.get_full_path())
    page = Paginator(queries.changes(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": queries.progress(list(page))}
    return render(request, "staff/notices.html", context)
