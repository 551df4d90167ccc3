"""Drafts of the policy at the desk: forms that write their files, what is different, the files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plainview.domains.staff import translating
from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.drafting import (
    BasisForm,
    DraftForm,
    KeepForm,
    ProposeForm,
    TextsForm,
)
from plainview.domains.staff.forms.receiving import RecipientForm
from plainview.domains.staff.forms.shared import form_page, held, in_turn
from plainview.platform import languages
from plainview.platform.downloads import download
from plainview.platform.identifiers import number_in
from plainview.privacy.consent.questions import language
from plainview.privacy.gate.doors import serves
from plainview.privacy.notice.speaking import capital
from plainview.privacy.versions import drafts, queries, services, wording
from plainview.privacy.versions.drafts import Draft, Policy
from plainview.privacy.versions.editing import Edit
from plainview.privacy.versions.models import Version

SENTENCES = 15
"""So many sentences stand on a page of words."""


@serves("account", source="staff")
@staff("privacy.versions")
@require_POST
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a draft with what a version says."""
    try:
        made = drafts.begin(queries.named(name))
    except Version.DoesNotExist:
        raise Http404 from None
    return redirect("desk-draft", made.key)


@serves("account", source="staff")
@staff("privacy.versions")
@in_turn
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """What a draft changes so far, and the way to its forms; proposes or discards it (posted)."""
    shown = _named(request, key)
    act = request.POST.get("act")
    today = timezone.localdate()
    first = {"name": queries.free_name(str(today)), "effective": today}
    form = ProposeForm(request.POST if act == "propose" else None, initial=first)
    if act == "discard":
        drafts.discard(shown)
        messages.success(request, _("The draft is gone. Nothing was changed."))
        return redirect("desk-versions")
    if act == "propose" and form.is_valid():
        try:
            version = drafts.propose(shown, **form.cleaned_data)
        except services.Faulty as faulty:
            for each in faulty.problems:
                form.add_error("name" if each.key == "version" else None, str(each))
        else:
            messages.success(request, _("It waits as a draft; two people release it."))
            return redirect("desk-version", name=version.name)
    policy, spoken = _policy(shown), language()
    old, new, found = drafts.found(shown) or (policy, policy, [])
    context = {
        "draft": shown,
        "form": form,
        "differences": [wording.said(each, old, new, spoken) for each in found],
        "recipients": [(id_, each.name) for id_, each in policy.recipients.items()],
        "kept": _kept(policy),
        "laws": [
            (id_, policy.text(f"jurisdictions.{id_}", spoken))
            for id_, each in policy.jurisdictions.items()
            if not each.strictest_of
        ],
        "spoken_in": [(tag, languages.own_name(tag)) for tag in policy.head.languages],
        "files": translating.named(
            {key.partition(".")[0] for key in policy.words[spoken].sentences}
        ),
        "changed": [translating.in_words(name) for name in shown.changed],
    }
    return form_page(request, "staff/draft.html", context)


