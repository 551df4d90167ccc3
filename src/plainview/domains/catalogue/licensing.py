"""Where, with which plan and when a title may be shown: the rule over its licences alone.

Pure: no database, no clock, no request. A window opens at its first moment and is over at its last
one (`opens <= at < closes`). Who may be in several places is where the strictest of them holds: a
window counts only if it holds at each place where somebody may be (P2.1.4a).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

Places = frozenset[str] | None
"""Everywhere somebody may be, as ISO 3166 codes; None is anywhere."""
ELSEWHERE = "ZZ"
"""Stands for all countries, or states of one, that nothing names; ISO 3166 has it for users."""


@dataclass(frozen=True, slots=True)
class Window:
    """One licence: `territories` and `tiers` empty mean all; a bound of None is no bound."""

    territories: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    opens: datetime | None = None
    closes: datetime | None = None

    def covers(self, places: Places) -> bool:
        """Whether it holds at each of `places`. A state is of its country, not the reverse."""
        if places is None:
            return not self.territories and not self.excluded
        return bool(places) and all(self._covers(place) for place in places)

    def _covers(self, place: str) -> bool:
        names = {place, place.partition("-")[0]}
        within = f"{place}-"
        if names & self.excluded or any(each.startswith(within) for each in self.excluded):
            return False
        return not self.territories or bool(names & self.territories)

    def takes(self, tier: str) -> bool:
        """Whether a plan is among those it was given for."""
        return not self.tiers or tier in self.tiers

    def shares(self, other: Window) -> bool:
        """Whether it was given for a plan for which another was given, too."""
        return not self.tiers or not other.tiers or bool(self.tiers & other.tiers)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at a moment: from `opens` on, until just before `closes`."""
        return not self.is_ahead(at) and (self.closes is None or at < self.closes)

    def is_ahead(self, at: datetime) -> bool:
        """Whether it will open after a moment, for any length of time."""
        if self.opens is None or at >= self.opens:
            return False
        return self.closes is None or self.opens < self.closes


@dataclass(frozen=True, slots=True)
class Seat:
    """From where somebody asks, with which plan, and when. Made for one answer and dropped."""

    places: Places
    tier: str
    at: datetime


class Why(StrEnum):
    """What decided."""

    HERE = "here"
    SOON = "soon"
    OVER = "over"
    ELSEWHERE = "elsewhere"
    PLAN = "plan"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a title may be watched, as its truth, and why.

    `at`: when it opens (SOON, PLAN: for one's own plan, if ever), closed (OVER) or will close
    (HERE). `tiers`: the plans that have it (PLAN, SOON), none named if all do. `territories`: where
    it can be watched now (ELSEWHERE), none named if nowhere or in too many to name.
    """

    why: Why
    at: datetime | None = None
    tiers: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.why is Why.HERE


def decide(windows: Iterable[Window], seat: Seat) -> Availability:
    """Whether any of a title's windows lets it be watched at `seat`; no window, no permission."""
    every = list(windows)
    here = [window for window in every if window.covers(seat.places)]
    own = [window for window in here if window.takes(seat.tier)]
    if any(window.is_open(seat.at) for window in own):
        return Availability(Why.HERE, at=_closing(own, seat.at))
    ahead = [window.opens for window in own if window.opens and window.is_ahead(seat.at)]
    opens = min(ahead, default=None)
    if others := [window for window in here if window.is_open(seat.at)]:
        return Availability(Why.PLAN, at=opens, tiers=_union(each.tiers for each in others))
    if opens is not None:
        return Availability(Why.SOON, at=opens)
    if later := [window for window in here if window.is_ahead(seat.at)]:
        first = min(later, key=lambda each: each.opens or seat.at)
        return Availability(Why.SOON, at=first.opens, tiers=first.tiers)
    if here:
        ended = [each.closes for each in here if each.closes and each.closes <= seat.at]
        return Availability(Why.OVER, at=max(ended, default=None))
    return Availability(
        Why.ELSEWHERE,
        territories=_union(each.territories for each in every if each.is_open(seat.at)),
    )


def countries(
    windows: Iterable[Window], tier: str, at: datetime, every: frozenset[str]
) -> frozenset[str]:
    """Those of `every` country where `decide` says HERE, by sets instead of one by one."""
    found: set[str] = set()
    for window in windows:
        if window.takes(tier) and window.is_open(at):
            here = window.territories & every if window.territories else every
            found |= here - {code.partition("-")[0] for code in window.excluded}
    return frozenset(found)


def has_come(told: Iterable[Window], windows: Iterable[Window], at: datetime) -> bool:
    """Whether a title is open at a moment wherever somebody may be who was told of the `told`.

    Which of their places is that person's was kept nowhere, so what opened at one of them alone
    waits for the others. A place that no window of now leads to any more keeps nobody waiting.
    """
    every, heard = list(windows), list(told)
    named = {code for each in (*every, *heard) for code in each.territories | each.excluded}
    others = {f"{code.partition('-')[0]}-{ELSEWHERE}" for code in named}
    found = False
    for place in named | others | {ELSEWHERE}:
        theirs = [each for each in heard if each.covers(frozenset({place}))]
        left = [
            each
            for each in every
            if each.covers(frozenset({place})) and any(each.shares(other) for other in theirs)
        ]
        if any(each.is_open(at) for each in left):
            found = True
        elif any(each.is_ahead(at) for each in left):
            return False
    return found


def _closing(windows: list[Window], at: datetime) -> datetime | None:
    """When the last of the windows that follow one another without a gap closes; None if never."""
    end = at
    while True:
        spans = [each for each in windows if each.is_open(end)]
        if not spans:
            return end
        if any(each.closes is None for each in spans):
            return None
        end = max(each.closes for each in spans if each.closes)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """All of them; empty, which is all there is, if one of them is."""
    found = list(sets)
    return frozenset().union(*found) if all(found) else frozenset()


def opening(local: datetime, zone: str) -> datetime:
    """The moment at which a wall clock says `local`: the later where it says it twice.

    A time that a clock leaps over counts as if it had not leapt. `local` is naive, the answer in
    UTC. Raises zoneinfo.ZoneInfoNotFoundError.
    """
    return max(_instants(local, zone))


def closing(local: datetime, zone: str) -> datetime:
    """As `opening`, but the earlier where a clock says it twice: a doubt shortens a licence."""
    return min(_instants(local, zone))


def _instants(local: datetime, zone: str) -> set[datetime]:
    place = ZoneInfo(zone)
    return {local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
