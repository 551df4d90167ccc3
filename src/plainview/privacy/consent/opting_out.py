"""The opt-out of a place: what it is called, what it ends, and whether somebody took it.

A signal of a browser says the same by itself (P5.2.2.2b).
"""

from __future__ import annotations

import functools

from plainview.engine import Jurisdiction
from plainview.engine import Standing as Facts
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.questions import (
    Topic,
    hears_signal,
    opt_in,
    put,
    say,
    scope_words,
    topics,
)
from plainview.privacy.places import applying
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import GPC, Visitor


def opt_out_words(visitor: Visitor) -> str:
    """What the place calls its opt-out (P4.1.3b), if what it speaks of is done there."""
    facts = visitor.facts
    return say(_key(in_force().fingerprint, facts.presence, facts.residence))


def strictest_words() -> str:
    """As `opt_out_words` where nobody looked who is there: those of the strictest law."""
    return say(_key(in_force().fingerprint, None, None))


@functools.lru_cache(maxsize=512)
def _key(fingerprint: str, presence: str | None, residence: str | None) -> str:
    return applying.opt_out_key(in_force(), presence, residence)


def by_law(visitor: Visitor, key: str) -> str:
    """Words about an opt-out, or their others where no law there speaks of a sale (P4.1.3b)."""
    asked_first = _opt_out_law(visitor.facts).model == "opt-in"
    return say(f"choices.{key}{'-optin' if asked_first else ''}")


def ended_by_opt_out(visitor: Visitor) -> list[str]:
    """The names of what an opt-out, or a signal, ends where somebody is."""
    return [say(f"purposes.{each.id}.name") for each in closable(visitor.facts)]


def closable(facts: Facts) -> list[Topic]:
    """What an opt-out, or a signal, ends where somebody is."""
    return [each for each in topics(facts) if each.closed_by_signal]


def _opt_out_law(facts: Facts) -> Jurisdiction:
    return in_force().opt_out_law(facts.presence, facts.residence)


def opt_out_state(visitor: Visitor) -> str:
    """What the foot of a page shows: a button, that it was pressed, or a way to the page.

    Where the law asks first there is nothing to stop before a yes; where nothing is shared, not
    even that.
    """
    if not closable(visitor.facts):
        return "nothing"
    if opted_out(visitor):
        return "done"
    return "way" if opt_in(visitor.facts) else "button"


def opted_out(visitor: Visitor) -> bool:
    """Whether nothing that a signal closes is open, because somebody said so (P5.2.2.2a).

    What nobody answered is not opted out of, even where it is off.
    """
    closed = closable(visitor.facts)
    said = visitor.facts.choices or {}
    asked = hears_signal(visitor) or any(said.get(each.id) == "denied" for each in closed)
    return asked and not any(visitor.permits(each.id) for each in closed)


def overruled(facts: Facts) -> tuple[Topic, ...]:
    """What a signal closed although it had been allowed, and nobody has answered since."""
    if GPC not in (facts.signals or frozenset()):
        return ()
    said = facts.choices or {}
    return tuple(each for each in closable(facts) if said.get(each.id) == "granted")


def of_opt_out(visitor: Visitor) -> Question:
    """The page with the one button."""
    said = [say("choices.optout.lead"), *ended_by_opt_out(visitor), say("choices.optout.action")]
    return put(visitor, [opt_out_words(visitor), *said, scope_words(visitor)])


def of_foot(visitor: Visitor) -> Question:
    """The button at the foot of every page, which says no more than the law's own words."""
    return put(visitor, [opt_out_words(visitor)])
