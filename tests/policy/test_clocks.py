"""When a request must be answered: a table worked out by hand, and what holds for every date."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import POLICY

from plainview.engine import Calendar, NoSuchRight, Pause, dates
from plainview.engine.clocks import length
from plainview.privacy.places import calendars

TABLE = list(csv.DictReader(Path(__file__).with_name("clocks.csv").open(encoding="utf-8")))
NAMES = ("acknowledge", "due", "extended", "opt_out", "appeal")
PLACES = sorted(POLICY.places)
RIGHTS = ("access", "delete", "optout-sale-sharing", "appeal", "complaint", "withdraw-consent")
MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def clock(presence, right, received, *, residence=None, controller="IE", pauses=()):
    laws = POLICY.laws(presence or None, residence or None)
    ours = calendars.persons(POLICY, controller)
    theirs = calendars.persons(POLICY, residence or presence or None)
    return dates(laws, right, received, controller=ours, person=theirs, pauses=pauses)


def test_the_table_is_of_sixty_cases_at_least():
    assert len(TABLE) >= 60


@pytest.mark.parametrize(
    "row", TABLE, ids=lambda row: f"{row['presence']} {row['right']} {row['received']}"
)
def test_p5_2c_each_date_is_as_worked_out_by_hand(row):
    found = clock(
        row["presence"],
        row["right"],
        moment(row["received"]),
        residence=row["residence"],
        controller=row["controller"],
    )
    wanted = {name: row[name] for name in NAMES if name != "appeal" or row[name]}
    assert {name: str(getattr(found, name) or "") for name in wanted} == wanted, row["why"]


# Identity begins the British clock anew, stops that of the Union and no other; a question of ours
# stops the British clock alone.
STOPS = """
GB    2026-09-03 identity      2026-09-04 2026-09-10 2026-10-12 2026-12-10
DE    2026-09-01 identity      2026-09-02 2026-09-07 2026-10-06 2026-12-07
US-CA 2026-01-01 identity      2026-01-02 2026-01-30 2026-02-15 2026-04-01
BR    2026-02-10 identity      2026-02-11 2026-02-20 2026-02-25 None
GB    2026-05-15 clarification 2026-05-17 2026-05-19 2026-06-17 2026-08-17
DE    2026-09-01 clarification 2026-09-02 2026-09-07 2026-10-01 2026-12-01
US-VA 2026-01-01 clarification 2026-01-02 2026-01-30 2026-02-15 2026-04-01
"""


@pytest.mark.parametrize("row", [line.split() for line in STOPS.strip().splitlines()])
def test_p5_2c_what_stops_a_clock_and_what_does_not(row):
    place, received, ground, asked, answered, due, extended = row
    waited = Pause(ground, moment(f"{asked}T12:00Z"), moment(f"{answered}T12:00Z"))
    found = clock(place, "access", moment(f"{received}T12:00Z"), controller=place, pauses=[waited])
    assert (str(found.due), str(found.extended)) == (due, extended)


def test_p5_2c_what_stood_still_before_proof_began_the_clock_anew_is_not_counted_twice():
    """A question of ours, then one for proof: the British month runs from the proof alone."""
    received = moment("2026-03-02T12:00Z")
    asked, proved = (
        Pause(ground, moment(f"2026-03-{first}T12:00Z"), moment(f"2026-03-{last}T12:00Z"))
        for ground, first, last in (("clarification", "03", "09"), ("identity", "10", "12"))
    )
    later = Pause("clarification", moment("2026-03-16T12:00Z"), moment("2026-03-18T12:00Z"))
    for pauses, due in (([proved], "2026-04-13"), ([asked, proved], "2026-04-13"),
                        ([asked, proved, later], "2026-04-14")):  # fmt: skip
        found = clock("GB", "access", received, controller="GB", pauses=pauses)
        assert str(found.due) == due


def test_p5_2c_a_clock_that_waits_says_for_what():
    asked = Pause("identity", moment("2026-09-04T12:00Z"))
    waiting = clock("GB", "access", moment("2026-09-03T12:00Z"), pauses=[asked])
    assert (waiting.stopped, waiting.due, waiting.target) == ("identity", None, None)
    running = clock("US-CA", "access", moment("2026-09-03T12:00Z"), pauses=[asked])
    assert (running.stopped, str(running.due)) == ("", "2026-10-18")


@pytest.mark.parametrize("place", ["DE", "GB"])
def test_p5_2c_a_question_that_comes_too_late_stops_nothing(place):
    """A letter may lie for weeks before somebody enters it: its month is over all the same."""
    received, asked = moment("2026-09-01T12:00Z"), moment("2026-10-05T12:00Z")
    for answered in (None, moment("2026-10-20T12:00Z")):
        late = Pause("identity", asked, answered)
        found = clock(place, "access", received, controller=place, pauses=[late])
        assert (found.stopped, str(found.due)) == ("", "2026-10-01")


def test_p5_2c_korea_singapore_and_switzerland_name_a_date_themselves():
    for place in ("KR", "SG", "CH"):
        found = clock(place, "access", moment("2026-03-02T12:00Z"))
        assert found.by_notice and found.extended is None
    assert not clock("DE", "access", moment("2026-03-02T12:00Z")).by_notice


def test_we_mean_to_be_done_two_working_days_before_the_law():
    found = clock("US-CA", "access", moment("2026-01-01T20:00Z"), controller="US-CA")
    assert (str(found.due), str(found.target)) == ("2026-02-15", "2026-02-12")
    at_once = clock("DE", "withdraw-consent", moment("2026-11-26T12:00Z"))
    assert at_once.target == at_once.due


def test_a_right_that_nobody_gives_there_has_no_clock():
    with pytest.raises(NoSuchRight):
        clock("DE", "shine-the-light", moment("2026-01-01T12:00Z"))
    with pytest.raises(ValueError, match="zone"):
        clock("DE", "access", dt.datetime(2026, 1, 1))


@pytest.mark.parametrize("text", ["soon", "45", "0 days", "-1 days", "1 year", "45 days or so", ""])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(ValueError, match="no length of time"):
        length(text)


@settings(max_examples=many(150), deadline=None)
@given(
    place=st.sampled_from(PLACES),
    other=st.sampled_from(PLACES),
    right=st.sampled_from(RIGHTS),
    received=MOMENTS,
)
def test_p5_2c_the_order_of_dates_and_the_earlier_of_two_laws(place, other, right, received):
    """Nothing is due before it came, or extended to before it is due; two laws are never later."""
    ours = Calendar("Europe/Dublin", "IE")
    one, two = (
        dates(POLICY.laws(code, None), right, received, controller=ours) for code in (place, other)
    )
    both = dates(POLICY.laws(place, other), right, received, controller=ours)
    for name in (*NAMES, "target"):
        found = [getattr(each, name) for each in (one, two) if getattr(each, name) is not None]
        day = getattr(both, name)
        if name in ("extended", "target"):
            continue
        assert day == (min(found) if found else None)
    for each in (one, two, both):
        if each.due:
            assert each.received <= each.target <= each.due
            assert each.extended is None or each.due < each.extended
            assert not (each.by_notice and each.extended)
    last = [each.extended or each.due for each in (one, two) if each.due and not each.by_notice]
    if both.due and not both.by_notice:
        assert (both.extended or both.due) == min(last)


@settings(max_examples=many(100), deadline=None)
@given(
    place=st.sampled_from(PLACES),
    right=st.sampled_from(RIGHTS),
    received=MOMENTS,
    later=st.integers(0, 400),
)
def test_p5_2c_what_comes_later_is_never_due_earlier(place, right, received, later):
    ours = Calendar("Europe/Dublin", "IE")
    laws = POLICY.laws(place, None)
    first = dates(laws, right, received, controller=ours)
    second = dates(laws, right, received + dt.timedelta(days=later), controller=ours)
    for name in ("acknowledge", "due", "opt_out", "appeal"):
        if getattr(first, name) is not None:
            assert getattr(first, name) <= getattr(second, name)


@settings(max_examples=many(100), deadline=None)
@given(place=st.sampled_from(PLACES), received=MOMENTS)
def test_p5_2c_a_second_zone_or_calendar_never_makes_it_later(place, received):
    ours, theirs = Calendar("Europe/Dublin", "IE"), calendars.persons(POLICY, place)
    laws = POLICY.laws(place, None)
    alone = dates(laws, "access", received, controller=ours)
    both = dates(laws, "access", received, controller=ours, person=theirs)
    assert both.received <= alone.received
    assert both.due <= alone.due


@pytest.mark.parametrize("month", [1, 4, 7, 10])
@pytest.mark.parametrize("country", ["US", "MX", "BR", "CL", "CA", "AU"])
def test_p5_2c_of_several_zones_the_one_counts_where_the_date_is_the_earliest(country, month):
    """In summer it is a day earlier in Honolulu for an hour than on the westernmost isles."""
    moments = [dt.datetime(2026, month, 1, hour, 30, tzinfo=dt.UTC) for hour in range(24)]
    days = [
        [Calendar(zone, country).day(each) for each in moments] for zone in calendars.zones(country)
    ]
    assert days[0] == [min(each) for each in zip(*days, strict=True)]
