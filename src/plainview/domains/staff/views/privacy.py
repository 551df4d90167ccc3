"""Pages of the privacy officer."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from plainview.domains.staff import translating
from plainview.domains.staff.access import staff
from plainview.platform import languages
from plainview.platform.downloads import CSV, download
from plainview.privacy import picture
from plainview.privacy import record as sheets
from plainview.privacy.breaches.wording import Rule, own_rules, region, regional
from plainview.privacy.consent import questions
from plainview.privacy.disclosures import queries as disclosures
from plainview.privacy.disclosures import recalls
from plainview.privacy.disclosures import services as door
from plainview.privacy.gate.doors import serves
from plainview.privacy.places import world
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.rights import services as rights
from plainview.privacy.versions import queries as versions


@serves("browse", may=["account"], source="use")
@staff("privacy.map")
def data_map(request: HttpRequest) -> HttpResponse:
    """What is held, where it comes from, for what, and who receives it: a picture and a table."""
    found, policy = registry(), in_force()
    whole, only = picture.read(found, policy), request.GET.get("only", "")
    try:
        drawing = picture.drawn(found, policy, questions.language(), only)
    except LookupError:
        drawing, only = picture.drawn(found, policy, questions.language()), ""
    held = whole.held
    names = picture.named(whole, policy, questions.language())
    choices = [
        (
            questions.say(f"choices.map.{head}"),
            sorted((each, name) for each, name in names.items() if each.startswith(f"{kind}:")),
        )
        for head, kind in zip(picture.HEADS, picture.KINDS, strict=True)
    ]
    rows = [
        (policy.categories[category].name, questions.say(f"categories.{category}"), columns)
        for family in sorted(held)
        for category, columns in sorted(held[family].items())
    ]
    context = {
        "picture": mark_safe(drawing),  # noqa: S308 - drawn by us, escaped there
        "rows": rows,
        "first": policy.head.languages[0],  # in which its kinds of data are named
        "choices": choices,
        "only": only,
    }
    return render(request, "staff/map.html", context)


@serves("browse", may=["account"], source="use")
@staff("privacy.map")
def places(request: HttpRequest) -> HttpResponse:
    """The laws of the world: which holds where, and which of its facts want looking after."""
    policy, today = in_force(), timezone.localdate()
    found = world.rows(policy, questions.language(), today)
    counts = {name: sum(getattr(row, name) for row in found) for name in STATES}
    context = {
        "picture": mark_safe(world.drawn(policy, today)),  # noqa: S308 - drawn by us, escaped there
        "states": mark_safe(world.states(policy, today)),  # noqa: S308 - likewise
        "groups": _by_region(found),
        "counts": counts,
        "disputed": _("Disputed"),
        "stale": _("Past its review"),
    }
    return render(request, "staff/places.html", context)


class Region(NamedTuple):
    """Laws of one part of the world, each with what it asks for after a breach."""

    name: str
    rows: list[tuple[world.Row, list[Rule]]]

    @property
    def doubts(self) -> int:
        """How many of their facts nobody verified."""
        return sum(row.unverified for row, _rules in self.rows)


def _by_region(found: list[world.Row]) -> list[Region]:
    now, groups = timezone.now(), dict[str, list[tuple[world.Row, list[Rule]]]]()
    for row in found:
        groups.setdefault(region(row.id), []).append((row, own_rules(row.id, now)))
    last = sorted(groups.items(), key=lambda group: not group[0])  # elsewhere
    return [Region(regional(head), rows) for head, rows in last]


STATES = ("unverified", "disputed", "stale")
LEAVING = "the officer looks after what is stuck, and the rows shown name nobody"


@serves(
    "record-keeping",
    may=["account"],
    source="staff",
    everyone=LEAVING,
    lists=[
        "disclosures",
        "disclosures.ledger",
        "disclosures.parcel",  # whether one is left to be sent again
        "requests",
        "requests.rights",
    ],
)
@staff("privacy.disclosures")
def leaving(request: HttpRequest) -> HttpResponse:
    """Dead letters, recalls that nobody confirmed, and how much went where."""
    if request.method == "POST":
        _take_up(request)
        return redirect("desk-disclosures")
    context = {
        "dead": disclosures.dead(),
        "open": disclosures.unconfirmed(),
        "unfinished": rights.incomplete(),
        "flows": disclosures.flows(),
    }
    return render(request, "staff/leaving.html", context)


def _take_up(request: HttpRequest) -> None:
    acts = {
        "again": door.try_again,
        "let-go": door.let_go,
        "tell": recalls.try_again,
        "confirmed": recalls.confirmed,
        "erase": rights.taken_up,
    }
    act = acts.get(request.POST.get("act", ""))
    if act is not None and act(request.POST.get("key", "")):
        messages.success(request, _("Done."))
    else:
        messages.error(request, _("That could not be done. It may have been taken up already."))


@serves("browse", may=["account"], source="use")
@staff("privacy.record")
def record(request: HttpRequest, name: str = "record") -> HttpResponse:
    """The record of processing (GDPR Art. 30), or the scaffold of an assessment."""
    shown = _sheet(name)
    tabs = sheets.titles(questions.language())
    waiting = in_force().unreviewed()
    called = translating.named({stem for stems in waiting.values() for stem in stems})
    unread = [
        (languages.own_name(tag), [words for stem, words in called if stem in stems])
        for tag, stems in waiting.items()
        if stems
    ]
    return render(request, "staff/record.html", {"sheet": shown, "tabs": tabs, "unread": unread})


@serves("browse", may=["account"], source="use")
@staff("privacy.record")
def record_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The same for a spreadsheet."""
    return download(f"{name}-{versions.name()}.csv", sheets.to_csv(_sheet(name, terms=True)), CSV)


def _sheet(name: str, *, terms: bool = False) -> sheets.Sheet:
    said = {"language": questions.language(), "version": versions.name()}
    try:
        return sheets.sheet(in_force(), name, **said, terms=terms)
    except sheets.UnknownSheet:
        raise Http404 from None
