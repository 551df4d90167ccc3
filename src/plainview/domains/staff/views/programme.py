"""Pages of the desk: how things stand, putting a film on, watching it being prepared, subtitles."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue import services as programme
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.catalogue.ports import Ports
from plainview.domains.playback import queries as playback
from plainview.domains.playback import services as playing
from plainview.domains.playback.models import Ingest
from plainview.domains.staff.access import me, staff, uploads_closed
from plainview.domains.staff.forms import SubtitleForm
from plainview.domains.staff.forms.shared import FILMS, Languages
from plainview.domains.staff.forms.uploading import UploadForm
from plainview.domains.staff.permissions import in_words
from plainview.domains.staff.views import morning
from plainview.domains.staff.views.catalogue import title_at
from plainview.domains.subtitles import formats, services
from plainview.platform import languages
from plainview.platform.identifiers import new_key
from plainview.platform.storage.bodies import takes
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.people import there_still

PAGE = 40
UNPROCESSABLE = 422


@serves("browse", may=["account"], source="use")
@staff("desk.open")
def desk(request: HttpRequest) -> HttpResponse:
    """How things stand, what one may do here, the last ingests and the one next act."""
    held = cast(User, request.user).held_roles
    may = request.may  # type: ignore[attr-defined]
    breached = morning.open_breaches(may)
    counted = morning.waiting(may, breached, staff=me(request))
    context = {
        "waiting": [each for each in counted if each.many],
        "quiet": [each for each in counted if not each.many],
        "breach": next((each for each in breached if each.due), None),
        "ingests": list(playback.ingests()[:6]),
        "mine": [(role.label, in_words(role)) for role in Role if role in held],
        "others": [(role.label, in_words(role)) for role in Role if role not in held],
    }
    return render(request, "staff/home.html", context)


@serves("contribute", may=["account", "moderation"], source="form")
@takes(settings.ENV.max_upload_gb * playing.GIGABYTE)
@staff("catalogue.edit")
@same_origin_post  # a token stands in the body, which may be as long as a film
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a film in and shows how it goes.

    `?again=` brings back the words of a failed ingest, `?after=` begins the episode after an
    ingest's, `?replaces=` names a film that another is to replace. The page's script asks first
    whether the words are right.
    Whoever has too many open strikes is led to them instead (17 U.S.C. §512(i)(1)(A)).
    """
    if uploads_closed(request):
        return redirect("strikes")
    if request.method == "POST":
        there_still(request)
    if request.method == "POST" and "withdraw" in request.POST:
        if begun := playing.arriving(request.POST["withdraw"], me(request)):
            playing.withdraw(begun)
            messages.success(request, _("It was taken back, and nothing of it is kept."))
        return redirect("desk-upload")
    if request.method != "POST":
        return _upload_page(request, UploadForm(initial=_begun(request)))
    form = UploadForm(request.POST, request.FILES)
    if "asks" in request.POST and form.is_valid():
        return HttpResponse(status=204)
    if form.is_valid() and (started := _begin(request, form)):
        return redirect("desk-ingest", started.key)
    return _upload_page(request, form, status=UNPROCESSABLE)


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    """The form, and what this person began to send and did not finish."""
    begun = [
        (each, playing.address_of(each, me(request))) for each in playing.unfinished(me(request))
    ]
    rows = [
        {
            "arrival": each,
            "percent": each.offset * 100 // each.size,
            "label": filesizeformat(each.size),
            "address": address,
        }
        for each, address in begun
    ]
    arrivals = [
        {
            "address": address,
            "url": reverse("desk-arrival", args=[address]),
            "name": each.source_name,
            "size": each.size,
            "modified": each.modified,
        }
        for each, address in begun
    ]
    context = {"form": form, "unfinished": rows, "arrivals": arrivals, "replaced": _replaced(form)}
    return render(request, "staff/upload.html", context, status=status)


def _begin_arrived(request: HttpRequest, form: UploadForm) -> Ingest | None:
    """Start the ingest of a film that came by pieces; None with the reason in the form."""
    values = form.cleaned_data
    arrival = playing.arriving(values["arrived"], me(request))
    if arrival is None or arrival.offset != arrival.size:
        form.add_error("film", _("The film is not all here. Choose it again, and it goes on."))
        return None
    return playing.begin_ingest(
        arrival.path,
        source_name=arrival.source_name,
        arrival=arrival,
        **_words(request, values),
    )


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the form says at first: of a film to replace, an episode before, a failed ingest."""
    if video := Video.objects.filter(key=request.GET.get("replaces", "")).first():
        return {"replaces": video.key}
    if before := playback.ingests().filter(key=request.GET.get("after", "")).first():
        said = _again(before) | {"name": ""}
        return said | {"number": said["number"] + 1} if "number" in said else {}
    earlier = playback.ingests().filter(key=request.GET.get("again", "")).first()
    return _again(earlier) if earlier else {}


def _replaced(form: UploadForm) -> Video | None:
    """The film that the form's is to replace."""
    key = form["replaces"].value()
    return Video.objects.select_related("title", "season").filter(key=key).first() if key else None


def _again(earlier: Ingest) -> dict[str, Any]:
    """The form of a film that was not taken, as it was sent."""
    said = {"name": earlier.name, "language": earlier.language, "draft": earlier.draft}
    if not earlier.place:
        return said | ({"replaces": earlier.video.key} if earlier.video else {})
    _series, season, number = earlier.place
    series = earlier.title.slug if earlier.title else UploadForm.NEW
    return said | {"series": series, "season": season, "number": number}


