"""Jurisdictions: one law, the places it rules, and its facts with their sources."""

import datetime as dt
from typing import Literal

import msgspec

from plainview.engine.declarations.words import Basis, Carrier, Heading, Ids, Provenance

FROM = msgspec.field(default=None, name="from")


class Fact(Provenance, frozen=True, kw_only=True):
    """A fact of law: what it rests on, when that was read, and when to read it again.

    A table that says nothing of it has what its file says at the top.
    """

    as_of: dt.date | None = None
    review_by: dt.date | None = None

    @property
    def unverified(self) -> bool:
        """Whether it rests on general knowledge alone."""
        return "unverified" in self.provenance

    @property
    def disputed(self) -> bool:
        """Whether sources say different things of it."""
        return self.provenance.startswith("conflict")


class Clocks(Fact, frozen=True, kw_only=True):
    """How long things may take there, as `45 days`, `1 month`, `10 business days`, `at once`.

    `acknowledge`, `answer`, `opt_out`, `appeal` count from receipt; `extend` and `appeal_extend`
    are added to `answer` and `appeal`. `none` is no such date; `notice` an extension by a date that
    the person is told. `counts` says how (`clocks.py`), `stops` what halts a clock, `restarts` what
    begins it anew. `free` is how many requests in twelve months the law makes free, 0 all of them.
    `doubt` names those that are unverified though the rest is not; `also` holds what the parent
    says where there is doubt: then the earlier date holds.
    """

    counts: Literal["calendar", "union", "uk"] = "calendar"
    acknowledge: str = ""
    answer: str = ""
    extend: str = ""
    opt_out: str = ""
    appeal: str = ""
    appeal_extend: str = ""
    stops: tuple[Literal["identity", "clarification"], ...] = ()
    restarts: tuple[Literal["identity"], ...] = ()
    free: int = 0
    look_back: dt.date | None = None
    verification: Literal[
        "session", "reasonable", "degrees", "doubt", "request", "proportionate"
    ] = "session"
    agents: Literal["written", "opt-outs", "parents", "allowed"] = "written"
    doubt: Ids = ()
    also: dict[str, Ids] = {}


class RightThere(Fact, frozen=True, kw_only=True):
    """A right in one jurisdiction: by its law, or by our own choice; and clocks of its own.

    Before `from` a right of the law is ours already, by choice. `note` is for the officer.
    """

    by: Literal["law", "choice"] = "law"
    article: str = ""
    note: str = ""
    from_: dt.date | None = FROM
    acknowledge: str = ""
    answer: str = ""
    extend: str = ""
    opt_out: str = ""
    appeal: str = ""
    appeal_extend: str = ""
    also: dict[str, Ids] = {}


class Gives(RightThere, frozen=True, kw_only=True):
    """Several rights of which the same is to be said: `[[gives]]`."""

    rights: Ids


Duty = Literal["authority", "people", "supplement"]
"""What is to be done after a breach: tell the authority, the people, the authority the rest."""


class Telling(Fact, frozen=True, kw_only=True):
    """One duty after a breach of personal data there, by when, and from which risk on.

    `within` is `72 hours`, `30 days`, `3 business days`; it counts from when we became aware, or
    `after` another duty was done. `risk` is the least at which the duty holds; `over` is how many
    people there may be without it. `by` says whose the time is, the law's or our own where the law
    names none. `also` holds what the parent says where there is doubt: the earlier moment holds.
    """

    within: str = ""
    after: Literal["aware", "people", "authority"] = "aware"
    risk: Literal["any", "risk", "high"] = "risk"
    over: int = 0
    by: Literal["law", "choice"] = "law"
    article: str = ""
    note: str = ""
    also: dict[str, Ids] = {}


class Authority(Fact, frozen=True, kw_only=True):
    """Where to complain; `place` when a jurisdiction has several.

    From `controller_first` on, people are to complain to us before they do there. `within` is how
    long after an answer of ours one may go there, as an ISO 8601 time; empty: no law says.
    """

    place: str = ""
    name: str
    url: str
    complain: str = ""
    controller_first: dt.date | None = None
    within: str = ""


class Settlement(Fact, frozen=True, kw_only=True):
    """A body outside, or a list of them, that settles disputes about decisions without a court.

    `article` is what gives people the right to go there (Regulation (EU) 2022/2065, Art. 21).
    """

    name: str
    url: str
    article: str = ""


class Quiet(Carrier, frozen=True, kw_only=True):
    """Hours in which news by some `channels` does not come, by the clock of the place's `zone`."""

    channels: Ids
    from_: dt.time = msgspec.field(name="from")
    until: dt.time


