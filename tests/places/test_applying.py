"""What applies to you: the page for everybody, the officer's map, and the commands beside them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import translation
from django.utils.formats import date_format
from tests.places.conftest import CALIFORNIAN, GERMAN

from plainview.privacy.authoring.cli import policy as command
from plainview.privacy.gate import purposes
from plainview.privacy.notice import reader
from plainview.privacy.places import calendars, databases
from plainview.privacy.places import world as globe
from plainview.privacy.places.applying import applied
from plainview.privacy.places.territories import territories
from plainview.privacy.policies import in_force, start

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "policy"
TODAY = dt.date(2026, 11, 26)


def page(client, query="", **extra) -> str:
    return client.get(f"/legal/place/{query}", **extra).content.decode()


@pytest.mark.django_db
def test_p5_2_1_10a_the_page_names_right_days_and_authority_of_where_one_is(client, world):
    german = page(client, REMOTE_ADDR=GERMAN)
    assert "You are in Germany" in german
    assert "https://www.bfdi.bund.de" in german
    assert '<option value="DE" selected>Germany</option>' in german, "the list begins at one's own"
    assert "off until you say yes" in german and "on until you object" in german
    assert "General Data Protection Regulation" in german
    american = page(client, REMOTE_ADDR=CALIFORNIAN)
    assert "Do Not Sell or Share My Personal Information" in american
    assert "cppa.ca.gov" in american and "What we give you besides" in american
    optout = american.partition('id="optout-sale-sharing"')[2].partition("</li>")[0]
    copy = american.partition('id="access"')[2].partition("</li>")[0]
    assert "No proof of who you are" in optout and "No proof" not in copy


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["DE", "JP", "US-CO"])
def test_p4_1_3b_a_signal_closes_no_sale_by_that_name_but_what_is_named(client, place):
    said = page(client, f"?place={place}")
    said = said.partition("It turns off: ")[2].partition("<")[0]
    assert "Choose advertisements for you" in said and "sale" not in said


@pytest.mark.parametrize("home", ["US-CA", "US-CO"])
@pytest.mark.parametrize("here", ["US-CA", "US-CO", "DE", None])
def test_p4_1_3b_page_of_places_notice_and_foot_call_the_opt_out_alike(home, here):
    """Of two places that let things run, as where one lives: one button has one name."""
    policy = in_force()
    name = policy.text(f"local.optout.{home.lower()}", "en")
    assert policy.text(f"local.optout.{policy.opt_out_law(here, home).id}", "en") == name
    assert applied(policy, "en", here, home, dt.datetime.now(dt.UTC)).opt_out == name
    assert reader(policy, presence=here, residence=home).opt_out == name


@pytest.mark.parametrize(
    ("presence", "residence", "age"),
    [
        (None, "US-TX", 18),
        ("SG", "DE", 18),
        ("DE", "US-MS", 21),
        ("SG", None, 21),
        (None, None, 21),
    ],
)
def test_p10a_the_age_said_is_the_one_certified(presence, residence, age):
    """Who lives in Texas was let in at 18: no page says that it takes more where nobody knows."""
    now = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    assert applied(in_force(), "en", presence, residence, now).age == age
    assert reader(in_force(), presence=presence, residence=residence).age == age


@pytest.mark.django_db
def test_p5_2_1_2a_how_far_back_the_law_reaches_stands_where_a_law_says(client):
    assert "reaches back to Jan. 1, 2022" in page(client, "?place=US-CA")
    assert "reaches back" not in page(client, "?place=US-CO")


@pytest.mark.django_db
def test_the_lookup_is_named_with_its_licence_and_its_date(client):
    made_on = databases.opened(str(databases.PACKAGED)).made_on
    shown = page(client)
    assert "IP geolocation by DB-IP" in shown and "CC BY 4.0" in shown
    assert f"as of {date_format(made_on)}" in shown


def test_p3_1b_of_two_laws_the_kinder_one_is_told():
    """A Californian in Germany, or a German in California: all requests are free, the button has
    California's words."""
    for here, home in (("DE", "US-CA"), ("US-CA", "DE")):
        found = applied(in_force(), "en", here, home, dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
        assert found.free == 0 and found.look_back == dt.date(2022, 1, 1)
        assert found.opt_in and found.opt_out == "Do Not Sell or Share My Personal Information"
    assert applied(in_force(), "en", "US-CA", None, dt.datetime.now(dt.UTC)).free == 2


def test_p3_1b_two_places_of_one_law_are_both_named():
    """Who was in Peru and lives in Chile was told of Chile alone: one law binds in both."""
    found = applied(in_force(), "en", "PE", "CL", dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    assert found.names == ("Peru", "Chile")


MADE_UP = """
parent = "us-other"
name = "Ruritania"
places = ["US-RU"]
law = "Ruritania Privacy Act"
from = 2026-01-01
provenance = "sourced"
source = "statute book"
as_of = 2026-11-01
review_by = 2027-11-01

[[gives]]
article = "Rur. Code 12-3"
rights = ["access"]

[signals]
required = true
from = 2090-01-01

[[authority]]
name = "The Chancellor"
url = "https://chancellor.example"
"""


@pytest.mark.django_db
def test_a_made_up_state_is_one_file_for_people_too(client, tmp_path, write, env):
    """Looked up, shown with its right and authority, and there to be chosen by its name."""
    before = purposes.policy()
    folder = shutil.copytree(FOLDER, tmp_path / "policy")
    (folder / "jurisdictions" / "us-ru.toml").write_text(MADE_UP)
    states = {"8.8.8.0/24": {"country": {"iso_code": "US"}, "subdivisions": [{"iso_code": "RU"}]}}
    env(place_database=write(states))
    try:
        start(folder)
        here = page(client, REMOTE_ADDR="8.8.8.8")
        assert "You are in Ruritania." in here
        assert "Rur. Code 12-3" in here and "https://chancellor.example" in here
        assert '<option value="US-RU" selected>Ruritania</option>' in here
        assert "The law demands it since" not in here, "it will, from 2090 on"
        assert "looking at another place: Ruritania" in page(client, "?place=US-RU")
    finally:
        purposes.enforce(before)


@pytest.mark.django_db
def test_p3_1b_a_place_that_nobody_knows_has_the_strictest(client):
    shown = page(client)
    assert "strictest of all laws" in shown
    assert "Confirmed by" not in shown.partition('id="access"')[2].partition("</li>")[0], (
        "an answer is due before the word that the request came"
    )
    assert "Confirmed by" in page(client, "?place=US-CA")
    assert "on until you object" not in shown, "nothing rests on an interest of ours there"
    assert "What we give you besides" not in shown, "some law gives each right"
    access = shown.partition('id="access"')[2].partition("</li>")[0]
    assert "<bdi>Brazil: Art 18 II; Art 19</bdi>" in access, "whose article it is"


@pytest.mark.django_db
def test_p3_1b_articles_of_two_laws_say_whose_they_are():
    """`Art 15(3)` beside `Civ. Code 1798.110(c)` says nothing to who lives under both."""
    found = applied(in_force(), "en", "DE", "US-CA", dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    access = next(each for each in found.given if each.id == "access")
    assert [each.partition(":")[0] for each in access.articles] == [
        "The European Union and the EEA",
        "California",
    ]
    alone = applied(in_force(), "en", "DE", "FR", dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    assert next(each for each in alone.given if each.id == "access").articles == ("Art 15(3)",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("NL", "the Netherlands"),
        ("GB", "the United Kingdom"),
        ("NL&lang=fr", "Pays-Bas"),
        ("MM", "Myanmar"),
        ("HK&lang=es", "RAE de Hong Kong"),
        ("SX&lang=fr", "Saint-Martin (partie néerlandaise)"),
    ],
)
def test_a_place_is_named_as_a_sentence_says_it(client, place, said):
    with translation.override("en"):
        assert f": {said}." in page(client, f"?place={place}").replace("\xa0", " ")


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
    """The law of a place is told in the language of its reader."""
    with translation.override("en"):  # what a page activates stays for the thread otherwise
        assert words in page(client, f"?place=DE&lang={language}")


def test_the_map_has_every_country_once_and_the_table_every_law():
    found = in_force()
    drawing = globe.drawn(found, TODAY)
    assert drawing.count("<path") == len(globe._world()["countries"]) > 150
    assert 'class="world-lets' in drawing and 'class="world-choice' in drawing
    squares = globe.states(found, TODAY)
    for state in (code for code in found.places if code.startswith(("US-", "CA-"))):
        assert f'place={state}"' in squares
    rows = globe.rows(found, "en", TODAY)
    assert [row.id for row in rows] == list(found.jurisdictions)
    by_id = {row.id: row for row in rows}
    assert by_id["eu-li"].disputed == 1
    assert by_id["us-ok"].begins == dt.date(2027, 1, 1)


def test_facts_lists_what_is_in_doubt_and_what_is_stale():
    run = CliRunner().invoke
    now = run(command, ["facts", "--place", "LI", "--at", "2026-11-26"]).output
    assert "eu-li: ages" in now and "disputed" in now and " 0 stale" in now
    wrong = run(command, ["facts", "--place", "NV"])
    assert wrong.exit_code == 1 and "names no place `NV`" in wrong.output
    assert "eu: " in run(command, ["facts", "--place", "eu", "--all"]).output
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


def test_every_territory_to_choose_has_a_name():
    chosen = [
        (code, name)
        for head, rest in territories()
        for code, name in ([(head, rest)] if isinstance(rest, str) else rest)
    ]
    assert ("GB", "United Kingdom") in chosen and ("CA-QC", "Québec") in chosen
    assert ("US-AK", "Alaska") in chosen, "a state without a law of its own, too"
    assert not [code for code, name in chosen if code == name]


def test_every_territory_has_a_calendar():
    for code in in_force().places:
        calendar = calendars.persons(in_force(), code)
        assert calendar is None or calendar.day(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert calendars.persons(in_force(), "US-CA").zone == "America/Los_Angeles"
    assert calendars.persons(in_force(), "US").zone != "America/New_York", "the earliest of all"
    assert calendars.persons(in_force(), None) is None
