"""The choices for apps, televisions and the pages' own scripts: what the forms do, as JSON.

Who asks is an account, by the token of a connected app or the session of the site's own pages, or
a device, by what it was handed to keep; or a stranger. The scripts of the site's pages choose here
too, and nowhere else. Nothing here decides or records by itself.
"""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import get_conditional_response
from ninja import Router, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from plainview.privacy.consent import (
    answering,
    banner,
    connected,
    cookie,
    giving,
    questions,
    services,
    wire,
)
from plainview.privacy.consent.answering import Unanswered
from plainview.privacy.consent.giving import Changed
from plainview.privacy.origin import comes_from_here
from plainview.privacy.visitors import GPC, Visitor, visitor_of

YES_NO = {True: "yes", False: "no"}
SURFACES = {"app": "api", "tv": "tv"}
"""What an app says that it is, as the ledger has it."""
UNFIT = {400: wire.Problem, 403: wire.Problem, 422: wire.Problem}
BAD = {401: wire.Problem, **UNFIT}
ANSWERED = {429: wire.Problem, **BAD}
CHANGED = {409: wire.Problem, **ANSWERED}


class TooOften(HttpError):
    """So many answers came from there within a minute that this one has to wait (`wait`, s)."""

    wait = 60

    def __init__(self) -> None:
        super().__init__(429, "too many answers within a minute: nothing was changed")


class App(HttpBearer):
    """The token of a connected app. Without one it is the device, or the site's own session."""

    def authenticate(self, request: HttpRequest, token: str) -> int | None:
        return connected.account_of(request)


def anybody(request: HttpRequest) -> bool:
    """Whoever brings no token; one that is no good is refused, not overlooked.

    Raises HttpError, before anything is read, for what another site may have had a browser send.
    """
    return believed(request) and not request.headers.get("Authorization")


def believed(request: HttpRequest) -> bool:
    """Whether it comes from where it seems to. Raises HttpError.

    A program of its own brings no cookie; whatever a browser sends says where it comes from.
    """
    if request.method != "GET" and _by_browser(request) and not comes_from_here(request):
        raise HttpError(403, "not sent from a page of this service")
    return True


def _by_browser(request: HttpRequest) -> bool:
    """Whether a browser asks: one of ours or of others is told by `believed`."""
    ambient = {settings.SESSION_COOKIE_NAME, cookie.NAME, cookie.SIGNAL} & set(request.COOKIES)
    return bool(ambient or "Origin" in request.headers or "Sec-Fetch-Site" in request.headers)


def _from_page(request: HttpRequest) -> bool:
    """Whether a page of the site asks: its browser keeps a cookie, which no script reads."""
    own = {"Authorization", cookie.HEADER} & set(request.headers)
    return _by_browser(request) and not own


router = Router(auth=[anybody, App()], tags=["choices"])


@router.get("/choices", response={200: wire.State, 304: None, 401: wire.Problem})
def choices(request: HttpRequest, response: HttpResponse) -> wire.State | HttpResponse:
    """How the choices stand. `permitted` is what counts, whatever was answered.

    Send the `ETag` back as `If-None-Match`: `304` says that nothing has changed.
    """
    visitor = visitor_of(request)
    visitor.catch_up()
    etag = f'W/"{banner.state(visitor)}.{questions.language()}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and not cookie.aged(request):  # else it is handed what it keeps anew
        return unchanged
    response["ETag"] = etag
    return _state(request, visitor)


@router.get("/choices/questions", response={200: wire.Questions, 401: wire.Problem})
def to_ask(request: HttpRequest) -> wire.Questions:
    """What to ask, word by word, in the language of `Accept-Language`.

    Show all buttons of a question alike, tick nothing, and send `shown` back with the answer.
    """
    visitor = visitor_of(request)
    visitor.catch_up()
    return wire.to_ask(visitor)


@router.post("/choices", response={200: wire.Recorded, **CHANGED})
def answer(request: HttpRequest, body: wire.Answer) -> wire.Recorded:
    """Answer a question. `409` says that the words have changed meanwhile: ask anew, and show them.

    A yes to what a signal or an earlier opt-out closed is not recorded yet: `confirm` says what to
    ask once more.
    """
    form = {"via": body.form, "answer": body.answer, "shown": body.shown, "scope": body.scope}
    form |= {"purpose": body.purpose, "embed": body.embed}
    form |= {f"{answering.FIELD}{id_}": YES_NO[said] for id_, said in body.purposes.items()}
    return _recorded(request, _form(form), body)


@router.post("/choices/confirm", response={200: wire.Recorded, **CHANGED})
def confirm(request: HttpRequest, body: wire.Confirmation) -> wire.Recorded:
    """Say yes the second time, to what `confirm` of an answer named."""
    form = _form({"via": "affirm", "answer": "affirm", "shown": body.shown, "scope": body.scope})
    form.setlist("affirm", list(body.purposes))
    return _recorded(request, form, body)


