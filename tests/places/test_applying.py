"""What applies to you: the page for everybody, the officer's map, and the commands beside them."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner
from django.utils import translation
from tests.places.conftest import CALIFORNIAN, GERMAN

from plainview.privacy.places import calendars
from plainview.privacy.places import world as globe
from plainview.privacy.policies import in_force
from plainview.privacy.policy_cli import policy as command

TODAY = dt.date(2026, 11, 26)


def page(client, query="", **extra) -> str:
    return client.get(f"/legal/place/{query}", **extra).content.decode()


@pytest.mark.django_db
def test_p5_2_1_10a_the_page_names_right_days_and_authority_of_where_one_is(client, world):
    german = page(client, REMOTE_ADDR=GERMAN)
    assert "You are in Germany" in german
    assert "https://www.bfdi.bund.de" in german
    assert "off until you say yes" in german
    assert "General Data Protection Regulation" in german
    american = page(client, REMOTE_ADDR=CALIFORNIAN)
    assert "Do Not Sell or Share My Personal Information" in american
    assert "cppa.ca.gov" in american and "What we give you besides" in american


@pytest.mark.django_db
def test_p3_1b_a_place_that_nobody_knows_has_the_strictest(client):
    assert "strictest of all laws" in page(client)


@pytest.mark.django_db
def test_another_place_can_be_looked_at_and_nonsense_is_ones_own(client):
    korean = page(client, "?place=KR")
    assert "You are looking at another place: South Korea" in korean
    assert "by a day that we tell you until then" in korean
    assert "looking at another place" not in page(client, "?place=%3Cscript%3E")
    assert "in force from" in page(client, "?place=IN")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("ar", "ما يسري عليك"), ("ko", "적용되는 것")])
def test_the_page_speaks(client, language, words):
    with translation.override("en"):  # what a page activates stays for the thread otherwise
        assert words in page(client, f"?place=DE&lang={language}")


def test_the_map_has_every_country_once_and_the_table_every_law():
    found = in_force()
    drawing = globe.drawn(found, TODAY)
    assert drawing.count("<path") == len(globe._world()["countries"]) > 150
    assert 'class="world-lets' in drawing and 'class="world-choice' in drawing
    rows = globe.rows(found, "en", TODAY)
    assert [row.id for row in rows] == list(found.jurisdictions)
    by_id = {row.id: row for row in rows}
    assert by_id["eu-li"].disputed == 1
    assert by_id["us-ok"].begins == dt.date(2027, 1, 1)


def test_facts_lists_what_is_in_doubt_and_what_is_stale():
    run = CliRunner().invoke
    now = run(command, ["facts", "--place", "LI", "--at", "2026-11-26"]).output
    assert "eu-li: ages" in now and "disputed" in now and " 0 stale" in now
    later = run(command, ["facts", "--place", "LI", "--at", "2028-01-01"]).output
    assert "stale" in later.partition("\n")[2]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--allow", "recommend@2027-03-01"], "permitted"),
        (["--allow", "recommend@2027-03-01", "--deny", "recommend@2027-05-01"], "denied"),
        (["--allow", "recommend@2027-03-01", "--deny", "recommend@2027-07-01"], "permitted"),
    ],
)
def test_explain_at_a_day_knows_only_what_was_said_by_then(options, says):
    asked = ["explain", "--presence", "CA-QC", "--at", "2027-06-01", *options, "recommend"]
    assert CliRunner().invoke(command, asked).output.startswith(says)


def test_explain_at_a_day_lets_a_yes_lapse_and_refuses_what_is_no_date():
    asked = ["explain", "--presence", "DE", "--allow", "targeted-ads@2027-01-01", "targeted-ads"]
    run = CliRunner().invoke
    assert run(command, [*asked, "--at", "2028-12-01"]).output.startswith("permitted")
    assert run(command, [*asked, "--at", "2029-01-01"]).output.startswith("denied")
    wrong = run(
        command, ["explain", "--at", "2027-01-01", "--allow", "recommend@soon", "recommend"]
    )
    assert wrong.exit_code == 1 and "`soon` is no date" in wrong.output


def test_every_territory_has_a_calendar():
    for code in in_force().places:
        calendar = calendars.persons(in_force(), code)
        assert calendar is None or calendar.day(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert calendars.persons(in_force(), "US-CA").zone == "America/Los_Angeles"
    assert calendars.persons(in_force(), "US").zone != "America/New_York", "the earliest of all"
    assert calendars.persons(in_force(), None) is None
