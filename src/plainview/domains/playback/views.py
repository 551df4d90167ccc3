"""Streams: the files of a package, with byte ranges and caching; and what the player tells."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Why
from plainview.domains.playback import queries, services
from plainview.domains.playback.models import LOOKS, Package, Platform, PlaybackFault
from plainview.domains.playback.ports import Ports
from plainview.domains.playback.services.delivering import Addresses
from plainview.platform.identifiers import number_in
from plainview.platform.media import playlists
from plainview.platform.media.outlining import DESCRIPTION, WAVEFORM
from plainview.platform.storage import ranges
from plainview.platform.storage.kept import Unreachable
from plainview.privacy import events
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import let_any_page_read, same_origin_post

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".vtt": "text/vtt; charset=utf-8",
}
OUTLINE = {DESCRIPTION: "application/json", WAVEFORM: "application/octet-stream"}
"""By name, since a package describes itself for us alone in a file of such a kind too."""
MASTER = "master.m3u8"
POSTERS = frozenset({"poster.jpg", "poster.webp"})
FOR_A_YEAR = "public, max-age=31536000, immutable"
WHILE_SIGNED = "public, max-age=3600, s-maxage=60, immutable"
"""Browsers keep what they were sent; caches that many share ask every minute whether it is over."""
_KEY = re.compile(r"[0-9a-z]{12}")
_SITTING = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z0-9-]{1,40}\.[a-z0-9]{3,4}")


@serves("playback", may=["availability"], source="use")
@require_safe
def stream(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """The address of a file that lasts: a poster, or the way to where the file is for long enough.

    Of a film with subtitles the playlist that players open says the way to each file, and to them.
    It is given only where, with which plan and while the title may be watched, to staff always
    (P2.1.4a); the answer is kept nowhere.
    """
    content_type = _type_of(key, name)
    if name in POSTERS:
        let_any_page_read(request)
        return _sent(request, key, name, content_type, FOR_A_YEAR)
    package = queries.package(key)
    if package is None:
        raise Http404
    allowed = queries.may_play(package.video, catalogue.seat_of(request))
    if not allowed and not getattr(request.user, "is_staff", False):
        raise Http404 if allowed.why is Why.HIDDEN else PermissionDenied
    there = services.addresses(package, allowed, whole=True)
    texts = Ports.subtitles(package.video) if name == MASTER else []
    answer = _completed(package, there, texts) if texts else redirect(there.of(name))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _completed(package: Package, there: Addresses, texts: list[playlists.Text]) -> HttpResponse:
    """The playlist that a player opens, with the subtitles, which are not of the package."""
    try:
        with services.at_hand(package.key, MASTER) as folder:
            kept = (folder / MASTER).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Http404 from None
    except Unreachable:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    said = playlists.completed(kept, there.folder, texts)
    return HttpResponse(said, content_type=TYPES[".m3u8"])


@serves("playback", source="use")
@require_safe
def stream_file(request: HttpRequest, token: str, key: str, name: str) -> HttpResponseBase:
    """One file of a package, while its address holds (403 after). nginx answers this by itself."""
    content_type = _type_of(key, name)
    if not services.is_open(token, key):
        return HttpResponse(status=403, headers={"Cache-Control": "no-store"})
    return _sent(request, key, name, content_type, WHILE_SIGNED)


def _type_of(key: str, name: str) -> str:
    """The kind of a file by its name; raises Http404 for what is none of a package's."""
    content_type = OUTLINE.get(name) or TYPES.get(Path(name).suffix)
    if not _KEY.fullmatch(key) or not _NAME.fullmatch(name) or content_type is None:
        raise Http404
    return content_type


def _sent(
    request: HttpRequest, key: str, name: str, content_type: str, lasting: str
) -> HttpResponseBase:
    try:
        found = services.content(key, name)
        return ranges.send(request, found, content_type=content_type, cache_control=lasting)
    except FileNotFoundError:
        raise Http404 from None
    except Unreachable:
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})


@serves("playback", may=["history"], source="use")
@same_origin_post
@require_POST
def signal(request: HttpRequest, key: str) -> HttpResponse:
    """How far a sitting has come. Kept only of those who permit it; told of nobody else (204).

    A sitting that turned private (`private=1`) leaves nothing, not even what it left before.
    """
    visitor = request.visitor  # type: ignore[attr-defined]
    duration = queries.duration(key)
    if duration is None:
        raise Http404
    video, seconds_long = duration
    sitting = request.POST.get("sitting", "")
    if not _SITTING.fullmatch(sitting):
        raise BadRequest("a sitting is 32 hexadecimal digits")
    if visitor.subject is None:
        return HttpResponse(status=204)
    if request.POST.get("private") == "1":
        with entering("history"):
            services.forget_sitting(visitor.subject, sitting)
        return HttpResponse(status=204)
    events.publish(
        services.Watched(
            subject=visitor.subject,
            video=video,
            duration=seconds_long,
            sitting=sitting,
            told=_number(request, "told", 100_000),
            position=_number(request, "position", seconds_long),
            seconds=_number(request, "seconds", 1_000_000),
            ended=request.POST.get("ended") == "1",
            offset=_offset(request),
        )
    )
    return HttpResponse(status=204)


@serves("playback", may=["business-analytics", "error-reports"], source="use")
@same_origin_post
@require_POST
def report(request: HttpRequest, key: str) -> HttpResponse:
    """What a player reports of itself: that it began, or how it stood still, and on what.

    Kept only of those who permit it, without the film (204 for everybody).
    """
    visitor = request.visitor  # type: ignore[attr-defined]
    platform, what = request.POST.get("platform", ""), request.POST.get("what", "")
    if platform not in Platform.values or what not in {"began", *PlaybackFault.Kind.values}:
        raise BadRequest("a report says a platform and what happened")
    if visitor.subject is None:
        return HttpResponse(status=204)
    if what == "began":
        events.publish(services.PlayedOn(visitor.subject, platform))
    else:
        events.publish(services.StoodStill(visitor.subject, platform, what))
    return HttpResponse(status=204)


@serves("interface", source="form")
@same_origin_post
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember how a member wants the player; a device remembers by itself (204)."""
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return HttpResponse(status=204)
    said = request.POST
    try:
        services.keep_settings(
            account,
            language=said.get("lang", ""),
            second=said.get("second", ""),
            look={part: said[part] for part in LOOKS if part in said},
            play_next=_truth(said.get("playNext", "")),
            data_saver=_truth(said.get("dataSaver", "")),
        )
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return HttpResponse(status=204)


def _truth(text: str) -> bool | None:
    """Yes, no, or nothing said."""
    return {"true": True, "false": False}.get(text)


def _number(request: HttpRequest, name: str, most: int) -> int:
    """A posted whole number, at most `most`. Raises BadRequest for anything else."""
    number = number_in(request.POST.get(name, ""))
    if number is None:
        raise BadRequest(f"{name} is a whole number")
    return min(number, most)


def _offset(request: HttpRequest) -> int:
    """The posted offset of subtitles in milliseconds, 0 if none. Raises BadRequest."""
    text = request.POST.get("offset", "0")
    if not re.fullmatch(r"-?[0-9]{1,6}", text, re.ASCII):
        raise BadRequest("offset is a whole number of milliseconds")
    return int(text)
