"""Receipts in the copy that people take: each as the file that proves it (P5.2.1.2a)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from plainview.privacy.receipts import queries
from plainview.privacy.rights.holdings import Quiet
from plainview.privacy.rights.person import Person


class Receipts(Quiet):
    """Made when they are asked for; what they are made of goes with its tables."""

    name = "receipts"

    def originals(self, person: Person) -> Iterator[tuple[str, BinaryIO]]:
        """A file for each entry that the log proves."""
        for each in queries.every(person.subject):
            yield f"receipt-{each.line.key}.json", io.BytesIO(each.file)
