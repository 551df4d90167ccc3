"""Reading an answer: what a posted form says, purpose by purpose, and what must be said twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from plainview.engine import Standing as Facts
from plainview.engine.standing import YES
from plainview.privacy.consent import questions, receivers
from plainview.privacy.consent.questions import Topic
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import GPC

FIELD = "purpose-"
_WORDS = {"yes": "granted", "no": "denied"}


class Given(NamedTuple):
    """Answers to record at once (purpose to granted, affirmed or denied), and yeses to confirm."""

    answers: dict[str, str]
    again: tuple[str, ...] = ()


class Unanswered(ValueError):
    """The form holds no answer, or one that nobody offered."""


def to_all(facts: Facts, button: str, *, told: bool = True) -> Given:
    """What a button that answers everything says. Raises Unanswered for one there is not.

    Where not all is `told`, as in two lines, a yes joins no reward: its terms come first
    (Cal. Civ. Code 1798.125(b)(3), P5.2.2.4a).

    `optout` closes what an opt-out signal closes (CCPA 1798.135, P5.2.2.2a); `ok` has read a notice
    and answers nothing. A signal is no part of "all": a yes against it is given one by one.
    """
    asked = questions.together(facts)
    if button == "ok":
        return Given({})
    if button == "reject":
        return Given({each.id: "denied" for each in asked})
    if button == "optout":
        return Given({each.id: "denied" for each in asked if each.closed_by_signal})
    if button != "accept":
        raise Unanswered(button)
    unsaid = [
        each
        for each in asked
        if not (each.closed_by_signal and _signal(facts))
        and (told or not receivers.rewards(each.id))
    ]
    return _weighed(facts, unsaid, {each.id: "granted" for each in unsaid})


def to_each(facts: Facts, posted: Mapping[str, str]) -> Given:
    """What the fields `purpose-<id>` say: yes or no; a yes is taken back here too (P5.2.1.7a).

    Raises Unanswered for none or another word.
    """
    asked = questions.together(facts)
    said = {
        each.id: _WORDS.get(posted[FIELD + each.id]) for each in asked if FIELD + each.id in posted
    }
    answers = {id_: word for id_, word in said.items() if word is not None}
    single = _single(facts, asked, posted)
    if len(answers) < len(said) or not (answers or single.answers or single.again):
        raise Unanswered("save")
    given = _weighed(facts, asked, answers)
    return Given({**given.answers, **single.answers}, given.again + single.again)


def _single(facts: Facts, asked: tuple[Topic, ...], posted: Mapping[str, str]) -> Given:
    """What a form says of single recipients.

    Taking a no back is as much as a yes where a yes takes two steps.
    """
    before = facts.choices or {}
    closed = {each.id for each in asked if each.closed_by_signal}
    answers, again = {}, []
    for name, value in receivers.read(posted, frozenset(each.id for each in asked)).items():
        word = _WORDS.get(value, "unset")
        if word == before.get(name, "unset"):
            continue
        if word != "denied" and name.partition("/")[0] in closed and before.get(name) == "denied":
            again.append(name)
        else:
            answers[name] = word
    return Given(answers, tuple(again))


def to_one(facts: Facts, purpose: str, button: str, *, also: str = "") -> Given:
    """What the switch of one purpose says, on or off; `also` is a purpose that "on" turns on too.

    Raises Unanswered.
    """
    asked = [each for each in questions.topics(facts) if each.id in (purpose, also)]
    if button == "on":
        return _weighed(facts, asked, {each.id: "granted" for each in asked})
    if button == "off":
        return Given({purpose: "denied"})
    raise Unanswered(button)


def of_device(facts: Facts, said: Mapping[str, str]) -> Given:
    """What a device said, for the account whose `facts` these are: a second step stays one.

    Where all of something takes two, a yes to one recipient of it is not taken over.
    """
    twice = _twice(facts)
    before = facts.choices or {}
    answers, again = {}, []
    for name, word in said.items():
        purpose = name.partition("/")[0]
        if word not in YES or purpose not in twice:
            answers[name] = word
        elif name == purpose or before.get(name) == "denied":
            again.append(name)
    return Given(answers, tuple(again))


def to_confirm(facts: Facts, purposes: list[str]) -> Given:
    """The second yes to these purposes. Raises Unanswered if none of them takes two."""
    before = (facts.choices or {}).items()
    twice = _twice(facts) | {name for name, said in before if said == "denied" and "/" in name}
    if not purposes or not set(purposes) <= twice:
        raise Unanswered("affirm")
    word = "affirmed" if _signal(facts) else "granted"
    return Given(dict.fromkeys(sorted(purposes), word))


def _weighed(facts: Facts, asked: list[Topic] | tuple[Topic, ...], said: dict[str, str]) -> Given:
    """`said`, without the yeses that take two steps; one affirmed before stays so."""
    before = facts.choices or {}
    answers, again = {}, []
    for topic in asked:
        word = said.get(topic.id)
        if word == "granted" and _signal(facts) and before.get(topic.id) == "affirmed":
            word = "affirmed"
        if word == "granted" and takes_two(facts, topic):
            again.append(topic.id)
        elif word is not None:
            answers[topic.id] = word
    return Given(answers, tuple(again))


def takes_two(facts: Facts, topic: Topic) -> bool:
    """Whether a yes needs a second step: after a signal, or after an opt-out (11 CCR 7028).

    Who lives where one opts out keeps that right elsewhere, and where another law asks first too.
    """
    if not topic.closed_by_signal:
        return False
    before = (facts.choices or {}).get(topic.id)
    models = in_force().models(facts.presence, facts.residence)
    opted_out = before == "denied" and "opt-out" in models
    return opted_out or (_signal(facts) and before != "affirmed")


def any_takes_two(facts: Facts) -> bool:
    """Whether a yes to something that a signal closes would need a second step now."""
    return bool(_twice(facts))


def _twice(facts: Facts) -> set[str]:
    return {each.id for each in questions.topics(facts) if takes_two(facts, each)}


def _signal(facts: Facts) -> bool:
    return GPC in (facts.signals or frozenset())
