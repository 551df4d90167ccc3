"""Apps and televisions of a member: connected by a code that is typed once, known by a token after.

The member gets the code on their page of devices and types it into the app, which exchanges it for
its token. Neither stands in the database: only what can tell them again does.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils import timezone

from plainview.platform.identifiers import new_key
from plainview.privacy import sessions
from plainview.privacy.consent import cookie
from plainview.privacy.consent.models import App, Link
from plainview.privacy.gate.scope import Door, Opened

CODE_LETTERS, TOKEN_LETTERS = 8, 32
"""39 bits for ten minutes, behind a limit on tries; 158 bits for as long as it is connected."""
CODE_LIFE = timedelta(minutes=10)
MOST = 20
"""So many apps a member may have; a further one takes the place of that unused for longest."""
PREFIX = "pv1_"
_WHY = "who comes with a code or token is what it finds out"
_FINDING = Door(
    "plainview.privacy.consent.connected", "authentication", source="use", everyone=_WHY
)
_OWN = Door("plainview.privacy.consent.connected.own", "authentication", source="use")
_LINKS = Door("plainview.privacy.consent.connected.links", "privacy-choices", source="form")


class NoSuchCode(LookupError):
    """Nobody was given this code, it was used before, or its ten minutes are over."""


class Connected(NamedTuple):
    """An app as its member sees it."""

    key: str
    name: str
    since: object
    seen_on: object


def offer(account: int) -> str:
    """A code for an app to type, in place of any that still waits: `k7m2-x9q4`."""
    code = new_key(CODE_LETTERS)
    now = timezone.now()
    with Opened(_OWN, lambda: account):
        mine = App.objects.filter(account=account)
        mine.filter(token=None).delete()
        for one in mine.order_by("-seen_on", "-since").values_list("pk", flat=True)[MOST - 1 :]:
            mine.filter(pk=one).delete()
        App.objects.create(
            account=account,
            code=_digest(code),
            code_until=now + CODE_LIFE,
            since=now,
            seen_on=timezone.localdate(),
        )
    unlink_ended(account)
    return f"{code[:4]}-{code[4:]}"


def connect(code: str, name: str) -> str:
    """The token for a code, which is used up by that. Raises NoSuchCode."""
    typed = code.strip().lower().replace("-", "").replace(" ", "")
    token = PREFIX + new_key(TOKEN_LETTERS)
    now = timezone.now()
    with Opened(_FINDING):
        waiting = App.objects.filter(code=_digest(typed), code_until__gt=now, token=None)
        claimed = waiting.update(
            code=None,
            code_until=None,
            token=_digest(token),
            name=" ".join(name.split())[:60],
            since=now,
        )
    if not claimed:
        raise NoSuchCode("no app was given this code")
    return token


def account_of(request: HttpRequest) -> int | None:
    """The account for which an app speaks to the API; nobody's without a token that is good."""
    token = bearer(request)
    return account_with(token) if token.startswith(PREFIX) else None


def account_with(token: str) -> int | None:
    """The account for which whoever shows this token speaks; nobody's for one that is not good."""
    today = timezone.localdate()
    with Opened(_FINDING):
        known = App.objects.filter(token=_digest(token))
        found = known.values_list("account", "seen_on").first()
        if found is None:
            return None
        if found[1] < today:
            known.update(seen_on=today)
        alive = get_user_model().objects.filter(pk=found[0], is_active=True)
        return int(found[0]) if alive.exists() else None


def bearer(request: HttpRequest) -> str:
    """The token that a request to the API brings; elsewhere none counts."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and cookie.from_api(request) else ""


def apps(account: int) -> list[Connected]:
    """The apps of a member, the latest first."""
    with Opened(_OWN, lambda: account):
        rows = App.objects.filter(account=account, token__isnull=False).order_by("-since")
        return [Connected(*row) for row in rows.values_list("key", "name", "since", "seen_on")]


def handle_of(request: HttpRequest) -> str:
    """The handle of the app that asks, as a session has one; empty without a token that is good."""
    if not (token := bearer(request)):
        return ""
    with Opened(_FINDING):
        known = App.objects.filter(token=_digest(token)).values_list("key", flat=True)
        return known.first() or ""


def sitting(account: int) -> dict[str, str]:
    """By what the account is in now, its sessions and its apps: the kind of each by its handle."""
    return sessions.live(account) | {each.key: each.name for each in apps(account)}


def unlink_ended(account: int) -> dict[str, str]:
    """Let go of the devices of an account whose session or app has ended, by whichever way.

    Returns what it is in now, as `sitting` does. Promises: P5.1.3b.
    """
    going_on = sitting(account)
    with Opened(_LINKS, lambda: account):
        linked = Link.objects.filter(account=account).exclude(sitting="")
        linked.exclude(sitting__in=going_on).delete()
    return going_on


def disconnect(account: int, key: str) -> bool:
    """End an app by its handle, and the link of its device; whether there was one."""
    with Opened(_OWN, lambda: account):
        ended = bool(App.objects.filter(account=account, key=key).delete()[0])
    unlink_ended(account)
    return ended


def end(token: str) -> None:
    """End the app that has this token: it signs out, and the link of its device ends."""
    with Opened(_FINDING):
        app = App.objects.filter(token=_digest(token))
        account = app.values_list("account", flat=True).first()
        app.delete()
    if account is not None:
        unlink_ended(account)


def end_all(account: int) -> None:
    """End every app of an account, as a new password ends its sessions; links are the caller's."""
    with Opened(_OWN, lambda: account):
        App.objects.filter(account=account).delete()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
