"""Home and titles as they would be seen from a territory, with a plan, at a time: for editors."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.licensing import Seat
from plainview.domains.catalogue.ports import Ports
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.licensing import local_field
from plainview.domains.staff.forms.naming import PlacesField
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.web.pages.home import IN_APP, home_page
from plainview.web.pages.title import title_page


class PreviewForm(forms.Form):
    """From where, with which plan and when to look."""

    place = PlacesField(
        label=gettext_lazy("Territory"),
        required=False,
        help_text=gettext_lazy("A name or a code (KR); empty: nobody knows where."),
    )
    tier = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)
    at = local_field(gettext_lazy("At"), gettext_lazy("Empty: now."))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["tier"].choices = Ports.plans.tiers()  # type: ignore[attr-defined]

    def clean_place(self) -> str | None:
        """Raises ValidationError for what the policy knows as no place."""
        place: str = "".join(self.cleaned_data["place"][:1])
        if place and place not in in_force().places and place[:2] not in in_force().places:
            raise forms.ValidationError(gettext_lazy("There is no such territory."))
        return place or None

    def seat(self) -> Seat:
        """Who looks; whatever can't be read is left as for a stranger nobody can place, now."""
        values = self.cleaned_data if self.is_valid() else {}
        at: datetime = values.get("at") or timezone.now()
        tier = values.get("tier") or Ports.plans.tiers()[0].id
        return Seat(queries.places_of(values.get("place")), tier, at)


@serves(
    "browse",
    may=[
        "account",
        "availability",
        "playback",
        "history",
        "lists",
        "community",
        "recommend",
        "service-messages",
        IN_APP,
    ],
    source="use",
)
@staff("catalogue.edit")
def preview(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Home, or the page of a title, for `?place=`, `?tier=` and `?at=`."""
    form = PreviewForm(request.GET)
    request.previewed = form.seat()  # type: ignore[attr-defined]
    if not slug:
        return home_page(request, preview=form)
    return title_page(request, slug, preview=form)
