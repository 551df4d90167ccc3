"""Writes documents down as Markdown or HTML, whatever characters they hold."""

import html
import re
from collections.abc import Iterable

from plainview.platform.languages import direction
from plainview.privacy.leaving import leaving, linked
from plainview.privacy.notice.blocks import Block, Cell, Heading, Items, Link, Paragraph, Table

_MARKS = re.compile(r"([\\`*_\[\]<>|#~&])")


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as Markdown with tables; marks in the words themselves are escaped."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def to_html(blocks: Iterable[Block], language: str) -> str:
    """Return blocks as a whole HTML page without styles or scripts."""
    blocks = list(blocks)
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    return (
        "<!doctype html>\n"
        f'<html lang="{html.escape(language)}" dir="{direction(language)}">\n'
        f'<head><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        f"<body>\n<main>\n{to_elements(blocks)}\n</main>\n</body>\n</html>\n"
    )


def to_elements(blocks: Iterable[Block]) -> str:
    """Return blocks as HTML elements, for a page of ours to hold."""
    return "\n".join(_html(block) for block in blocks)


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_plain(text)}"
        case Paragraph(text):
            return _plain(text)
        case Items(items):
            return "\n".join(f"- {_marked(item)}" for item in items)
        case Table(head, rows):
            rule = "| " + " | ".join("---" for _ in head) + " |"
            lines = ["| " + " | ".join(map(_marked, line)) + " |" for line in (head, *rows)]
            return "\n".join([lines[0], rule, *lines[1:]])


def _marked(cell: Cell) -> str:
    if isinstance(cell, str):
        return _plain(cell)
    note = f"{cell.colon}{_plain(cell.note)}" if cell.note else ""
    return f"{_plain(cell.text)}{note} ({_plain(cell.url)})"


def _plain(text: str) -> str:
    """Escape what Markdown would take for marks, and keep one line one line."""
    flat = " ".join(text.split())
    return re.sub(r"^([+-]|\d+[.)])(?= )", r"\\\1", _MARKS.sub(r"\\\1", flat))


def _html(block: Block) -> str:
    match block:
        case Heading(level, text, anchor, language):
            name = html.escape(anchor)
            return f'<h{level} id="{name}"{_lang(language)}>{html.escape(text)}</h{level}>'
        case Paragraph(text, language):
            return f"<p{_lang(language)}>{html.escape(text)}</p>"
        case Items(items, language):
            lines = "\n".join(f"<li>{_cell(item)}</li>" for item in items)
            return f"<ul{_lang(language)}>\n{lines}\n</ul>"
        case Table(head, rows):
            names = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
            lines = "\n".join(_row(head, row) for row in rows)
            return (
                '<table class="table table-folds">\n'
                f"<thead><tr>{names}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"
            )


def _lang(language: str) -> str:
    return f' lang="{html.escape(language)}" dir="{direction(language)}"' if language else ""


def _row(head: tuple[str, ...], row: tuple[Cell, ...]) -> str:
    first, *rest = row
    cells = "".join(
        f'<td data-column="{html.escape(name)}">{_cell(cell)}</td>'
        for name, cell in zip(head[1:], rest, strict=True)
    )
    return f'<tr><th scope="row">{_cell(first)}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        note = f"{cell.colon}{html.escape(cell.note)}" if cell.note else ""
        return leaving(cell.url, cell.text) + note
    return linked(cell) if "://" in cell else html.escape(cell)
