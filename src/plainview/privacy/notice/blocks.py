"""What a notice is made of: plain data that each writer turns into its own marks."""

import msgspec


class Heading(msgspec.Struct, frozen=True):
    """A heading; level 1 is the title. `anchor` is its address within the page."""

    level: int
    text: str
    anchor: str


class Paragraph(msgspec.Struct, frozen=True):
    """Running text."""

    text: str


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """A table; the first cell of each row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Items | Table
