"""News and offers: by which way they may reach somebody, and about what (P5.1.2a, P3.1.2b).

A way is a purpose, and so a bit. A topic is finer: an answer under `news/<topic>`, asked after the
bit. A topic nobody answered goes with its way; one that was refused goes by none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.http import QueryDict

from plainview.engine import Standing as Facts
from plainview.engine.standing import YES
from plainview.privacy import permissions
from plainview.privacy.consent import answering, questions
from plainview.privacy.consent.answering import FIELD, Given, Unanswered
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.questions import Ask, say
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

PREFIX, TOPIC = "news/", "topic-"
_WORDS = {"yes": "granted", "no": "denied"}


class About(NamedTuple):
    """A topic in words; `answer` is yes, no, or nothing where nobody answered."""

    id: str
    name: str
    answer: str


def channels(visitor: Visitor) -> list[Ask]:
    """The ways by which news may reach somebody, where the law lets them refuse it."""
    asked = {each.id for each in questions.topics(visitor.facts)}
    return [questions.ask(visitor, each) for each in in_force().messages.channels if each in asked]


def topics(facts: Facts) -> list[About]:
    """What news is about, with the answers."""
    said = facts.choices or {}
    words = {"granted": "yes", "affirmed": "yes", "denied": "no"}
    return [
        About(id_, name, words.get(said.get(f"{PREFIX}{id_}", ""), ""))
        for id_, name in topic_words().items()
    ]


def topic_words() -> dict[str, str]:
    """What news is about, by id, in the language of the page."""
    return {id_: say(f"messages.topic.{id_}") for id_ in in_force().messages.topic}


def wanted(visitor: Visitor, channel: str) -> frozenset[str]:
    """The topics of which whoever is at the door may be told by a channel, a purpose (P2.3a)."""
    if not visitor.permits(channel):
        return frozenset()
    return frozenset(id_ for id_ in topic_words() if not says_no(visitor.facts, id_))


def service_words() -> list[str]:
    """The kinds of messages that come whatever is refused (P5.1.2b)."""
    return [say(f"messages.service.{id_}") for id_ in in_force().messages.service]


def refused(subject: int | None, topic: str) -> bool:
    """Whether somebody refused news about a topic, or nobody knows. Asked of the row.

    Raises LookupError for a topic that the policy does not name.
    """
    if topic not in in_force().messages.topic:
        raise LookupError(f"no topic `{topic}` in messages.toml")
    found = None if subject is None else permissions.read(subject)
    return found is None or says_no(found[0], topic)


def agreed(subject: int | None, channel: str) -> bool:
    """Whether somebody said yes to a channel, a purpose, which has not lapsed. Asked of the row."""
    found = None if subject is None else permissions.read(subject)
    said = permissions.live(found[0]).choices if found is not None else None
    return (said or {}).get(channel) in YES


def says_no(facts: Facts, topic: str) -> bool:
    """Whether somebody of these facts refused a topic; who is not known at all has."""
    return facts.choices is None or facts.choices.get(f"{PREFIX}{topic}") == "denied"


def question(visitor: Visitor) -> Question:
    """The page as a question: its words, without what was answered."""
    words = [say(f"choices.news.{key}") for key in ("title", "lead", "channels")]
    words += [line for each in channels(visitor) for line in each.words]
    words += [say("choices.news.topics"), say("choices.news.topics_lead")]
    words += [each.name for each in topics(visitor.facts)]
    words += [say("choices.centre.on"), say("choices.centre.off")]
    words += [say("choices.news.save"), say("choices.news.none")]
    return questions.put(visitor, words)


def read(facts: Facts, form: QueryDict) -> Given:
    """What the form of the page says. Raises Unanswered."""
    if form.get("answer") == "none":
        asked = {each.id for each in questions.topics(facts)}
        return Given({id_: "denied" for id_ in in_force().messages.channels if id_ in asked})
    if form.get("answer") != "save":
        raise Unanswered(form.get("answer", ""))
    said = _topics(form)
    given = Given({})
    if any(name.startswith(FIELD) for name in form):
        given = answering.to_each(facts, form)
    if not given.answers and not given.again and not said:
        raise Unanswered("save")
    return Given({**given.answers, **said}, given.again)


def _topics(form: QueryDict) -> Mapping[str, str]:
    known = in_force().messages.topic
    fields = {id_: form.get(f"{TOPIC}{id_}") for id_ in known}
    return {f"{PREFIX}{id_}": _WORDS[said] for id_, said in fields.items() if said in _WORDS}
