"""What can be asked about answers: when each was given, and on which devices an account sits."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from plainview.privacy.consent.models import Answer
from plainview.privacy.gate.scope import Door, Opened

_DOOR = Door("plainview.privacy.consent.queries", "privacy-choices", source="form")


class Given(NamedTuple):
    """An answer to one purpose: granted, affirmed or denied, when, and by which of our doors."""

    answer: str
    at: datetime
    via: str


def latest(subject: int) -> dict[str, Given]:
    """The last answer of a person to each purpose, as the ledger has it (P2.11b)."""
    found: dict[str, Given] = {}
    with Opened(_DOOR, lambda: subject):
        rows = Answer.objects.filter(subject=subject).order_by("given_at")
        for answers, at, via in rows.values_list("answers", "given_at", "via"):
            for purpose, said in json.loads(answers).items():
                found[purpose] = Given(said, at, via)
    return found
