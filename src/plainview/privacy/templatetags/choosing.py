"""Template tags of the questions: the policy's words, one choice, and the small "why"."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from plainview.platform import languages
from plainview.platform.languages import numbers
from plainview.privacy.consent import questions, snippets
from plainview.privacy.places import databases
from plainview.privacy.policies import in_force
from plainview.privacy.used import sign, used_by
from plainview.privacy.visitors import Visitor

register = template.Library()
register.filter(questions.in_a_row)  # escaped where it is shown


@register.simple_tag
def say(key: str, **facts: str) -> str:
    """The policy's words for `key` in the language of the page."""
    return questions.say(key, **facts)


@register.simple_tag
def comma() -> str:
    """The comma of the page's language, with the space that belongs to it."""
    return questions.say("notice.comma")


@register.simple_tag
def unconfirmed() -> str:
    """How long an account waits for somebody to confirm its address; empty where it waits on."""
    waits = in_force().retention.unconfirmed
    return numbers.lasting(waits.keep, questions.language()) if waits else ""


for _sign in (languages.colon, languages.stop, languages.gap, languages.aside, languages.together):
    register.simple_tag(_sign)


@register.inclusion_tag("privacy/place_makers.html")
def place_makers() -> dict[str, list[tuple[databases.Maker, dt.date]]]:
    """Who made the place databases, when and under which licence, where a page shows a place."""
    return {"credited": databases.credited()}


@register.inclusion_tag("privacy/choice.html")
def choice(
    ask: questions.Ask, typed: Mapping[str, str], since: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """One question with its answer and how old that is, or the answer given before a problem."""
    answer = typed.get(ask.id, ask.answer)
    return {"ask": ask, "answer": answer, "since": (since or {}).get(ask.id, "")}


@register.inclusion_tag("privacy/why.html", takes_context=True)
def why(
    context: Mapping[str, Any],
    purpose: str,
    decision: str = "",
    *,
    place: str = "",
    unfolded: bool = False,
) -> dict[str, Any]:
    """What decided about `purpose` here and, if it can be refused, the switch that changes it.

    Where a program made a `decision` here, the way to its inputs and a review stands with it.
    A page that says it in several places names the `place`; one that asks here for a yes shows it
    `unfolded`.

    The page needs no more than its request; the switch leads back to the page. Script answers in
    place, renews what is marked `data-renew` and has an id, and sends the document the event
    `plainview:answered`, whose detail is the page as it is now. Raises UnknownPurpose.
    """
    request = context["request"]
    visitor: Visitor = request.visitor
    asked = questions.ask(visitor, purpose)
    answer = "off" if asked.open else "on"
    refusable = purpose in {each.id for each in questions.topics(visitor.facts)}
    return {
        "ask": asked,
        "place": place,
        "unfolded": unfolded,
        "decision": decision,
        "answer": answer if refusable else "",
        "shown": questions.of_why(visitor, asked, answer).key,
        "here": request.get_full_path(),
        "language": questions.language(),
    }


@register.inclusion_tag("privacy/decided.html")
def decided(decision: str, reason: str = "") -> dict[str, str]:
    """Where a program's decision shows: its main reason, and the way to its inputs and a review.

    Raises KeyError for a decision that the policy does not declare.
    """
    return {"id": in_force().decisions[decision].id, "reason": reason}


@register.simple_block_tag(takes_context=True)
def consent_gate(
    context: Mapping[str, Any],
    content: str,
    name: str,
    title: str,
    size: str = "medium",
    quiet: bool = False,
) -> SafeString:
    """What others serve, between the tags: a question who and why, and after a yes a frame with it.

    `name` is `recipient.embed` of the policy; `title` says what it is, for readers too. `size` is
    small, medium or large; question and frame are of one size. What is `quiet`, as a pixel is,
    asks nothing here: it loads where its purpose is permitted. Raises UnknownEmbed.
    """
    request = context["request"]
    sealed = snippets.seal(name, content)
    inside = {
        "request": request,
        "gate": snippets.gate(request, name),
        "id": hashlib.blake2b(sealed.encode(), digest_size=5).hexdigest(),
        "source": f"{reverse('privacy-snippet')}?{urlencode({'of': sealed})}",
        "title": title,
        "size": "quiet" if quiet else size,
        "quiet": quiet,
        "here": request.get_full_path(),
        "language": questions.language(),
    }
    return SafeString(render_to_string("privacy/gate.html", inside))


@register.inclusion_tag("privacy/used_form.html", takes_context=True)
def used(context: Mapping[str, Any]) -> dict[str, str]:
    """The button at a page's very end: everything the page used stands in its record."""
    records = used_by(context.get("request"))
    return {"record": sign(records) if records else ""}
