"""A language's team: applying, inviting, taking in, leaving; and handing the work on."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.catalogue.models import Title
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.forms import JoinForm, TitleJoinForm
from plainview.domains.subtitles.models import (
    LANGUAGE_ROLES,
    PASSAGES,
    TITLE_ROLES,
    Edition,
    Invitation,
    Membership,
    Passage,
    Role,
    State,
    Thanks,
)
from plainview.domains.subtitles.ports import Ports
from plainview.domains.subtitles.views import labels
from plainview.domains.subtitles.views.editor import STATES
from plainview.domains.subtitles.views.finding import Desk, desk_at, names, video_at
from plainview.platform.addresses import link
from plainview.platform.identifiers import number_in
from plainview.platform.languages import own_name
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

CHIEFS = "a team's chiefs take others in and release what others wrote; each act asks who may"


@serves("contribute", may=["account"], source="form", everyone=CHIEFS)
@login_required
@same_origin_post
def team(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Who is in the team and who asks to be; posting applies, leaves, takes in or invites."""
    desk = desk_at(request, key, language)
    link = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "thank":
                services.thank(
                    desk.edition,
                    account=desk.account,
                    words=_("There is nothing to thank for yet."),
                )
                messages.success(request, _("They see your thanks here."))
                return redirect(request.path)
            link = _change(request, desk.video.title, language, desk.account, desk.standing)
        except services.Refusal as refusal:
            messages.error(request, refusal.message)
        if not link:
            return redirect(request.path)
    waits = services.waits_for_another(desk.edition, desk.standing, account=desk.account)
    last = Passage.objects.filter(edition=desk.edition).order_by("-number").first()
    context = {
        "video": desk.video,
        "edition": desk.edition,
        "name": own_name(language),
        **_people(desk.video.title, language, desk.account, desk.standing),
        "open": desk.standing.peers,
        "form": JoinForm(),
        "roles": [role for role in LANGUAGE_ROLES if desk.standing.takes_in(role)],
        "link": link,
        "noted": list(queries.open_notes(desk.edition.pk)[desk.edition.pk]),
        "state": STATES[State(desk.edition.state)],
        "last": last,
        "why": labels.WHY.get(last.reason, last.reason) if last else "",
        "by": names([last.account_id], own=desk.account).get(last.account_id) if last else "",
        "ways": ways(desk, waits=waits),
        "waits": waits,
        "thanks": Thanks.objects.filter(edition=desk.edition).count(),
        "thanked": Thanks.objects.filter(edition=desk.edition, account=desk.account).exists(),
        "released": desk.edition.state in (State.RELEASED, State.LOCKED),
        "withheld": queries.withheld(desk.edition),
    }
    return render(request, "subtitles/team.html", context)


def ways(desk: Desk, *, waits: bool) -> list[tuple[str, str]]:
    """Where who is at the door may hand this edition, with the words for it; onwards first.

    Not to its release, where it `waits` for another person's, nor on while no line is there.
    """
    state = desk.edition.state
    return [
        (after, str(labels.HANDS_ON[state, after]))
        for after in reversed(State.values)
        if (state, after) in PASSAGES
        and desk.standing.passes(state, after)
        and not (waits and after == State.RELEASED)
        and (desk.edition.filled or not services.needs_lines(state, after))
    ]


@serves("contribute", may=["account"], source="form", everyone=CHIEFS)
@login_required
@same_origin_post
def title_team(request: HttpRequest, key: str) -> HttpResponse:
    """Who manages and times a title, for all its languages; posting as in a language's team."""
    video = video_at(request, key)
    account = request.visitor.account  # type: ignore[attr-defined]
    standing = services.standing(video.title_id, "", account, manages=Ports.manages(request))
    link = ""
    if request.method == "POST":
        try:
            link = _change(request, video.title, "", account, standing)
        except services.Refusal as refusal:
            messages.error(request, refusal.message)
        if not link:
            return redirect(request.path)
    context = {
        "video": video,
        **_people(video.title, "", account, standing),
        "untimed": standing.untimed,
        "form": TitleJoinForm(),
        "roles": [role for role in TITLE_ROLES if standing.takes_in(role)],
        "link": link,
    }
    return render(request, "subtitles/title_team.html", context)


