"""What a sheet is made of: plain data that each writer turns into its own marks."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

TITLES = {
    "record": _("Record of processing activities"),
    "interests": _("Assessments of legitimate interests"),
    "impact": _("Screening for impact assessments"),
    "transfers": _("Assessments of transfers"),
}
"""What each sheet is called."""
Field = tuple[str, tuple[str, ...]]
"""A label and what is said under it, a line each."""


class Entry(NamedTuple):
    """One row of the sheet: what it is about, and what is said of it."""

    id: str
    name: str
    fields: tuple[Field, ...]


class Sheet(NamedTuple):
    """A record or an assessment. `facts` hold for all of it; every entry has the same labels."""

    name: str
    title: str
    lead: str
    facts: tuple[Field, ...]
    entries: tuple[Entry, ...]


def field(label: str, lines: Iterable[str] | str) -> Field:
    """Return a label with its lines; what is empty is left out."""
    given = (lines,) if isinstance(lines, str) else tuple(lines)
    return label, tuple(line for line in given if line)
