"""What is read at /legal/: the notice in three depths, and the documents beside it."""

from __future__ import annotations

import datetime as dt
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from plainview.platform.languages import alphabetical, speaking
from plainview.privacy import notice
from plainview.privacy.caching import Board
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.notice.blocks import Composed
from plainview.privacy.policies import as_of, in_force
from plainview.privacy.versions import following, queries
from plainview.privacy.versions.models import Force, Version
from plainview.privacy.visitors import Visitor
from plainview.web.pages.caching import cached, once

BODIES = 96
"""How many composed pages a process keeps: each language, and the places that people come from."""


class _Reader(NamedTuple):
    """Whom a page of the notice is drawn for: everybody of a language and place.

    `chosen` is the place that the address asks for instead.
    """

    language: str
    presence: str | None
    residence: str | None
    chosen: str
    unfolded: bool


_lately: deque[_Reader] = deque(maxlen=32)
_force: Board[Version | None] = Board(Force, Version)


@serves("browse", source="use")
def legal(request: HttpRequest) -> HttpResponse:
    """The notice, for an address whose end was taken away."""
    return redirect("notice")


@serves("browse", may=["account"], source="use")
@cached
def privacy(request: HttpRequest, version: str = "") -> HttpResponse:
    """The notice: what applies to the reader, a card for each use, every clause (P0h, P11a).

    `?place=` looks at another place; `?unfolded=1` opens every card and section at once, for
    browsers that do not search within what is folded. Of the person, only where they are and live
    is looked at.
    """
    past = _known(notice.PRIVACY, version)
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    chosen = _chosen(request)
    presence, residence = visitor.facts.presence, visitor.facts.residence
    if chosen:
        presence, residence = chosen, None
    with _version(past):
        unfolded = request.GET.get("unfolded") == "1"
        reader = _Reader(questions.language(), presence, residence, chosen, unfolded)
        head, body = _notice(in_force().fingerprint, in_force().since, reader)
        head = posted(head, past)
    if not past:
        _lately.append(reader)
    context = {"document": head, "body": body, "past": past, "until": past and queries.until(past)}
    return render(request, "pages/notice.html", context)


@serves("browse", may=["account"], source="use")
@cached
def document(request: HttpRequest, name: str, version: str = "") -> HttpResponse:
    """The terms, the accessibility statement or the imprint, with version and date (PCa)."""
    past = _known(name, version)
    with _version(past):
        found = posted(notice.current(name, questions.language()), past)
    context = {"document": found, "past": past, "until": past and queries.until(past)}
    return render(request, "pages/document.html", context)


def posted(head: Composed, past: Version | None = None) -> Composed:
    """A document with the name and day under which its version stands here, on top (P11a).

    That is `past`, or the version in force. What has a version of its own keeps that.
    """
    version, policy = past or _force.get(following.number(), queries.current), in_force()
    if version is None or policy.documents[head.id].version:
        return head
    name, day = queries.posted(version)
    return msgspec.structs.replace(
        head, version=head.version.replace(policy.version, name), effective=day
    )


def _known(name: str, version: str) -> Version | None:
    """The version that an address names, if it is not the one in force. Raises Http404.

    A document that has versions of its own is found by the first of the policy that had it.
    """
    policy = in_force()
    if not version:
        return None
    found = queries.shown(version)
    if found is None and version == notice.dated(policy, policy.documents[name])[0]:
        return None
    if found is None and policy.documents[name].version:
        olds = reversed(queries.published())
        found = next((it for it in olds if _dated(it, name) == version), None)
    if found is None or name not in queries.policy_of(found).documents:
        raise Http404("no such version")
    return None if found == queries.current() else found


def _dated(version: Version, name: str) -> str:
    policy = queries.policy_of(version)
    return notice.dated(policy, policy.documents[name])[0] if name in policy.documents else ""


def _version(past: Version | None) -> AbstractContextManager[None]:
    """What is drawn within is drawn by a version that was, as the law stood while it was."""
    if past is None:
        return nullcontext()
    return as_of(queries.policy_of(past), queries.day_of(past))


def _chosen(request: HttpRequest) -> str:
    """The law of the place that the address asks for, or nothing."""
    asked = request.GET.get("place", "")
    return asked if asked in in_force().jurisdictions else ""


def _places(language: str, *own: str | None) -> list[tuple[str, str]]:
    """The id and name of every law, by name; those of the reader's `own` places first."""
    policy = in_force()
    here = [policy.jurisdiction(each).id for each in own if each]
    named = [(id_, policy.text(f"jurisdictions.{id_}", language)) for id_ in policy.jurisdictions]
    return sorted(named, key=lambda each: (each[0] not in here, alphabetical(each[1])))


@once(BODIES)
def _notice(fingerprint: str, since: dt.date, reader: _Reader) -> tuple[Composed, SafeString]:
    """The head of the notice and its body, for readers of one kind.

    By the law from the day `since`, which the fingerprint knows only as far as it decides.
    """
    policy, language = in_force(), reader.language
    presence, residence = reader.presence, reader.residence
    document = notice.compose(policy, language, presence=presence, residence=residence)
    context = {
        "reader": notice.reader(policy, language, presence=presence, residence=residence),
        "unknown": presence is None,
        "chosen": reader.chosen,
        "unfolded": reader.unfolded,
        "places": _places(language, residence, presence),
        "shelves": notice.cards(policy, language, presence=presence, residence=residence),
        "document": document,
        "fingerprint": policy.fingerprint,
    }
    body = render_to_string("pages/notice_body.html", context)
    return msgspec.structs.replace(document, parts=()), SafeString(body)


def _ahead() -> None:
    """Draw the notice that comes for the kinds of reader who lately asked for the one there is."""
    for reader in set(_lately):
        with speaking(reader.language):
            _notice(in_force().fingerprint, in_force().since, reader)


following.ahead.append(_ahead)
