"""The form by which the staff enter what somebody asked by letter or telephone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.staff.forms import Day
from plainview.platform import languages
from plainview.privacy.places.territories import territories
from plainview.privacy.requests.forms import AskForm
from plainview.privacy.requests.models import LONGEST, Channel

OLDEST = timedelta(days=366)


class EnterForm(AskForm):
    """What was asked, how and when it came, and where the answer goes."""

    field_order = (
        "channel", "received_on", "kind", "restricts", "objects", "words", "contact", "residence",
        "language", "agent", "mandate",
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(each.value, each.label) for each in (Channel.LETTER, Channel.PHONE)],
    )
    received_on = Day(label=gettext_lazy("On which day"), initial=timezone.localdate)
    contact = forms.CharField(
        label=gettext_lazy("Where the answer goes"),
        help_text=gettext_lazy("An email address if they gave one, else where to write or call."),
        max_length=254,
    )
    residence = forms.ChoiceField(label=gettext_lazy("Where they live"), required=False)
    agent = forms.CharField(
        label=gettext_lazy("Who acts for them, if somebody does"),
        help_text=gettext_lazy("Where to reach that person; the place above is then theirs."),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"placeholder": " "}),
    )
    mandate = forms.CharField(
        label=gettext_lazy("What shows that they may act"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language we answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("What they ask for")
        unsorted, *known = self.fields["kind"].choices  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(unsorted[0], _("Not sorted yet")), *known]  # type: ignore[attr-defined]
        self.fields["words"].label = _("In their words")
        self.fields["words"].help_text = ""
        self.fields["restricts"].label = _("Why it is to be set aside, if they want that")
        self.fields["restricts"].help_text = self.fields["objects"].help_text = ""
        self.fields["objects"].label = _("What they object to, if they object")
        places = [("", _("Not said")), *territories()]
        self.fields["residence"].choices = places  # type: ignore[attr-defined]
        spoken = [(tag, languages.own_name(tag)) for tag in languages.FINISHED]
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]

    def clean_received_on(self) -> date:
        """Raises ValidationError for a day that has not come, or is long past."""
        day: date = self.cleaned_data["received_on"]
        if not timezone.localdate() - OLDEST <= day <= timezone.localdate():
            raise forms.ValidationError(_("Name a day of the last twelve months."))
        return day
