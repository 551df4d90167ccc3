"""Many rows at once into a table, by COPY; what it refuses is told without its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import OperationalError

from plainview.privacy.gate.postgresql.errors import silenced

_PLACE = re.compile(r"line (\d+)(?:, column (\w+))?")


class NotTaken(Exception):
    """The server, or its driver, does not take a row: which one, from 0 on, and which column of it.

    `row` is None and `column` "" where that is not known; `kind` is the kind of error.
    """

    def __init__(self, row: int | None, column: str, kind: str) -> None:
        self.row, self.column, self.kind = row, column, kind


class _NotWritten(Exception):
    """The driver has no form for a value of another kind than its column's; the text is how so."""


def fill(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Put rows into columns of a table; returns how many. Needs a duty.

    Values are as the driver takes them. Raises NotTaken, and OperationalError for what the server
    says of itself (a full disk, its end): no row is at fault.
    """
    names, given = ", ".join(f'"{each}"' for each in columns), 0
    try:
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as into:
            for row in rows:
                try:
                    into.write_row(row)
                except (TypeError, ValueError, OverflowError) as error:
                    raise _NotWritten(type(error).__name__) from None
                given += 1
    except _NotWritten as refused:
        raise NotTaken(given, "", str(refused)) from None
    except (psycopg.OperationalError, psycopg.InternalError) as error:
        raise OperationalError(str(silenced(error)).strip().partition("\n")[0]) from None
    except psycopg.Error as error:
        place = _PLACE.search(error.diag.context or "")
        number = int(place[1]) - 1 if place else None if error.sqlstate else given
        column = place[2] if place and place[2] else ""
        raise NotTaken(number, column, type(error).__name__) from None
    return given
