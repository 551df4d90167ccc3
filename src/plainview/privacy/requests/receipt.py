"""The number of what was just sent, in the address that the form leads to: loaded again, it sends
nothing twice.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

SALT = "plainview.privacy.requests.received"


def address(page: str, number: str) -> str:
    """Where a page shows a number as received."""
    return f"{reverse(page)}?{urlencode({'received': signing.dumps(number, salt=SALT)})}"


def number(request: HttpRequest) -> str:
    """The number that the address carries, if we wrote it."""
    try:
        return str(signing.loads(request.GET.get("received", ""), salt=SALT))
    except signing.BadSignature:
        return ""
