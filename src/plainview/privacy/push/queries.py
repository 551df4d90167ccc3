"""What can be asked about browsers that take messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest

from plainview.privacy import sessions
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.push import keys
from plainview.privacy.push.models import Subscription
from plainview.privacy.push.services import PURPOSE, end, wants
from plainview.privacy.visitors import Visitor

_OWN = Door("plainview.privacy.push.queries", "privacy-choices", source="form")


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that takes messages, as its owner sees it."""

    key: str
    family: str
    carrier: str
    since: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """How messages stand for whoever is at the door: in this browser, and in others of theirs."""

    state: str  # answer (not said yes), shared (not at such a computer), on, off
    browsers: list[Browser]
    key: str  # ours, as the browser takes it

    @property
    def others(self) -> list[Browser]:
        """Those elsewhere."""
        return [each for each in self.browsers if not each.here]


class Address(NamedTuple):
    """Where a message to one browser goes, and what it is encrypted with."""

    recipient: str
    endpoint: str
    p256dh: str
    auth: str


class Taking(NamedTuple):
    """A browser that takes messages, for whoever has something to say: its number, and whose."""

    number: int
    account: int
    recipient: str


def browsers(account: int, here: str) -> list[Browser]:
    """The browsers of an account that take messages; `here` is the handle of this session."""
    families = sessions.live(account)
    with Opened(_OWN, lambda: account):
        mine = Subscription.objects.filter(account=account, made_for=keys.fingerprint())
        rows = list(mine.filter(sitting__in=families).order_by("-since"))
    known = in_force().recipients
    return [
        Browser(
            row.key,
            families[row.sitting],
            known[row.recipient].name if row.recipient in known else row.recipient,
            row.since,
            row.sitting == here,
        )
        for row in rows
    ]


def panel(request: HttpRequest, visitor: Visitor) -> Panel | None:
    """How messages stand for the account at the door; None for nobody's."""
    if visitor.account is None:
        return None
    here = sessions.handle(request.session.session_key or "")
    found = browsers(visitor.account, here)
    if not (wants(visitor.account) and visitor.permits(PURPOSE)):
        state = "answer"
    elif visitor.shared:
        state = "shared"
    else:
        state = "on" if any(each.here for each in found) else "off"
    return Panel(state, found, keys.public() if state == "off" else "")


def taking(after: int, most: int) -> list[int]:
    """The next accounts after a number with browsers that take messages, of those who permit it."""
    rows = Subscription.objects.filter(account__gt=after).order_by("account")
    return list(rows.values_list("account", flat=True).distinct()[:most])


def of_accounts(accounts: Iterable[int]) -> dict[int, list[Taking]]:
    """The browsers of some accounts that take messages, as far as the open purpose may see."""
    rows = Subscription.objects.filter(account__in=list(accounts)).order_by("pk")
    found: dict[int, list[Taking]] = {}
    for row in rows.values_list("pk", "account", "recipient"):
        found.setdefault(row[1], []).append(Taking(*row))
    return found


def address(account: int, number: int, purpose: str = PURPOSE) -> Address | None:
    """Where a message goes now; None if its browser takes none any more, or signed out.

    Behind the purpose: whoever does not permit it has no row.
    """
    door = Door("plainview.privacy.push.sending", purpose, source="derived")
    with Opened(door, lambda: account) as scope:
        scope.life.records = False
        row = Subscription.objects.filter(account=account, pk=number).first()
    if row is None:
        return None
    if row.made_for == keys.fingerprint() and row.sitting in sessions.live(account):
        return Address(row.recipient, row.endpoint, row.p256dh, row.auth)
    end(account, number=number)
    return None
