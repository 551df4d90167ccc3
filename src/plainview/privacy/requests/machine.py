"""The table of a request's states and steps: small, explicit, and the only one.

Services move by it, the database refuses what is not in it, the desk draws its buttons from it and
the tests explore all of it. Nothing here knows of Django's database or of the clock.

    received → identifying → working ⇄ paused → answered → appealed → settled → closed
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How far a request is."""

    RECEIVED = "received", _("Received")
    IDENTIFYING = "identifying", _("Waiting for proof of who asks")
    WORKING = "working", _("In work")
    PAUSED = "paused", _("Waiting for an answer to our question")
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")
    APPEALED = "appealed", _("Under appeal")
    SETTLED = "settled", _("Appeal decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    JOINED = "joined", _("Joined to another request")
    CLOSED = "closed", _("Closed")


R, I, W, P = State.RECEIVED, State.IDENTIFYING, State.WORKING, State.PAUSED  # noqa: E741
OPEN = (R, I, W, P)
"""Nobody has decided yet."""
DECIDED = (State.ANSWERED, State.REFUSED, State.SETTLED)
RUNNING = (*OPEN, State.APPEALED)
"""Somebody has something to do, by a day."""
FINAL = (State.WITHDRAWN, State.JOINED, State.CLOSED)
PROVED = (W, P, State.ANSWERED)
"""Nobody gets here without having shown, as far as the right asks it, who they are."""

Who = Literal["person", "officer", "service"]


class Step(NamedTuple):
    """One step: from which states to which, and who may take it. `to` None stays where it is."""

    name: str
    sources: tuple[State, ...]
    to: State | None
    by: tuple[Who, ...]

    def target(self, state: State) -> State:
        """Where it leads from a state."""
        return state if self.to is None else self.to


EVERY = tuple(State)
STEPS: dict[str, Step] = {
    each.name: each
    for each in (
        Step("acknowledge", OPEN, None, ("officer", "service")),
        Step("sort", OPEN, None, ("officer",)),
        Step("assign", RUNNING, None, ("officer", "service")),
        Step("ask-identity", (R, W), I, ("officer", "service")),
        Step("begin", (R, I), W, ("officer", "service", "person")),
        Step("ask", (W,), P, ("officer",)),
        Step("resume", (P,), W, ("officer", "service", "person")),
        Step("extend", (W, P), None, ("officer",)),
        Step("escalate", RUNNING, None, ("service",)),
        Step("by-hand", OPEN, None, ("officer", "service")),
        Step("act", OPEN, None, ("officer", "service")),
        Step("answer", (W, P), State.ANSWERED, ("officer", "service")),
        Step("refuse", OPEN, State.REFUSED, ("officer",)),
        Step("appeal", (State.ANSWERED, State.REFUSED), State.APPEALED, ("person", "officer")),
        Step("settle", (State.APPEALED,), State.SETTLED, ("officer",)),
        Step("withdraw", RUNNING, State.WITHDRAWN, ("person", "officer")),
        Step("join", OPEN, State.JOINED, ("officer", "service")),
        Step("close", DECIDED, State.CLOSED, ("service", "person", "officer")),
        Step("hear", EVERY, None, ("person", "service", "officer")),
        Step("write", EVERY, None, ("officer", "service")),
        Step("note", EVERY, None, ("officer",)),
    )
}
FILE = "file"
"""The step by which a request comes to be: from nowhere to `received`."""


class Impossible(Exception):
    """The table has no such step from there."""

    def __init__(self, step: str, state: str) -> None:
        super().__init__(f"no step `{step}` from `{state}`")
        self.step, self.state = step, state


def target(state: str, step: str) -> State:
    """Where `step` leads from `state`. Raises Impossible."""
    known = STEPS.get(step)
    if known is None or state not in known.sources:
        raise Impossible(step, state)
    return known.target(State(state))


def possible(state: str, by: Who | None = None) -> list[str]:
    """The steps that can be taken from a state, by anybody or by one kind of actor."""
    return [
        each.name
        for each in STEPS.values()
        if state in each.sources and (by is None or by in each.by)
    ]


def triples() -> Iterator[tuple[str, str, str]]:
    """Every step with its state before and after; the first has none before."""
    yield FILE, "", State.RECEIVED
    for step in STEPS.values():
        for state in step.sources:
            yield step.name, state, step.target(state)


def pairs() -> set[tuple[str, str]]:
    """Every state with one that it may have come from."""
    return {(before, after) for _step, before, after in triples() if before != after}
