"""News travels as typed events, delivered only to subscribers whose purpose is permitted.

An event is a frozen dataclass with `subject` (a subject's id), or `subjects` where it is about
several. wiring.py lists who hears it, for which purpose; so no domain contains `if consent`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from typing import Any, TypeVar

from django.db import transaction

from plainview.privacy.gate.grants import grant
from plainview.privacy.gate.refusals import Refused
from plainview.privacy.gate.scope import Door, Life, Opened, require
from plainview.privacy.gate.standing import permitting

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One hearer of one kind of event, behind a door of its own."""

    event: type
    door: Door
    hear: Callable[[Any], None]


class Subscriptions:
    """The table of who hears what."""

    def __init__(self) -> None:
        self._table: dict[type, list[Subscription]] = {}

    def hears(self, event: type[E], purpose: str, hear: Callable[[E], None]) -> None:
        """Let `hear` be told of each `event`, a dataclass, about people who permit `purpose`.

        What it writes comes from use. Raises TypeError for what is no dataclass.
        """
        if not is_dataclass(event):
            raise TypeError(f"{event.__name__} is not a dataclass")
        door = Door(f"{hear.__module__}.{hear.__qualname__}", purpose, source="use")
        self._table.setdefault(event, []).append(Subscription(event, door, hear))

    def of(self, event: type) -> tuple[Subscription, ...]:
        """Who hears this kind of event."""
        return tuple(self._table.get(event, ()))

    def all(self) -> tuple[Subscription, ...]:
        """The whole table."""
        return tuple(each for some in self._table.values() for each in some)


subscriptions = Subscriptions()


def people_of(event: Any) -> tuple[int, ...]:
    """The subjects of an event. Raises Refused if it names none."""
    found = getattr(event, "subjects", None) or (getattr(event, "subject", None),)
    if None in found:
        raise Refused(f"{type(event).__name__} says nothing of whom it is about (subject)")
    return tuple(found)


def publish(event: Any, using: str = "default") -> None:
    """Tell it to whoever may hear it, once the transaction of now is committed (P1.2.3a).

    Each subscriber runs under its own purpose, narrowed to the first person of the event, and only
    if all its people permit that purpose at that moment. One that fails does not hold up the rest.
    Raises NoPurpose outside a door.
    """
    life = require().life
    people = people_of(event)
    for each in subscriptions.of(type(event)):
        transaction.on_commit(_delivery(event, each, people, using, life), using=using, robust=True)


def _delivery(
    event: Any, each: Subscription, people: tuple[int, ...], using: str, life: Life
) -> Callable[[], None]:
    def deliver() -> None:
        granted = grant(each.door.purpose)
        if granted.refusable and not life.allows(granted.bit):
            return
        with Opened(each.door, lambda: people[0]):
            if len(permitting(people, each.door.purpose, using)) == len(set(people)):
                each.hear(event)

    deliver.__qualname__ = f"delivery of {type(event).__name__} to {each.door.name}"
    return deliver
