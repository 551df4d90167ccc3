"""Forms about the policy's next version: when it takes effect, and through whose eyes to look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plainview.domains.staff.forms.licensing import by_our_clock
from plainview.privacy.versions import lenses


class EffectiveForm(forms.Form):
    """The moment from which a version is in force."""

    effective = forms.DateTimeField(
        label=by_our_clock(_("In force from")),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class LensForm(forms.Form):
    """Somebody who is described, not looked up."""

    presence = forms.ChoiceField(label=_("Where they are"), required=False)
    said = forms.ChoiceField(
        label=_("What they answered"),
        required=False,
        choices=[
            ("", _("nothing yet")),
            ("granted", _("yes to everything")),
            ("denied", _("no to everything")),
        ],
    )
    signal = forms.BooleanField(label=_("Their browser sends an opt-out signal"), required=False)
    minor = forms.BooleanField(label=_("They are known to be a minor"), required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["presence"].choices = lenses.places()  # type: ignore[attr-defined]

    def lens(self) -> lenses.Lens:
        """Whom the form describes; somebody new and nowhere if it says nothing that can be."""
        said = self.cleaned_data if self.is_valid() else {}
        return lenses.Lens(
            presence=said.get("presence") or None,
            said=said.get("said") or "",
            signal=bool(said.get("signal")),
            minor=bool(said.get("minor")),
        )
