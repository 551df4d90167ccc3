"""The questions as people meet them: what can be refused where they are, in words.

Each form here is made of the very words that its template shows; `question` is those words, and its
key goes out with the form and comes back with the answer. How somebody answered before is no part
of the question.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import BASES, Jurisdiction, decide
from plainview.engine import Standing as Facts
from plainview.platform import languages
from plainview.platform.languages import dates
from plainview.privacy.consent import effects, receivers, storage
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.receivers import Receiver
from plainview.privacy.permissions import RECOGNITION, needs_recognition
from plainview.privacy.places import applying
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import GPC, Visitor

APART = "asked-apart"


class Topic(NamedTuple):
    """A purpose that can be refused under some laws, and the ground it has there."""

    id: str
    kind: str
    basis: str
    article: str
    closed_by_signal: bool
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One purpose in words, and how it stands for the person at the door."""

    id: str
    name: str
    why: str
    uses: str
    basis: str
    without: str
    answer: str  # yes, no, or nothing where nobody answered
    open: bool
    unanswered: str  # how it stands without an answer: on, off, or unrecognised
    held_by_signal: bool
    affirmed: bool
    because: str  # what decided, in words
    rests: str  # the same where the person had it set aside: a yes of before is none to that
    also_needed: str  # a purpose without which a yes to this one has no effect here
    also: str  # that purpose in words
    receivers: tuple[Receiver, ...]
    kept: tuple[storage.Key, ...]
    idle: bool  # nothing here is done for it yet, whatever is answered
    rewards: tuple[str, ...]  # what is given for a yes, on which terms, and its worth to us

    @property
    def unanswered_words(self) -> str:
        """How it stands without an answer, in words."""
        return say(f"choices.centre.unanswered.{self.unanswered}")

    @property
    def words(self) -> tuple[str, ...]:
        """What is asked, without what was answered."""
        told = (line for each in self.receivers for line in each.words)
        keys = (each.name for each in self.kept)
        waits = (say("choices.centre.idle"),) if self.idle else ()
        said = (self.name, self.why, *self.rewards, self.uses, self.basis, self.without, self.rests)
        return (*said, *waits, *told, *keys)


@dataclass(frozen=True, slots=True)
class Group:
    """The purposes of one kind."""

    kind: str
    name: str
    text: str
    asks: list[Ask]


def language() -> str:
    """The language of the page, as the policy names languages."""
    return languages.current()


def say(key: str, **facts: str) -> str:
    """The policy's words in the language of the page."""
    policy = in_force()
    return policy.text(key, language(), controller=policy.controller.name, **facts)


def in_a_row(names: Iterable[object]) -> str:
    """Names with the comma of the page's language between them."""
    return say("notice.comma").join(map(str, names))


def called(recipient: str) -> str:
    """What a recipient is called in the language of the page; its id once none is declared."""
    policy = in_force()
    return policy.called(recipient, language()) if recipient in policy.recipients else recipient


def topics(facts: Facts) -> tuple[Topic, ...]:
    """What somebody of these facts can refuse, kind by kind as the policy lists them."""
    return _topics(in_force().fingerprint, facts.presence, facts.residence)


def together(facts: Facts) -> tuple[Topic, ...]:
    """Of these what one question asks at once: not what is asked by itself (P1.1.3a)."""
    return tuple(each for each in topics(facts) if not each.apart)


@functools.lru_cache(maxsize=512)
def _topics(fingerprint: str, presence: str | None, residence: str | None) -> tuple[Topic, ...]:
    policy = in_force()
    laws = policy.laws(presence, residence)
    ended = applying.ended_by_opt_out(policy, presence, residence)
    found = []
    for id_ in applying.questioned(policy, presence, residence):
        purpose = policy.purpose(id_)
        basis, article = _ground(laws, purpose.kind)
        traits = id_ in ended, APART in purpose.traits
        found.append(Topic(id_, purpose.kind, basis, article, *traits))
    return tuple(found)


