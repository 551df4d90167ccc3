"""Template tags of the questions: the policy's words, one choice, and the small "why"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from plainview.privacy.consent import questions
from plainview.privacy.places import databases
from plainview.privacy.policies import in_force
from plainview.privacy.used import sign, used_by
from plainview.privacy.visitors import Visitor

register = template.Library()


@register.simple_tag
def say(key: str, **facts: str) -> str:
    """The policy's words for `key` in the language of the page."""
    return questions.say(key, controller=in_force().controller.name, **facts)


@register.inclusion_tag("privacy/place_makers.html")
def place_makers() -> dict[str, list[databases.Maker]]:
    """Links to who made the place databases, as their licences ask of a page that shows a place."""
    return {"makers": databases.makers()}


@register.inclusion_tag("privacy/choice.html")
def choice(ask: questions.Ask, typed: Mapping[str, str]) -> dict[str, Any]:
    """One question with its answer, or the answer typed before a problem."""
    return {"ask": ask, "answer": typed.get(ask.id, ask.answer)}


@register.inclusion_tag("privacy/why.html", takes_context=True)
def why(context: Mapping[str, Any], purpose: str) -> dict[str, Any]:
    """What decided about `purpose` here, and the switch that changes it."""
    visitor: Visitor = context["request"].visitor
    return {
        "purpose": purpose,
        "because": visitor.explain(purpose).because,
        "uses": questions.say("choices.why.used", categories=questions.categories(purpose)),
        "open": visitor.permits(purpose),
        "shown": questions.shown(visitor, "why", purpose).key,
        "here": context.get("here", "/"),
    }


@register.inclusion_tag("privacy/used_form.html", takes_context=True)
def used(context: Mapping[str, Any]) -> dict[str, str]:
    """The button at a page's very end: everything the page used stands in its record."""
    records = used_by(context.get("request"))
    return {"record": sign(records) if records else ""}
