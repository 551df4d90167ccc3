"""The form of a piece of news, in as many languages as it is told in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.search import matching
from plainview.domains.staff.forms import Day
from plainview.domains.staff.forms.shared import offered
from plainview.platform import languages
from plainview.platform.identifiers import number_in
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
    """A piece of news: for the home page, and by email and push besides.

    Offered are the latest titles that match `query`; `more` says how many if there are others.
    """

    topic = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Whoever refused this topic does not see it."),
        choices=lambda: list(news.topic_words().items()),
    )
    title = TitleField(label=gettext_lazy("Film or series it leads to"), required=False)
    first = Day(label=gettext_lazy("First day"), initial=timezone.localdate)
    last = Day(label=gettext_lazy("Last day"))
    by_mail = forms.BooleanField(
        label=gettext_lazy("Send it by email too, now"),
        help_text=gettext_lazy("Once, to every member who allows news by email."),
        required=False,
    )
    by_push = forms.BooleanField(
        label=gettext_lazy("Send it by push too, now"),
        help_text=gettext_lazy(
            "Once, the heading and the link, to the browsers of every member who allows it."
        ),
        required=False,
    )

    def __init__(self, *given: Any, query: str = "", **options: Any) -> None:
        super().__init__(*given, **options)
        titles: Any = self.fields["title"]
        found = matching(titles.queryset, query) if query else titles.queryset
        rows, self.more = offered(found)
        key = number_in(self.data.get("title", ""))
        chosen = titles.queryset.filter(pk=key).exclude(pk__in=[each.pk for each in rows])
        titles.choices = [
            ("", "–"),
            *((each.pk, each.name.text) for each in [*rows, *chosen]),
        ]
        self.tongues = languages.offered()
        for code in self.tongues:
            marks = {"dir": "auto", "lang": code}
            self.fields[f"heading:{code}"] = forms.CharField(
                label=_("Heading"),
                max_length=90,
                required=False,
                widget=forms.TextInput(attrs=marks),
            )
            self.fields[f"text:{code}"] = forms.CharField(
                label=_("Text"),
                max_length=280,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, **marks}),
            )

    @property
    def when(self) -> list[forms.BoundField]:
        """The fields after the words."""
        return [self[name] for name in ("title", "first", "last", "by_mail", "by_push")]

    def clean(self) -> dict[str, Any]:
        """Puts the words together as `texts`.

        Raises ValidationError for a last day before the first, or one that is over, for no words,
        and for half of them in a language.
        """
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < max(first, timezone.localdate()):
            self.add_error("last", _("Nobody would see it: the last day is over by then."))
        texts: dict[str, dict[str, str]] = {}
        for code in self.tongues:
            said = {part: given.pop(f"{part}:{code}", "") for part in ("heading", "text")}
            for part, words in said.items():
                field = f"{part}:{code}"
                if any(said.values()) and not words and field not in self.errors:
                    self.add_error(field, _("Say this too, or leave this language out."))
            if all(said.values()):
                texts[code] = said
        if not texts and not self.errors:
            self.add_error(f"heading:{languages.current()}", _("Say it in one language at least."))
        return {**given, "texts": texts}
