"""Documents: what people read at /legal/, clause by clause, with the lists made from the policy."""

import datetime as dt
from typing import Literal

from plainview.engine.declarations.words import Carrier, Declaration

DOCUMENTS = ("privacy", "terms", "copyright", "accessibility", "imprint", "help", "cookies")
"""The documents that every site has; the words of each stand in a file of its name."""

List = Literal[
    "group",
    "representatives",
    "joint",
    "officer",
    "categories",
    "purposes",
    "recipients",
    "services",
    "shareable",
    "sold",
    "destinations",
    "abroad",
    "programmes",
    "rights",
    "retention",
    "laws",
    "jurisdictions",
    "signals",
    "ages",
    "changes",
    "decisions",
    "measures",
    "storage",
]

FACTS = frozenset(
    {
        "controller", "leader", "group", "seat", "address", "email", "officer", "represented",
        "joint", "site", "covers", "adult", "dormancy", "unconfirmed", "backups", "longest_hold",
        "signals", "countries", "appeal",
    }
)  # fmt: skip
"""What a clause may fill in: `{controller}`, `{dormancy}` (24 months), `{adult}` (18)."""


class Link(Declaration, frozen=True, kw_only=True):
    """A page of somebody else that a clause leads to; its name is a proper name in any language."""

    name: str
    url: str
    region: str = ""


class Clause(Carrier, frozen=True, kw_only=True):
    """One clause: words under its id in the document's texts, then the lists it shows.

    Its id is its address on the page and stays, wherever the clause moves. `only_if` names a fact
    without which the clause is left out.
    """

    id: str
    lists: tuple[List, ...] = ()
    link: tuple[Link, ...] = ()
    only_if: str = ""


class Section(Declaration, frozen=True, kw_only=True):
    """A heading and its clauses, in reading order."""

    id: str
    clause: tuple[Clause, ...]


class Document(Carrier, frozen=True, kw_only=True):
    """documents/<id>.toml. Without a version of its own it goes with the policy's."""

    id: str = ""
    version: str = ""
    effective: dt.date | None = None
    section: tuple[Section, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in reading order."""
        return tuple(clause for section in self.section for clause in section.clause)
