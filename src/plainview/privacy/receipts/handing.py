"""A receipt from a television to a telephone: a code to photograph, good once and for minutes.

The address in the code holds a random secret and nothing else. Opening it shows a button; only
pressing that takes the receipt, so that a program which looks at links takes none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

import qrcode  # type: ignore[import-untyped]  # it has no stubs
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Handover

LIFE = dt.timedelta(minutes=10)
_DOOR = Door("plainview.privacy.receipts.handing", "privacy-choices", source="use")
_BEARER = Door(
    "plainview.privacy.receipts.handing.take",
    "privacy-choices",
    source="use",
    everyone="whoever holds the code was handed it by the person it is about",
)


def offer(subject: int, key: str) -> str:
    """A code for one receipt of a person; the ones before it end."""
    code = secrets.token_urlsafe(24)
    with transaction.atomic(), Opened(_DOOR, lambda: subject):
        Handover.objects.filter(subject=subject).delete()
        Handover.objects.create(digest=_digest(code), subject=subject, receipt=key)
    return code


def waiting(code: str) -> bool:
    """Whether a code still leads to a receipt."""
    with Opened(_BEARER):
        return Handover.objects.filter(digest=_digest(code), made_at__gt=_earliest()).exists()


def take(code: str) -> tuple[int, str] | None:
    """Whose receipt a code leads to, and which; None if it is used up, too old or none."""
    with transaction.atomic(), Opened(_BEARER):
        mine = Handover.objects.filter(digest=_digest(code), made_at__gt=_earliest())
        found = mine.values_list("subject", "receipt").first()
        if found is None or not mine.delete()[0]:
            return None
    subject, key = found
    return subject, key


def drawn(text: str, label: str) -> SafeString:
    """`text` as a QR code (ISO/IEC 18004) in SVG that needs no style of its own."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    squares = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, line in enumerate(squares) for x, dark in enumerate(line) if dark
    )
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/>'
        '<path d="{}" fill="#000"/></svg>',
        label,
        len(squares),
        len(squares),
        path,
    )


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _earliest() -> dt.datetime:
    return timezone.now() - LIFE
