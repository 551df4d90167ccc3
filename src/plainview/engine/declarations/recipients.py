"""Recipients and programmes: who receives what, and what is given in return."""

import datetime as dt
from typing import Literal

from plainview.engine.declarations.rules import Rule
from plainview.engine.declarations.words import Carrier, Declaration, Heading, Ids, SafeguardKind

Role = Literal[
    "processor", "joint", "partner", "advertiser", "group", "independent", "authority", "acquirer"
]


class Safeguard(Carrier, frozen=True, kw_only=True):
    """What protects data that a recipient holds outside a regime's own territory.

    Without `countries` it covers every one that the recipient reaches the data from.
    """

    regimes: Ids
    countries: Ids = ()
    kind: SafeguardKind
    reference: str
    since: dt.date
    review: dt.date
    assessment: str = ""
    authority: str = ""
    url: str = ""


class Key(Carrier, frozen=True, kw_only=True):
    """A cookie or storage key that a recipient keeps on a device: for one purpose, some days."""

    kind: Literal["cookie", "localStorage", "sessionStorage", "database"]
    purpose: str
    days: int
    host: str


class OwnKey(Declaration, frozen=True, kw_only=True):
    """A cookie or storage key of ours: for one purpose, some days (0: the sitting)."""

    kind: Literal["cookie", "localStorage", "sessionStorage", "database", "worker"]
    purpose: str
    days: int


class StorageFile(Declaration, frozen=True, kw_only=True):
    """storage.toml: what our own pages keep in a browser; written when a version is made."""

    key: dict[str, OwnKey] = {}


BrowserKind = Literal[
    "frame", "script", "style", "font", "image", "media", "fetch", "preconnect", "redirect"
]


class Embed(Carrier, frozen=True, kw_only=True):
    """What a page of ours has a browser fetch from a recipient, or leads it to, for a purpose.

    `origins` as CSP writes them: scheme and host, and a port that is not the usual one. By
    `referrer` the browser says from which site it comes, never from which page, or nothing.
    """

    purpose: str
    kinds: tuple[BrowserKind, ...]
    origins: Ids
    referrer: Literal["nothing", "site"] = "nothing"

    @property
    def discloses(self) -> Ids:
        """The categories that a browser tells by itself; who runs or frames may keep some too."""
        keeps = {"frame", "script"}.intersection(self.kinds)
        return ("device.address", "device.agent", *(("device.storage",) if keeps else ()))


class Contract(Carrier, frozen=True, kw_only=True):
    """The contract that binds a recipient."""

    reference: str
    since: dt.date


class Recipient(Carrier, frozen=True, kw_only=True):
    """Who receives what, for which purposes, in which role, where. `receives` is a closed list.

    `also` are further countries from which it can reach the data. `keys` are what it keeps on a
    device, by name; nothing else of it may; `embeds` what a browser is made to fetch from it, so
    that the browser itself tells it something. The one that `carries` the mail
    gets every letter; those that carry push take messages to browsers, at addresses of their
    `hosts` (`*.example.org` is every name under it). What a recipient got it `deletes_after` an
    ISO 8601 time by contract, so that nothing needs calling back; empty: it is told. One that is
    `joint` answers together with us for some of it; `texts/<language>/joint.toml` says what was
    agreed. `contact` is where people reach it: mail, telephone or a page.
    """

    id: str = ""
    name: str
    clause: str
    role: Role
    country: str
    also: Ids = ()
    receives: dict[str, Ids]
    by_name: bool = False
    titles: bool = False
    carries: Literal["", "mail", "push"] = ""
    hosts: Ids = ()
    deletes_after: str = ""
    notice_url: str = ""
    contact: str = ""
    contract: Contract | None = None
    safeguard: tuple[Safeguard, ...] = ()
    keys: dict[str, Key] = {}
    embeds: dict[str, Embed] = {}
    rule: tuple[Rule, ...] = ()

    @property
    def countries(self) -> Ids:
        """Everywhere that data handed to it can be reached."""
        return (self.country, *self.also)


class Closed(Carrier, frozen=True, kw_only=True):
    """What may leave at all, by heading, and the only categories that an advertiser may get."""

    shareable: tuple[Heading, ...] = ()
    advertisers: Ids = ()


class RecipientFile(Declaration, frozen=True, kw_only=True):
    """recipients.toml."""

    closed: Closed = Closed()
    recipient: dict[str, Recipient] = {}


COSTS = ("incentives", "marketing", "team", "investment", "upkeep", "other")
"""What is taken away from the sales that a reward brings."""


class Estimate(Carrier, frozen=True, kw_only=True):
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
    def balance(self) -> int:
        """Sales brought, minus every cost; below zero where it costs more than it brings."""
        costs: int = sum(getattr(self, each) for each in COSTS)
        return self.sales - costs

    @property
    def value(self) -> int:
        """What the data is worth; never below zero."""
        return max(0, self.balance)


class Programme(Carrier, frozen=True, kw_only=True):
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
