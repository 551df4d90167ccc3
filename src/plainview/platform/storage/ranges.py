"""Sending files with byte ranges (RFC 9110 section 14), which Django leaves out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_http_date_safe

_RANGE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*")
_CHUNK = 256 * 1024


class _Slice:
    """A file-like view on `length` bytes of a file, for the server's own sending loop."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self._file, self._left = file, length
        file.seek(start)

    def read(self, size: int = _CHUNK) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read():
            yield data

    def close(self) -> None:
        self._file.close()


def send(
    request: HttpRequest, path: Path, *, content_type: str, cache_control: str
) -> HttpResponseBase:
    """Answer with the file at `path`: whole (200), one range (206), unchanged (304) or 416.

    Several ranges in one request are answered with the whole file, as RFC 9110 allows. Raises
    FileNotFoundError, or IsADirectoryError.
    """
    file = path.open("rb")
    facts = os.fstat(file.fileno())
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    modified = int(facts.st_mtime)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": cache_control,
        "ETag": etag,
        "Last-Modified": formatdate(modified, usegmt=True),
    }
    if _unchanged(request, etag, modified):
        file.close()
        return HttpResponse(status=304, headers=headers)
    wanted = None
    if request.method == "GET" and _range_applies(request, etag, modified):
        wanted = _parse(request.headers.get("Range", ""), facts.st_size)
    if wanted == ():
        file.close()
        headers["Content-Range"] = f"bytes */{facts.st_size}"
        return HttpResponse(status=416, headers=headers)
    if wanted:
        start, end = wanted
        length = end - start + 1
        body = FileResponse(_Slice(file, start, length), status=206, content_type=content_type)
        headers["Content-Range"] = f"bytes {start}-{end}/{facts.st_size}"
    else:
        length = facts.st_size
        body = FileResponse(file, content_type=content_type)
    headers["Content-Length"] = str(length)
    for name, value in headers.items():
        body[name] = value
    del body["Content-Disposition"]
    return body


def _unchanged(request: HttpRequest, etag: str, modified: int) -> bool:
    if tags := request.headers.get("If-None-Match"):
        return tags.strip() == "*" or etag in [tag.strip() for tag in tags.split(",")]
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified <= since


def _range_applies(request: HttpRequest, etag: str, modified: int) -> bool:
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    return condition == etag or parse_http_date_safe(condition) == modified


def _parse(header: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """(first, last) byte of a single satisfiable range, () if none can be satisfied, else None."""
    unit, _, spec = header.partition("=")
    if unit.strip().lower() != "bytes" or "," in spec:
        return None
    match = _RANGE.fullmatch(spec)
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if not first:  # the last N bytes
        return (max(0, size - int(last)), size - 1) if size and int(last) else ()
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return (start, end) if start < size else ()
