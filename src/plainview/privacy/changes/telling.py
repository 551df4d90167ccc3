"""Who was told of a change: written down once for each person, looked up at their next visit."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from plainview.platform import days
from plainview.platform.identifiers import named
from plainview.privacy.changes.models import Told
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.retention.ending import Row, Teller

_OWN = Door("plainview.privacy.changes", "privacy-choices", source="derived")
_SALT = b"plainview.privacy.changes:"
LENGTH, STEM = 26, 20
"""Characters: 128 bits, as any delivery's; and those that all deliveries about one change share."""
VISIT = Q(way=Told.Way.VISIT) | Q(unsure_at__isnull=False)
"""Whom no letter and no browser told for sure."""
_UNSEEN = Q(seen_at=None) & (VISIT | Q(returned_at__isnull=False))


def to_tell(account: int) -> frozenset[int]:
    """The changes that an account is to be told of at this visit, since nothing else reached it."""
    with Opened(_OWN, lambda: account):
        return frozenset(
            Told.objects.filter(_UNSEEN, account=account).values_list("change", flat=True)
        )


def seen(account: int) -> None:
    """Note that an account put the notes away that it was shown, or answered."""
    with Opened(_OWN, lambda: account):
        Told.objects.filter(account=account, seen_at=None).update(seen_at=timezone.now())


def returned(account: int, delivery: str) -> None:
    """A letter came back: if it told of a change, the account's next visit does."""
    with Opened(_OWN, lambda: account):
        if row := _told_by(account, delivery):
            Told.objects.filter(pk=row.pk, returned_at=None).update(returned_at=timezone.now())


def unsure(account: int, delivery: str, *, others: bool) -> bool:
    """A letter or message did not go, or nobody knows: the next visit tells of what it told of.

    Not if `others`, to further browsers of theirs, went or will. False if it told of no change.
    """
    with Opened(_OWN, lambda: account):
        row = _told_by(account, delivery)
        if row is None:
            return False
        if not others:
            Told.objects.filter(pk=row.pk, unsure_at=None).update(unsure_at=timezone.now())
        return True


def _told_by(account: int, delivery: str) -> Told | None:
    """What a delivery told an account of, and they have not seen since."""
    sent = Told.objects.filter(account=account, seen_at=None).exclude(way=Told.Way.VISIT)
    for row in sent.select_related("change"):
        if delivery[:STEM] in {each[:STEM] for each in _names(row.change.policy, account)}:
            return row
    return None


def key(policy: str, account: int, browser: int | None = None) -> str:
    """The delivery's name for the change to a policy: always the same, and it leads to nobody.

    The `browser` of somebody, counted from nought, has its place in it.
    """
    name = _names(policy, account)[0]
    return name if browser is None else f"{name[:STEM]}{browser:0{LENGTH - STEM}}"


def _names(policy: str, account: int) -> list[str]:
    """By each of our secret keys, that of now first: a letter under one of before may come back."""
    made = named(_SALT, f"{policy}:{account}")
    return [base64.b32encode(each).decode().lower()[:LENGTH] for each in made]


def _ended(last: dt.date) -> Iterator[tuple[Row, ...]]:
    """Who was told on `last` or before, by what reached them. Needs the duty `erasure`.

    Of who left, the erasure said when.
    """
    members = Standing.objects.filter(device=False, permitted__lt=WITHHOLDS).values("subject")
    rows = Told.objects.filter(at__lte=days.end(last), account__in=members).exclude(_UNSEEN)
    for key, account, at in rows.values_list("pk", "account", "at"):
        yield (Row(Told._meta.db_table, key, account, timezone.localdate(at)),)


PROVED = Teller("purpose-end", (Told._meta.db_table,), _ended, lambda _devices, _until: None)
"""Ends the proof that somebody was told: what it was for was done with the telling."""