def _ground(laws: Iterable[Jurisdiction], kind: str) -> tuple[str, str]:
    """The most demanding basis that the laws name for a kind, and its article if one law binds."""
    laws = list(laws)
    basis = max((law.kinds[kind] for law in laws if kind in law.kinds), key=BASES.index)
    return basis, laws[0].bases.get(basis, "") if len(laws) == 1 else ""


def opt_in(facts: Facts) -> bool:
    """Whether one of the laws that bind the person asks before, not after."""
    return "opt-in" in in_force().models(facts.presence, facts.residence)


def taken_back() -> str:
    """That a yes can be taken back, and where: said with each question (GDPR Art. 7(3))."""
    return say("choices.taken-back")


def age_words(visitor: Visitor) -> list[str]:
    """When the questions were answered, until when they rest, and when what was allowed lapses."""
    day = visitor.answered_on
    if day is None:
        return []
    again, until = visitor.asked_again_on, visitor.facts.valid_until
    words = [say("choices.centre.age.answered", day=dated(day))]
    if again is None:
        words.append(say("choices.centre.age.never"))
    elif visitor.answered:
        words.append(say("choices.centre.age.again", day=dated(again)))
    if until is not None:
        lapses = timezone.localdate(datetime.fromtimestamp(until, UTC))
        words.append(say("choices.centre.age.lapses", day=dated(lapses)))
    return words


def dated(day: date) -> str:
    """A day as the page's language writes it."""
    return dates.written(day, "DATE_FORMAT")


def place_words(visitor: Visitor) -> str:
    """Which law the questions follow."""
    if visitor.presence is None:
        return say("choices.centre.unknown")
    return say("choices.centre.place", place=say(f"jurisdictions.{visitor.jurisdiction}"))


def scope_words(visitor: Visitor) -> str:
    """For whom an answer holds."""
    return say(f"choices.banner.{'device' if visitor.account is None else 'account'}")


def ask(visitor: Visitor, id_: str) -> Ask:
    """One purpose in words, with what is lost without it (P5.1.3c). Raises UnknownPurpose."""
    purpose = in_force().purpose(id_)
    topic = next((each for each in topics(visitor.facts) if each.id == id_), None)
    said = (visitor.facts.choices or {}).get(id_, "")
    held = topic is not None and topic.closed_by_signal and hears_signal(visitor)
    also = RECOGNITION if visitor.account is None and _unrecognised(visitor, id_) else ""
    because = visitor.explain(id_).because
    rests = because if _rests(visitor, id_) else ""
    return Ask(
        id=id_,
        name=say(f"purposes.{id_}.name"),
        why=say(f"purposes.{id_}.why"),
        uses=categories(id_) or say("choices.centre.nothing"),
        basis=_basis_words(visitor, id_, topic),
        without=say(f"purposes.{id_}.without") if purpose.loses else "",
        answer="no" if said == "denied" else "yes" if said and not rests else "",
        open=visitor.permits(id_),
        unanswered=_unanswered(visitor, id_),
        held_by_signal=held and said != "affirmed",
        affirmed=held and said == "affirmed",
        because=because,
        rests=rests,
        also_needed=also,
        also=say(f"purposes.{also}.why") if also else "",
        receivers=receivers.of(id_, visitor.facts, say),
        kept=receivers.kept(id_),
        idle=effects.idle(id_),
        rewards=tuple(map(_terms, receivers.rewards(id_))),
    )


def _terms(programme: str) -> str:
    """The terms of a reward, as the notice has them too."""
    policy = in_force()
    kinds = (say(f"categories.{each}") for each in policy.programmes[programme].categories)
    return receivers.terms(policy, programme, say, languages.listed(kinds), language())


def _rests(visitor: Visitor, id_: str) -> bool:
    """Whether a purpose is closed that was set aside, and no yes was given to it since."""
    policy = in_force()
    bit = 1 << policy.bit(id_)
    return not visitor.permits(id_) and any(
        policy.restricted_mask(each.purposes, each.categories) & bit and id_ not in each.reopened
        for each in visitor.facts.restrictions or ()
    )


