"""Jurisdictions: one law, the places it rules, and its facts with their sources."""

from typing import Literal

from plainview.engine.declarations.words import Basis, Ids, Provenance


class RightThere(Provenance, frozen=True, kw_only=True):
    """A right in one jurisdiction, as the table of facts has it."""

    available: str
    answer: str = ""
    acknowledge: str = ""
    extend: str = ""
    at_once: str = ""
    appeal: str = ""
    article: str = ""


class Authority(Provenance, frozen=True, kw_only=True):
    """Where to complain; `place` when a jurisdiction has several."""

    place: str
    name: str
    url: str


class ConsentTerms(Provenance, frozen=True, kw_only=True):
    """How consent is asked there: when again after a no, after a yes, and when a yes lapses."""

    model: str
    ask_again: str = ""
    renew: str = ""
    lapses_months: int = 0
    banner: str = ""
    withdrawal: str = ""


class SignalTerms(Provenance, frozen=True, kw_only=True):
    """What the law there says of opt-out signals."""

    required: str
    conflict: str = ""
    display: str = ""


class Ages(Provenance, frozen=True, kw_only=True):
    """The age to certify, and places of the jurisdiction where it is another."""

    majority: int
    exceptions: dict[str, int] = {}


class Transfers(Provenance, frozen=True, kw_only=True):
    """Where data may go from there: no transfer, adequate, adequate if certified, or with what."""

    governed: bool
    inside: Ids = ()
    adequate: Ids = ()
    certified: Ids = ()
    clauses: str = ""
    assess: Ids = ()
    consent: bool = False
    facts: dict[str, str] = {}


class Jurisdiction(Provenance, frozen=True, kw_only=True):
    """jurisdictions/<id>.toml: one law and the places it rules.

    `strictest_of` makes it a place where only what all those jurisdictions permit is permitted.
    `kinds` names the basis of each kind of purpose; `bases` the article that each basis rests on.
    """

    id: str = ""
    name: str
    regime: str
    model: Literal["opt-in", "opt-out"]
    gdpr_like: bool
    places: Ids
    strictest_of: Ids = ()
    kinds: dict[str, Basis] = {}
    bases: dict[str, str] = {}
    rights: dict[str, RightThere] = {}
    authority: tuple[Authority, ...] = ()
    consent: ConsentTerms | None = None
    signals: SignalTerms | None = None
    ages: Ages | None = None
    transfers: Transfers | None = None
