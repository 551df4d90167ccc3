"""Subtitle files in and out of an edition, by hand."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.forms import FileForm
from plainview.domains.subtitles.views.finding import Desk, desk_at
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

UNPROCESSABLE = 422
FORMATS = {"webvtt": "WebVTT", "srt": "SRT", "ass": "ASS", "ttml": "TTML (IMSC)"}


@serves("contribute", may=["account"], source="form")
@login_required
@never_cache
@same_origin_post
def files(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The edition as a file of each format; posting brings a file's lines in."""
    desk = desk_at(request, key, language)
    form = FileForm(request.POST or None, request.FILES or None)
    brought = None
    if request.method == "POST" and form.is_valid():
        brought = _bring(form, desk)
    context = {
        "video": desk.video,
        "edition": desk.edition,
        "name": formats.own_name(desk.edition.language),
        "form": form,
        "brought": brought,
        "notes": [services.told(each) for each in brought.notes] if brought else [],
        "formats": [
            (
                formats.NAMES[format],
                label,
                [services.told(each) for each in services.give_file(desk.edition, format).lost],
            )
            for format, label in FORMATS.items()
        ],
        "writes": desk.standing.writes(desk.edition.state),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "subtitles/files.html", context, status=status)


def _bring(form: FileForm, desk: Desk) -> services.Brought | None:
    file = form.cleaned_data["file"]
    try:
        return services.bring_file(
            desk.edition,
            file.read(formats.MAX_BYTES + 1),
            account=desk.account,
            filename=file.name,
            encoding=form.cleaned_data["encoding"],
            manages=desk.manages,
        )
    except formats.SubtitleError as error:
        form.add_error("file", services.refused(error))
    except services.Refusal as refusal:
        form.add_error("file", refusal.message)
    return None


@serves("contribute", source="use")
@login_required
@never_cache
@require_safe
def file(request: HttpRequest, key: str, language: str, ending: str) -> HttpResponse:
    """The lines as they stand, as a file to keep."""
    format = next((each for each, name in formats.NAMES.items() if name == ending), "")
    desk = desk_at(request, key, language)
    if not format:
        raise Http404("no such format")
    written = services.give_file(desk.edition, format)
    name = f"{desk.video.title.slug}.{desk.edition.language}.{ending}"
    return HttpResponse(
        written.text,
        content_type=formats.TYPES[format],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
        },
    )
