"""Receipts for apps and televisions: which there are, and each as the file that proves it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.errors import HttpError

from plainview.privacy.consent import wire
from plainview.privacy.consent.api import App, anybody
from plainview.privacy.receipts import documents, queries
from plainview.privacy.receipts.queries import Line
from plainview.privacy.visitors import visitor_of

MOST = 200
router = Router(auth=[anybody, App()], tags=["receipts"])


class Given(Schema):
    """An answer that has a receipt."""

    given_at: datetime
    surface: str
    answers: dict[str, str]
    receipt: wire.Receipt


class Receipts(Schema):
    """The latest answers of this account or device, the last first."""

    answers: list[Given]


@router.get("/receipts", response={200: Receipts, 401: wire.Problem})
def receipts(request: HttpRequest) -> Receipts:
    """What was answered, and where each receipt is had; the latest two hundred."""
    lines = [line for subject in _subjects(request) for line in queries.history(subject)]
    lines.sort(key=lambda line: line.at, reverse=True)
    return Receipts(answers=[_given(line) for line in lines if line.receipt][:MOST])


@router.get(
    "/receipts/{uuid:number}",
    url_name="receipt",
    response={200: dict, 401: wire.Problem, 404: wire.Problem},
    openapi_extra={
        "responses": {200: {"content": {documents.TYPE: {"schema": {"type": "object"}}}}}
    },
)
def receipt(request: HttpRequest, number: UUID) -> HttpResponse:
    """One receipt, byte by byte as it verifies: JSON-LD in the fields of ISO/IEC TS 27560."""
    for subject in _subjects(request):
        found = queries.receipt(subject, str(number))
        if found is not None:
            answer = HttpResponse(found.file, content_type=documents.TYPE)
            answer["Cache-Control"] = "no-store"
            return answer
    raise HttpError(404, "no receipt of this account or device has that number")


def _subjects(request: HttpRequest) -> list[int]:
    """Whose receipts are had here: the account's, and those of the device itself."""
    visitor = visitor_of(request)
    return [each for each in (visitor.account, visitor.device) if each is not None]


def _given(line: Line) -> Given:
    return Given(
        given_at=line.at,
        surface=line.surface,
        answers={said.id: said.word for said in line.answers},
        receipt=wire.receipt(line.key),
    )