def ask_again(visitor: Visitor, id_: str) -> Ask:
    """A purpose, or one recipient of it (`purpose/recipient`), as the second step asks about it."""
    purpose, _, recipient = id_.partition("/")
    asked = ask(visitor, purpose)
    if not recipient:
        return asked
    return replace(asked, id=id_, name=f"{asked.name}: {called(recipient)}")


def _unanswered(visitor: Visitor, id_: str) -> str:
    if visitor.permits(id_):
        return "on"
    return "unrecognised" if decide(in_force(), visitor.facts, id_) else "off"


def _unrecognised(visitor: Visitor, id_: str) -> bool:
    """Whether the browser would have to be recognised for this, and may not be."""
    return needs_recognition(id_) and not visitor.permits(RECOGNITION)


def _basis_words(visitor: Visitor, id_: str, topic: Topic | None) -> str:
    if topic is not None:
        basis, article = topic.basis, topic.article
    else:
        decision = visitor.explain(id_)
        basis, article = decision.basis or "", decision.article
    words = say(f"bases.{basis}") if basis else ""
    return words + languages.aside(article) if article else words


def categories(id_: str) -> str:
    """What a purpose uses, in words."""
    uses = in_force().purpose(id_).uses
    return languages.listed(say(f"categories.{each}") for each in uses if "." in each)


def groups(visitor: Visitor) -> list[Group]:
    """Everything that can be refused here, with today's answers."""
    found: dict[str, list[Ask]] = {}
    for topic in together(visitor.facts):
        found.setdefault(topic.kind, []).append(ask(visitor, topic.id))
    return [
        Group(kind, say(f"choices.kind.{kind}.name"), say(f"choices.kind.{kind}.text"), asks)
        for kind, asks in found.items()
    ]


def of_centre(visitor: Visitor, found: list[Group]) -> Question:
    """The page of choices as a question."""
    keys = ["title", "lead", "on", "off", "save", "reject", "accept"]
    if visitor.account is not None:
        keys += ["scope.title", "scope.account", "scope.device"]
    words = [say(f"choices.centre.{key}") for key in keys]
    words[2:2] = taken_back(), place_words(visitor)
    if hears_signal(visitor):
        words.append(say("choices.centre.signal"))
    for group in found:
        words += [group.name, group.text, *(line for each in group.asks for line in each.words)]
    return put(visitor, words)


def of_why(visitor: Visitor, asked: Ask, answer: str) -> Question:
    """The small switch: `answer` is the one it offers, on or off."""
    words = [asked.name, asked.why, asked.uses, asked.basis]
    if answer == "on":
        words += asked.also, taken_back()
    return put(visitor, [*words, say(f"choices.why.{answer}")])


def of_affirm(visitor: Visitor, asks: list[Ask]) -> Question:
    """The second step of a yes."""
    keys = ("title", affirm_reason(visitor), "yes", "no")
    words = [*(say(f"choices.affirm.{key}") for key in keys), taken_back()]
    return put(visitor, [*words, *(line for each in asks for line in each.words[:2])])


def hears_signal(visitor: Visitor) -> bool:
    """Whether an opt-out signal was heard, now or before."""
    return GPC in visitor.signals


def affirm_reason(visitor: Visitor) -> str:
    """Why a yes is asked for twice: a signal was heard, or there was an opt-out before."""
    return "signal" if hears_signal(visitor) else "again"


def of_difference(visitor: Visitor) -> Question:
    """The line that says that account and device differ."""
    keys = ("differs", "follow", "adopt", "apart")
    return put(visitor, [say(f"choices.centre.{key}") for key in keys])


def of_beginning(visitor: Visitor) -> Question | None:
    """What the form of a new account says of what was refused on this device, if anything was."""
    if not visitor.refused_here:
        return None
    return put(visitor, [_("What you refused on this device is refused for your account too.")])


def put(visitor: Visitor, words: Iterable[str]) -> Question:
    """A question of these words, as somebody meets it here."""
    text = "\n".join(line for line in words if line)
    return Question(language(), visitor.jurisdiction, text)