def _words(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    replaced: Video | None = values["replaces"]
    what: dict[str, Any] = (
        {"name": str(replaced.name.text), "video": replaced, "language": replaced.language}
        if replaced
        else {
            "name": values["name"],
            "place": _place(values),
            "language": values["language"] or "und",
            "draft": values["draft"],
        }
    )
    return what | {
        "uploaded_by": cast(User, request.user),
        "subtitles": [(file.name or "", file.read()) for file in values["subtitles"]],
    }


def _place(values: dict[str, Any]) -> playing.Place | None:
    """The episode that the film is; None for a film by itself."""
    if not values["series"]:
        return None
    series = "" if values["series"] == UploadForm.NEW else values["series"]
    return playing.Place(series, values["season"], values["number"])


def _begin(request: HttpRequest, form: UploadForm) -> Ingest | None:
    """Start the ingest of an uploaded film; None with the reason in the form."""
    values = form.cleaned_data
    if values["arrived"]:
        return _begin_arrived(request, form)
    film: UploadedFile = values["film"]
    kept = Path(settings.FILE_UPLOAD_TEMP_DIR) / f"film-{new_key()}"
    try:
        _keep(film, kept)
        return playing.begin_ingest(
            kept,
            source_name=film.name or "",
            keep_source=False,
            **_words(request, values),
        )
    except OSError as error:
        form.add_error(
            "film",
            _("The film arrived but could not be kept: %(reason)s. Ask for room on the disk.")
            % {"reason": error.strerror or error},
        )
        return None
    finally:
        kept.unlink(missing_ok=True)


def _keep(film: UploadedFile, target: Path) -> None:
    """Put the upload at `target`: a large one is a file and moves, a small one is written."""
    if isinstance(film, TemporaryUploadedFile):
        Path(film.temporary_file_path()).replace(target)
        return
    with target.open("xb") as file:
        for chunk in film.chunks():
            file.write(chunk)


@serves("browse", may=["account"], source="use")
@staff("catalogue.edit")
def ingests(request: HttpRequest) -> HttpResponse:
    """Every film on its way or taken in, newest first."""
    page = Paginator(playback.ingests(), PAGE).get_page(request.GET.get("page"))
    return render(request, "staff/ingests.html", {"page": page})


@serves("browse", may=["account"], source="use")
@staff("catalogue.edit")
def ingest(request: HttpRequest, key: str) -> HttpResponse:
    """How one ingest goes; script asks for the changing part alone, every two seconds."""
    found = get_object_or_404(playback.ingests(), key=key)
    part = request.headers.get("HX-Request") == "true"
    template = "staff/ingest_state.html" if part else "staff/ingest.html"
    under_way = found.state in (Ingest.State.WAITING, Ingest.State.WORKING)
    said = {
        "verdict": playing.verdict(found),
        "notes": playing.notes(found),
        "waits": under_way and playing.waits(found),
    }
    called = found.video.name.text if found.video else found.name
    context = {"ingest": found, "called": called, "under_way": under_way, **said}
    return render(request, template, context)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def title(request: HttpRequest, slug: str) -> HttpResponse:
    """A title's name, its videos and their subtitles, and forms that change them."""
    found = title_at(slug)
    posted = found.videos.filter(key=request.POST.get("video", "")).first()
    if posted is None:
        return _title_page(request, found)
    form = SubtitleForm(request.POST, request.FILES, prefix=posted.key)
    if form.is_valid() and _add_subtitles(request, posted, form):
        return redirect(request.get_full_path())
    return _title_page(request, found, adding=form)


@serves("contribute", may=["account"], source="form")
@staff("catalogue.edit")
def publishing(request: HttpRequest, slug: str) -> HttpResponse:
    """Publishes a title or takes it out of the programme (post only)."""
    found = title_at(slug)
    if request.method == "POST":
        out = request.POST.get("act") == "unpublish"
        try:
            (programme.unpublish if out else programme.publish)(found)
        except programme.Invalid as error:
            messages.error(request, languages.together(*(each.words for each in error.problems)))
            return redirect("desk-title", found.slug)
        said = (
            _("The title is out of the programme; only staff see it.")
            if out
            else _("The title is in the programme.")
        )
        messages.success(request, said)
    return redirect("desk-title", found.slug)


def _title_page(
    request: HttpRequest,
    title: Title,
    *,
    adding: SubtitleForm | None = None,
) -> HttpResponse:
    """The page of a title, with a form that was found wanting in its place."""
    videos = title.videos.select_related("season", "title", "package").prefetch_related("tracks")
    videos = videos.defer("package__contents")
    page = Paginator(videos, FILMS).get_page(request.GET.get("page"))
    forms, spoken = {video: SubtitleForm(prefix=video.key) for video in page}, Languages()
    for form in forms.values():
        form.fields["language"].choices = spoken  # type: ignore[attr-defined]
    rows = [
        (video, adding if adding is not None and adding.prefix == video.key else form)
        for video, form in forms.items()
    ]
    context = {
        "title": title,
        "rows": rows,
        "page": page,
        "nowhere": catalogue.nowhere(title),
        "held": not title.is_listed and Ports.held_down(title=title.pk),
    }
    status = 200 if adding is None else UNPROCESSABLE
    return render(request, "staff/title.html", context, status=status)


def _add_subtitles(request: HttpRequest, video: Video, form: SubtitleForm) -> bool:
    """Import the form's file; False with the reason in the form."""
    for file in form.cleaned_data["file"]:
        try:
            tracks = services.import_file(
                video,
                file.read(),
                filename=file.name or "",
                language=form.cleaned_data["language"],
            )
        except formats.SubtitleError as error:
            if error.code == "no-language":
                form.add_error("language", services.refused(error))
            else:
                form.add_error("file", services.refused(error, file.name or ""))
            return False
        for track in tracks:
            messages.success(
                request, _("The subtitles are there: %(language)s.") % {"language": track.label}
            )
            for note in track.notes:
                messages.info(request, services.told(note))
    return True
