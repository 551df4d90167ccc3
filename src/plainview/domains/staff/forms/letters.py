"""Forms that decide copyright notices: by the desk, and as a court decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.staff.forms import Words
from plainview.domains.support import queries as letters
from plainview.domains.support.models import CopyrightNotice


class OutcomeForm(forms.Form):
    """What a court decided about a copyright notice, and under which reference."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What the court decided"),
        choices=[
            ("", gettext_lazy("Choose one")),
            ("stays", gettext_lazy("It stays down")),
            ("back", gettext_lazy("It may be shown: put it back, and take the strikes away")),
        ],
    )
    case = forms.CharField(
        label=gettext_lazy("Court, reference and day"),
        help_text=gettext_lazy("Both sides read it in the timeline."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SettleForm(forms.Form):
    """How a copyright notice is decided, and why."""

    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("", gettext_lazy("Choose one")),
            *(each for each in CopyrightNotice.State.choices if each[0] in ("upheld", "refused")),
        ],
    )
    place = forms.CharField(
        label=gettext_lazy("The page of what is taken down"),
        help_text=gettext_lazy(
            "Its title leaves the programme, and whoever put it on gets a strike and may answer."
            " Left empty, nothing is taken down by itself."
        ),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    part = forms.CharField(
        label=gettext_lazy("Only its subtitles in this language"),
        help_text=gettext_lazy(
            "Its tag, such as ko. Left empty, all of the title is taken down. Whoever wrote the"
            " lines gets the strike and may answer."
        ),
        required=False,
        max_length=35,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    reason = Words(
        help_text=gettext_lazy("Whoever sent the notice reads it, and whoever put it on.")
    )

    def clean_place(self) -> str:
        """An address of ours that leads to a title, or nothing."""
        place: str = self.cleaned_data["place"]
        if place and letters.named_in(place) is None:
            raise forms.ValidationError(
                _("No title is there. Copy the address from its page."), code="unknown"
            )
        return place

    def clean(self) -> dict[str, Any]:
        """Subtitles that are to go are there: in that language, on the film that is named."""
        kept: dict[str, Any] = super().clean() or self.cleaned_data
        title = letters.named_in(kept.get("place", ""))
        video = letters.film_named_in(kept.get("place", ""), title) if title else None
        if kept.get("part"):
            there = letters.tracks_of(video) if video is not None else []
            if kept["part"] not in there:
                known = ", ".join(there)
                self.add_error(
                    "part",
                    _("That film has subtitles in these languages: %(known)s.") % {"known": known}
                    if there
                    else _("Copy the address of the film itself above: no subtitles are there."),
                )
        return kept | {"title": title, "video": video}

    def decided(self) -> dict[str, Any]:
        """The decision as the act takes it."""
        return {key: value for key, value in self.cleaned_data.items() if key != "place"}