@serves("account", source="staff")
@staff("privacy.versions")
@require_safe
def files(request: HttpRequest, key: str) -> HttpResponse:
    """The files of a draft, as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _named(request, key).files.items():
            packed.writestr(name, content)
    return download(f"policy-{key}.zip", stream.getvalue(), "application/zip")


@serves("account", source="staff")
@staff("privacy.versions")
@in_turn
def recipient(request: HttpRequest, key: str, recipient: str = "") -> HttpResponse:
    """Who receives what: added, changed or ended; `?for=` adds a purpose to the form."""
    shown = _named(request, key)
    policy = _policy(shown)
    if recipient and recipient not in policy.recipients:
        raise Http404
    if request.POST.get("act") == "end" and recipient:
        edit = Edit(shown.files)
        edit.end_recipient(recipient, policy.head.languages)
        if problems := drafts.problems(edit.files()):
            messages.error(request, "\n".join(map(str, problems)))
        else:
            return _saved(request, shown, edit)
    more = [each for each in request.GET.getlist("for") if each in policy.purposes]
    form = RecipientForm(request.POST or None, policy=policy, id_=recipient, more=more)
    names = {id_: policy.text(f"purposes.{id_}.name", language()) for id_ in policy.purposes}
    more_purposes = sorted(
        ((id_, name) for id_, name in names.items() if id_ not in form.purposes),
        key=lambda each: each[1],
    )
    heading = policy.recipients[recipient].name if recipient else _("Somebody new")
    more_of = {"purposes": more_purposes, "more": more, "known": bool(recipient)}
    return _edited(request, shown, form, heading, **more_of)


@serves("account", source="staff")
@staff("privacy.versions")
@in_turn
def kept(request: HttpRequest, key: str, category: str) -> HttpResponse:
    """How long a category is kept."""
    shown = _named(request, key)
    policy = _policy(shown)
    if category not in policy.categories:
        raise Http404
    form = KeepForm(request.POST or None, policy=policy, category=category)
    said = capital(policy.text(f"categories.{category}", language()))
    others = [capital(policy.text(f"categories.{each}", language())) for each in form.others]
    return _edited(request, shown, form, said, others=others)


@serves("account", source="staff")
@staff("privacy.versions")
@in_turn
def bases(request: HttpRequest, key: str, law: str) -> HttpResponse:
    """On which basis the kinds of purposes rest under a law."""
    shown = _named(request, key)
    policy = _policy(shown)
    if law not in policy.jurisdictions:
        raise Http404
    own = Edit(shown.files).table(f"jurisdictions/{law}.toml").get("kinds", {})
    form = BasisForm(request.POST or None, policy=policy, law=law, own={**own})
    return _edited(request, shown, form, policy.text(f"jurisdictions.{law}", language()))


@serves("account", source="staff")
@staff("privacy.versions")
@in_turn
def texts(request: HttpRequest, key: str, tag: str, file: str) -> HttpResponse:
    """The sentences of a file in a language, fifteen at a time; `?q=` finds, `?from=` goes on."""
    shown = _named(request, key)
    policy = _policy(shown)
    if tag not in policy.head.languages:
        raise Http404
    wanted = request.GET.get("q", "").strip()[:100]
    sentences = {
        id_: text
        for id_, text in policy.words[tag].sentences.items()
        if id_.partition(".")[0] == file
        and policy.words[tag].places[id_][0] == f"texts/{tag}/{file}.toml"
        and wanted.casefold() in f"{id_} {text}".casefold()
    }
    start = number_in(request.GET.get("from", "")) or 0
    if not sentences and not wanted:
        raise Http404
    page = dict(list(sentences.items())[start : start + SENTENCES])
    form = TextsForm(request.POST or None, policy=policy, tag=tag, sentences=page)
    heading = translating.in_words(f"texts/{tag}/{file}")
    more = start + SENTENCES if start + SENTENCES < len(sentences) else 0
    return _edited(request, shown, form, heading, q=wanted, more_from=more, searches=True)


def _edited(
    request: HttpRequest, shown: Draft, form: DraftForm, heading: str, **more: Any
) -> HttpResponse:
    """A form of a draft; what was typed is written once the policy's own check finds no fault."""
    if request.method == "POST" and form.is_valid():
        edit = Edit(shown.files)
        form.apply(edit)
        if problems := drafts.problems(edit.files()):
            form.blame(problems)
        else:
            return _saved(request, shown, edit)
    context = {"draft": shown, "form": form, "heading": heading, **more}
    return form_page(request, "staff/draft_form.html", context)


def _saved(request: HttpRequest, shown: Draft, edit: Edit) -> HttpResponse:
    drafts.write(shown, edit)
    messages.success(request, _("The draft says so now. Nothing else has changed yet."))
    return redirect(reverse("desk-draft", args=[shown.key]))


def _kept(policy: Policy) -> list[tuple[str, str]]:
    spoken = language()
    found = [(id_, capital(policy.text(f"categories.{id_}", spoken))) for id_ in policy.categories]
    return sorted(found, key=lambda each: each[1])


def _policy(shown: Draft) -> Policy:
    """What a draft says; it says something always, since nothing is written that does not load."""
    policy = drafts.policy_of(shown)
    if policy is None:
        raise Http404
    return policy


def _named(request: HttpRequest, key: str) -> Draft:
    """The draft of a key; who sends a form of it has alone the version that it began as."""
    try:
        found = drafts.named(key)
        if request.method == "POST":
            held(request, Version.objects.filter(pk=found.row)).first()
            found = drafts.named(key)  # it may have gone meanwhile
    except drafts.NoSuchDraft:
        raise Http404 from None
    return found
