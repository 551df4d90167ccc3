"""The catalogue's own doors: pictures. Its pages stand in `web.pages`, which join domains."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponseBase

from plainview.domains.catalogue.document import picture_file
from plainview.domains.catalogue.services import ARTWORK_TYPES
from plainview.platform.storage import ranges
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import any_page_reads

_NAME = re.compile(r"[0-9a-f]{20}\.[a-z]{3,4}")


@serves("browse", source="use")
@any_page_reads
def artwork(request: HttpRequest, name: str) -> HttpResponseBase:
    """A poster or backdrop. Opened by itself, an SVG may run nothing and fetch nothing."""
    path = picture_file(name)
    content_type = ARTWORK_TYPES.get(path.suffix)
    if not _NAME.fullmatch(name) or content_type is None:
        raise Http404
    packed = path.with_name(f"{name}.gz")
    taken = "gzip" in request.headers.get("Accept-Encoding", "") and packed.exists()
    try:
        response = ranges.send(
            request,
            packed if taken else path,
            content_type=content_type,
            cache_control="public, max-age=31536000, immutable",
        )
    except FileNotFoundError:
        raise Http404 from None
    if taken:
        response["Content-Encoding"] = "gzip"
    if path.suffix == ".svg":
        response["Vary"] = "Accept-Encoding"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
