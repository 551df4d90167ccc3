"""What can be asked about a change of address: what is kept free, and what waits (P1.1.1b)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from plainview.domains.accounts.models import Former, Waiting
from plainview.domains.accounts.queries import account_at
from plainview.platform import days
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.retention.ending import Row, Teller
from plainview.privacy.rights.planning import later

T = TypeVar("T", Former, Waiting)
CHANGE = "contact.change"
_SALT = "plainview.accounts.take-back"


def taken(address: str, *, but: int | None = None) -> bool:
    """Whether an account has an address; who has only typed it as their new one has it not.

    One that was given up lately is kept free for its account, so it is not taken for `but`.
    """
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True)
    return (
        account_at(address) is not None or proved.exists() or former(address, but=but) is not None
    )


def kept_until(given_up_at: datetime) -> datetime:
    """Until when an address that was given up then can take the change back: by the policy."""
    keep = in_force().schedule(CHANGE).keep
    return days.start(later(timezone.localdate(given_up_at), keep))


def last_day(given_up_at: datetime) -> date:
    """The last day on which it can."""
    return timezone.localdate(kept_until(given_up_at)) - timedelta(1)


def former(address: str, *, but: int | None = None) -> Former | None:
    """What gave an address up so lately that it can take the change back; `but` not this account.

    It is looked for among everybody.
    """
    rows = Former.objects.filter(email__iexact=address).exclude(account=but)
    return next((each for each in rows if timezone.now() < kept_until(each.given_up_at)), None)


def key_of(row: Former | Waiting) -> str:
    """What a letter to an old address has in its link: signed, and it names nobody."""
    return signing.Signer(salt=f"{_SALT}.{row._meta.model_name}").sign(str(row.pk))


def _keyed(rows: QuerySet[T], key: str) -> T | None:
    """The one of some rows that a link is for; None for a link that we did not make."""
    try:
        number = signing.Signer(salt=f"{_SALT}.{rows.model._meta.model_name}").unsign(key)
    except signing.BadSignature:
        return None
    return rows.filter(pk=number).first()


def given_up(key: str) -> Former | None:
    """The address that a link takes back; None for a link that works no more, or never did."""
    row = _keyed(Former.objects.all(), key)
    return row if row is not None and timezone.now() < kept_until(row.given_up_at) else None


def lost() -> QuerySet[Waiting]:
    """The addresses that are to take the place of lost ones, as far as the open purpose may see."""
    return Waiting.objects.exclude(request="").select_related("address")


def to_stop(key: str) -> Waiting | None:
    """What a link of a letter to an address that is said to be lost can stop; None if nothing."""
    return _keyed(lost(), key)


def replacing(account: int) -> Waiting | None:
    """What is to take the place of the address of an account that is said to be lost."""
    return lost().filter(address__user=account).first()


def unproved_changes(last: date) -> Iterator[tuple[Row, ...]]:
    """The new addresses that waited since `last` or longer and nobody proved: the sweep's.

    Needs the duty `erasure`.
    """
    restricted = Standing.objects.filter(permitted__gte=WITHHOLDS).values("subject")
    rows = Waiting.objects.filter(since__lte=days.end(last), address__verified=False)
    rows = rows.filter(proved_at=None).exclude(address__user__in=restricted)
    for key, owner, since in rows.values_list("pk", "address__user", "since"):
        named = (EmailAddress._meta.db_table, key, owner, timezone.localdate(since))
        yield (Row(*named),)


UNPROVED = Teller(
    "collection",
    (EmailAddress._meta.db_table, Waiting._meta.db_table),
    unproved_changes,
    lambda _devices, _until: None,
)
"""Ends new addresses that nobody proves; with the address goes since when it waited."""
