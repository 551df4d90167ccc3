"""Requests for apps and other programs: file one, follow it, write, appeal, take it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from allauth.core import ratelimit
from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from plainview.privacy.consent import wire
from plainview.privacy.consent.api import App, anybody
from plainview.privacy.policies import in_force
from plainview.privacy.requests import carrying, clock, objecting, queries, services, wording
from plainview.privacy.requests.forms import language
from plainview.privacy.requests.models import LONGEST, Channel, Proof, Request
from plainview.privacy.requests.services import Asked
from plainview.privacy.visitors import visitor_of

router = Router(auth=[anybody, App()], tags=["requests"])
BAD = {401: wire.Problem, 403: wire.Problem, 404: wire.Problem, 422: wire.Problem}
WRITTEN = {400: wire.Problem, **BAD}
Words = Annotated[str, Field(max_length=LONGEST)]


class Entry(Schema):
    """One line of the timeline, in the language of `Accept-Language`."""

    at: datetime
    what: str
    words: str


class Following(Schema):
    """How a request stands."""

    number: str
    kind: str = Field(description="A right, by its id in the policy; empty if none was named.")
    state: str
    outcome: str
    received_at: datetime
    next: str
    by: date | None = Field(description="The day by which it comes.")
    appeal_until: date | None


class WholeRequest(Following):
    """A request with its timeline, and where one can complain."""

    timeline: list[Entry]
    authorities: list[str]


class Requests(Schema):
    """The requests of an account, the newest first."""

    requests: list[Following]


class Filed(wire.Strict):
    """What is asked: a right, words, or both."""

    kind: str = ""
    words: Words = ""
    purposes: list[str] = Field(
        default=[], description="What an objection is to, by ids of the policy; empty for all."
    )


class Act(wire.Strict):
    """What to do with a request: add words to it, appeal the decision, take it back."""

    act: Literal["say", "appeal", "withdraw"]
    words: Words = ""


@router.get("/requests", url_name="requests", response={200: Requests, **BAD})
def requests(request: HttpRequest) -> Requests:
    """What this account asked for."""
    return Requests(requests=[_following(row) for row in queries.of_account(_account(request))])


@router.post(
    "/requests", url_name="requests", response={201: Following, 429: wire.Problem, **WRITTEN}
)
def file(request: HttpRequest, body: Filed) -> Status[Following]:
    """Ask for a right (P5.2a). A deletion waits until the link in a letter was opened."""
    account = _account(request)
    if not body.kind and not body.words.strip():
        raise HttpError(422, "say which right, or say it in words")
    if body.kind == clock.APPEAL:
        raise HttpError(422, "an appeal is of a decision: post `appeal` to that request")
    if body.kind and body.kind not in in_force().rights:
        raise HttpError(422, "no such right; `/legal/place/` names those that there are")
    if body.purposes and body.kind != objecting.OBJECT:
        raise HttpError(422, "an objection alone names purposes")
    if not set(body.purposes) <= set(objecting.on_interest()):
        raise HttpError(422, "nobody can object to one of these: it rests on no interest")
    if not ratelimit.consume(request, action="write"):
        raise HttpError(429, "too many in an hour")
    visitor = visitor_of(request)
    row = services.file(
        Asked(
            kind=body.kind,
            channel=Channel.API,
            language=language(),
            words=body.words,
            account=account,
            purposes=tuple(dict.fromkeys(body.purposes)),
            place=visitor.presence or "",
            residence=visitor.facts.residence or "",
            proof="" if body.kind == carrying.DELETE else Proof.SESSION,
        )
    )
    return Status(201, _following(row))


@router.get("/requests/{number}", url_name="request", response={200: WholeRequest, **BAD})
def one(request: HttpRequest, number: str) -> WholeRequest:
    """One request with its timeline."""
    return _whole(_own(request, number))


@router.post(
    "/requests/{number}",
    url_name="request",
    response={200: WholeRequest, 409: wire.Problem, 429: wire.Problem, **WRITTEN},
)
def act(request: HttpRequest, number: str, body: Act) -> WholeRequest:
    """Write about a request, appeal, or take it back. `409` says that it is too late for that."""
    row = _own(request, number)
    if body.act != "withdraw" and not body.words.strip():
        raise HttpError(422, "this takes words")
    if body.act != "withdraw" and not ratelimit.consume(request, action="write"):
        raise HttpError(429, "too many in an hour")
    try:
        if body.act == "say":
            services.hear(row.pk, body.words)
        elif body.act == "appeal":
            services.appeal(row.pk, body.words)
        else:
            services.withdraw(row.pk)
    except (services.Impossible, services.TooLate, services.Overtaken):
        raise HttpError(409, "the request stands otherwise now: nothing was done") from None
    return _whole(_own(request, number))


def _account(request: HttpRequest) -> int:
    """The account that asks. Raises HttpError: without one there is `/privacy/request/`."""
    account = visitor_of(request).account
    if account is None:
        raise HttpError(401, "this takes an account; without one, ask at /privacy/request/")
    return account


def _own(request: HttpRequest, number: str) -> Request:
    """The request of a number, if it is the account's. Raises HttpError, alike for all others."""
    account = _account(request)
    row = queries.by_number(number)
    if row is None or not row.member or row.subject != account:
        raise HttpError(404, "no request of this account has that number")
    return row


def _following(row: Request) -> Following:
    return Following(**_said(row))


def _said(row: Request) -> dict[str, Any]:
    following = wording.following(row)
    return {
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "outcome": row.outcome,
        "received_at": row.received_at,
        "next": following.words,
        "by": following.by,
        "appeal_until": row.appeal_until,
    }


def _whole(row: Request) -> WholeRequest:
    lines = wording.timeline(row, queries.timeline(row.pk))
    return WholeRequest(
        **_said(row),
        timeline=[Entry(at=each.at, what=each.words, words=each.said) for each in lines],
        authorities=[each.url for each in wording.authorities(row)],
    )
