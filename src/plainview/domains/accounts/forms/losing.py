"""The form of whoever lost the address of their account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from plainview.domains.accounts.forms import Telling
from plainview.domains.accounts.services.addresses import LONGEST_ADDRESS, carried
from plainview.privacy.requests.models import LONGEST


class LostAddressForm(Telling):
    """What somebody says who can't read mail at the address of their account any more (P1.1.1b).

    `old` is asked of those alone who are not signed in.
    """

    without = {
        "old": gettext_lazy("Without its address nobody can find the account."),
        "new": gettext_lazy("Without an address nobody can answer you."),
        "words": gettext_lazy("Without a word of it nobody can tell that the account is yours."),
    }
    old = forms.EmailField(
        label=gettext_lazy("Address of your account"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    new = forms.EmailField(
        label=gettext_lazy("Address where you read mail now"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    words = forms.CharField(
        label=gettext_lazy("What only you know of your account"),
        help_text=gettext_lazy(
            "Since when you have it, what you watched last, what it is called. No password, and no"
            " copy of a passport: nobody asks you for these."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["old"]
            self.fields["words"].required = False

    def clean_new(self) -> str:
        """The address as mail is carried to it. Raises ValidationError for one it can't reach."""
        return carried(self.cleaned_data["new"].lower())
