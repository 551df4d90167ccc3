"""What somebody said by telephone or letter, entered by the staff (P3.1.2e).

The day on which it was said counts, not that of entering it: what the person answered later by
themselves stands, whatever the letter says. A no holds to the end of its day, a yes from the
beginning, so that of two on one day the no stands. A yes that takes two steps, or joins a reward,
is nobody else's to give.

What was entered wrongly is put right by another entry, which says of which: the one that the staff
name, or one that came the same way on the same day. What it speaks of counts in the other's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.platform import days
from plainview.privacy import permissions
from plainview.privacy.consent import answering, questions, receivers, renewing, stopping
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.queries import Entered, entered, latest
from plainview.privacy.consent.recording import ACCOUNT, BY_HAND, record

OLDEST = timedelta(days=3 * 366)
"""A letter older than answers are kept says nothing any more."""


class NotTheirs(ValueError):
    """A yes that only the person can give, or to something that is not asked of them."""


class Lapsed(ValueError):
    """A yes of that day has lapsed by now: it opens nothing, and would end every other one."""


class Outcome(NamedTuple):
    """The purposes that hold as entered, and those that the person answered later."""

    holds: tuple[str, ...]
    stood: tuple[str, ...]


def offered(account: int) -> list[questions.Topic]:
    """What this person can refuse by the laws that bind them."""
    found = permissions.read(account)
    return [] if found is None else list(questions.topics(found[0]))


def needs_themselves(account: int, purpose: str) -> bool:
    """Whether a yes is nobody else's to give.

    It takes two steps (11 CCR 7028), or joins a reward whose terms come first (P5.2.2.4a).
    """
    found = permissions.read(account)
    topics = {each.id: each for each in offered(account)}
    if found is None or receivers.rewards(purpose):
        return True
    return answering.takes_two(found[0], topics[purpose])


def entries(account: int) -> list[Entered]:
    """What the staff entered for somebody and may have to put right, the latest first."""
    return entered(account, BY_HAND)


def enter(
    account: int, said: Mapping[str, bool], *, via: str, on: date, corrects: str = ""
) -> Outcome:
    """Record what a person said on a day by telephone, letter or otherwise (`via`).

    `corrects` is the receipt of an entry of the staff's that this one puts right, be it in the day
    or in the way by which it came. Raises NotTheirs, also for an entry that there is not, Lapsed,
    and ValueError for a day that has not come or is long past.
    """
    today = timezone.localdate()
    if not today - OLDEST <= on <= today:
        raise ValueError("a day in the future, or too long ago")
    known = {each.id for each in offered(account)}
    if not said or not set(said) <= known:
        raise NotTheirs("nothing of this is asked of them")
    if any(yes and needs_themselves(account, id_) for id_, yes in said.items()):
        raise NotTheirs("a yes to this is theirs to give, by themselves")
    wrong = _wrong(account, said, via, on, corrects)
    earlier = latest(account, {each.key for each in wrong})
    holds: list[str] = []
    stood: list[str] = []
    for id_, yes in said.items():
        later = id_ in earlier and earlier[id_].at > _moment(on, yes)
        (stood if later else holds).append(id_)
    if any(said[id_] for id_ in holds) and _lapsed(account, on):
        raise Lapsed("a yes of that day has lapsed")
    again = {id_ for id_ in stood if any(id_ in each.answers for each in wrong)}
    with transaction.atomic():
        for yes in (True, False):
            words = {id_: "granted" if yes else "denied" for id_ in said if said[id_] is yes}
            if words:
                counting = {id_: (words[id_], on) for id_ in words if id_ in holds}
                counting |= {
                    id_: (earlier[id_].answer, timezone.localdate(earlier[id_].at))
                    for id_ in words
                    if id_ in again
                }
                _enter(account, words, counting, via, on, _put_right(wrong, words))
    return Outcome(tuple(sorted(holds)), tuple(sorted(stood)))


def _enter(
    account: int,
    said: Mapping[str, str],
    counting: Mapping[str, tuple[str, date]],
    via: str,
    on: date,
    corrects: str,
) -> None:
    """Write what was said into the ledger, and what of it counts into the standing.

    That is an answer and its day, which of one that stands again is its own.
    """

    def changed(facts: Facts) -> Facts:
        for day in sorted({day for _, day in counting.values()}):
            then = {id_: answer for id_, (answer, at) in counting.items() if at == day}
            facts = permissions.answered(facts, then, day)
        return facts

    facts, _ = permissions.change(account, changed, answered_on=on)
    law = facts.residence or facts.presence or "unknown"
    words = [questions.say(f"choices.by_hand.{via}")]
    for id_, word in sorted(said.items()):
        answer = questions.say(f"choices.centre.{'off' if word == 'denied' else 'on'}")
        words.append(f"{questions.say(f'purposes.{id_}.name')}: {answer}")
    question = Question(questions.language(), law, "\n".join(words))
    yes = "denied" not in said.values()
    record(
        account,
        said,
        question,
        via=via,
        scope=ACCOUNT,
        signals=facts.signals or frozenset(),
        said_at=_moment(on, yes),
        corrects=corrects,
    )
    stopping.lift(account, {id_: answer for id_, (answer, _) in counting.items()})


def _wrong(
    account: int, said: Mapping[str, bool], via: str, on: date, corrects: str
) -> list[Entered]:
    """The entries that are put right: the one named, or those of the same day and way."""
    known = entries(account)
    if corrects:
        named = [each for each in known if each.key == corrects]
        if not named:
            raise NotTheirs("there is no such entry to put right")
        return named
    return [
        each
        for each in known
        if (each.via, each.on) == (via, on) and each.answers.keys() & said.keys()
    ]


def _put_right(wrong: list[Entered], said: Mapping[str, str]) -> str:
    """Which of these an entry puts right: first of all one that says something else."""
    about = [each for each in wrong if each.answers.keys() & said.keys()]
    other = [
        each
        for each in about
        if any(each.answers.get(id_, word) != word for id_, word in said.items())
    ]
    return next((each.key for each in [*other, *about]), "")


def _lapsed(account: int, on: date) -> bool:
    """Whether a yes that somebody gave on a day is none any more, by the laws that bind them."""
    found = permissions.read(account)
    day = None if found is None else renewing.lapses_on(found[0], on)
    return day is not None and day <= timezone.localdate()


def _moment(on: date, yes: bool) -> datetime:
    """The moment that counts for something said on a day."""
    return min(days.start(on) if yes else days.end(on), timezone.now())
