"""Who was told of a change: written down once for each person, looked up at their next visit."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from plainview.privacy.changes.models import Told
from plainview.privacy.gate.scope import Door, Opened

_OWN = Door("plainview.privacy.changes", "privacy-choices", source="derived")
_SALT = b"plainview.privacy.changes:"
LENGTH = 26
"""Characters: 128 bits, as any delivery's."""
_UNSEEN = Q(seen_at=None) & (Q(way=Told.Way.VISIT) | Q(returned_at__isnull=False))


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
        mailed = Told.objects.filter(
            account=account, way=Told.Way.MAIL, returned_at=None, seen_at=None
        )
        for row in mailed.select_related("change"):
            if key(row.change.policy, account) == delivery:
                Told.objects.filter(pk=row.pk).update(returned_at=timezone.now())


def key(policy: str, account: int) -> str:
    """The delivery's name for the change to a policy: always the same, and it leads to nobody."""
    secret = _SALT + str(settings.SECRET_KEY).encode()
    digest = hmac.new(secret, f"{policy}:{account}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]
