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
    """Return the entries as CSV, a row each, with one line of a cell for each line of a field.

    What holds for all of them stands in columns of its own, in each row: who answers, first of all
    (GDPR Art. 30(1)(a)).
    """
    rows = [(entry.id, entry.name, (*entry.fields, *sheet.facts)) for entry in sheet.entries]
    labels = [label for label, _ in rows[0][2]] if rows else []
    cells = ((id_, name, *("\n".join(said) for _, said in fields)) for id_, name, fields in rows)
    return spreadsheets.table([("id", "name", *labels), *cells])