@router.post("/choices/opt-out", response={200: wire.Recorded, **ANSWERED})
def opt_out(request: HttpRequest, body: wire.OptOut) -> wire.Recorded:
    """Close what an opt-out signal closes, at once (P5.2.3.1a)."""
    _not_often(request)
    said = giving.posted(visitor_of(request), _form({"scope": body.scope}))
    carried = giving.opt_out(said, via=body.form, surface=_surface(request, body))
    return wire.Recorded(state=_afterwards(request, carried), receipt=wire.receipt(said.receipt))


@router.post("/signal", response={200: wire.State, **ANSWERED})
def signal(request: HttpRequest, response: HttpResponse, body: wire.Heard) -> wire.State:
    """Hear an opt-out signal. `Sec-GPC: 1` on any request does the same; silence undoes nothing.

    A browser that tells only its scripts keeps it for the sitting (P5.2.2.2c); an app, in `device`.
    """
    from_page = _from_page(request)
    carried = giving.hear(request, body.signal)
    visitor = visitor_of(request)
    if from_page:
        response.set_cookie(
            cookie.SIGNAL,
            GPC,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
            httponly=True,
        )
        return wire.state(visitor, None)
    if carried is None and visitor.account is None:
        _not_often(request)
        carried = services.begin_unasked(visitor.device_facts.presence, visitor.heard)
    return wire.state(_gone_on(request, carried), carried)


@router.post(
    "/connect",
    auth=believed,
    response={201: wire.Token, 404: wire.Problem, 429: wire.Problem, **UNFIT},
)
def connect(request: HttpRequest, body: wire.Code) -> Status[wire.Token]:
    """Exchange the code from the member's page of devices for a token. It works once."""
    if not ratelimit.consume(request, action="connect"):
        raise HttpError(429, "too many tries: wait, then ask for a new code")
    try:
        token = connected.connect(body.code, body.name)
    except connected.NoSuchCode as error:
        raise HttpError(404, str(error)) from None
    account = connected.account_with(token)
    if account is not None:
        giving.known_on(account, visitor_of(request))
    return Status(201, wire.Token(token=token))


@router.delete("/connect", auth=App(), response={204: None, 401: wire.Problem})
def disconnect(request: HttpRequest) -> Status[None]:
    """Sign the app out: its token is worth nothing any more."""
    connected.end(connected.bearer(request))
    return Status(204, None)


def _recorded(request: HttpRequest, form: QueryDict, body: wire.Said) -> wire.Recorded:
    """Record an answer as the site's forms do. Raises HttpError."""
    _not_often(request)
    visitor = visitor_of(request)
    said = giving.posted(visitor, form)
    try:
        question, given = giving.asked(said)
    except Unanswered:
        raise HttpError(422, "that is no answer to this question: nothing was changed") from None
    except Changed:
        raise HttpError(409, "the questions have changed: nothing was changed") from None
    carried, receipt = visitor.remembered, None
    if given.answers or not given.again:
        surface = _surface(request, body)
        carried = giving.keep(said, given.answers, question, via=said.via, surface=surface)
        receipt = None if giving.keeps_nothing(said) else wire.receipt(said.receipt)
    again = wire.second(visitor, given.again) if given.again else None
    return wire.Recorded(state=_afterwards(request, carried), receipt=receipt, confirm=again)


def _not_often(request: HttpRequest) -> None:
    """Raises TooOften."""
    if giving.often(request):
        raise TooOften


def _surface(request: HttpRequest, body: wire.Said) -> str:
    """Where it was asked: an app or a television says so itself, a page of ours is none."""
    return "" if _from_page(request) else SURFACES[body.surface]


def _afterwards(request: HttpRequest, carried: cookie.Remembered | None) -> wire.State:
    """The state after a change, read anew."""
    return _state(request, _gone_on(request, carried))


def _gone_on(request: HttpRequest, carried: cookie.Remembered | None) -> Visitor:
    """Whoever asks, after a change; the browser's cookie follows by the middleware."""
    before = visitor_of(request)
    visitor = Visitor(request)
    visitor.go_on(carried, before.remembered)
    request.visitor = visitor  # type: ignore[attr-defined]
    return visitor


def _state(request: HttpRequest, visitor: Visitor) -> wire.State:
    """How things stand; what a browser is to keep is its cookie's affair."""
    return wire.state(visitor, None if _from_page(request) else visitor.remembered)


def _form(fields: dict[str, str]) -> QueryDict:
    form = QueryDict(mutable=True)
    form.update(fields)
    return form
