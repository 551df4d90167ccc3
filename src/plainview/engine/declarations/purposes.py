"""policy.toml, purposes and categories: who answers, why data is used, and which data."""

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from plainview.engine.declarations.rules import Rule
from plainview.engine.declarations.words import (
    Carrier,
    Declaration,
    Guard,
    Heading,
    Ids,
    Provenance,
    Reason,
)


class Controller(Carrier, frozen=True, kw_only=True):
    """Who answers for the service.

    `officer` is the address of whoever looks after data protection; who that is, as what and by
    which telephone, some laws want to be read too (`OfficerTerms`). `leader` is whoever acts for a
    company by law, which the APPI wants read.
    """

    RETIRED: ClassVar = frozenset({"help_url"})
    name: str
    address: str
    country: str
    email: str
    officer: str
    officer_name: str = ""
    officer_title: str = ""
    officer_phone: str = ""
    url: str
    leader: str = ""
    group: str = ""
    group_seat: str = ""
    group_url: str = ""

    @property
    def officer_details(self) -> tuple[str, ...]:
        """Who the officer is, as what, and by which telephone: what is said of these."""
        said = (self.officer_name, self.officer_title, self.officer_phone)
        return tuple(filter(None, said))


class Representative(Carrier, frozen=True, kw_only=True):
    """Whom people and authorities may turn to in the controller's stead under a law.

    Laws want one there of whoever is established elsewhere (GDPR and UK GDPR Art. 27).
    """

    regimes: Ids
    name: str
    address: str
    email: str


class Duty(Carrier, frozen=True, kw_only=True):
    """What may work on personal data outside the purposes, and why it must.

    The gate of a service opens none that is `tests_only`.
    """

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
    representative: tuple[Representative, ...] = ()
    duty: dict[str, Duty]
    change: tuple[Change, ...] = ()

    def is_first_language_only(self, key: str) -> bool:
        """Whether these words stand in the first language alone so far."""
        return any(key == name or key.startswith(f"{name}.") for name in self.first_language_only)


WEIGHED = ("interest", "necessity", "balance")


class Assessment(Carrier, frozen=True, kw_only=True):
    """The written weighing of a legitimate interest, with what protects the people concerned.

    Its words (`WEIGHED`) stand in the texts of its purpose, those of a policy begun with an older
    version here, in its first language: `interest` says what for, `necessity` why not with less,
    `balance` why it does not outweigh them. Each of `safeguards` is a switch that `policy check`
    finds on, not a promise in prose.
    """

    done: dt.date
    review: dt.date
    interest: str = ""
    necessity: str = ""
    balance: str = ""
    safeguards: tuple[Guard, ...]


class Purpose(Carrier, frozen=True, kw_only=True):
    """Why data is used: on which categories, of which kind, by which rules of its own.

    `bit` is its place in `permitted` and never changes or moves to another purpose. `needs` are
    the categories it cannot do without; a restriction on one of them closes the purpose, one on
    another leaves it open without that category. `asks_each` names what is asked one by one after
    the bit (a survey, a partner). No figure made for it speaks of fewer people than `threshold`.
    `dpv` is its nearest term in the Data Privacy Vocabulary.
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
    threshold: int = 0
    dpv: str = ""
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


class SensitiveKind(Provenance, frozen=True, kw_only=True):
    """A kind of data that some law calls sensitive, and which purposes alone may touch it."""

    name: str
    places: Ids
    only: Ids = ()


class Category(Carrier, frozen=True, kw_only=True):
    """A kind of personal data. Undotted ids are families: the row itself, its key and count.

    What `identifies` points to one person by itself; after an erasure it is looked for everywhere.
    What is `free_text` may hold anything, so it feeds no profile. `only` names the purposes that
    may use it, where no other ever may. `edit` and `remove` are the doors where a person changes
    and deletes it, `no_edit` and `no_remove` why there is none; what its schedule calls
    `removable` is deleted entry by entry under Your privacy.
    """

    id: str = ""
    name: str
    clause: str
    sources: Ids
    shareable: bool = False
    identifies: bool = False
    sensitive: str = ""
    heading: Heading | None = None
    free_text: bool = False
    only: Ids = ()
    edit: str = ""
    no_edit: Reason | None = None
    remove: str = ""
    no_remove: Reason | None = None
    dpv: str = ""

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
