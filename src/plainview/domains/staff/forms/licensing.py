"""Forms of moments on a wall clock, and of the windows in which a title may be shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue.document import Licence
from plainview.domains.catalogue.licensing import closing, opening
from plainview.domains.staff.forms.naming import PlacesField, Plans, ZoneField, plans
from plainview.domains.staff.forms.shared import SharedRows

LOCAL = "%Y-%m-%dT%H:%M"
CODES = {"dir": "ltr", "spellcheck": "false"}
"""Attributes of a control that holds codes: they read from the left in every language."""


class Local(forms.DateTimeInput):
    """A control for a date and time on a wall clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=LOCAL)


def by_our_clock(label: Any) -> Any:
    """A label that names the zone of the moment to be typed: pages show moments by the reader's."""
    return format_lazy("{} ({})", label, settings.TIME_ZONE)


def local_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A moment in the service's time zone."""
    return forms.DateTimeField(
        label=label, required=False, widget=Local(), input_formats=[LOCAL], help_text=help_text
    )


class LicenceForm(forms.Form):
    """One window; both ends as a clock of its time zone says them."""

    territories = PlacesField(
        label=gettext_lazy("Where"),
        required=False,
        help_text=gettext_lazy(
            "Countries or states by name, with commas between, or by code (KR US-CA). Empty is"
            " everywhere."
        ),
    )
    excluded = PlacesField(label=gettext_lazy("But not in"), required=False)
    tiers = forms.CharField(
        label=gettext_lazy("Plans"),
        required=False,
        widget=Plans(),
        help_text=gettext_lazy("Empty: every plan."),
    )
    zone = ZoneField(
        label=gettext_lazy("Time zone of both ends"),
        initial="UTC",
        required=False,
        help_text=gettext_lazy("A city of it, or its code (Asia/Seoul)."),
    )
    opens = local_field(gettext_lazy("Opens"))
    closes = local_field(gettext_lazy("Closes"), gettext_lazy("The first moment without it."))

    def licence(self, stands: Iterable[Licence]) -> Licence:
        """The window that was typed; of those that stand there, to the second, if it is one."""
        typed = {
            name: str(field.widget.format_value(self[name].value()) or "").strip()
            for name, field in self.base_fields.items()
        }
        if same := [each for each in stands if initial_licence(each) == typed]:
            return same[0]
        values = self.cleaned_data
        zone = values["zone"]
        opens, closes = values["opens"], values["closes"]
        return Licence(
            values["territories"],
            values["excluded"],
            plans(values["tiers"]),
            opens and opening(_as_typed(opens), zone),
            closes and closing(_as_typed(closes), zone),
            zone,
        )


def _as_typed(said: datetime) -> datetime:
    """What stood in the control, which Django took for a time of the service's own zone."""
    return said.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)


def initial_licence(licence: Licence) -> dict[str, str]:
    """A window as its form holds it."""
    ends = {"opens": licence.opens_at, "closes": licence.closes_at}
    said = {
        name: end.astimezone(ZoneInfo(licence.zone)).strftime(LOCAL) if end else ""
        for name, end in ends.items()
    }
    return said | {
        "territories": " ".join(licence.territories),
        "excluded": " ".join(licence.excluded),
        "tiers": " ".join(licence.tiers),
        "zone": licence.zone,
    }


class LicenceRows(SharedRows):
    """The windows of a title."""

    label = gettext_lazy("Licences")


Licences: type[LicenceRows] = forms.formset_factory(  # type: ignore[assignment]
    LicenceForm, formset=LicenceRows, extra=1, can_delete=True, max_num=200
)
