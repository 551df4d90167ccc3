"""News at the desk: what the home page tells, until when, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.marketing import queries, services
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.news import NewsForm
from plainview.domains.staff.forms.shared import form_page, sought
from plainview.domains.staff.forms.wording import tongues_of
from plainview.privacy.consent import news
from plainview.privacy.gate.doors import serves

PAGE = 20


@serves("browse", may=["account"], source="form")
@staff("news.write")
def told(request: HttpRequest) -> HttpResponse:
    """What is told and was, and the form for more."""
    query = sought(request)
    form = NewsForm(request.POST or None, query=query)
    if request.method == "POST" and form.is_valid():
        try:
            services.announce(**form.cleaned_data)
        except services.AlreadyTold:
            form.add_error(None, _("The very same is told already. Take it back to tell it anew."))
        else:
            messages.success(request, _("It is told to those who want to hear of it."))
            return redirect("desk-news")
    today, topics = timezone.localdate(), news.topic_words()
    page = Paginator(queries.everything(), PAGE).get_page(request.GET.get("page"))
    rows = [
        (each, topics.get(each.topic, each.topic), each.first <= today <= each.last)
        for each in page
    ]
    columns = tongues_of(form)
    context = {"form": form, "columns": columns, "page": page, "rows": rows}
    context |= {"query": query, "more": form.more}
    return form_page(request, "staff/news.html", context)


@serves("browse", may=["account"], source="form")
@staff("news.write")
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Takes a piece of news back."""
    if services.withdraw(key):
        messages.success(request, _("It is told no more."))
    else:
        messages.error(request, _("That piece of news is gone already. Nothing was changed."))
    return redirect("desk-news")
