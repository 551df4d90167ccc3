"""Answers that a browser keeps as a file instead of showing them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

CSV = "text/csv; charset=utf-8"
JSON = "application/json"


def attachment(name: str) -> dict[str, str]:
    """The header of an answer that is kept under a name."""
    return {"Content-Disposition": str(content_disposition_header(True, name))}


def download(name: str, content: str | bytes, kind: str) -> HttpResponse:
    """A file of a content type."""
    return HttpResponse(content, content_type=kind, headers=attachment(name))
