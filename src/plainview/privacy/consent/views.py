"""Where people choose: the page of choices, which takes the answers of every form; the opt-out."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from plainview.privacy.consent import (
    answering,
    cookie,
    giving,
    news,
    opting_out,
    queries,
    questions,
)
from plainview.privacy.consent.answering import Unanswered
from plainview.privacy.consent.giving import Changed, Posted
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.questions import Group
from plainview.privacy.consent.recording import ACCOUNT, DEVICE
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.visitors import Visitor, visitor_of

UNPROCESSABLE, CONFLICT = 422, 409
KEPT, NOT_KEPT, WORDS = "kept", "centre.not-kept", "choices.centre"


@serves("privacy-choices", may=["account"], source="form")
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Everything that can be refused, with today's answers; takes the answers of every form.

    A form brings the key of the words it showed. If those are not today's, nothing is recorded and
    the questions are shown anew with the answers as given.
    """
    visitor = visitor_of(request)
    if request.method != "POST":
        return _led_back(request, visitor) if KEPT in request.GET else _centre(request, visitor)
    if giving.often(request):
        return giving.put_off(request)
    said = giving.posted(visitor, request.POST)
    try:
        question, given = giving.asked(said)
    except Unanswered:
        return _centre(request, visitor, questions.say(f"{WORDS}.nothing-changed"), UNPROCESSABLE)
    except Changed:
        return _centre(request, visitor, questions.say(f"{WORDS}.changed"), CONFLICT)
    if given.again:
        response = _affirm(request, said, given.again)
        if not given.answers or _said_just_now(said, given.answers):
            return response
    else:
        response = HttpResponseRedirect(_afterwards(request, said))
    return _kept(said, given.answers, question, said.via, response)


def _said_just_now(said: Posted, answers: Mapping[str, str]) -> bool:
    """Whether this is what was recorded last: a page sent again, or by a script before.

    Where a second step follows, the first is posted once more when it is loaded anew.
    """
    visitor = said.visitor
    whose = visitor.account if said.for_account else visitor.device
    return whose is not None and queries.said_last(whose, answers, said.via)


def _afterwards(request: HttpRequest, said: Posted) -> str:
    """Where an answer leads: back; by way of a look at the cookie if the browser had none yet."""
    back = _back(request)
    if said.for_account or said.visitor.remembered is not None:
        return _saved(back)
    return f"{reverse('privacy-choices')}?{urlencode({KEPT: '', 'next': back})}"


def _led_back(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Lead back whoever's browser kept the answer, and tell the others that it did not."""
    if visitor.remembered is None:
        return _centre(request, visitor, opting_out.by_law(visitor, NOT_KEPT))
    return HttpResponseRedirect(_saved(_back(request)))


def _saved(back: str) -> str:
    """The page `back`, which says there that the answer is kept, to whoever has given one.

    The fragment asks for that line: every page has it for those who answered, and no cache is told.
    """
    if not back:
        return f"{reverse('privacy-choices')}?saved"
    return back if "#" in back else f"{back}#saved"


@serves("privacy-choices", may=["account"], source="form")
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest) -> HttpResponse:
    """One button that closes what a signal closes (CCPA 1798.135, P5.2.2.2a, P5.2.3.1a)."""
    visitor = visitor_of(request)
    if request.method == "POST":
        if giving.often(request):
            return giving.put_off(request)
        said = giving.posted(visitor, request.POST)
        page = f"{reverse('privacy-opt-out')}?{urlencode({KEPT: ''})}"
        remembered = giving.opt_out(said, via="foot" if said.via == "foot" else "opt-out")
        back = _back(request)
        return _handed(said, remembered, HttpResponseRedirect(_saved(back) if back else page))
    lost = KEPT in request.GET and visitor.remembered is None and visitor.account is None
    context = {
        "ends": opting_out.ended_by_opt_out(visitor),
        "done": opting_out.opted_out(visitor),
        "said": opting_out.by_law(
            visitor, "optout.heard" if questions.hears_signal(visitor) else "optout.done"
        ),
        "twice": answering.any_takes_two(visitor.facts),
        "lost": opting_out.by_law(visitor, NOT_KEPT) if lost else "",
        "scope": questions.scope_words(visitor),
        "receipt": _receipt(visitor) if KEPT in request.GET else "",
        "no_banner": True,
    }
    return render(request, "privacy/opt_out.html", context)


