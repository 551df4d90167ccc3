"""The rule over licences: a table of territory, plan and date, and what holds of any (P2.1.4a)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.domains.catalogue.licensing import (
    Availability,
    Seat,
    Why,
    Window,
    closing,
    countries,
    decide,
    opening,
)

MAY, JUNE, JULY, AUGUST = (datetime(2027, month, 1, tzinfo=UTC) for month in (5, 6, 7, 8))
TICK = timedelta(microseconds=1)
WINDOWS = [
    Window(frozenset({"KR", "JP"}), opens=JUNE, closes=JULY),
    Window(frozenset({"US-CA"}), opens=JUNE, closes=JULY),
    Window(frozenset({"FR"}), tiers=frozenset({"plus"}), opens=JUNE, closes=AUGUST),
    Window(frozenset({"FR"}), tiers=frozenset({"free"}), opens=JULY, closes=AUGUST),
    Window(excluded=frozenset({"DE", "CA-QC"}), opens=JULY, closes=AUGUST),
]
HERE, SOON, OVER, ELSEWHERE, PLAN = Why.HERE, Why.SOON, Why.OVER, Why.ELSEWHERE, Why.PLAN

TABLE = [
    # place     plan    May        June        July       August
    ("KR",      "free", SOON,      HERE,       HERE,      OVER),
    ("KR",      "plus", SOON,      HERE,       HERE,      OVER),
    ("US-CA",   "free", SOON,      HERE,       HERE,      OVER),
    ("US",      "free", SOON,      SOON,       HERE,      OVER),
    ("FR",      "free", SOON,      PLAN,       HERE,      OVER),
    ("FR",      "plus", SOON,      HERE,       HERE,      OVER),
    ("DE",      "free", ELSEWHERE, ELSEWHERE,  ELSEWHERE, ELSEWHERE),
    ("CA",      "plus", ELSEWHERE, ELSEWHERE,  ELSEWHERE, ELSEWHERE),
    ("CA-QC",   "free", ELSEWHERE, ELSEWHERE,  ELSEWHERE, ELSEWHERE),
    ("CA-ON",   "free", SOON,      SOON,       HERE,      OVER),
    ("KR JP",   "free", SOON,      HERE,       HERE,      OVER),
    ("KR FR",   "free", SOON,      SOON,       HERE,      OVER),
    ("FR DE",   "plus", ELSEWHERE, ELSEWHERE,  ELSEWHERE, ELSEWHERE),
    (None,      "plus", ELSEWHERE, ELSEWHERE,  ELSEWHERE, ELSEWHERE),
]  # fmt: skip


def seat(place: str | None, tier: str, at: datetime) -> Seat:
    return Seat(None if place is None else frozenset(place.split()), tier, at)


@pytest.mark.parametrize(("place", "tier", "may", "june", "july", "august"), TABLE)
@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=30) - TICK], ids=["first", "last"])
def test_p2_1_4a_each_territory_plan_and_date(place, tier, may, june, july, august, late):
    expected = {MAY: may, JUNE: june, JULY: july, AUGUST: august}
    for month, why in expected.items():
        assert decide(WINDOWS, seat(place, tier, month + late)).why is why, month


def test_a_window_holds_from_its_first_moment_until_just_before_its_last():
    window = [Window(opens=JUNE, closes=JULY)]
    for at, why in [(JUNE - TICK, SOON), (JUNE, HERE), (JULY - TICK, HERE), (JULY, OVER)]:
        assert decide(window, seat("KR", "free", at)).why is why


def test_an_answer_says_when_where_and_with_which_plan():
    assert decide(WINDOWS, seat("KR", "free", MAY)) == Availability(SOON, at=JUNE)
    assert decide(WINDOWS, seat("KR", "free", AUGUST)) == Availability(OVER, at=AUGUST)
    assert decide(WINDOWS, seat("KR", "free", JUNE)) == Availability(HERE, at=AUGUST), "no gap"
    assert decide(WINDOWS, seat("FR", "free", JUNE)) == Availability(
        PLAN, at=JULY, tiers=frozenset({"plus"})
    )
    assert decide(WINDOWS, seat("DE", "free", JUNE)) == Availability(
        ELSEWHERE, territories=frozenset({"KR", "JP", "US-CA", "FR"})
    )
    assert decide(WINDOWS, seat("DE", "free", JULY)).territories == frozenset(), "nearly everywhere"


def test_without_any_licence_nothing_may_be_shown():
    assert not decide([], seat("KR", "free", JUNE))
    assert decide([Window()], seat(None, "free", JUNE)), "everywhere is also nowhere known"


@pytest.mark.parametrize(
    ("local", "zone", "opens", "closes"),
    [
        # a plain day in each direction from Greenwich
        ("2027-06-01T00:00", "Asia/Seoul", "2027-05-31T15:00Z", "2027-05-31T15:00Z"),
        ("2027-06-01T00:00", "America/Los_Angeles", "2027-06-01T07:00Z", "2027-06-01T07:00Z"),
        ("2027-06-01T00:00", "Pacific/Kiritimati", "2027-05-31T10:00Z", "2027-05-31T10:00Z"),
        # 1:30 is said twice when clocks go back: opens late, closes early
        ("2027-11-07T01:30", "America/New_York", "2027-11-07T06:30Z", "2027-11-07T05:30Z"),
        # 2:30 is never said when they go forward
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30Z", "2027-03-28T00:30Z"),
    ],
)
def test_both_ends_are_what_a_clock_of_the_contract_says(local, zone, opens, closes):
    said = datetime.fromisoformat(local)
    assert opening(said, zone) == datetime.fromisoformat(opens)
    assert closing(said, zone) == datetime.fromisoformat(closes)


CODES = st.frozensets(st.sampled_from(["KR", "FR", "US", "US-CA", "US-NY", "CA-QC"]), max_size=3)
TIERS = st.sampled_from(["free", "plus", "cinema"])
TIMES = st.integers(0, 40).map(lambda day: MAY + timedelta(days=day))
ENDS = st.none() | TIMES
WINDOW = st.builds(
    Window, CODES, CODES, st.frozensets(TIERS, max_size=2), ENDS, ENDS
).filter(lambda each: not each.opens or not each.closes or each.opens < each.closes)  # fmt: skip
SEAT = st.builds(Seat, st.none() | CODES.filter(bool), TIERS, TIMES)


def plainly(window: Window, place: str, tier: str, at: datetime) -> bool:
    """The rule said once more, for one place that is a state or has none."""
    country = place[:2]
    return (
        (not window.territories or place in window.territories or country in window.territories)
        and place not in window.excluded
        and country not in window.excluded
        and (not window.tiers or tier in window.tiers)
        and (window.opens is None or window.opens <= at)
        and (window.closes is None or at < window.closes)
    )


@given(st.lists(WINDOW, max_size=4), TIERS, TIMES)
def test_p2_1_4a_one_known_place_is_decided_as_the_rule_is_said(windows, tier, at):
    for place in ("KR", "FR", "US-CA", "US-NY", "CA-QC"):
        expected = any(plainly(each, place, tier, at) for each in windows)
        assert bool(decide(windows, Seat(frozenset({place}), tier, at))) is expected


@given(st.lists(WINDOW, max_size=4), TIERS, TIMES)
def test_p2_1_4a_every_country_at_once_is_as_each_by_itself(windows, tier, at):
    every = frozenset({"KR", "FR", "US", "CA", "DE"})
    one_by_one = {code for code in every if decide(windows, Seat(frozenset({code}), tier, at))}
    assert countries(windows, tier, at, every) == one_by_one


@given(st.lists(WINDOW, max_size=4), SEAT, CODES)
def test_p2_1_4a_a_doubt_about_the_place_never_opens_what_a_place_closes(windows, seat, more):
    if seat.places is None:
        wider, narrower = seat, [replace(seat, places=frozenset({each})) for each in more]
    else:
        wider = replace(seat, places=seat.places | more)
        narrower = [replace(seat, places=frozenset({each})) for each in wider.places]
    if decide(windows, wider):
        assert all(decide(windows, each) for each in narrower)


@given(st.lists(WINDOW, max_size=4), SEAT)
def test_when_it_says_a_day_that_day_comes(windows, seat):
    found = decide(windows, seat)
    if found.why is SOON and not found.tiers:
        assert decide(windows, replace(seat, at=found.at))
        assert not decide(windows, replace(seat, at=found.at - TICK))
    if found and found.at:
        assert not decide(windows, replace(seat, at=found.at))
        assert decide(windows, replace(seat, at=found.at - TICK))
    if found.why is PLAN:
        assert decide(windows, replace(seat, tier=min(found.tiers)))
