"""By when a breach is told, worked out by hand under each law (GDPR 33, 34; P8a)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.policy.conftest import FILES, POLICY

from plainview.engine import OWED, Calendar, PolicyErrors, clocks, load
from plainview.engine.breaches import after
from plainview.privacy.breaches.due import deadlines
from plainview.privacy.breaches.said import Stated
from plainview.privacy.places import calendars

NIGHT = dt.datetime(2026, 11, 27, 23, 30, tzinfo=dt.UTC)  # a Friday


def told(place, aware, duty="authority", *, zone=None, **begun):
    law = POLICY.jurisdiction(place)
    kept = calendars.persons(POLICY, zone or next(iter(law.places), None)) or Calendar()
    moments = {"aware": aware} | begun
    return next(e for e in clocks(POLICY.laws(place, place), moments, [kept]) if e.duty == duty)


@pytest.mark.parametrize("place", ["eu-ie", "eu-de", "gb"])
@pytest.mark.parametrize(
    "aware",
    [
        NIGHT,
        dt.datetime(2026, 3, 27, 12, 0, tzinfo=dt.UTC),  # Europe's clocks go forward in between
        dt.datetime(2026, 10, 24, 1, 30, tzinfo=dt.UTC),  # and back
        dt.datetime(2026, 12, 24, 18, 0, tzinfo=dt.UTC),  # over Christmas
    ],
)
def test_p8a_the_authority_is_told_within_72_hours_on_any_wall(place, aware):
    """P8a: 72 hours from becoming aware, by night, on Sundays and across summer time."""
    assert told(place, aware).due == aware + dt.timedelta(hours=72)
    assert told(place, aware).telling.article.endswith("GDPR Art. 33(1)")


def test_p8a_each_law_has_its_own_clock():
    """P8a: three working days in Brazil, thirty days in California, and so on."""
    friday = dt.datetime(2026, 11, 27, 15, 0, tzinfo=dt.UTC)
    in_brazil = dt.datetime(2026, 12, 3, 2, 59, 59, tzinfo=dt.UTC)  # Wednesday's end in São Paulo
    assert told("br", friday).due == told("br", friday, "people").due == in_brazil
    assert told("br", friday, "people").risk == "risk"
    rest = told("br", friday, "supplement", authority=friday)
    assert rest.due == dt.datetime(2026, 12, 29, 2, 59, 59, tzinfo=dt.UTC)  # Christmas left out
    people = told("us-ca", friday, "people")
    assert people.due == dt.datetime(2026, 12, 28, 7, 59, 59, tzinfo=dt.UTC)
    general = told("us-ca", friday)
    assert (general.due, general.over) == (None, 500)
    assert not general.holds("high", 500) and general.holds("high", 501)
    after_people = told("us-ca", friday, people=friday).due
    assert after_people == dt.datetime(2026, 12, 13, 7, 59, 59, tzinfo=dt.UTC)
    assert told("jp", friday).due == dt.datetime(2026, 12, 1, 14, 59, 59, tzinfo=dt.UTC)


def test_p8a_what_is_in_doubt_has_the_earlier_of_two_moments():
    """P8a: nobody has read every state's law, so what holds elsewhere stands beside it."""
    assert told("us-nv", NIGHT, zone="US-NV").due == NIGHT + dt.timedelta(hours=72)
    assert told("us-nv", NIGHT, "people", zone="US-NV").due > NIGHT + dt.timedelta(days=29)


@pytest.mark.parametrize(
    ("law", "zone", "duty", "last", "risk", "over"),
    [
        ("sg", "SG", "authority", "2026-12-01T15:59:59", "any", 0),  # three days after the day
        ("us-tx", "US-TX", "authority", "2026-12-28T06:59:59", "any", 249),
        ("us-tx", "US-TX", "people", "2027-01-27T06:59:59", "any", 0),
        ("us-co", "US-CO", "authority", "2026-12-28T06:59:59", "risk", 499),
        ("us-or", "US-OR", "people", "2027-01-12T07:59:59", "risk", 0),
        ("us-de", "US-DE", "authority", "2027-01-27T04:59:59", "risk", 500),
        ("us-va", "US-VA", "authority", "2026-11-30T23:30:00", "risk", 0),  # ours
        ("kr", "KR", "people", "2026-11-30T23:30:00", "any", 0),
        ("in", "IN", "authority", "2026-11-30T23:30:00", "any", 0),
    ],
)
def test_p8a_a_law_that_was_read_has_its_own_moment(law, zone, duty, last, risk, over):
    """P8a: once the text of a law was read, its own time, risk and number of people bind."""
    clock = told(law, NIGHT, duty, zone=zone)
    assert clock.due == dt.datetime.fromisoformat(f"{last}+00:00")
    assert (clock.risk, clock.over) == (risk, over)
    assert not clock.telling.unverified and clock.telling.source


