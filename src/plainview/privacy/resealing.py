"""Another key for what lies encrypted in single columns: all of it is carried over to the first.

Second factors are their own room's. Sessions are not carried over: they end with their key.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import transaction

from plainview.platform.encryption import Unreadable, cipher
from plainview.privacy.disclosures.models import Disclosure, Recall
from plainview.privacy.disclosures.services import RECORDING
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import acting
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.copies.models import Copy
from plainview.privacy.rights.sending.models import Sending

_LEDGER = ((Disclosure, "sealed"), (Recall, "sealed"))
"""Letters that wait, and by what a recipient knows whom it is to forget."""
_COPIES = ((Copy, "seal"), (Bringing, "seal"), (Bringing, "secret"), (Sending, "secret"))


def reseal() -> int:
    """Carry everything over to the first key; return how many papers of requests that were.

    What none of the keys opens stays as it is, but for a paper. Raises Unreadable.
    """
    with transaction.atomic():
        with Opened(RECORDING):
            _carry(_LEDGER)
        with duty("export"):
            _carry(_COPIES)
        return acting.reseal()


def _carry(columns: Iterable[tuple[Any, str]]) -> None:
    for model, column in columns:
        rows = model.objects.exclude(**{column: ""})
        for key, sealed in rows.values_list("pk", column).order_by("pk"):
            with suppress(Unreadable):
                same = model.objects.filter(pk=key, **{column: sealed})
                same.update(**{column: cipher().renewed(sealed)})
