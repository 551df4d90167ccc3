"""Rights and retention: what people may ask, and how long what is kept."""

from typing import Literal

from plainview.engine.declarations.words import Declaration, Ids, Provenance


class Right(Declaration, frozen=True, kw_only=True):
    """A right, how it is asked for and what carries it out."""

    id: str = ""
    name: str
    clause: str
    means: Literal["desk", "button"]
    carried_out_by: Literal["at-once", "desk", "person"]
    identity: Literal["none", "session", "proof"]
    closes: Ids = ()


class RightFile(Declaration, frozen=True, kw_only=True):
    """rights.toml."""

    right: dict[str, Right]


class Schedule(Declaration, frozen=True, kw_only=True):
    """How long categories are kept: an ISO 8601 duration counted from an event."""

    id: str = ""
    categories: Ids
    keep: str
    after: Literal["collection", "last-use", "purpose-end", "account-closed", "case-closed"]
    then: Literal["delete", "anonymise", "cut"]
    tolerance_days: int = 1
    why: str


class MustKeep(Provenance, frozen=True, kw_only=True):
    """A law that makes us keep categories although somebody asked for erasure."""

    id: str = ""
    categories: Ids
    places: Ids
    keep: str
    after: str
    law: str
    purpose: str
    note: str = ""


class Dormancy(Declaration, frozen=True, kw_only=True):
    """When a relationship counts as over: months without sign-in, payment or message."""

    months: int
    notices: tuple[int, ...]


class Holds(Declaration, frozen=True, kw_only=True):
    """The grounds on which a row may be held longer; each hold has owner, reason and end."""

    grounds: Ids
    longest: str


class Retention(Declaration, frozen=True, kw_only=True):
    """retention.toml."""

    schedule: dict[str, Schedule]
    must_keep: dict[str, MustKeep] = {}
    dormancy: Dormancy
    holds: Holds
    backups: str