def _people(
    title: Title, language: str, account: int, standing: services.Standing
) -> dict[str, object]:
    """Who is in a team, oneself among them, and, for its chiefs, who asks to be."""
    every = list(Membership.objects.filter(title=title, language=language))
    called = names([each.account_id for each in every], own=account)
    shown = [(each, called[each.account_id]) for each in every]
    asking = [each for each in shown if each[0].standing == "applied"]
    return {
        "members": [each for each in shown if each[0].standing == "member"],
        "applicants": asking if standing.leads else [],
        "mine": next((each for each in every if each.account_id == account), None),
        "leads": standing.leads,
    }


def _change(
    request: HttpRequest,
    title: Title,
    language: str,
    account: int,
    standing: services.Standing,
) -> str:
    """Do what was posted; the address of an invitation, if one was made. Raises Refusal."""
    post = request.POST
    member = number_in(post.get("member", "")) or 0
    if member and not Membership.objects.filter(pk=member, title=title, language=language).exists():
        raise services.Refusal("gone", _("They are not in this team any more."))
    match post.get("do", ""):
        case "apply":
            form = JoinForm(post) if language else TitleJoinForm(post)
            if not form.is_valid():
                raise services.Refusal("invalid", _("There is no such role here."))
            made = services.apply_for(title, language, account=account, **form.cleaned_data)
            joined = made.standing == Membership.Standing.MEMBER
            messages.success(
                request, _("Welcome to the team.") if joined else _("Your application is in.")
            )
        case "leave":
            services.leave_team(title, language, account=account)
            messages.success(request, _("You left. What you wrote keeps your name."))
        case "accept":
            services.accept(member, by=standing, role=post.get("role", ""))
            messages.success(request, _("They are in."))
        case "decline":
            services.decline(member, by=standing)
        case "invite":
            invited = services.invite(title, language, post.get("role", ""), by=standing)
            return link("studio-invitation", invited.key)
        case _:
            raise services.Refusal("invalid", _("There is nothing to do."))
    return ""


@serves("contribute", may=["account"], source="form")
@login_required
@same_origin_post
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """What an invitation opens; posting takes it up."""
    found = Invitation.objects.select_related("title").filter(key=key).first()
    if found is None:
        return render(request, "subtitles/invitation.html", {"found": None}, status=410)
    if request.method == "POST":
        account = request.visitor.account  # type: ignore[attr-defined]
        try:
            services.accept_invitation(key, account=account)
        except services.Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("studio")
        messages.success(request, _("Welcome to the team."))
        edition = (
            Edition.objects.filter(video__title=found.title, language=found.language)
            .select_related("video")
            .first()
        )
        if edition:
            return redirect("studio-team", edition.video.key, edition.language)
        video = found.title.videos.first()
        return redirect("studio-title-team", video.key) if video else redirect("studio")
    context = {
        "found": found,
        "role": Role(found.role).label,
        "name": own_name(found.language),
    }
    return render(request, "subtitles/invitation.html", context)


@serves("contribute", may=["account"], source="form", everyone=CHIEFS)
@login_required
@same_origin_post
@require_POST
def hand_on(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Hands the edition on to another state; released, it is on the film."""
    desk = desk_at(request, key, language)
    to = request.POST.get("to", "")
    if to not in {after for _before, after in PASSAGES}:
        raise Http404("no such state")
    try:
        services.pass_on(desk.edition.pk, to, reason=request.POST.get("reason", ""), **desk.who)
        messages.success(request, str(labels.HANDED_ON[to]))
    except services.Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("studio-team", key, language)
