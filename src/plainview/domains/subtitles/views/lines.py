"""The lines of an edition: all at once, what changed since, a report, a history."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from plainview.domains.playback import services as playback
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import formats, quality, queries, services
from plainview.domains.subtitles.models import Line, Note, Revision, Segment
from plainview.domains.subtitles.services import claiming
from plainview.domains.subtitles.services.teams import CHIEFS
from plainview.domains.subtitles.views import comparing, labels
from plainview.domains.subtitles.views.editor import clock, source_of
from plainview.domains.subtitles.views.finding import Desk, desk_at, names
from plainview.domains.subtitles.views.rows import lines_of, proposals_of
from plainview.platform.identifiers import number_in
from plainview.platform.languages import own_name
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

UNPROCESSABLE = 422
LATEST = 253_402_300_799_999
"""The last millisecond that a calendar has."""


@serves("contribute", source="use")
@login_required
@never_cache
@gzip_page
@require_safe
def everything(request: HttpRequest, key: str, language: str) -> JsonResponse:
    """Every segment with its line, the source's words, and who claimed what.

    With `?after=` (a `now` that was answered before) only the segments that came, went or got
    other times since.
    """
    now = timezone.now()
    desk = desk_at(request, key, language)
    source = source_of(desk, request.GET.get("source", ""))
    after = number_in(request.GET.get("after", ""))
    only, gone = None, set[int]()
    if after is not None and after < LATEST:
        moment = datetime.fromtimestamp(after / 1000, UTC)
        only, gone = queries.moved_since(desk.video.pk, moment)
    return JsonResponse(
        {
            "rows": lines_of(desk.edition, source, only),
            "gone": list(gone),
            "proposals": proposals_of(services.open_proposals(desk.edition)),
            "now": int(now.timestamp() * 1000),
            **_together(desk),
        }
    )


@serves("contribute", source="use")
@login_required
@never_cache
@require_safe
def changes(request: HttpRequest, key: str, language: str) -> JsonResponse:
    """The lines saved since `?since=`, and who claimed what: asked for every few seconds.

    With `?outlined=` also whether the outline of the film is made by now.
    """
    desk = desk_at(request, key, language)
    changed = Line.objects.filter(
        edition=desk.edition, change__gt=number_in(request.GET.get("since", "")) or 0
    )
    by_line = {line.pk: line for line in changed}
    texts = {
        each.line_id: formats.typed(each.text, each.settings)
        for each in queries.current(desk.edition, by_line)
    }
    return JsonResponse(
        {
            "rows": [
                {
                    "id": line.segment_id,
                    "version": line.version,
                    "text": texts.get(pk, ""),
                }
                for pk, line in by_line.items()
            ],
            **({"outlined": _outlined(desk)} if "outlined" in request.GET else {}),
            **_together(desk),
        }
    )


def _outlined(desk: Desk) -> bool:
    package = Package.objects.filter(video=desk.video).first()
    return package is not None and playback.has_outline(package)


def _together(desk: Desk) -> dict[str, object]:
    held = claiming.held(desk.edition.pk)
    called = names([each.account_id for each in held], own=desk.account)
    return {
        "changes": desk.edition.changes,
        "state": desk.edition.state,
        "notes": queries.open_notes(desk.edition.pk)[desk.edition.pk],
        "times": queries.timings(desk.video.pk).get(desk.video.pk, 0),
        "claims": [
            {
                "from": each.from_ms,
                "until": each.until_ms,
                "who": called[each.account_id],
                "mine": each.account_id == desk.account,
            }
            for each in held
        ],
    }


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def report(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Every finding of the checks, with its place; posting chooses the limits they go by."""
    desk = desk_at(request, key, language)
    if request.method == "POST":
        try:
            services.choose_limits(desk.edition.pk, request.POST.get("limits", ""), **desk.who)
            messages.success(request, _("Checked by these limits from now on. Every line stays."))
        except services.Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect(request.path)
    rows = queries.rows(desk.edition)
    limits = quality.limits(desk.edition.limits, desk.edition.language)
    lines = [quality.Timed(row.start_ms, row.end_ms, row.text) for row in rows]
    found = [
        {
            "segment": rows[each.at].segment,
            "clock": clock(rows[each.at].start_ms),
            "text": formats.plain_text(rows[each.at].text),
            "weight": each.weight,
            "words": labels.finding(each, limits),
        }
        for each in quality.check(lines, desk.edition.language, limits)
    ]
    context = {
        "video": desk.video,
        "edition": desk.edition,
        "name": own_name(desk.edition.language),
        "found": found,
        "lines": len(rows),
        "limits": limits,
        "newer": (newer := services.newer(desk.edition)),
        "would": _count(lines, desk, newer) if newer else 0,
        "offered": quality.offered(desk.edition.language),
        "chooses": desk.chooses_limits,
    }
    return render(request, "subtitles/report.html", context)


