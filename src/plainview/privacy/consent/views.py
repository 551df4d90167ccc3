"""Where people choose: the page of choices, which takes the answers of every form; the opt-out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from plainview.engine import Standing as Facts
from plainview.privacy.consent import answering, cookie, questions, services
from plainview.privacy.consent.answering import Given, Unanswered
from plainview.privacy.consent.drawing import as_shown
from plainview.privacy.consent.layouts import Question
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.permissions import RECOGNITION
from plainview.privacy.visitors import GPC, Visitor

UNPROCESSABLE, CONFLICT = 422, 409
DEVICE, ACCOUNT = "device", "account"
Reader = Callable[["Posted"], tuple[Question, Given]]


class Posted(NamedTuple):
    """A form that came in, who sent it, and the facts that its answers change."""

    visitor: Visitor
    form: Any
    facts: Facts
    for_account: bool


@serves("privacy-choices", may=["account"], source="form")
@never_cache
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Everything that can be refused, with today's answers; takes the answers of every form.

    A form brings the key of the words it showed. If those are not today's, nothing is recorded and
    the questions are shown anew with the answers as given.
    """
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _centre(request, visitor)
    reader = _READERS.get(request.POST.get("via", ""))
    posted = _posted(request, visitor)
    try:
        if reader is None:
            raise Unanswered("via")
        question, given = reader(posted)
    except Unanswered:
        return _centre(request, visitor, "nothing-changed", UNPROCESSABLE)
    answered = question.as_answered(request.POST.get("shown"))
    if answered is None:
        return _centre(request, visitor, "changed", CONFLICT)
    via = request.POST["via"]
    if given.again:
        response = _affirm(request, posted, given.again)
        if not given.answers:
            return response
    else:
        response = HttpResponseRedirect(_back(request) or f"{reverse('privacy-choices')}?saved")
    return _keep(posted, given.answers, answered, via, response)


@serves("privacy-choices", may=["account"], source="form")
@never_cache
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest) -> HttpResponse:
    """One button that closes what a signal closes (CCPA 1798.135, P5.2.2.2a, P5.2.3.1a)."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    if request.method == "POST":
        posted = _posted(request, visitor)
        given = answering.to_all(posted.facts, "optout")
        response = HttpResponseRedirect(_back(request) or reverse("privacy-opt-out"))
        question = questions.of_opt_out(visitor)
        return _keep(posted, given.answers, question, "opt-out", response)
    closed = [each for each in questions.topics(visitor.facts) if each.closed_by_signal]
    said_no = any(said == "denied" for said in (visitor.facts.choices or {}).values())
    done = not any(visitor.permits(each.id) for each in closed)
    done = done and (said_no or questions.hears_signal(visitor))
    return render(request, "privacy/opt_out.html", {"done": done, "no_banner": True})


@serves("privacy-choices", may=["account"], source="use")
@never_cache
@same_origin_post
@require_POST
def signal(request: HttpRequest) -> HttpResponse:
    """Takes the opt-out signal that a browser tells its scripts only, and keeps it (P5.2.2.2c)."""
    request.COOKIES[cookie.SIGNAL] = GPC
    visitor = Visitor(request)
    request.visitor = visitor  # type: ignore[attr-defined]
    visitor.listen()
    visitor.permits(RECOGNITION)  # looks at the account too, whose row is the truth
    response = HttpResponse(status=204)
    response.set_cookie(
        cookie.SIGNAL,
        GPC,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
    return response


def _posted(request: HttpRequest, visitor: Visitor) -> Posted:
    """The form; it is for the account where somebody is signed in, unless it says otherwise."""
    for_account = visitor.account is not None and request.POST.get("scope") != DEVICE
    facts = visitor.facts if for_account else visitor.device_facts
    return Posted(visitor, request.POST, facts, for_account)


def _of_banner(posted: Posted) -> tuple[Question, Given]:
    banner = questions.banner(posted.visitor)
    answer = posted.form.get("answer", "")
    if answer not in {each.answer for each in banner.buttons}:
        raise Unanswered(answer)
    return banner.question, answering.to_all(posted.facts, answer)


def _of_again(posted: Posted) -> tuple[Question, Given]:
    """A signal closed what had been allowed: it stays so, or is allowed in a second step."""
    banner, closed = questions.again(posted.visitor), questions.overruled(posted.facts)
    answer = posted.form.get("answer", "")
    if banner is None or answer not in ("yes", "no"):
        raise Unanswered(answer)
    ids = tuple(each.id for each in closed)
    given = Given({}, ids) if answer == "yes" else Given(dict.fromkeys(ids, "denied"))
    return banner.question, given


def _of_centre(posted: Posted) -> tuple[Question, Given]:
    question = questions.of_centre(posted.visitor, questions.groups(posted.visitor))
    answer = posted.form.get("answer", "")
    if answer == "save":
        return question, answering.to_each(posted.facts, posted.form)
    if answer not in ("accept", "reject"):
        raise Unanswered(answer)
    return question, answering.to_all(posted.facts, answer)


def _of_why(posted: Posted) -> tuple[Question, Given]:
    purpose, answer = posted.form.get("purpose", ""), posted.form.get("answer", "")
    if purpose not in {each.id for each in questions.topics(posted.facts)}:
        raise Unanswered(purpose)
    asked = questions.ask(posted.visitor, purpose)
    given = answering.to_one(posted.facts, purpose, answer, also=asked.also_needed)
    return questions.of_why(posted.visitor, asked, answer), given


def _of_affirm(posted: Posted) -> tuple[Question, Given]:
    given = answering.to_confirm(posted.facts, posted.form.getlist("affirm"))
    asks = [questions.ask(posted.visitor, id_) for id_ in given.answers]
    return questions.of_affirm(posted.visitor, asks), given


def _of_difference(posted: Posted) -> tuple[Question, Given]:
    """Either the account's answers rest as they are, or the device's are given for the account."""
    answer, remembered = posted.form.get("answer", ""), posted.visitor.remembered
    if remembered is None or not posted.for_account or answer not in ("follow", "adopt"):
        raise Unanswered(answer)
    given = Given(remembered.choices if answer == "adopt" else {})
    return questions.of_difference(posted.visitor), given


_READERS: Mapping[str, Reader] = {
    "banner": _of_banner,
    "again": _of_again,
    "centre": _of_centre,
    "why": _of_why,
    "affirm": _of_affirm,
    "difference": _of_difference,
}


def _keep(
    posted: Posted,
    answers: Mapping[str, str],
    question: Question,
    via: str,
    response: HttpResponse,
) -> HttpResponse:
    """Record the answers; only then hand the browser its cookie.

    A notice read and not answered is the browser's affair, whoever is signed in.
    """
    visitor = posted.visitor
    question = as_shown(question, visitor, via, answers)
    if posted.for_account and visitor.account is not None and (answers or via != "banner"):
        with transaction.atomic():
            facts = services.answer_for_account(
                visitor.account, visitor.device, answers, question, via=via
            )
            carried = visitor.remembered
            if "affirmed" in answers.values():
                carried = services.stands_by(visitor.account, carried, facts)
        if carried != visitor.remembered:
            cookie.hand(response, carried)
        return response
    remembered = services.answer_for_device(
        visitor.device,
        answers,
        question,
        facts=visitor.device_facts,
        via=via,
        account=visitor.account,
    )
    cookie.hand(response, remembered)
    return response


def _back(request: HttpRequest) -> str:
    """The page of ours that the form or link names in `next`, or nothing."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target.startswith("/") and allowed else ""


