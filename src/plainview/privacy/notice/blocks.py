"""What documents are made of: plain data that each writer turns into its own marks.

`language` is empty where words are in the language of the page, else the one they are in.
"""

import datetime as dt

import msgspec


class Link(msgspec.Struct, frozen=True):
    """A page of somebody else, and what is said of it, behind the colon of its language."""

    text: str
    url: str
    note: str = ""
    colon: str = ": "


Cell = str | Link


class Heading(msgspec.Struct, frozen=True):
    """A heading; level 1 is the title. `anchor` is its address within the page."""

    level: int
    text: str
    anchor: str
    language: str = ""


class Paragraph(msgspec.Struct, frozen=True):
    """Running text."""

    text: str
    language: str = ""


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Cell, ...]
    language: str = ""


class Table(msgspec.Struct, frozen=True):
    """A table; the first cell of each row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Heading | Paragraph | Items | Table


class Clause(msgspec.Struct, frozen=True):
    """One clause, its address and number in the document, and the promises that it states.

    A promise's own address, `#P4.1.3c`, is the first clause that states it: `leads`.
    """

    anchor: str
    number: str
    promises: tuple[str, ...]
    leads: tuple[str, ...]
    blocks: tuple[Block, ...]


class Part(msgspec.Struct, frozen=True):
    """A section of a document."""

    heading: Heading
    number: str
    clauses: tuple[Clause, ...]


class Composed(msgspec.Struct, frozen=True):
    """A document in one language, for readers of one place.

    `stamp` says version, date and the policy's fingerprint in words. `foreign` is the
    language of what is not translated, or nothing; `reviewed` whether a lawyer
    has read the words as they stand; `draft` whether they are a translation that nobody has.
    """

    id: str
    title: Heading
    lead: Paragraph
    stamp: Paragraph
    version: str
    effective: dt.date
    parts: tuple[Part, ...]
    foreign: str = ""
    reviewed: bool = False
    draft: bool = False