def _count(lines: list[quality.Timed], desk: Desk, limits: str) -> int:
    """How many remarks there would be by other limits."""
    language = desk.edition.language
    return len(list(quality.check(lines, language, quality.limits(limits, language))))


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def history(request: HttpRequest, key: str, language: str, segment: int) -> HttpResponse:
    """Every version of a line with author and reason; posting brings one back, or adds a note."""
    desk = desk_at(request, key, language)
    place = get_object_or_404(Segment, pk=segment, video=desk.video)
    line = Line.objects.filter(edition=desk.edition, segment=place).first()
    unsaid = ""
    if request.method == "POST":
        unsaid = _change(request, desk, place, line)
        if not unsaid:
            return redirect(request.path)
    versions = list(Revision.objects.filter(line=line).order_by("-version"))
    said = [formats.typed(each.text, each.settings) for each in versions]
    for each, before, after in zip(versions, [*said, None][1:], said, strict=True):
        each.compared = comparing.compared(before, after)  # type: ignore[attr-defined]
    notes = list(Note.objects.filter(line=line))
    people = [version.account_id for version in versions] + [each.account_id for each in notes]
    called = names(people, own=desk.account)
    context = {
        "video": desk.video,
        "edition": desk.edition,
        "name": own_name(desk.edition.language),
        "dir": formats.direction_of(desk.edition.language),
        "clock": clock(place.start_ms),
        "segment": place,
        "versions": [
            (each, called.get(each.account_id, ""), labels.reason(each.reason)) for each in versions
        ],
        "notes": [(each, called.get(each.account_id, "")) for each in notes],
        "unsaid": unsaid,
        "longest": services.LONGEST_NOTE,
        "writes": desk.standing.writes(desk.edition.state) and desk.agreed,
        "chief": bool(desk.standing.roles & CHIEFS),
    }
    status = UNPROCESSABLE if unsaid else 200
    return render(request, "subtitles/history.html", context, status=status)


def _change(request: HttpRequest, desk: Desk, place: Segment, line: Line | None) -> str:
    """Brings a version back or adds a note; returns a note that could not be added, as typed."""
    text = request.POST.get("note", "")
    version = number_in(request.POST.get("version", ""))
    try:
        if line is not None and version is not None:
            kept = Revision.objects.filter(line=line, version=version).first()
            if kept is None:
                raise services.Refusal("gone", _("This version is not there any more."))
            services.save_line(
                desk.edition.pk,
                place.pk,
                text=formats.typed(kept.text, kept.settings),
                based_on=line.version,
                reason=f"{labels.BROUGHT_BACK}{version}",
                **desk.who,
            )
            messages.success(request, _("Brought back."))
        else:
            services.note(desk.edition, place.pk, account=desk.account, text=text)
            messages.success(request, _("Everybody in the studio can read your note now."))
    except services.Conflict:
        messages.error(request, _("Somebody saved another version just now. Look again."))
    except services.Refusal as refusal:
        messages.error(request, refusal.message)
        return text
    return ""


@serves(
    "contribute",
    source="form",
    everyone="a moderator settles what others asked; the act asks who may",
)
@login_required
@same_origin_post
@require_POST
def settle(request: HttpRequest, key: str, language: str, segment: int) -> HttpResponse:
    """Marks a note as settled or opens it again; `do=delete` deletes one's own."""
    desk = desk_at(request, key, language)
    note, do = number_in(request.POST.get("note", "")) or 0, request.POST.get("do", "")
    try:
        if do == "delete":
            services.drop_note(desk.edition, note, account=desk.account)
            messages.success(request, _("Deleted."))
        else:
            services.settle_note(desk.edition, note, settled=do != "open", **desk.who)
    except services.Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("studio-history", key, language, segment)
