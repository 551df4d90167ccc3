"""Subtitle files in and out of an edition, by hand."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.domains.subtitles import formats, services
from plainview.domains.subtitles.forms import FileForm, KeptFileForm
from plainview.domains.subtitles.views.editor import clock
from plainview.domains.subtitles.views.finding import Desk, desk_at
from plainview.platform.downloads import download
from plainview.platform.languages import own_name
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

UNPROCESSABLE = 422
FORMATS = {"webvtt": "WebVTT", "srt": "SRT", "ass": "ASS", "ttml": "TTML (IMSC)"}


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def files(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The edition as a file of each format, and the way in for one.

    Posting a file shows how it reads and what would become of it; posting `do=bring` from there
    brings its lines in. Until then the page alone holds it (`kept`).
    """
    desk = desk_at(request, key, language)
    form, trouble = FileForm(), ""
    context: dict[str, object] = {}
    if "kept" in request.POST:
        given = KeptFileForm(request.POST)
        context, trouble = _read(given, desk, trial=request.POST.get("do") != "bring")
        if trouble:
            messages.error(request, trouble)
            context, _again = _read(KeptFileForm({**request.POST.dict(), "encoding": ""}), desk)
    elif request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        context, trouble = _read(form, desk)
        if trouble and not form.errors:
            form.add_error("file", trouble)
    lost = services.losses(desk.edition)
    context |= {
        "video": desk.video,
        "edition": desk.edition,
        "name": own_name(desk.edition.language),
        "form": form,
        "formats": [
            (formats.NAMES[format], label, [services.told(each) for each in lost[format]])
            for format, label in FORMATS.items()
        ],
        "writes": desk.standing.writes(desk.edition.state),
    }
    status = UNPROCESSABLE if trouble else 200
    return render(request, "subtitles/files.html", context, status=status)


def _read(
    given: FileForm | KeptFileForm, desk: Desk, *, trial: bool = True
) -> tuple[dict[str, object], str]:
    """What a page says of a file that was looked at or brought in; or why it can't be."""
    if not given.is_valid():
        return {}, _("Choose the file again.")
    data = given.cleaned_data
    try:
        brought = services.bring_file(
            desk.edition,
            data["data"],
            filename=data["name"],
            encoding=data["encoding"],
            trial=trial,
            **desk.who,
        )
    except formats.SubtitleError as error:
        return {}, services.refused(error)
    except services.Refusal as refusal:
        return {}, refusal.message
    return {
        "brought": brought,
        "looks": trial,
        "kept": data["kept"],
        "chosen": data["encoding"],
        "file_name": data["name"],
        "encoding": formats.public_name(brought.encoding),
        "notes": [services.told(each) for each in brought.notes],
        "first": [(clock(each.start_ms), formats.plain_text(each.text)) for each in brought.first],
    }, ""


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
    return download(name, written.text, formats.TYPES[format])
