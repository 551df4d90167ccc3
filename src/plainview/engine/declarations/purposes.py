"""policy.toml, purposes and categories: who answers, why data is used, and which data."""

import datetime as dt
from typing import Literal

import msgspec

from plainview.engine.declarations.rules import Rule
from plainview.engine.declarations.words import Carrier, Declaration, Ids


class Controller(Carrier, frozen=True, kw_only=True):
    """Who answers for the service."""

    name: str
    address: str
    country: str
    email: str
    officer: str
    url: str
    help_url: str = ""
    group: str = ""
    group_seat: str = ""
    group_url: str = ""


class Duty(Carrier, frozen=True, kw_only=True):
    """What may work on personal data outside the purposes, and why it must."""

    id: str = ""
    name: str
    why: str
    tests_only: bool = False


class Change(Carrier, frozen=True, kw_only=True):
    """What a version changed, and which purposes or `purpose/recipient` it touches."""

    summary: str
    material: bool = False
    touches: Ids = ()


class Minors(Carrier, frozen=True, kw_only=True):
    """Nobody younger than `least` years, wherever they live; how fast we act on knowing of one."""

    least: int = 18
    suspend_within: str = "PT1H"
    erase_within: str = "P30D"


class Head(Carrier, frozen=True, kw_only=True):
    """policy.toml.

    `first_language_only` names texts, as `notice.law`, that stand in the first of `languages`
    alone so far: they and all below them count as not yet shipped in the others.
    """

    version: str
    effective: dt.date
    languages: Ids
    first_language_only: Ids = ()
    minors: Minors = Minors()
    covers: Ids
    controller: Controller
    duty: dict[str, Duty]
    change: tuple[Change, ...] = ()

    def is_first_language_only(self, key: str) -> bool:
        """Whether these words stand in the first language alone so far."""
        return any(key == name or key.startswith(f"{name}.") for name in self.first_language_only)


class Assessment(Carrier, frozen=True, kw_only=True):
    """The written weighing of a legitimate interest: when, until when, and what protects."""

    done: dt.date
    review: dt.date
    interest: str
    safeguards: Ids


class Purpose(Carrier, frozen=True, kw_only=True):
    """Why data is used: on which categories, of which kind, by which rules of its own.

    `bit` is its place in `permitted` and never changes or moves to another purpose. `needs` are
    the categories it cannot do without; a restriction on one of them closes the purpose, one on
    another leaves it open without that category. `asks_each` names what is asked one by one after
    the bit (a survey, a partner).
    """

    id: str = ""
    name: str
    clause: str
    kind: str
    bit: int
    traits: Ids = ()
    uses: Ids = ()
    needs: Ids | None = None
    asks_each: str = ""
    loses: bool = False
    assessment: Assessment | None = None
    rule: tuple[Rule, ...] = ()


class PurposeFile(Declaration, frozen=True, kw_only=True):
    """purposes/<purpose>.toml."""

    purpose: dict[str, Purpose]


class Source(Carrier, frozen=True, kw_only=True):
    """A way by which data reaches us."""

    id: str = ""
    name: str
    from_: Literal["person", "use", "others"] = msgspec.field(name="from")


class SensitiveKind(Carrier, frozen=True, kw_only=True):
    """A kind of data that some law calls sensitive, and which purposes alone may touch it."""

    name: str
    places: Ids
    only: Ids = ()


class Category(Carrier, frozen=True, kw_only=True):
    """A kind of personal data. Undotted ids are families: the row itself, its key and count.

    What `identifies` points to one person by itself; after an erasure it is looked for everywhere.
    """

    id: str = ""
    name: str
    clause: str
    sources: Ids
    shareable: bool = False
    identifies: bool = False
    sensitive: str = ""
    edit: str = ""
    remove: str = ""

    @property
    def parent(self) -> str | None:
        """The family of a dotted category; None for a family."""
        family, dot, _ = self.id.partition(".")
        return family if dot else None


class CategoryFile(Declaration, frozen=True, kw_only=True):
    """categories.toml."""

    source: dict[str, Source]
    sensitive: dict[str, SensitiveKind]
    category: dict[str, Category]
