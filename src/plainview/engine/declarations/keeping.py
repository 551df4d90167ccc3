"""Rights and retention: what people may ask, and how long what is kept."""

from typing import Literal

from plainview.engine.declarations.words import Basis, Carrier, Declaration, Ids, Provenance


class Right(Carrier, frozen=True, kw_only=True):
    """A right, how it is asked for and what carries it out.

    `door` is where, beside a mail to the privacy address. `within` is our own longest time, which
    holds wherever the law there sets none. `closes` names the purposes it is for, `against` the
    bases; empty means all. `window` is how long after a decision it can be asked for.
    """

    id: str = ""
    name: str
    clause: str
    means: Literal["desk", "button"]
    carried_out_by: Literal["at-once", "desk", "person"]
    identity: Literal["none", "session", "proof"]
    closes: Ids = ()
    against: tuple[Basis, ...] = ()
    door: str = ""
    within: str = ""
    window: str = ""
    dpv: str = ""


class Mail(Carrier, frozen=True, kw_only=True):
    """Words by which a mail says what it is. They are recognised, never required."""

    appeal: str
    state_rights: str


class RightFile(Declaration, frozen=True, kw_only=True):
    """rights.toml."""

    right: dict[str, Right]
    mail: Mail | None = None


class Schedule(Carrier, frozen=True, kw_only=True):
    """How long categories are kept: an ISO 8601 duration counted from an event.

    What is `removable` a person may delete entry by entry, without a request. What `outlives` an
    erasure stays for its time although the person has gone, for the reason that `why` gives.
    """

    id: str = ""
    categories: Ids
    keep: str
    after: Literal["collection", "last-use", "purpose-end", "account-closed", "case-closed"]
    then: Literal["delete", "anonymise", "cut"]
    removable: bool = False
    outlives: bool = False
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


class Dormancy(Carrier, frozen=True, kw_only=True):
    """When a relationship counts as over: months without sign-in, payment or message."""

    months: int
    notices: tuple[int, ...]


class Unconfirmed(Carrier, frozen=True, kw_only=True):
    """How long an account waits for somebody to confirm its address: an ISO 8601 duration."""

    keep: str


class Holds(Carrier, frozen=True, kw_only=True):
    """The grounds on which a row may be held longer; each hold has owner, reason and end."""

    grounds: Ids
    longest: str


class Retention(Carrier, frozen=True, kw_only=True):
    """retention.toml."""

    schedule: dict[str, Schedule]
    must_keep: dict[str, MustKeep] = {}
    dormancy: Dormancy
    unconfirmed: Unconfirmed | None = None
    holds: Holds
    backups: str
