"""Writes a sheet down: as a page to print, or as a table for a spreadsheet."""

from django.template.loader import render_to_string

from plainview.platform import spreadsheets
from plainview.platform.languages import direction
from plainview.privacy.record.blocks import Sheet


def to_html(sheet: Sheet, language: str) -> str:
    """Return a whole HTML page that prints well and needs nothing beside it."""
    facts = {"sheet": sheet, "language": language, "direction": direction(language)}
    return render_to_string("privacy/record/printed.html", facts)


def to_csv(sheet: Sheet) -> str:
    """Return the entries as CSV, a row each, with one line of a cell for each line of a field."""
    labels = [label for label, _ in sheet.entries[0].fields] if sheet.entries else []
    cells = [
        (entry.id, entry.name, *("\n".join(lines) for _, lines in entry.fields))
        for entry in sheet.entries
    ]
    return spreadsheets.table([("id", "name", *labels), *cells])
