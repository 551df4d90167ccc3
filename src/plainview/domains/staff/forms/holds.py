"""The form by which an officer holds what is there of a person, for a claim or by an order."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.staff.forms import Day
from plainview.privacy import picture
from plainview.privacy.consent.questions import language
from plainview.privacy.policies import in_force
from plainview.privacy.rights import tables, wording

LONGEST = 1000


class Family(NamedTuple):
    """Kinds of data that belong together: what they are called, their boxes, if one is ticked."""

    name: str
    boxes: list[BoundWidget]
    ticked: bool


def families(bound: BoundField) -> list[Family]:
    """The boxes of kinds of data by their family."""
    boxes: dict[str, list[BoundWidget]] = {}
    for box in bound.subwidgets:
        boxes.setdefault(box.data["value"].partition(".")[0], []).append(box)
    return [
        Family(
            picture.family(in_force(), id_, language()),
            mine,
            any(each.data["selected"] for each in mine),
        )
        for id_, mine in boxes.items()
    ]


class HoldForm(forms.Form):
    """Why, until which day, who answers for it, and which kinds of data; none for all."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("The claim or the order"),
        help_text=gettext_lazy("With its number. They can read it in their copy."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = Day(
        label=gettext_lazy("Until which day"),
        help_text=gettext_lazy("What waited for it goes on that day, by itself."),
    )
    owner = forms.TypedChoiceField(label=gettext_lazy("Who answers for it"), coerce=int)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Which kinds of data"),
        help_text=gettext_lazy("None for all of it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = colleagues  # type: ignore[attr-defined]
        held = {kind for table in tables.tables() for kind in table.categories}
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (each, wording.category(each)) for each in in_force().categories if each in held
        ]

    def families(self) -> list[Family]:
        """The boxes of the kinds by their family, each a stop of its own only once it is opened."""
        return families(self["categories"])

    def clean_until(self) -> dt.date:
        """Raises ValidationError for a day that is not to come."""
        day: dt.date = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return day