def _affirm(request: HttpRequest, posted: Posted, again: tuple[str, ...]) -> HttpResponse:
    """The second step of a yes; what was answered beside it is saved already."""
    asks = [questions.ask(posted.visitor, id_) for id_ in sorted(again)]
    context = {
        "asks": asks,
        "reason": questions.affirm_reason(posted.visitor),
        "shown": questions.of_affirm(posted.visitor, asks).key,
        "scope": ACCOUNT if posted.for_account else DEVICE,
        "next": _back(request),
        "no_banner": True,
    }
    return render(request, "privacy/affirm.html", context)


def _centre(
    request: HttpRequest, visitor: Visitor, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of choices; after a problem with the answers as they were given."""
    out_of_step = visitor.catch_up()
    groups = questions.groups(visitor)
    context = {
        "groups": groups,
        "typed": _typed(request, visitor) if problem else {},
        "scope": request.POST.get("scope", ACCOUNT),
        "place": questions.place_words(visitor),
        "signal": questions.hears_signal(visitor),
        "differs": visitor.differs,
        "difference": questions.of_difference(visitor).key,
        "member": visitor.account is not None,
        "shown": questions.of_centre(visitor, groups).key,
        "next": _back(request),
        "problem": f"choices.centre.{problem}" if problem else "",
        "saved": "saved" in request.GET and not problem,
        "no_banner": True,
    }
    response = render(request, "privacy/choices.html", context, status=status)
    if out_of_step:
        cookie.hand(response, visitor.remembered)
    return response


def _typed(request: HttpRequest, visitor: Visitor) -> dict[str, str]:
    """The answers of a form that could not be taken, as yes and no."""
    words = {"granted": "yes", "affirmed": "yes", "denied": "no"}
    facts = visitor.facts
    try:
        if request.POST.get("via") == "why":
            purpose = request.POST.get("purpose", "")
            given = answering.to_one(facts, purpose, request.POST.get("answer", ""))
        else:
            given = answering.to_all(facts, request.POST.get("answer", ""))
    except Unanswered:
        fields = {
            name.removeprefix(answering.FIELD): value
            for name, value in request.POST.items()
            if name.startswith(answering.FIELD)
        }
        return {id_: value for id_, value in fields.items() if value in ("yes", "no")}
    return {id_: words[said] for id_, said in given.answers.items()}