def _kept(
    said: Posted,
    answers: Mapping[str, str],
    question: Question,
    via: str,
    response: HttpResponse,
) -> HttpResponse:
    """Record the answers; only then hand the browser its cookie."""
    return _handed(said, giving.keep(said, answers, question, via=via), response)


def _handed(
    said: Posted, remembered: cookie.Remembered | None, response: HttpResponse
) -> HttpResponse:
    if not said.for_account or remembered != said.visitor.remembered:
        cookie.hand(response, remembered)
    return response


def _back(request: HttpRequest) -> str:
    """The page of ours that the form or link names in `next`, or nothing."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target.startswith("/") and allowed else ""


def _affirm(request: HttpRequest, said: Posted, again: tuple[str, ...]) -> HttpResponse:
    """The second step of a yes; what was answered beside it is saved already."""
    asks = [questions.ask_again(said.visitor, id_) for id_ in sorted(again)]
    context = {
        "asks": asks,
        "reason": questions.affirm_reason(said.visitor),
        "shown": questions.of_affirm(said.visitor, asks).key,
        "scope": ACCOUNT if said.for_account else DEVICE,
        "next": _back(request),
        "no_banner": True,
    }
    return render(request, "privacy/affirm.html", context)


def _centre(
    request: HttpRequest, visitor: Visitor, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of choices; after a problem, in words, with the answers as they were given."""
    out_of_step = visitor.catch_up()
    groups = questions.groups(visitor)
    context = {
        "groups": groups,
        "typed": _typed(request, visitor, groups) if problem else {},
        "scope": request.POST.get("scope", ACCOUNT),
        "place": questions.place_words(visitor),
        "signal": questions.hears_signal(visitor),
        "ages": questions.age_words(visitor),
        "since": _since(visitor),
        "differs": visitor.differs,
        "difference": questions.of_difference(visitor).key,
        "service": news.service_words(),
        "member": visitor.account is not None,
        "shared": visitor.shared,
        "shown": questions.of_centre(visitor, groups).key,
        "next": _back(request),
        "problem": problem,
        "saved": "saved" in request.GET,
        "receipt": _receipt(visitor) if "saved" in request.GET else "",
        "no_banner": True,
    }
    response = render(request, "privacy/choices.html", context, status=status)
    if out_of_step:
        cookie.hand(response, visitor.remembered)
    return response


def _since(visitor: Visitor) -> dict[str, str]:
    """How old each answer that still stands is, in words, by its purpose."""
    said = visitor.facts.choices or {}
    given = {} if visitor.subject is None else queries.latest(visitor.subject)
    return {
        id_: questions.say(
            f"choices.centre.age.{'no' if each.answer == 'denied' else 'yes'}",
            day=questions.dated(timezone.localdate(each.at)),
        )
        for id_, each in given.items()
        if said.get(id_) == each.answer
    }


def _receipt(visitor: Visitor) -> str:
    """The receipt of the answer that was given here just now."""
    return queries.last_receipt(visitor.account, visitor.device)


def _typed(request: HttpRequest, visitor: Visitor, groups: list[Group]) -> dict[str, str]:
    """The answers of a form that could not be taken, as yes and no.

    No yes to what was set aside: it may be of before.
    """
    resting = {each.id for group in groups for each in group.asks if each.rests}
    said = _said(request, visitor)
    return {id_: word for id_, word in said.items() if word == "no" or id_ not in resting}


def _said(request: HttpRequest, visitor: Visitor) -> dict[str, str]:
    """The answers that a form posted, whether or not they can be taken."""
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
