"""Sending files with byte ranges (RFC 9110 section 14), which Django leaves out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from threading import BoundedSemaphore
from typing import Protocol

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_http_date_safe

_RANGE = re.compile(r"\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII)

LARGEST_SLICE = 8 * 2**20
"""A range is answered with this many bytes at most, in one piece: the server takes it over whole
and the thread is free, however slow the reader. A longer range gets its first part (RFC 9110
section 15.3.7 lets a server send less); players ask for the rest."""

_streams = BoundedSemaphore(2)
"""Whole large files keep a thread busy for as long as the reader takes: so many at a time."""


class Content(Protocol):
    """What can be sent: its size in bytes, its mark, when it was changed (seconds since 1970)."""

    size: int
    etag: str
    modified: int
    at_once: int
    """So many bytes are read at a time where it is sent whole to a slow reader."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not with, `end`."""

    def close(self) -> None:
        """Let go of it."""


class File:
    """A file of this machine. Raises FileNotFoundError, or IsADirectoryError."""

    at_once = 256 * 1024

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        facts = os.fstat(self._file.fileno())
        self.size, self.modified = facts.st_size, int(facts.st_mtime)
        self.etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not with, `end`."""
        self._file.seek(start)
        return self._file.read(end - start)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Stream:
    """A content sent bit by bit; frees its place among the streams when it is closed."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        size, step = self._content.size, self._content.at_once
        for start in range(0, size, step):
            yield self._content.read(start, min(size, start + step))

    def close(self) -> None:
        if self._open:
            self._open = False
            self._content.close()
            _streams.release()


def send(
    request: HttpRequest, of: Path | Content, *, content_type: str, cache_control: str
) -> HttpResponseBase:
    """Answer with a file or other content: whole (200), one range (206), unchanged (304) or 416.

    Several ranges in one request are answered with the whole file, as RFC 9110 allows. A large one
    asked for whole is sent to two readers at a time; the next one is told to come back (503).
    Raises FileNotFoundError, IsADirectoryError, or what reading the content raises.
    """
    content = File(of) if isinstance(of, Path) else of
    kept = False
    try:
        response = _answer(request, content, content_type, cache_control)
        kept = response.streaming
    finally:
        if not kept:
            content.close()
    return response


def _answer(
    request: HttpRequest, content: Content, content_type: str, cache_control: str
) -> HttpResponseBase:
    """The answer; one that streams closes the content by itself."""
    size, etag, modified = content.size, content.etag, content.modified
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": cache_control,
        "ETag": etag,
        "Last-Modified": formatdate(modified, usegmt=True),
    }
    if _unchanged(request, etag, modified):
        unchanged = HttpResponse(status=304, headers=headers)
        del unchanged["Content-Type"]  # Django's own, by which it would be taken for a page
        return unchanged
    headers["Content-Type"] = content_type
    wanted: tuple[int, int] | tuple[()] | None = None
    if request.method == "GET" and _range_applies(request, etag, modified):
        wanted = _parse(request.headers.get("Range", ""), size)
    if wanted == ():
        headers["Content-Range"] = f"bytes */{size}"
        return HttpResponse(status=416, headers=headers)
    if wanted:
        start, end = wanted
        end = min(end, start + LARGEST_SLICE - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        headers["Content-Length"] = str(end - start + 1)
        return HttpResponse(content.read(start, end + 1), status=206, headers=headers)
    headers["Content-Length"] = str(size)
    if request.method == "HEAD" or size <= LARGEST_SLICE:
        body = b"" if request.method == "HEAD" or not size else content.read(0, size)
        return HttpResponse(body, headers=headers)
    if not _streams.acquire(blocking=False):
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    return StreamingHttpResponse(_Stream(content), headers=headers)


def _unchanged(request: HttpRequest, etag: str, modified: int) -> bool:
    if tags := request.headers.get("If-None-Match"):
        # Compared weakly (RFC 9110, 13.1.2): a proxy that compresses makes marks weak.
        told = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return not told.isdisjoint({"*", etag})
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
