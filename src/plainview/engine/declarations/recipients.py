"""Recipients and programmes: who receives what, and what is given in return."""

import datetime as dt
from typing import Literal

from plainview.engine.declarations.rules import Rule
from plainview.engine.declarations.words import Declaration, Ids, SafeguardKind


class Safeguard(Declaration, frozen=True, kw_only=True):
    """What protects data that a recipient holds outside a regime's own territory."""

    regimes: Ids
    kind: SafeguardKind
    reference: str
    since: dt.date
    review: dt.date
    assessment: str = ""
    authority: str = ""
    url: str = ""


class Contract(Declaration, frozen=True, kw_only=True):
    """The contract that binds a recipient."""

    reference: str
    since: dt.date


class Recipient(Declaration, frozen=True, kw_only=True):
    """Who receives what, for which purposes, in which role, where. `receives` is a closed list.

    The one that `carries` the mail gets every letter. What a recipient got it `deletes_after` an
    ISO 8601 time by contract, so that nothing needs calling back; empty: it is told.
    """

    id: str = ""
    name: str
    clause: str
    role: Literal["processor", "partner", "advertiser", "group", "independent", "authority"]
    country: str
    receives: dict[str, Ids]
    by_name: bool = False
    titles: bool = False
    carries: Literal["", "mail"] = ""
    deletes_after: str = ""
    notice_url: str = ""
    contract: Contract | None = None
    safeguard: tuple[Safeguard, ...] = ()
    rule: tuple[Rule, ...] = ()


class RecipientFile(Declaration, frozen=True, kw_only=True):
    """recipients.toml."""

    recipient: dict[str, Recipient] = {}


class Estimate(Declaration, frozen=True, kw_only=True):
    """A good-faith value of the data a programme rewards, in minor units a member and year."""

    currency: str
    sales: int
    incentives: int
    marketing: int
    team: int
    investment: int
    upkeep: int
    other: int
    done: dt.date

    @property
    def value(self) -> int:
        """Sales brought, minus every cost; never below zero."""
        costs = self.incentives + self.marketing + self.team + self.investment
        return max(0, self.sales - costs - self.upkeep - self.other)


class Programme(Declaration, frozen=True, kw_only=True):
    """A financial incentive: what it rewards, with which data, what that data is worth."""

    id: str = ""
    name: str
    purpose: str
    clause: str
    trigger: Literal["joining", "staying", "research", "buying", "basket"]
    categories: Ids
    estimate: Estimate


class ProgrammeFile(Declaration, frozen=True, kw_only=True):
    """programmes.toml (may be missing)."""

    programme: dict[str, Programme] = {}
