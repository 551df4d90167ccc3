"""The question at the foot of the window: two lines, and answers that weigh the same (P2.11a).

Each law has one of three shapes. Where it asks first, a yes and a no stand side by side. Where it
lets one opt out, a notice and a no do; the law's own words for the opt-out are a button at the foot
of every page. Where nothing can be refused there is a notice alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from plainview.engine import TODAY
from plainview.platform import languages
from plainview.privacy.changes import asking
from plainview.privacy.consent import opting_out, questions, wordings
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.questions import say
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

ANSWERS = {"optin": ("reject", "accept"), "optout": ("reject", "ok"), "notice": ("ok",)}
"""What each shape offers; the no comes first, so that no key or arrow reaches a yes sooner."""


Via = Literal["banner", "again", "change"]


class Button(NamedTuple):
    """One way to answer: what is sent, and what it says."""

    answer: str
    label: str


@dataclass(frozen=True, slots=True)
class Banner:
    """The question, and how its answer is read (`via`)."""

    lines: tuple[str, ...]
    buttons: tuple[Button, ...]
    choose: str
    question: Question
    via: Via


def state(visitor: Visitor) -> str:
    """What a page was made for, as one word: it differs as soon as an answer or a signal does.

    An open page holds its own against that of now; it says nothing of who is there.
    """
    told = (
        in_force().fingerprint,
        visitor.permitted,
        visitor.account is None,
        visitor.answered,
        visitor.differs,
        sorted(visitor.signals),
        sorted((visitor.facts.choices or {}).items()),
        sorted((visitor.device_facts.choices or {}).items()),
    )
    return hashlib.blake2b(repr(told).encode(), digest_size=9).hexdigest()


def banner(visitor: Visitor) -> Banner | None:
    """What is asked of whoever is at the door now; None where all is answered."""
    if not visitor.answered:
        return first(visitor)
    return again(visitor) or change(visitor)


def first(visitor: Visitor, wording: str = "") -> Banner:
    """The first question, in a wording: this hour's, if empty.

    A wording changes the two lines and nothing else; after a signal, and where nothing is asked,
    they are always the same.
    """
    shape = _shape(visitor)
    heard = questions.hears_signal(visitor) and shape != "notice"
    wording = TODAY if heard or shape == "notice" else wording or wordings.current()
    said = say(wordings.key(wording, shape, "title"))
    title = opting_out.by_law(visitor, "banner.signal.text") if heard else said
    uses = _uses(visitor)
    rest = say(wordings.key(wording, shape, "text"), uses=uses) if uses or not heard else ""
    buttons = [Button(each, say(f"choices.banner.{each}")) for each in ANSWERS[shape]]
    lines = (
        title,
        languages.together(rest, questions.scope_words(visitor)) if shape != "notice" else rest,
    )
    put = _put(visitor, lines, buttons, "banner")
    return replace(put, question=replace(put.question, wording=wording))


def _uses(visitor: Visitor) -> str:
    """What is asked for here, in few words a kind; nothing that a signal closed."""
    heard = questions.hears_signal(visitor)
    kinds = dict.fromkeys(
        each.kind
        for each in questions.together(visitor.facts)
        if not (heard and each.closed_by_signal)
    )
    short = in_force().briefly(kinds)
    return languages.listed(map(say, short or (f"choices.kind.{kind}.name" for kind in kinds)))


def _shape(visitor: Visitor) -> str:
    if not questions.together(visitor.facts):
        return "notice"
    return "optin" if questions.opt_in(visitor.facts) else "optout"


def again(visitor: Visitor) -> Banner | None:
    """What is asked once after a signal closed what had been allowed."""
    closed = opting_out.overruled(visitor.facts)
    if not closed:
        return None
    names = languages.listed(say(f"purposes.{each.id}.name") for each in closed)
    lines = (
        opting_out.by_law(visitor, "banner.again.title"),
        languages.together(say("choices.banner.again.text", names=names), questions.taken_back()),
    )
    buttons = [Button(each, say(f"choices.affirm.{each}")) for each in ("no", "yes")]
    return _put(visitor, lines, buttons, "again")


def change(visitor: Visitor) -> Banner | None:
    """What is asked, or only told, after the policy changed."""
    matters = asking.asked(visitor)
    if matters:
        told = [line for each in matters for line in each.changes or (each.words,)]
        labels = {asking.NO: "affirm.no", asking.YES: "affirm.yes"}
    else:
        told, labels = asking.news(visitor), {asking.READ: "banner.ok"}
    if not told:
        return None
    lines = asking.lines(list(dict.fromkeys(told)), asks=bool(matters))
    buttons = [Button(each, say(f"choices.{key}")) for each, key in labels.items()]
    return _put(visitor, lines, buttons, "change", "change.choose")


def _put(
    visitor: Visitor,
    lines: tuple[str, ...],
    buttons: Sequence[Button],
    via: Via,
    choose: str = "banner.choose",
) -> Banner:
    choose = say(f"choices.{choose}")
    offered = [*lines, *(each.label for each in buttons), choose]
    return Banner(lines, tuple(buttons), choose, questions.put(visitor, offered), via)
