"""Streams: the files of a package, with byte ranges and caching."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from plainview.domains.playback import queries
from plainview.platform.storage import ranges
from plainview.privacy.gate.doors import serves

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".vtt": "text/vtt; charset=utf-8",
}
_KEY = re.compile(r"[0-9a-z]{12}")
_NAME = re.compile(r"[a-z0-9-]{1,40}\.[a-z0-9]{3,4}")


@serves("playback", source="use")
def stream(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One file of a package. A package never changes under its key, so it is cached for a year.

    Playlists are given out only while the title is published (to staff also before); the key that
    the other files need stands in them alone.
    """
    path = Path(settings.MEDIA_ROOT) / "packages" / key / name
    if not _KEY.fullmatch(key) or not _NAME.fullmatch(name) or path.suffix not in TYPES:
        raise Http404
    playlist = path.suffix == ".m3u8"
    if playlist and not queries.streamable(key) and not getattr(request.user, "is_staff", False):
        raise Http404
    lasting = "public, max-age=60" if playlist else "public, max-age=31536000, immutable"
    try:
        return ranges.send(request, path, content_type=TYPES[path.suffix], cache_control=lasting)
    except FileNotFoundError:
        raise Http404 from None