class ConsentTerms(Fact, frozen=True, kw_only=True):
    """How consent is asked there: when again after a no, after a yes, and when a yes lapses.

    The words are the law's. The numbers are months that the service keeps to: after a no nothing
    is asked again before `ask_again_months`, and never by itself where that is 0; answers are to
    be renewed after `renew_months`, or never; a yes is none any more after `lapses_months`, or
    stays. News waits through the `quiet` hours.
    """

    model: str = ""
    ask_again: str = ""
    ask_again_months: int = 0
    renew: str = ""
    renew_months: int = 0
    lapses_months: int = 0
    banner: str = ""
    withdrawal: str = ""
    quiet: Quiet | None = None


class SignalTerms(Fact, frozen=True, kw_only=True):
    """What the law there says of opt-out signals; we honour them everywhere.

    `required` from a date on; `display` says whether the law asks to show that one was heard.
    """

    required: bool = False
    from_: dt.date | None = FROM
    article: str = ""
    conflict: str = ""
    display: Literal["ours", "may", "must"] = "ours"
    display_from: dt.date | None = None
    note: str = ""


class Ages(Fact, frozen=True, kw_only=True):
    """The age to certify, and places of the jurisdiction where it is another.

    Below `consent` a child's parents answer; below `no_ads` nobody may be shown tailored ads.
    """

    majority: int = 18
    exceptions: dict[str, int] = {}
    consent: int = 0
    article: str = ""
    no_ads: int = 0
    note: str = ""


class OfficerTerms(Fact, frozen=True, kw_only=True):
    """What is to be published there of whoever looks after data protection, beside an address."""

    article: str
    wants: tuple[Literal["name", "title", "phone"], ...]


class Transfers(Fact, frozen=True, kw_only=True):
    """Where data may go from there: no transfer, adequate, adequate if certified, or with what.

    `told` is the article by which people learn of each recipient abroad how to reach it, and when
    and how data goes there.
    """

    governed: bool = False
    inside: Ids = ()
    adequate: Ids = ()
    certified: Ids = ()
    clauses: str = ""
    assess: Ids = ()
    consent: bool = False
    told: str = ""
    facts: dict[str, str] = {}


class Terms(Fact, frozen=True, kw_only=True):
    """What a law says, and what an amendment may say otherwise.

    `kinds` names the basis of each kind of purpose; `bases` the article that each basis rests on;
    `terms` what the law calls kinds of data, in its own words.
    `represented` is the article that wants a representative there of a controller established
    under another regime; `leader` the one that wants the name of whoever acts for a company read;
    `court` the one that lets people go to court against an answer.
    """

    regime: str = ""
    represented: str = ""
    leader: str = ""
    court: str = ""
    model: Literal["opt-in", "opt-out"] = "opt-in"
    gdpr_like: bool = True
    kinds: dict[str, Basis] = {}
    bases: dict[str, str] = {}
    terms: dict[Heading, str] = {}
    clocks: Clocks = Clocks()
    breach: dict[Duty, Telling] = {}
    gives: tuple[Gives, ...] = ()
    rights: dict[str, RightThere] = {}
    authority: tuple[Authority, ...] = ()
    settlement: tuple[Settlement, ...] = ()
    consent: ConsentTerms | None = None
    signals: SignalTerms | None = None
    ages: Ages | None = None
    officer: OfficerTerms | None = None
    transfers: Transfers | None = None


class Amendment(Terms, frozen=True, kw_only=True):
    """What holds from a day on, until another: `[[amendment]]`."""

    from_: dt.date = msgspec.field(name="from")
    until: dt.date | None = None
    note: str = ""


class Jurisdiction(Terms, frozen=True, kw_only=True):
    """jurisdictions/<id>.toml: one law and the places it rules.

    A file with a `parent` states only its differences. Before `from` and after `until` what the
    parent says holds, unless we follow a law `early`. `strictest_of` makes a place where only what
    all those jurisdictions permit is permitted. `zone` is the zone of its clocks.

    As the policy holds it, a jurisdiction has all that its ancestors say, as of one day; `parents`
    are they, the nearest first.
    """

    id: str = ""
    name: str
    parent: str = ""
    parents: Ids = ()
    law: str = ""
    from_: dt.date | None = FROM
    until: dt.date | None = None
    early: bool = False
    zone: str = ""
    places: Ids = ()
    strictest_of: Ids = ()
    amendment: tuple[Amendment, ...] = ()

    def in_force(self, day: dt.date) -> bool:
        """Whether its own law holds on a day."""
        begun = self.from_ is None or self.from_ <= day
        return begun and (self.until is None or day <= self.until)

    def by_law(self, right: str, day: dt.date) -> bool:
        """Whether the law gives a right on a day, and not only we."""
        there = self.rights.get(right)
        return there is not None and there.by == "law" and _begun(there.from_, day)


def _begun(start: dt.date | None, day: dt.date) -> bool:
    return start is None or start <= day
