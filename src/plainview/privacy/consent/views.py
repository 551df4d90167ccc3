"""Where people choose: the banner's answer, the page of all choices, one button to opt out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from plainview.privacy.consent import cookie, questions, services, storage
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

VIAS = frozenset({"banner", "centre", "why", "opt-out"})
UNPROCESSABLE = 422


@serves("privacy-choices", may=["account"], source="form")
@never_cache
@same_origin_post
def choices(request: HttpRequest) -> HttpResponse:
    """All questions with today's answers; takes the answers of every form that asks."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _centre(request, visitor)
    via = request.POST.get("via", "")
    purpose = request.POST.get("purpose", "")
    if via not in VIAS or (via == "why" and purpose not in _ids()):
        return _centre(request, visitor, problem="missing", status=UNPROCESSABLE)
    question = questions.shown(visitor, via, purpose)
    if request.POST.get("shown") != question.key:
        return _centre(request, visitor, problem="changed", posted=request.POST, status=409)
    answers = _answers(request, visitor, via, purpose)
    if not answers:
        return _centre(request, visitor, problem="missing", status=UNPROCESSABLE)
    again = [] if via == "banner" else _to_affirm(request, visitor)
    response = _keep(request, visitor, answers, question, via)
    if again:
        return _affirm(request, visitor, again, response)
    return response


@serves("privacy-choices", may=["account"], source="form")
@never_cache
@same_origin_post
def opt_out(request: HttpRequest) -> HttpResponse:
    """One button that closes what an opt-out signal closes (CCPA 1798.135, P5.2.2.2)."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    question = questions.shown(visitor, "opt-out")
    if request.method != "POST":
        return render(request, "privacy/opt_out.html", {"shown": question.key})
    closed = [each.id for each in questions.asked() if questions.closed_by_signal(each)]
    answers = dict.fromkeys(closed, "denied")
    return _keep(request, visitor, answers, question, "opt-out", reverse("privacy-opt-out"))


@serves("browse", may=["account"], source="use")
@require_GET
def cookies(request: HttpRequest) -> HttpResponse:
    """Every cookie and storage key in words."""
    return render(request, "privacy/cookies.html", {"keys": storage.listed(questions.language())})


@serves("browse", source="use")
@require_GET
def cookies_json(request: HttpRequest) -> HttpResponse:
    """The same for machines: what may be kept in a browser, and which hosts a page contacts."""
    return JsonResponse({"keys": storage.listed("en"), "hosts": []})


@serves("browse", source="use")
@require_GET
def gpc_json(request: HttpRequest) -> HttpResponse:
    """Says that Global Privacy Control is honoured (GPC specification, section 4)."""
    return JsonResponse({"gpc": True, "lastUpdate": in_force().version})


def _ids() -> frozenset[str]:
    return frozenset(each.id for each in questions.asked())


def _answers(request: HttpRequest, visitor: Visitor, via: str, purpose: str) -> Mapping[str, str]:
    """What the form says, purpose to answer; a yes that a signal closes is asked for again."""
    said = request.POST.get("answer", "")
    if via == "why":
        word = {"on": "granted", "off": "denied"}.get(said)
        return {purpose: word} if word else {}
    if said == "affirm":
        wanted = set(request.POST.getlist("affirm")) & _ids()
        return dict.fromkeys(sorted(wanted), "affirmed")
    if said == "reject":
        return dict.fromkeys(_ids(), "denied")
    signal = bool(visitor.signals)
    if said == "accept":
        return {
            each.id: "granted"
            for each in questions.asked()
            if not (signal and questions.closed_by_signal(each))
        }
    if said != "save":
        return {}
    words = {"yes": "granted", "no": "denied"}
    kept = visitor.facts.choices or {}
    answers = {}
    for each in questions.asked():
        word = words.get(request.POST.get(f"purpose-{each.id}", ""))
        if word == "granted" and signal and questions.closed_by_signal(each):
            word = "affirmed" if kept.get(each.id) == "affirmed" else None
        if word:
            answers[each.id] = word
    return answers


def _to_affirm(request: HttpRequest, visitor: Visitor) -> list[str]:
    """What was allowed just now although a signal closes it, and was not allowed twice before."""
    if not visitor.signals or request.POST.get("answer") != "save":
        return []
    kept = visitor.facts.choices or {}
    return [
        each.id
        for each in questions.asked()
        if questions.closed_by_signal(each)
        and request.POST.get(f"purpose-{each.id}") == "yes"
        and kept.get(each.id) != "affirmed"
    ]


def _keep(
    request: HttpRequest,
    visitor: Visitor,
    answers: Mapping[str, str],
    question: services.Question,
    via: str,
    target: str = "",
) -> HttpResponse:
    """Record the answers where they belong, hand the browser its cookie, and go back."""
    target = target or _target(request)
    response = HttpResponseRedirect(target)
    account = visitor.account
    if account is not None and request.POST.get("scope") != "device":
        services.answer_for_account(account, visitor.device, answers, question, via=via)
        messages.success(request, questions.say("choices.centre.saved"))
    else:
        remembered = services.answer_for_device(
            visitor.device,
            answers,
            question,
            facts=visitor.device_facts,
            via=via,
            account=account,
        )
        cookie.write(response, remembered)
    storage.clear_refused(response, answers)
    return response


def _target(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and allowed else reverse("privacy-choices")


def _affirm(
    request: HttpRequest, visitor: Visitor, again: Iterable[str], kept: HttpResponse
) -> HttpResponse:
    """The second step of a yes after a signal; what was saved beside it stays saved."""
    visitor = Visitor(request)
    response = render(
        request,
        "privacy/affirm.html",
        {
            "asks": [questions.ask(visitor, id_) for id_ in again],
            "shown": questions.shown(visitor, "centre").key,
            "scope": request.POST.get("scope", ""),
            "next": _target(request),
        },
    )
    response.cookies.update(kept.cookies)
    return response


def _centre(
    request: HttpRequest,
    visitor: Visitor,
    problem: str = "",
    posted: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    groups = questions.groups(visitor)
    typed = {
        name.removeprefix("purpose-"): value
        for name, value in (posted or {}).items()
        if name.startswith("purpose-")
    }
    return render(
        request,
        "privacy/choices.html",
        {
            "groups": groups,
            "typed": typed,
            "place": questions.place_words(visitor),
            "signal": bool(visitor.signals),
            "differs": visitor.differs,
            "member": visitor.account is not None,
            "shown": questions.shown(visitor, "centre").key,
            "next": request.GET.get("next", "") or (posted or {}).get("next", ""),
            "problem": questions.say(f"choices.centre.{problem}") if problem else "",
            "no_banner": True,
        },
        status=status,
    )