def test_p8a_iowa_is_told_five_working_days_after_its_people():
    """P8a: some laws count from when the people were told (Iowa Code 715C.2(8))."""
    assert told("us-ia", NIGHT, zone="US-IA").due is None
    monday = dt.datetime(2026, 11, 30, 18, 0, tzinfo=dt.UTC)
    end = dt.datetime(2026, 12, 8, 5, 59, 59, tzinfo=dt.UTC)  # the Monday after, in Des Moines
    assert told("us-ia", NIGHT, zone="US-IA", people=monday).due == end


@settings(max_examples=many(20))
@given(aware=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1)))
def test_p8a_an_unknown_place_has_the_strictest_clock_that_the_policy_knows(aware):
    """P8a: unknown is every place at once."""
    aware = aware.replace(tzinfo=dt.UTC)
    kept = [Calendar("Europe/Dublin", "IE")]
    for duty in ("authority", "people"):
        every = [
            one
            for law in POLICY.jurisdictions.values()
            if not law.strictest_of
            for one in clocks([law], {"aware": aware}, kept)
            if one.duty == duty
        ]
        unknown = clocks(POLICY.laws(None, None), {"aware": aware}, kept)
        (mine,) = (each for each in unknown if each.duty == duty)
        assert mine.due == min(each.due for each in every if each.due)
        assert mine.holds("any", 1), "there is a law that asks for it at any risk"


def test_p8a_every_place_of_the_world_says_whom_and_when():
    """P8a: no place is without a clock, whatever its law leaves out."""
    for law in POLICY.jurisdictions.values():
        laws = POLICY.laws(law.id, law.id)
        duties = {each.duty for each in clocks(laws, {"aware": NIGHT}, [Calendar()])}
        assert {"authority", "people"} <= duties <= set(OWED)


def test_p8a_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="zone"):
        clocks(POLICY.laws("gb", "gb"), {"aware": NIGHT.replace(tzinfo=None)}, [Calendar()])
    with pytest.raises(ValueError, match="no time by which"):
        after("1 month", NIGHT, [Calendar()])


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("eu", 'within = "72 hours"', 'within = "soon"', "`soon` is no length of time"),
        ("eu", 'within = "72 hours"', 'within = "2147483648 hours"', "is no length of time"),
        ("eu", 'within = "72 hours"', 'within = "99999999 days"', "is no time by which"),
        ("eu", 'within = "72 hours"', 'within = "99999999 business days"', "is no time by which"),
        ("us-ca", 'after = "people"', 'after = "authority"', "it counts from itself"),
        ("row", '[breach.people]\nwithin = "72 hours"', "[breach.people]", "of a breach to the p"),
    ],
)
def test_p8a_a_clock_that_cannot_be_counted_does_not_load(file, old, new, said):
    """P8a: the policy says where it is wrong before anybody relies on it."""
    name = f"jurisdictions/{file}.toml"
    text = FILES[name].decode()
    assert old in text
    with pytest.raises(PolicyErrors) as found:
        load(FILES | {name: text.replace(old, new).encode()})
    assert said in str(found.value)


def test_p8a_days_end_where_the_people_are_if_that_is_sooner():
    """P8a: it is midnight in Singapore while it is afternoon where the service is."""
    noon = NIGHT - dt.timedelta(hours=12)
    facts = Stated(aware=noon, what="A copy stood open.", places=("sg",))
    found = {each.key: each for each in deadlines(POLICY, facts, [facts], noon)}
    assert found["authority@sg"].clock.due == dt.datetime(2026, 11, 30, 15, 59, 59, tzinfo=dt.UTC)
