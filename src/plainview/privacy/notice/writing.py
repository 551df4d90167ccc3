"""Writes the blocks of a notice down as Markdown or HTML, whatever characters they hold."""

import html
import re
from collections.abc import Iterable

from plainview.privacy.notice.blocks import Block, Heading, Items, Paragraph, Table

_MARKS = re.compile(r"([\\`*_\[\]<>|#~&])")


def to_markdown(blocks: Iterable[Block]) -> str:
    """Return the notice as Markdown with tables; marks in the words themselves are escaped."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def to_html(blocks: Iterable[Block], language: str, direction: str = "ltr") -> str:
    """Return the notice as a whole HTML page without styles or scripts."""
    blocks = list(blocks)
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    body = "\n".join(_html(block) for block in blocks)
    return (
        "<!doctype html>\n"
        f'<html lang="{html.escape(language)}" dir="{html.escape(direction)}">\n'
        f'<head><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text, _):
            return f"{'#' * level} {_plain(text)}"
        case Paragraph(text):
            return _plain(text)
        case Items(items):
            return "\n".join(f"- {_plain(item)}" for item in items)
        case Table(head, rows):
            lines = [head, ("---",) * len(head), *rows]
            cells = [[cell if cell == "---" else _plain(cell) for cell in line] for line in lines]
            return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def _plain(text: str) -> str:
    """Escape what Markdown would take for marks, and keep one line one line."""
    flat = " ".join(text.split())
    return re.sub(r"^([+-]|\d+[.)])(?= )", r"\\\1", _MARKS.sub(r"\\\1", flat))


def _html(block: Block) -> str:
    match block:
        case Heading(level, text, anchor):
            name = html.escape(anchor)
            return f'<h{level} id="{name}">{html.escape(text)}</h{level}>'
        case Paragraph(text):
            return f"<p>{html.escape(text)}</p>"
        case Items(items):
            lines = "\n".join(f"<li>{html.escape(item)}</li>" for item in items)
            return f"<ul>\n{lines}\n</ul>"
        case Table(head, rows):
            names = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
            lines = "\n".join(_row(row) for row in rows)
            return f"<table>\n<thead><tr>{names}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _row(row: tuple[str, ...]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{html.escape(first)}</th>{cells}</tr>'
