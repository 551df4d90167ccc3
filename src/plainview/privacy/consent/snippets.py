"""Snippets of others in our pages: a question until one is permitted, then a frame (P1.2.6a).

What an operator puts between `{% consent_gate "recipient.embed" %}` and `{% endconsent_gate %}`
never becomes part of the page. It travels, signed, in the address of a frame; the service fills
the frame as long as its reader permits the embed, under a content policy that lets in the origins
declared for it and nothing else. A script of others runs there without our origin: it sees
neither our page nor our storage.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.platform import languages
from plainview.privacy.consent import answering, questions
from plainview.privacy.consent.answering import Given, Unanswered
from plainview.privacy.consent.giving import Posted
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.questions import Ask, say
from plainview.privacy.disclosures import embeds
from plainview.privacy.disclosures.embeds import Embed
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor, visitor_of

FORM = "gate"
SALT = "plainview.privacy.snippets"
STYLE = "html,body{margin:0;block-size:100%}iframe{border:0;inline-size:100%;block-size:100%}"
MAY = ("allow-scripts", "allow-forms", "allow-popups")
_INLINE = re.compile(r"<script(?![^>]*\bsrc\b)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gate:
    """A snippet's place on a page: who would load it and why, or the frame that holds it."""

    embed: Embed
    ask: Ask
    open: bool
    tells: str  # what a browser tells by loading it, in words
    country: str
    others: str  # who else a yes lets in, in words
    shown: str

    @property
    def sandbox(self) -> str:
        """What the frame may do."""
        return sandbox(self.embed)


def gate(request: HttpRequest, name: str) -> Gate:
    """The gate of an embed, as it stands for the person at the door. Raises UnknownEmbed."""
    embed = embeds.named(name)
    visitor = visitor_of(request)
    asked = questions.ask(visitor, embed.purpose)
    return Gate(
        embed,
        asked,
        embed in embeds.allowed(request),
        _listed(say(f"categories.{each}") for each in embed.discloses),
        say(f"countries.{embed.country}"),
        _listed(_others(embed)),
        _question(visitor, embed, asked).key,
    )


def _others(embed: Embed) -> list[str]:
    """Who else may receive for the purpose: a yes to it is a yes to them."""
    found = in_force().recipients.values()
    return [
        each.name for each in found if each.id != embed.recipient and embed.purpose in each.receives
    ]


def _question(visitor: Visitor, embed: Embed, asked: Ask) -> Question:
    words = [
        embed.who,
        say(f"countries.{embed.country}"),
        *asked.words,
        _listed(say(f"categories.{each}") for each in embed.discloses),
        *_others(embed),
        say("choices.gate.load"),
        questions.taken_back(),
    ]
    return questions.put(visitor, words)


def answered(posted: Posted) -> tuple[Question, Given]:
    """A yes given at a gate. Raises Unanswered."""
    try:
        embed = embeds.named(posted.form.get("embed", ""))
    except embeds.UnknownEmbed as error:
        raise Unanswered(FORM) from error
    asked = questions.ask(posted.visitor, embed.purpose)
    given = answering.to_one(
        posted.facts, embed.purpose, posted.form.get("answer", ""), also=asked.also_needed
    )
    return _question(posted.visitor, embed, asked), _of_theirs(posted, embed, given)


def _of_theirs(posted: Posted, embed: Embed, given: Given) -> Given:
    """A yes at a gate takes back a no to the one who is behind it, in as many steps as any yes."""
    name = f"{embed.purpose}/{embed.recipient}"
    if (posted.facts.choices or {}).get(name) != "denied":
        return given
    closed = {each.id for each in questions.topics(posted.facts) if each.closed_by_signal}
    if embed.purpose in closed:
        return Given(given.answers, (*given.again, name))
    return Given({**given.answers, name: "unset"}, given.again)


def _listed(names: Iterable[str]) -> str:
    return languages.listed(names)


def seal(embed: str, markup: str) -> str:
    """The snippet as the address of its frame carries it; the same snippet is the same word."""
    return signing.Signer(salt=SALT).sign_object([embed, markup.strip()], compress=True)


def sandbox(embed: Embed) -> str:
    """What the frame may do; without script of theirs in it, their own frame keeps its origin."""
    own = () if "script" in embed.kinds else ("allow-same-origin",)
    return " ".join((*MAY, *own))


@serves("browse", may=["account"], source="use")
@never_cache
@require_safe
def snippet(request: HttpRequest) -> HttpResponse:
    """The inside of a gate's frame. Raises Http404 for what no page of ours sealed."""
    try:
        name, markup = signing.Signer(salt=SALT).unsign_object(request.GET.get("of", ""))
        embed = embeds.named(name)
    except (signing.BadSignature, embeds.UnknownEmbed, ValueError) as error:
        raise Http404("no page of ours has this snippet") from error
    placed = embeds.place(request, name)
    response = HttpResponse(_document(markup) if placed else "", status=200 if placed else 403)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = embed.referrer
    shut: dict[str, Any] = dict.fromkeys(
        ("img-src", "media-src", "worker-src", "connect-src", "font-src",
         "manifest-src", "form-action"),
    )  # fmt: skip
    scripted = placed is not None and "script" in embed.kinds
    inline = [_hashed(code) for code in _INLINE.findall(markup)] if scripted else ["'none'"]
    response._csp_replace = {  # type: ignore[attr-defined]
        **shut,
        "style-src": [_hashed(STYLE)],
        "script-src": inline,
        "frame-ancestors": ["'self'"],
        "sandbox": sandbox(embed).split(),
    }
    return response


def _document(markup: str) -> str:
    return f"<!DOCTYPE html><meta charset=utf-8><style>{STYLE}</style><body>{markup}"


def _hashed(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
