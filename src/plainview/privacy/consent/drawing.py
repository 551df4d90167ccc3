"""Draws each form as it is shown to somebody who has said nothing yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import msgspec
from django.urls import reverse

from plainview.engine import decide
from plainview.privacy.consent import banner, news, opting_out, questions
from plainview.privacy.consent.layouts import Question, about, drawn
from plainview.privacy.consent.questions import Ask
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

Said = tuple[str, ...]
Artist = Callable[[Visitor, Question, Said], dict[str, Any]]


def as_shown(
    question: Question, visitor: Visitor, via: str, answered: Iterable[str], surface: str = ""
) -> Question:
    """`question` with what it asks about, and how the form `via` that put it is drawn.

    `answered` are the purposes to which something was said. What another's `surface` showed is not
    ours to draw: its words are kept.
    """
    said = tuple(answered)
    if via in ("banner", "centre"):
        asked = [each.id for each in questions.together(visitor.facts)]
    elif via == "news":
        asked = [each.id for each in news.channels(visitor)]
    else:
        asked = list(said)
    question = replace(question, purposes=about(asked), surface=surface)
    if question.layout or surface or via not in _ARTISTS:
        return question
    name, context = _ARTISTS[via]
    frame = {
        "LANGUAGE_CODE": question.language,
        "language": question.language,
        "choices_url": reverse("privacy-choices"),
        "shown": question.key,
    }
    return replace(question, draw=lambda: drawn(name, frame | context(visitor, question, said)))


def _banner(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {"banner": banner.first(visitor, question.wording)}


def _again(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {"banner": banner.again(visitor)}


def _change(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {"banner": banner.change(visitor)}


def _centre(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    groups = questions.groups(visitor)
    return {
        "groups": [
            replace(group, asks=[_blank(visitor, each) for each in group.asks]) for group in groups
        ],
        "typed": {},
        "place": questions.place_words(visitor),
        "signal": questions.hears_signal(visitor),
        "member": visitor.account is not None,
    }


def _why(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    asked = questions.ask(visitor, question.purposes[0])
    offered = "off" if asked.open else "on"
    return {"ask": replace(asked, because=""), "answer": offered}


def _affirm(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    asks = [questions.ask_again(visitor, id_) for id_ in said]
    return {"asks": asks, "reason": questions.affirm_reason(visitor)}


def _opt_out(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {
        "done": False,
        "opt_out_words": opting_out.opt_out_words(visitor),
        "ends": opting_out.ended_by_opt_out(visitor),
        "scope": questions.scope_words(visitor),
    }


def _foot(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {"opt_out_state": "button", "opt_out_words": opting_out.opt_out_words(visitor)}


def _news(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {
        "channels": [(_blank(visitor, each), "") for each in news.channels(visitor)],
        "topics": [(each._replace(answer=""), "") for each in news.topics(visitor.facts)],
        "service": news.service_words(),
    }


def _difference(visitor: Visitor, question: Question, said: Said) -> dict[str, Any]:
    return {"difference": question.key}


def _blank(visitor: Visitor, ask: Ask) -> Ask:
    """A question as it stands for somebody who has not answered."""
    silent = msgspec.structs.replace(visitor.facts, choices={})
    stands = "on" if decide(in_force(), silent, ask.id) else "off"
    return replace(
        ask,
        answer="",
        open=stands == "on",
        unanswered=stands,
        affirmed=False,
        because="",
        receivers=tuple(each._replace(answer="") for each in ask.receivers),
    )


_ARTISTS: dict[str, tuple[str, Artist]] = {
    "banner": ("privacy/banner.html", _banner),
    "again": ("privacy/banner.html", _again),
    "change": ("privacy/banner.html", _change),
    "centre": ("privacy/choices.html", _centre),
    "why": ("privacy/why.html", _why),
    "affirm": ("privacy/affirm.html", _affirm),
    "opt-out": ("privacy/opt_out.html", _opt_out),
    "foot": ("privacy/foot_opt_out.html", _foot),
    "difference": ("privacy/difference.html", _difference),
    "news": ("privacy/news.html", _news),
}
"""By the form that was answered; of the others the words alone are kept."""
