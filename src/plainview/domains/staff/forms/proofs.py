"""Forms of the desk about what was answered, for who may hand out proofs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.staff.forms import Day, named_by
from plainview.privacy.receipts import sampling

RECEIPT_BYTES = 1_000_000


class ProofForm(forms.Form):
    """Whose answers, or which receipt, and on which day."""

    who = forms.CharField(
        label=gettext_lazy("Email address, number of an account or device, or number of a receipt"),
        help_text=gettext_lazy("The whole of it; there is no list to look through."),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    receipt = forms.FileField(
        label=gettext_lazy("Or the file of a receipt"),
        help_text=gettext_lazy("It is held against our own and not kept."),
        required=False,
    )
    on = Day(
        label=gettext_lazy("On which day"),
        help_text=gettext_lazy("Empty for today. Days end at midnight UTC."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where neither is there, or the file is too large to be one."""
        given: dict[str, Any] = super().clean() or {}
        file = given.get("receipt")
        if not given.get("who") and file is None and not self.errors:
            raise forms.ValidationError(_("Say who, or choose the file of a receipt."))
        if file is not None and (file.size or 0) > RECEIPT_BYTES:
            self.add_error("receipt", _("This file is too large for a receipt."))
        return given


class SampleForm(forms.Form):
    """What an authority asked to be drawn."""

    first = Day(label=gettext_lazy("First day"))
    last = Day(label=gettext_lazy("Last day"))
    count = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=sampling.MOST, initial=100
    )
    size = forms.IntegerField(
        label=gettext_lazy("The size of the head that you told them"),
        help_text=gettext_lazy("Its second line. Tell it before they state a seed."),
        min_value=1,
    )
    seed = forms.CharField(
        label=gettext_lazy("The seed that they stated after"),
        help_text=gettext_lazy("Any words. So neither you nor they can choose whom the draw hits."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    authority = forms.CharField(label=gettext_lazy("Which authority asks"), max_length=120)
    reference = forms.CharField(
        label=gettext_lazy("The number by which it calls its case"),
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it asks"),
        help_text=gettext_lazy("Everybody who is drawn reads it under Your privacy."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for days in the wrong order."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            self.add_error("last", _("The last day is before the first."))
        named_by(self, given)
        return given
