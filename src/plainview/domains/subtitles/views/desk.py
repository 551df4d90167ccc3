"""The contributors' desk: what is being worked on, a video's languages, and what one gave."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.domains.catalogue.models import Title, Video, released
from plainview.domains.catalogue.search import matching
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.forms import LanguageForm
from plainview.domains.subtitles.models import Accepted, Byline, Edition, Membership, Revision
from plainview.domains.subtitles.views import keys, labels
from plainview.domains.subtitles.views.finding import seen, video_at
from plainview.domains.subtitles.views.teams import CHIEFS
from plainview.platform.languages import numbers, own_name
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

UNPROCESSABLE = 422
LATEST = 60


@serves("contribute", may=["account"], source="use", everyone=CHIEFS)
@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What one works on, who asks to join, and every film with how far its languages are.

    `?q=` leaves the titles that hold its words.
    """
    account = request.visitor.account  # type: ignore[attr-defined]
    held = Membership.objects.filter(account=account).exclude(language="")
    teams = {(title, language) for title, language in held.values_list("title", "language")}
    titles = Title.objects.filter(released()).prefetch_related("videos")
    query = request.GET.get("q", "").replace("\0", "").strip()
    page = Paginator(matching(titles, query) if query else titles, LATEST).get_page(
        request.GET.get("page")
    )
    works = _works(page)
    mine = [
        (video, each)
        for video, progress in _works(titles.filter(pk__in={title for title, _language in teams}))
        for each in progress
        if (video.title_id, each.language) in teams
    ]
    context = {
        "mine": mine,
        "works": [work for work in works if work[1]],
        "untouched": [video for video, progress in works if not progress],
        "asking": _asking(account),
        "page": page,
        "query": query,
    }
    return render(request, "subtitles/home.html", context)


def _works(titles: Iterable[Title]) -> list[tuple[Video, list[queries.Progress]]]:
    """The videos of titles, each with how far its languages are."""
    videos = [video for title in titles for video in title.videos.all()]
    by_key: dict[str, list[queries.Progress]] = {}
    for each in queries.progress(video.pk for video in videos):
        by_key.setdefault(each.video_key, []).append(each)
    return [(video, by_key.get(video.key, [])) for video in videos]


def _asking(account: int) -> list[tuple[Video, str, str, int]]:
    """(video, language, address, how many) of each team that somebody asks to join.

    A language's team is met at the first video of its title that has the language.
    """
    found = services.asking(account)
    if not found:
        return []
    titles = Title.objects.filter(released()).prefetch_related("videos")
    wanted = titles.filter(pk__in={title for title, _language in found})
    videos = {each.pk: list(each.videos.all()) for each in wanted}
    begun = set(Edition.objects.filter(video__title__in=wanted).values_list("video_id", "language"))
    return [
        (
            video,
            own_name(language) if language else "",
            reverse("studio-team", args=[video.key, language])
            if language
            else reverse("studio-title-team", args=[video.key]),
            count,
        )
        for (title, language), count in sorted(found.items())
        for video in [
            each for each in videos.get(title, []) if not language or (each.pk, language) in begun
        ][:1]
    ]


@serves("contribute", may=["account", "availability", "playback"], source="form")
@login_required
@same_origin_post
def video(request: HttpRequest, key: str) -> HttpResponse:
    """The languages of one video; posting begins one, as its subtitler."""
    found = video_at(request, key)
    account = request.visitor.account  # type: ignore[attr-defined]
    progress = queries.progress([found.pk])
    form = LanguageForm(request.POST or None, begun={each.language for each in progress})
    if request.method == "POST" and form.is_valid():
        try:
            edition = services.open_edition(
                found, form.cleaned_data["language"], account=_joins(found, form, account)
            )
        except services.Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("studio-editor", found.key, edition.language)
    status = UNPROCESSABLE if form.errors else 200
    context = {
        "video": found,
        "form": form,
        "progress": progress,
        "hidden": not seen(request, found),
    }
    return render(request, "subtitles/video.html", context, status=status)


def _joins(video: Video, form: LanguageForm, account: int) -> int | None:
    """Whoever begins a language joins it; a moderated one is joined by applying, at each video."""
    tag = form.cleaned_data["language"]
    return account if services.standing(video.title_id, tag, account).peers else None


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def mine(request: HttpRequest) -> HttpResponse:
    """What one gave and what was accepted of it; posting takes every line back."""
    account = request.visitor.account  # type: ignore[attr-defined]
    if request.method == "POST" and "name" in request.POST:
        services.name_oneself(account, request.POST["name"])
        messages.success(request, _("Your choice holds for every film, at once."))
        return redirect("studio-mine")
    if request.method == "POST":
        if request.POST.get("sure") != "1":
            messages.error(request, _("Tick the box if you are sure. Nothing was taken back."))
            return redirect("studio-mine")
        count = services.take_back(account)
        said = ngettext(
            "%(count)s version of a line is gone.", "%(count)s versions of lines are gone.", count
        )
        messages.success(request, said % {"count": numbers.written(count)})
        return redirect("studio-mine")
    accepted = Accepted.objects.filter(account=account)
    byline = Byline.objects.filter(account=account).first()
    written = accepted.filter(kind=Accepted.Kind.WRITING).count()
    context = {
        "byline": byline.name if byline else "",
        "milestone": services.milestone(written),
        "agreed": services.agrees(account),
        "versions": Revision.objects.filter(account=account).count(),
        "accepted": [
            (_("Lines written"), written),
            (_("Segments timed"), accepted.filter(kind=Accepted.Kind.TIMING).count()),
            (_("Reviews"), accepted.filter(kind=Accepted.Kind.REVIEW).count()),
        ],
        "memberships": [
            (each, own_name(each.language) if each.language else "")
            for each in Membership.objects.filter(account=account).select_related("title")
        ],
    }
    return render(request, "subtitles/mine.html", context)


@serves("contribute", source="use")
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How the studio works, and every key of it."""
    return render(request, "subtitles/guide.html", {"keys": keys.listed(labels.studio_labels())})


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def terms(request: HttpRequest) -> HttpResponse:
    """The contributors' terms; posting accepts the version that was shown."""
    account = request.visitor.account  # type: ignore[attr-defined]
    following = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(following, None) or not following.startswith("/studio/"):
        following = reverse("studio")
    if request.method == "POST":
        if services.agree(account, request.POST.get("version", "")):
            return redirect(following)
        messages.error(request, _("These terms changed in the meantime. Please read them again."))
    context = {"version": services.TERMS, "agreed": services.agrees(account), "next": following}
    return render(request, "subtitles/terms.html", context)
