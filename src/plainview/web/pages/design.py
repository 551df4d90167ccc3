"""The living page of the design: every token and component, as the other pages use them."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.texts import Words
from plainview.domains.staff.access import staff
from plainview.privacy.gate.doors import serves
from plainview.web import icons
from plainview.web.pages.cards import Card, card_of, for_posters

COLOURS = (
    "paper",
    "raised",
    "sunken",
    "ink",
    "ink-soft",
    "line",
    "line-strong",
    "accent",
    "accent-tint",
    "good",
    "bad",
)
ACCENTS = ("", "accent-20", "accent-100", "accent-160", "accent-240", "accent-300", "accent-plain")
SPACES = (4, 8, 12, 16, 24, 32, 48, 64, 96)


class Specimen(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As it stands on the poster."),
        initial="Harbour Lights",
    )
    email = forms.EmailField(label=gettext_lazy("Email address"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("film", gettext_lazy("Film")), ("series", gettext_lazy("Series"))],
    )
    told = forms.BooleanField(label=gettext_lazy("Tell me when it is ready"), required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False)


@serves("browse", may=["account", "availability", "playback"], source="use")
@staff("design.view")
def design(request: HttpRequest) -> HttpResponse:
    """Shows the design to staff; a faulty form stands beside the sound one."""
    faulty = Specimen(
        {"faulty-name": "", "faulty-email": "nobody at nowhere", "faulty-kind": "film"},
        prefix="faulty",
    )
    seat, shown = queries.seat_of(request), for_posters(queries.published())[:8]
    return render(
        request,
        "pages/design.html",
        {
            "colours": COLOURS,
            "now": timezone.now(),
            "accents": ACCENTS,
            "spaces": list(enumerate(SPACES, start=1)),
            "icons": sorted([*icons.STROKES, *icons.SOLIDS]),
            "sound": Specimen(prefix="sound"),
            "faulty": faulty,
            "cards": [*_specimens(), *(card_of(each, seat) for each in shown)],
        },
    )


def _specimens() -> list[Card]:
    """States that a catalogue rarely shows: no poster, being prepared, another script."""
    return [
        Card("#cards", Words(_("A film without a poster"), ""), "", "", ["2026"], "accent-240"),
        Card(
            "#cards",
            Words("항구의 불빛", "ko"),
            "",
            "",
            ["2025"],
            "accent-20",
            ready=False,
            preparing=42,
        ),
        Card("#cards", Words("أضواء الميناء", "ar"), "", "", ["2024"], "accent-160", ready=False),
    ]
