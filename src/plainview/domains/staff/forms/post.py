"""The form by which a person says what a letter to the privacy address is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.platform import languages
from plainview.privacy.post.models import Letter
from plainview.privacy.requests import numbers
from plainview.privacy.requests.forms import kinds

REQUEST, ADD, ASIDE = "request", "add", "aside"


class LetterForm(forms.Form):
    """A new request, part of one, or nothing that asks for anything."""

    use_required_attribute = False
    act = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (
                REQUEST,
                gettext_lazy("A request: it gets a number, and its time counts from arrival"),
            ),
            (ADD, gettext_lazy("Part of a request that we have")),
            (ASIDE, gettext_lazy("Nothing that asks for a right")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("What does it ask for?"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("In which language is it answered?"), required=False
    )
    number = forms.CharField(
        label=gettext_lazy("The number of the request that it is part of"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]
        known = [(each, languages.own_name(each)) for each in languages.offered()]
        self.fields["language"].choices = known  # type: ignore[attr-defined]
        self.fields["language"].initial = letter.language or languages.current()
        if letter.request is not None:
            self.fields["act"].initial = ADD
            self.fields["number"].initial = letter.request.number

    def clean(self) -> dict[str, Any]:
        """Asks for the number where the letter is part of a request."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("act") == ADD:
            given["number"] = numbers.read(given.get("number", ""))
            if not given["number"]:
                self.add_error("number", _("This is no number of a request. Look again."))
        return given
