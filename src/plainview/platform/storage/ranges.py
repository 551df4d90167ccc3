"""Sending files with byte ranges (RFC 9110 section 14), which Django leaves out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_http_date_safe

_RANGE = re.compile(r"\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII)
_CHUNK = 256 * 1024

LARGEST_SLICE = 8 * 2**20
"""A range is answered with this many bytes at most, in one piece: the server takes it over whole
and the thread is free, however slow the reader. A longer range gets its first part (RFC 9110
section 15.3.7 lets a server send less); players ask for the rest."""

_streams = BoundedSemaphore(2)
"""Whole large files keep a thread busy for as long as the reader takes: so many at a time."""


class _Stream:
    """A file sent bit by bit; frees its place among the streams when it is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while data := self._file.read(_CHUNK):
            yield data

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
            _streams.release()


def send(
    request: HttpRequest, path: Path, *, content_type: str, cache_control: str
) -> HttpResponseBase:
    """Answer with the file at `path`: whole (200), one range (206), unchanged (304) or 416.

    Several ranges in one request are answered with the whole file, as RFC 9110 allows. A large file
    asked for whole is sent to two readers at a time; the next one is told to come back (503).
    Raises FileNotFoundError, or IsADirectoryError.
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
    headers["Content-Type"] = content_type
    wanted: tuple[int, int] | tuple[()] | None = None
    if request.method == "GET" and _range_applies(request, etag, modified):
        wanted = _parse(request.headers.get("Range", ""), facts.st_size)
    if wanted == ():
        file.close()
        headers["Content-Range"] = f"bytes */{facts.st_size}"
        return HttpResponse(status=416, headers=headers)
    if wanted:
        start, end = wanted
        end = min(end, start + LARGEST_SLICE - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{facts.st_size}"
        headers["Content-Length"] = str(end - start + 1)
        with file:
            file.seek(start)
            return HttpResponse(file.read(end - start + 1), status=206, headers=headers)
    headers["Content-Length"] = str(facts.st_size)
    if request.method == "HEAD" or facts.st_size <= LARGEST_SLICE:
        with file:
            body = b"" if request.method == "HEAD" else file.read()
            return HttpResponse(body, headers=headers)
    if not _streams.acquire(blocking=False):
        file.close()
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    return StreamingHttpResponse(_Stream(file), headers=headers)


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
