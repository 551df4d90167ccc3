"""The limits that checks go by: data with versions, each with its source.

A changed limit is a new version of its profile, in a new row. An edition names the version that it
was begun under, so that a new one never makes old lines wrong.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("limits.csv")
HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one profile asks of one language. Times in ms, lengths in units of `measure`.

    `screen` is how text that stands in the picture is set: in `capitals`, or between two marks.
    """

    profile: str
    version: int
    language: str
    cps: float
    cps_warns: float
    per_line: float
    lines: int
    min_ms: int
    max_ms: int
    min_gap_ms: int
    italics: bool
    dialogue: str
    screen: str
    source: str

    @property
    def id(self) -> str:
        """As an edition names it: `house@1`."""
        return f"{self.profile}@{self.version}"

    def numbers(self) -> dict[str, object]:
        """What the editor needs of it."""
        return {key: value for key, value in asdict(self).items() if key != "source"}


def limits(name: str, language: str) -> Limits:
    """The limits of a profile (`house@1`) for a language (BCP 47), else its default ones.

    Raises KeyError for a profile or version that there is not.
    """
    profile, _, version = name.partition("@")
    table = _table()
    parts = language.split("-")
    for length in range(len(parts), 0, -1):
        found = table.get((profile, int(version), "-".join(parts[:length])))
        if found is not None:
            return found
    return table[profile, int(version), "default"]


def current_limits(language: str, profile: str = HOUSE) -> Limits:
    """The newest version of a profile that says something of a language, or of all."""
    parts = language.split("-")
    tags = {"default", *("-".join(parts[:length]) for length in range(1, len(parts) + 1))}
    newest = max(version for name, version, tag in _table() if name == profile and tag in tags)
    return limits(f"{profile}@{newest}", language)


def offered(language: str) -> list[Limits]:
    """The newest version of every profile, as it is for a language."""
    names = dict.fromkeys(name for name, _version, _language in _table())
    return [current_limits(language, name) for name in names]


@cache
def _table() -> dict[tuple[str, int, str], Limits]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            Limits(
                profile=row["profile"],
                version=int(row["version"]),
                language=row["language"],
                cps=float(row["cps"]),
                cps_warns=float(row["cps_warns"]),
                per_line=float(row["per_line"]),
                lines=int(row["lines"]),
                min_ms=int(row["min_ms"]),
                max_ms=int(row["max_ms"]),
                min_gap_ms=int(row["min_gap_ms"]),
                italics=row["italics"] == "yes",
                dialogue=row["dialogue"],
                screen=row["screen"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
    return {(row.profile, row.version, row.language): row for row in rows}
