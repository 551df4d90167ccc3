"""The questions as people meet them: what can be refused, in words, with today's answer."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from plainview.engine import Purpose, decide
from plainview.privacy.consent.services import Question
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import GPC, Visitor

ASKED = ("storage", "personalise", "understand", "marketing", "advertising", "research", "internal",
         "feeds")  # fmt: skip
"""The kinds of purposes that people are asked about, in the order of the page."""
CLOSED_BY_SIGNAL = "signal-closes"


def language() -> str:
    """The language of the page, as the policy names languages."""
    return (get_language() or "en").partition("-")[0]


def say(key: str, **facts: str) -> str:
    """The policy's words in the language of the page."""
    return in_force().text(key, language(), **facts)


@dataclass(frozen=True, slots=True)
class Ask:
    """One purpose that can be refused, and how it stands for the person at the door."""

    id: str
    name: str
    why: str
    without: str
    uses: str
    basis: str
    answer: str  # yes, no, or nothing where nobody answered
    open: bool
    closed_by_signal: bool
    affirmed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The purposes of one kind."""

    kind: str
    name: str
    asks: list[Ask]


def asked() -> tuple[Purpose, ...]:
    """The purposes that people can refuse, kind by kind."""
    return _asked(in_force().fingerprint)


@functools.lru_cache(maxsize=8)
def _asked(fingerprint: str) -> tuple[Purpose, ...]:
    purposes = [each for each in in_force().purposes.values() if each.kind in ASKED]
    return tuple(sorted(purposes, key=lambda each: (ASKED.index(each.kind), each.bit)))


def closed_by_signal(purpose: Purpose) -> bool:
    """Whether an opt-out signal closes the purpose."""
    return CLOSED_BY_SIGNAL in purpose.traits


def groups(visitor: Visitor) -> list[Group]:
    """All questions with today's answers."""
    found: dict[str, list[Ask]] = {kind: [] for kind in ASKED}
    for purpose in asked():
        found[purpose.kind].append(ask(visitor, purpose.id))
    return [Group(kind, say(f"choices.kind.{kind}"), asks) for kind, asks in found.items() if asks]


def ask(visitor: Visitor, id_: str) -> Ask:
    """One question. Raises UnknownPurpose."""
    policy = in_force()
    purpose = policy.purpose(id_)
    said = (visitor.facts.choices or {}).get(id_, "")
    decision = decide(policy, visitor.facts, id_)
    basis = decision.basis or _basis(visitor, purpose)
    return Ask(
        id=id_,
        name=say(f"purposes.{id_}.name"),
        why=say(f"purposes.{id_}.why"),
        without=say(f"purposes.{id_}.without") if purpose.loses else "",
        uses=categories(id_),
        basis=say(f"bases.{basis}") if basis else "",
        answer="no" if said == "denied" else "yes" if said else "",
        open=visitor.permits(id_),
        closed_by_signal=GPC in visitor.signals and closed_by_signal(purpose),
        affirmed=said == "affirmed",
    )


def _basis(visitor: Visitor, purpose: Purpose) -> str:
    return in_force().jurisdiction(visitor.presence).kinds.get(purpose.kind, "consent")


def categories(id_: str) -> str:
    """What a purpose uses, in words."""
    names = [say(f"categories.{each}") for each in in_force().purpose(id_).uses if "." in each]
    return ", ".join(names)


def opt_in(visitor: Visitor) -> bool:
    """Whether the law of the place asks before, not after."""
    return in_force().jurisdiction(visitor.presence).model == "opt-in"


def opt_out_words(visitor: Visitor) -> str:
    """What the place calls its opt-out."""
    return in_force().jurisdiction(visitor.presence).words.get("optout", "")


def place_words(visitor: Visitor) -> str:
    """Which law these questions follow."""
    if visitor.presence is None:
        return say("choices.centre.unknown")
    return say("choices.centre.place", place=say(f"jurisdictions.{visitor.jurisdiction}"))


def banner(visitor: Visitor) -> dict[str, Any]:
    """The words of the banner for this visitor."""
    signal = GPC in visitor.signals
    kind = "optin" if opt_in(visitor) else "optout"
    return {
        "text": say(f"choices.banner.{kind}"),
        "signal": say("choices.banner.signal") if signal else "",
        "shown": shown(visitor, "banner").key,
    }


def shown(visitor: Visitor, via: str, purpose: str = "") -> Question:
    """What a person has before their eyes at one of the forms, as words."""
    words = ["choices.banner.accept", "choices.banner.reject", "choices.banner.choose"]
    kind = "optin" if opt_in(visitor) else "optout"
    if via == "banner":
        keys = [f"choices.banner.{kind}", *words]
    elif via == "opt-out":
        keys = ["choices.optout.title", "choices.optout.lead", "choices.optout.action"]
    elif via == "why":
        keys = [f"purposes.{purpose}.name", "choices.why.on", "choices.why.off"]
    else:
        keys = ["choices.centre.title", "choices.centre.lead", *words[:2], "choices.centre.save"]
        for each in asked():
            keys += [f"purposes.{each.id}.name", f"purposes.{each.id}.why"]
    text = "\n".join([via, *(say(key) for key in keys)])
    return Question(language(), visitor.jurisdiction, text)
