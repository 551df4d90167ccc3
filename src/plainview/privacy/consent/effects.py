"""What a yes changes, read off what is declared: doors, hearers, tasks, recipients, keys.

No list is kept by hand. A purpose for which nothing is declared does nothing here, and the question
about it says so; it stops saying so with the first door that names it (P5.1.3c).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

from plainview.platform.jobs import queue
from plainview.privacy.consent import storage
from plainview.privacy.disclosures import connections
from plainview.privacy.events import subscriptions
from plainview.privacy.gate.doors import addresses, door_of
from plainview.privacy.gate.scope import Door
from plainview.privacy.permissions import RECOGNITION, needs_recognition
from plainview.privacy.policies import in_force


class Effects(NamedTuple):
    """What serves a purpose: names of doors, recipients, keys, and purposes that depend on it."""

    doors: tuple[str, ...]
    recipients: tuple[str, ...]
    keys: tuple[str, ...]
    purposes: tuple[str, ...]


def of(purpose: str) -> Effects:
    """What there is for a purpose in this installation. Raises UnknownPurpose."""
    policy = in_force()
    needing: tuple[str, ...] = ()
    if policy.purpose(purpose).id == RECOGNITION:
        needing = tuple(each for each in policy.purposes if needs_recognition(each))
    return Effects(
        doors=_doors().get(purpose, ()),
        recipients=_reached(purpose),
        keys=tuple(
            each.name
            for each in (*storage.keys(), *storage.partners())
            if each.purpose == purpose and (not each.owner or _listening(each.owner))
        ),
        purposes=needing,
    )


def idle(purpose: str) -> bool:
    """Whether nothing here is done for a purpose, whatever was answered."""
    return not (_doors().get(purpose) or any(of(purpose)))


def _reached(purpose: str) -> tuple[str, ...]:
    """Those who would get something: what the browser is made to fetch, or an own connection."""
    return tuple(
        each.id
        for each in in_force().recipients.values()
        if (purpose in each.receives and connections.kind_of(each.id))
        or any(embed.purpose == purpose for embed in each.embeds.values())
    )


def _listening(name: str) -> bool:
    """Whether a recipient is connected, or its embeds can be placed."""
    found = [each for each in in_force().recipients.values() if each.name == name]
    return any(each.embeds or connections.kind_of(each.id) for each in found)


@functools.cache
def _doors() -> dict[str, tuple[str, ...]]:
    """The doors by the purposes that they serve or may enter."""
    found: dict[str, list[str]] = {}
    for door in _every_door():
        for purpose in {door.purpose, *door.may}:
            found.setdefault(purpose, []).append(door.name)
    return {purpose: tuple(sorted(set(names))) for purpose, names in found.items()}


def _every_door() -> Iterator[Door]:
    yield from (each.door for each in subscriptions.all())
    views = (door_of(each.callback) for _address, each in addresses())
    tasks = (door_of(each.run) for each in queue.tasks())
    yield from (door for door in (*views, *tasks) if door is not None)
