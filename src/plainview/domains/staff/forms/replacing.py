"""The form by which the desk lets another address take the place of a lost one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from plainview.domains.accounts.services.addresses import LONGEST_ADDRESS, carried
from plainview.privacy.requests.models import LONGEST, Proof

SHOWN = [
    ("", gettext_lazy("Choose one")),
    *((each.value, each.label) for each in (Proof.FACTS, Proof.SEEN)),
]


class ReplaceForm(forms.Form):
    """The new address, and how they showed who they are: a session alone is not enough (P5.2e)."""

    use_required_attribute = False
    address = forms.EmailField(
        label=gettext_lazy("Address where they read mail now"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    proof = forms.ChoiceField(label=gettext_lazy("How they showed who they are"), choices=SHOWN)
    note = forms.CharField(
        label=gettext_lazy("A note for the desk alone"),
        help_text=gettext_lazy("What you compared, and with what."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_address(self) -> str:
        """The address as mail is carried to it. Raises ValidationError for one it can't reach."""
        return carried(self.cleaned_data["address"].lower())
