"""The form of a piece of news for the home page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Title
from plainview.domains.staff.forms import Day
from plainview.privacy.consent import news


class TitleField(forms.ModelChoiceField):
    """A published title, by its name in the page's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Title.objects.none(), empty_label="–", **options)

    def __deepcopy__(self, memo: Any) -> TitleField:
        """Each form asks anew what is published by now."""
        fresh: TitleField = super().__deepcopy__(memo)
        fresh.queryset = catalogue.published()
        return fresh

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
