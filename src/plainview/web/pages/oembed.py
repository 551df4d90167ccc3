"""What a link to a page of ours is, for others that show it (oEmbed 1.0).

It is the same for everybody.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.html import format_html

from plainview.domains.catalogue.document import USES
from plainview.domains.catalogue.models import Title, Video, listed
from plainview.platform.addresses import absolute, link
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import any_page_reads
from plainview.privacy.policies import controller
from plainview.web.errors import not_implemented
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import artwork, cut, package_of, videos_for_cards
from plainview.web.pages.open import as_xml, child

Size = tuple[int, int]
"""Width and height in pixels."""


@serves("browse", source="use")
@any_page_reads
@cached
def oembed(request: HttpRequest) -> HttpResponse:
    """What a page of ours is, for others that link to it (oEmbed 1.0): a player where it plays.

    `maxwidth` and `maxheight` are kept to. The frame asks for itself where it may be shown.
    """
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return not_implemented(request, "form")
    if not (address := request.GET.get("url", "")):
        raise BadRequest("url= is the address to be told of")
    title, video = _linked(address)
    said: dict[str, object] = {
        "version": "1.0",
        "type": "link",
        "title": title.name.text,
        "provider_name": controller().name,
        "provider_url": absolute("/"),
        "cache_age": 3600,
    }
    most = _most(request)
    if found := _thumbnail(title, video, most):
        said |= zip(("thumbnail_url", "thumbnail_width", "thumbnail_height"), found, strict=True)
    plays = video is not None and (title.is_released or video.invites)
    if video is not None and plays and settings.EMBED_ANCESTORS:
        width, height = _fitting(*most)
        said |= {"type": "video", "width": width, "height": height}
        said["html"] = format_html(
            '<iframe src="{}" width="{}" height="{}" title="{}" allow="autoplay; fullscreen;'
            ' picture-in-picture" allowfullscreen loading="lazy" referrerpolicy="no-referrer"'
            ' style="border:0"></iframe>',
            link("embed", video.key), width, height, video.name.text,
        )  # fmt: skip
    if form == "json":
        return JsonResponse(said)
    root = Element("oembed")
    for name, value in said.items():
        child(root, name, value)
    return as_xml(root, "text/xml")


EMBED_WIDTH, EMBED_FOOT = 640, 40
"""Of a frame that nobody gave a size: the picture's width, and what stands under it; in pixels."""


def _thumbnail(title: Title, video: Video | None, most: Size) -> tuple[str, int, int] | None:
    """The largest picture of dots within what was asked, with its size: of the film, else a poster.

    Nobody who shows links draws an SVG.
    """
    found: list[tuple[str, int, int]] = []
    across, down = USES["poster"][0]
    if video is not None and (package := package_of(video)):
        found = [(absolute(package.poster_url), *package.poster_size)]
    for width, name in cut(title, "poster").get("webp", []):
        found.append((absolute(artwork(name)), width, width * down // across))
    fitting = [each for each in found if each[1] <= most[0] and each[2] <= most[1]]
    return max(fitting, key=lambda each: each[1], default=None)


def _most(request: HttpRequest) -> Size:
    """The width and height that were asked for at most. Raises BadRequest."""
    asked = [request.GET.get(name, "9999") for name in ("maxwidth", "maxheight")]
    if not all(text.isascii() and text.isdecimal() and int(text[:6]) > 0 for text in asked):
        raise BadRequest("maxwidth and maxheight are numbers of pixels")
    most, highest = (int(text[:6]) for text in asked)
    return most, highest


def _fitting(most: int, highest: int) -> Size:
    """Width and height of the frame, 16 to 9 and its foot, within what was asked."""
    width = max(1, min(EMBED_WIDTH, most, (highest - EMBED_FOOT) * 16 // 9))
    return width, width * 9 // 16 + EMBED_FOOT


def _linked(url: str) -> tuple[Title, Video | None]:
    """The listed title that an address of ours is about, and the video to show of it.

    Raises Http404.
    """
    parts = urlsplit(url)
    if parts.netloc != settings.PUBLIC.netloc:
        raise Http404("not an address of ours")
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise Http404("no such page") from None
    videos = videos_for_cards().filter(listed("title__")).select_related("title")
    if match.url_name == "title":
        title = Title.objects.filter(listed(), slug=match.kwargs["slug"]).first()
        ready = [each for each in videos.filter(title=title) if package_of(each)] if title else []
        main = [each for each in ready if not each.invites]
        return _there(title), next(iter(main or ready), None)
    if match.url_name in ("watch", "embed"):
        video = videos.filter(key=match.kwargs["key"]).first()
        return _there(video.title if video else None), (
            video if video and package_of(video) else None
        )
    raise Http404("no such title")


def _there(title: Title | None) -> Title:
    if title is None:
        raise Http404("no such title")
    return title
