"""Runs a door and says what it touches, under the duty of auditing, and takes it all back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import resolve

from plainview.privacy.gate import purposes
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.grants import EVERYTHING
from plainview.privacy.gate.middleware import opener
from plainview.privacy.gate.scope import Door, Life, Opened, Subject
from plainview.privacy.used import Used, used

_WHOLE = re.compile(r"\Ahttps?://[^/?#]*(/?)")


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

    An account is signed in for it; any other subject (a device) is only whom the door is about.

    It may stand whole, as a browser shows it. Raises django.urls.Resolver404 for a url that leads
    nowhere.
    """
    url = _WHOLE.sub(lambda rest: rest[1] or "/", url)
    resolve(url.partition("#")[0].partition("?")[0])
    lives: list[Life] = []

    def open_traced(door: Door, find: Callable[[], Subject], **permitted: Any) -> Opened:
        opened = Opened(door, find if subject is None else lambda: subject, EVERYTHING, "audit")
        lives.append(opened.life)
        return opened

    token = opener.set(open_traced)
    status = 0
    try:
        with transaction.atomic():
            client = Client(raise_request_exception=False, SERVER_NAME="localhost")
            _sign_in(client, subject)
            response = client.get(url, secure=True)  # as the public sees it
            status = response.status_code
            raise _Back
    except _Back:
        pass
    finally:
        opener.reset(token)
    life = lives[-1] if lives else Life(Door("", ""))
    touched = tuple(used(life, whole=False))
    columns = sorted({f"{t}.{c}" for _, keys, _ in life.uses for t, c in keys if c})
    return Trace(
        life.door if lives else None,
        status,
        touched,
        tuple(columns),
        propose(
            {each.category for each in touched if not each.purpose},
            life.door.purpose,
            sorted(life.door.may.intersection(each.purpose for each in touched)),
        ),
    )


def _sign_in(client: Client, subject: Subject) -> None:
    if subject is None or not apps.is_installed("django.contrib.auth"):
        return
    with duty("audit"):
        account = get_user_model().objects.filter(pk=subject).first()
        if account is not None:
            client.force_login(account)


def propose(categories: set[str], declared: str = "", entered: Sequence[str] = ()) -> str:
    """The declaration that would do for these categories, by the policy in force.

    The purpose that is `declared` stays where it suffices; what was `entered` is listed besides.
    """
    policy = purposes.policy()
    missing: set[str] = set()
    if declared in policy.purposes and categories <= policy.uses(declared):
        chosen = [declared]
    else:
        covering = [p for p in policy.purposes if categories <= policy.uses(p)]
        chosen = (
            [min(covering, key=lambda p: (policy.refusable(p), len(policy.uses(p)), p))]
            if covering
            else _cover(categories)
        )
        missing = categories.difference(*map(policy.uses, chosen))
    purpose, *more = chosen
    listed = ", ".join(f'"{p}"' for p in [*more, *(p for p in entered if p not in chosen)])
    may = f", may=[{listed}]" if listed else ""
    said = f'@serves("{purpose}"{may}, source="…")'
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
