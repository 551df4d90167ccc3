"""Runs a door and says what it touches, under the duty of auditing, and takes it all back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import resolve

from plainview.privacy.gate import purposes
from plainview.privacy.gate.grants import EVERYTHING
from plainview.privacy.gate.middleware import opener
from plainview.privacy.gate.scope import Door, Life, Opened, Subject
from plainview.privacy.used import Used, used


@dataclass(frozen=True, slots=True)
class Trace:
    """What a door touched, and what it would have to declare."""

    door: Door | None
    status: int
    touched: tuple[Used, ...]
    columns: tuple[str, ...]
    proposal: str


class _Back(Exception):
    """Everything that the traced door wrote is taken back."""


def trace(url: str, subject: Subject = None) -> Trace:
    """GET `url` as the person `subject` and report what its view touches. Nothing it writes stays.

    Raises django.urls.Resolver404 for a url that leads nowhere.
    """
    resolve(url.split("?")[0])
    lives: list[Life] = []

    def open_traced(door: Door, find: Callable[[], Subject], **permitted: Any) -> Opened:
        opened = Opened(door, find if subject is None else lambda: subject, EVERYTHING, "audit")
        lives.append(opened.life)
        return opened

    token = opener.set(open_traced)
    status = 0
    try:
        with transaction.atomic():
            response = Client(raise_request_exception=False, SERVER_NAME="localhost").get(url)
            status = response.status_code
            raise _Back
    except _Back:
        pass
    finally:
        opener.reset(token)
    life = lives[-1] if lives else Life(Door("", ""))
    touched = tuple(used(life))
    columns = sorted({f"{t}.{c}" for _, keys, _ in life.uses for t, c in keys if c})
    return Trace(
        life.door if lives else None,
        status,
        touched,
        tuple(columns),
        propose({each.category for each in touched}),
    )


def propose(categories: set[str]) -> str:
    """The declaration that would do for these categories, by the policy in force."""
    policy = purposes.policy()
    covering = [p for p in policy.purposes if categories <= policy.uses(p)]
    if covering:
        best = min(covering, key=lambda p: (policy.refusable(p), len(policy.uses(p)), p))
        return f'@serves("{best}", source="…")'
    first, *more = _cover(categories)
    missing = categories.difference(*(policy.uses(p) for p in (first, *more)))
    listed = ", ".join(f'"{p}"' for p in more)
    said = f'@serves("{first}", may=[{listed}], source="…")'
    return f"{said}  # no purpose uses {', '.join(sorted(missing))}" if missing else said


def _cover(categories: set[str]) -> list[str]:
    """Few purposes that together use as many of the categories as any can; at least one."""
    policy = purposes.policy()
    left, chosen = set(categories), []
    while left:
        best = max(sorted(policy.purposes), key=lambda p: len(left & policy.uses(p)))
        if not left & policy.uses(best):
            break
        chosen.append(best)
        left -= policy.uses(best)
    return chosen or [min(policy.purposes)]
