"""Cells of a CSV file that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_RECKONED = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""What a spreadsheet would reckon with instead of showing (the wide ones in East Asian settings;
OWASP, "CSV Injection"), and what looks as if it were kept from that already."""


def inert(cell: str) -> str:
    """A text with a quote in front where a spreadsheet would run it as a formula."""
    return f"'{cell}" if _RECKONED.match(cell) else cell


def table(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV (RFC 4180), each text in it inert; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def read(cell: str) -> str:
    """What `inert` was given, from a cell that it made."""
    return cell[1:] if cell.startswith("'") and _RECKONED.match(cell) else cell
