"""The editor: a plain form of one page of segments, which script turns into the studio."""

from __future__ import annotations

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.domains.playback import services as playback
from plainview.domains.playback.models import Package
from plainview.domains.playback.services.delivering import Addresses
from plainview.domains.subtitles import formats, quality, queries, services
from plainview.domains.subtitles.live import news
from plainview.domains.subtitles.models import Edition, State
from plainview.domains.subtitles.services import claiming
from plainview.domains.subtitles.views import labels
from plainview.domains.subtitles.views.finding import Desk, desk_at, names, seen
from plainview.platform import languages
from plainview.platform.identifiers import number_in
from plainview.platform.languages import numbers
from plainview.platform.media.outlining import DESCRIPTION as OUTLINE
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

PAGE = 40
CONFLICT, FORBIDDEN = 409, 403
EXAMPLE = "vertical:rl line:10% position:20% size:50% align:start"
STATES = {
    State.DRAFT: labels.DRAFT,
    State.REVIEW: labels.REVIEW,
    State.RELEASED: labels.RELEASED,
    State.LOCKED: labels.LOCKED,
}


@serves("contribute", may=["account", "availability", "playback"], source="form")
@login_required
@csp_update({"style-src": settings.PLAYER_STYLES})
@same_origin_post
def editor(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Source and target side by side; `?source=` another language, `?page=` without script."""
    desk = desk_at(request, key, language)
    if request.method == "POST":
        return _save(request, desk)
    return _page(request, desk)


def _page(
    request: HttpRequest,
    desk: Desk,
    kept: dict[int, tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    edition, video = desk.edition, desk.video
    allowed = seen(request, video)
    package = Package.objects.filter(video=video).first()
    there = playback.addresses(package, allowed, studio=True) if package and allowed else None
    source = source_of(desk, request.GET.get("source", ""))
    page = Paginator(queries.segments(edition), PAGE).get_page(request.GET.get("page"))
    shown = [each.pk for each in page.object_list]
    said = {row.segment: row.text for row in queries.rows(source, shown)} if source else {}
    held = claiming.held(edition.pk)
    called = names([each.account_id for each in held], own=desk.account)
    lines = [
        {
            "row": row,
            "clock": clock(row.start_ms),
            "source": formats.plain_text(said.get(row.segment, "")),
            **_fields(edition, row, (kept or {}).get(row.segment)),
            "holder": next(
                (
                    called[each.account_id]
                    for each in held
                    if each.from_ms <= row.start_ms < each.until_ms
                ),
                "",
            ),
        }
        for row in queries.rows(edition, shown)
    ]
    total = page.paginator.count
    context = {
        "video": video,
        "edition": edition,
        "name": languages.own_name(edition.language),
        "dir": formats.direction_of(edition.language),
        "source": source,
        "source_dir": formats.direction_of(source.language) if source else "ltr",
        "others": [
            (each.language, languages.own_name(each.language))
            for each in Edition.objects.filter(video=video).exclude(pk=edition.pk)
        ],
        "page": page,
        "lines": lines,
        "places": labels.places(),
        "example": EXAMPLE,
        "total": total,
        "percent": queries.percent(edition.filled, total),
        "state": STATES[State(edition.state)],
        "writes": desk.standing.writes(edition.state) and desk.agreed,
        "joined": desk.standing.writes(edition.state),
        "member": desk.standing.writes(State.DRAFT),
        "hidden": not allowed,
        "withheld": queries.withheld(edition),
        "newer": services.newer(edition) if desk.chooses_limits else "",
        "times": desk.standing.times(edition.state),
        "package": package if allowed else None,
        "addresses": there,
        "setup": _setup(desk, source, package, there),
        "labels": labels.studio_labels(),
    }
    return render(request, "subtitles/editor.html", context, status=status)


def _setup(
    desk: Desk, source: Edition | None, package: Package | None, there: Addresses | None
) -> dict[str, object]:
    """What the island needs to begin; of a film that is nowhere for its reader its lines alone."""
    at = [desk.video.key, desk.edition.language]
    film = package if there else None
    return {
        "lines": reverse("studio-lines", args=at)
        + (f"?source={source.language}" if source else ""),
        "changes": reverse("studio-changes", args=at),
        "live": reverse("studio-live", args=at),
        "me": news.token(desk.edition.pk, desk.account),
        "act": reverse("studio-act", args=at),
        "history": reverse("studio-history", args=[*at, 0]),
        "find": reverse("studio-find", args=at),
        "signIn": f"{reverse('account_login')}?next={reverse('studio-editor', args=at)}",
        "source": source.language if source else "",
        "outline": there.of(OUTLINE) if there else "",
        "outlined": film is not None and not playback.ask_for_outline(film),
        "fps": package.contents["renditions"][0]["fps"] if package else "25",
        "language": desk.edition.language,
        "writes": desk.standing.writes(desk.edition.state) and desk.agreed,
        "times": desk.standing.times(desk.edition.state),
        "limits": quality.limits(desk.edition.limits, desk.edition.language).numbers(),
    }


def _save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Save each line of the page that was changed; what can't be saved stays in the form.

    A button that claims segments sends the same form, so what was typed is saved with it.
    """
    kept: dict[int, tuple[str, str]] = {}
    trouble: list[str] = []
    saved = 0
    if (claimed := number_in(request.POST.get("claim", ""))) is not None:
        _claim(request, desk, claimed)
    for name, text in request.POST.items():
        number = name.removeprefix("line-")
        segment = None if number == name else number_in(number)
        if segment is None:
            continue
        plain = str(text).replace("\r\n", "\n")
        placed = request.POST.get(f"placed-{number}", "")
        place = request.POST.get(f"place-{number}", placed)
        unmoved = place == placed
        if unmoved and plain == str(request.POST.get(f"was-{number}", "")).replace("\r\n", "\n"):
            continue
        try:
            services.save_line(
                desk.edition.pk,
                segment,
                text=formats.joined(place, plain) if place or not unmoved else plain,
                based_on=number_in(request.POST.get(f"version-{number}", "")) or 0,
                **desk.who,
            )
            saved += 1
        except ValueError:
            kept[segment] = (plain, place)
            trouble.append(
                _("“%(place)s” is no place. Write it like %(example)s.")
                % {"place": place[:80], "example": EXAMPLE}
            )
        except services.Conflict as conflict:
            kept[segment] = (plain, place)
            trouble.append(
                _("Somebody wrote “%(text)s” in the meantime; yours is still in its field.")
                % {"text": formats.plain_text(conflict.text)}
            )
        except services.Refusal as refusal:
            kept[segment] = (plain, place)
            trouble.append(refusal.message)
    if saved:
        said = ngettext("%(count)s line saved.", "%(count)s lines saved.", saved)
        messages.success(request, said % {"count": numbers.written(saved)})
    for each in dict.fromkeys(trouble):
        messages.error(request, each)
    if kept:
        return _page(request, desk, kept, CONFLICT)
    return redirect(request.get_full_path())


def _fields(edition: Edition, row: queries.Row, kept: tuple[str, str] | None) -> dict[str, str]:
    """A line's words and place as its fields have them: as they were, and as they are typed now."""
    placed, was = formats.parted(formats.typed(row.text, row.settings))
    if formats.direction_of(edition.language) == "rtl":
        was = formats.isolated(was)
    text, place = kept or (was, placed)
    return {"was": was, "placed": placed, "text": text, "place": place}


def _claim(request: HttpRequest, desk: Desk, from_ms: int) -> None:
    try:
        services.claim(desk.edition, from_ms=from_ms, **desk.who)
        messages.success(request, _("These segments are yours for half an hour."))
    except services.Refusal as refusal:
        messages.error(request, refusal.message)


def source_of(desk: Desk, asked: str) -> Edition | None:
    """The edition to translate from: the one asked for, else the spoken one, else the fullest.

    Of those that are as full, the one in the language of the page.
    """
    read = (languages.current(), settings.LANGUAGE_CODE)
    others = sorted(
        Edition.objects.filter(video=desk.video).exclude(pk=desk.edition.pk),
        key=lambda each: (-each.filled, *(each.language != tag for tag in read), each.language),
    )
    by_language = {each.language: each for each in others}
    spoken = by_language.get(desk.video.language)
    return by_language.get(asked) or spoken or next((e for e in others if e.filled), None)


def clock(ms: int) -> str:
    """`1:02:03.456` for a time in the film."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{head}:{seconds:02}.{rest:03}"
