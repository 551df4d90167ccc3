"""The form by which somebody says what an authority is given of a person, in its case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.staff.forms import SHORTEST, Day
from plainview.domains.staff.forms.receiving import countries
from plainview.privacy.consent.questions import say
from plainview.privacy.disclosures import authorities
from plainview.privacy.rights import wording


class ScopeForm(forms.Form):
    """On which ground and by which law, who asks from where, which kinds of data, of which days."""

    use_required_attribute = False
    ground = forms.ChoiceField(label=gettext_lazy("On which ground"))
    law = forms.CharField(
        label=gettext_lazy("The law, and what it asks of us"),
        help_text=gettext_lazy("With its article or section. They read it."),
        min_length=SHORTEST,
        max_length=200,
    )
    country = forms.ChoiceField(label=gettext_lazy("From which country it asks"))
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Which kinds of data"),
        help_text=gettext_lazy("No more than it needs."),
        widget=forms.CheckboxSelectMultiple,
    )
    first = Day(label=gettext_lazy("From which day"), required=False)
    last = Day(
        label=gettext_lazy("To which day"),
        help_text=gettext_lazy("Of what bears a day. Empty where it sets no bounds."),
        required=False,
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        choose = [("", _("Choose one"))]
        grounds = [(each, str(capfirst(say(f"bases.{each}")))) for each in authorities.GROUNDS]
        kinds = [(each, capfirst(wording.theirs(each))) for each in authorities.kinds()]
        self.fields["ground"].choices = choose + grounds  # type: ignore[attr-defined]
        self.fields["country"].choices = choose + countries()  # type: ignore[attr-defined]
        self.fields["categories"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where the days are the wrong way round."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", _("This is before the first day."))
        return values


class SilenceForm(forms.Form):
    """Another day on which they may be told of a case, and the order that sets it."""

    use_required_attribute = False
    case = forms.CharField(widget=forms.HiddenInput)
    until = Day(
        label=gettext_lazy("The day on which they may be told"),
        help_text=gettext_lazy("Empty where nothing forbids it any more."),
        required=False,
    )
    law = forms.CharField(
        label=gettext_lazy("Which order or law sets it, and why"),
        min_length=SHORTEST,
        max_length=200,
    )
