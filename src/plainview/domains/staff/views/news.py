"""News at the desk: what the home page tells, until when, and taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Title
from plainview.domains.marketing import queries, services
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms import Day
from plainview.privacy.consent import news
from plainview.privacy.gate.doors import serves

PAGE = 20
UNPROCESSABLE = 422


class TitleField(forms.ModelChoiceField):
    """A published title, by its name in the page's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=catalogue.published(), empty_label="–", **options)

    def label_from_instance(self, title: Title) -> str:
        return title.name.text


class NewsForm(forms.Form):
    """A piece of news for the home page."""

    topic = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Whoever refused this topic does not see it."),
        choices=lambda: list(news.topic_words().items()),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("It is shown on pages of this language."),
        choices=settings.LANGUAGES,
    )
    heading = forms.CharField(
        label=gettext_lazy("Heading"),
        max_length=90,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    title = TitleField(label=gettext_lazy("Film or series it leads to"), required=False)
    first = Day(label=gettext_lazy("First day"), initial=timezone.localdate)
    last = Day(label=gettext_lazy("Last day"))
    by_mail = forms.BooleanField(
        label=gettext_lazy("Send it by email too, now"),
        help_text=gettext_lazy(
            "Once, to every member who allows news by email, whatever their language."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a last day before the first, or one that is over."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < max(first, timezone.localdate()):
            self.add_error("last", _("Nobody would see it: the last day is over by then."))
        return given


@serves("browse", may=["account"], source="form")
@staff("news.write")
def told(request: HttpRequest) -> HttpResponse:
    """What is told and was, and the form for more."""
    form = NewsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.announce(**form.cleaned_data)
        messages.success(request, _("It is told to those who want to hear of it."))
        return redirect("desk-news")
    today, topics = timezone.localdate(), news.topic_words()
    page = Paginator(queries.everything(), PAGE).get_page(request.GET.get("page"))
    rows = [
        (each, topics.get(each.topic, each.topic), each.first <= today <= each.last)
        for each in page
    ]
    context = {"form": form, "page": page, "rows": rows}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "staff/news.html", context, status=status)


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
