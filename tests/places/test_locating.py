"""An address becomes a country or a state from a database on this machine, or nothing (P1.2.4a)."""

import logging
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lengths import many
from tests.places.conftest import (
    AMERICAN,
    CALIFORNIAN,
    COUNTRIES,
    ENGLISH,
    GERMAN,
    NOWHERE,
)

from plainview.privacy.places import databases, locate

ONE_WORLD = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=many(50),
)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (GERMAN, "DE"),
        (f" {GERMAN} ", "DE"),
        (f"::ffff:{GERMAN}", "DE"),
        ("2003:0:1::7", "DE"),
        (ENGLISH, "GB"),
        (CALIFORNIAN, "US"),
        ("62.1.1.9", "FR"),
    ],
)
def test_an_address_that_is_listed_has_its_country(world, address, place):
    assert locate(address) == place


@pytest.mark.parametrize(
    "address",
    [
        NOWHERE,
        "2a00::1",
        "10.1.2.3",  # listed, yet nobody is there
        "::ffff:10.1.2.3",
        "127.0.0.1",
        "::1",
        "fe80::1%eth0",
        "0.0.0.0",  # noqa: S104
        "255.255.255.255",
        "",
        "unknown",
        "91.12.0",
        "091.012.000.001",
        f"{GERMAN}:443",
        f"[{GERMAN}]",
        "1" * 5000,
        "٩١.١٢.٠.١",
    ],
)
def test_private_unlisted_and_malformed_addresses_are_nowhere(world, address):
    assert locate(address) is None


@pytest.mark.parametrize("address", ["45.45.1.1", "45.45.3.1", "45.45.4.1"])
def test_a_record_that_names_no_country_is_nowhere(world, address):
    assert locate(address) is None


def test_states_come_from_the_finer_database_and_countries_where_it_has_none(states):
    assert locate(CALIFORNIAN) == "US-CA"
    assert locate(AMERICAN) == "US", "the record has a state's name, and no code"
    assert locate(GERMAN) == "DE", "the finer one doesn't list it"


@ONE_WORLD
@given(st.text() | st.ip_addresses().map(str) | st.from_regex(r"[0-9a-f:.%\[\]]{0,50}"))
@pytest.mark.slow
def test_nothing_that_is_asked_raises(states, text):
    assert locate(text) in {None, "DE", "US", "US-CA", "GB", "FR", "FR-IDF", "EU"}


def test_an_address_of_version_6_is_nowhere_in_a_database_of_version_4(write, env):
    env(place_database=write({"91.12.0.0/16": {"country_code": "DE"}}, version=4))
    assert locate(GERMAN) == "DE"
    assert locate("2003:0:1::7") is None


@pytest.mark.parametrize("spoilt", ["missing", "empty", "folder", "text", "cut", "unreadable date"])
def test_a_database_that_cant_be_read_makes_everybody_be_nowhere_and_is_said_once(
    spoilt, world, write, env, tmp_path, caplog, monkeypatch
):
    path = tmp_path / "spoilt.mmdb"
    if spoilt == "empty":
        path.touch()
    elif spoilt == "folder":
        path.mkdir()
    elif spoilt == "text":
        path.write_text("country,DE\n" * 500)
    elif spoilt == "cut":
        path.write_bytes(Path(write(COUNTRIES, "whole.mmdb")).read_bytes()[:-40])
    elif spoilt == "unreadable date":
        monkeypatch.setattr(time, "time", lambda: 2**63)
        write(COUNTRIES, path.name)
        monkeypatch.undo()
    env(place_database=str(path))
    with caplog.at_level(logging.WARNING, "plainview"):
        assert {locate(address) for address in (GERMAN, ENGLISH, CALIFORNIAN)} == {None}
    assert [record.args[0] for record in caplog.records] == [str(path)]
    assert GERMAN not in caplog.text


def test_a_state_database_that_cant_be_read_takes_no_country_away(world, env):
    env(state_database="/nowhere/states.mmdb")
    assert locate(CALIFORNIAN) == "US"


def test_the_database_is_opened_once_a_process(world, monkeypatch):
    assert locate(GERMAN) == "DE"
    monkeypatch.setattr(databases.maxminddb, "open_database", None)
    assert locate(ENGLISH) == "GB"


def test_a_new_file_put_in_the_place_of_one_in_use_harms_nobody(world, write, env, tmp_path):
    """Replaced by name, the old one stays whole for whoever has it open; as the docs tell."""
    assert locate(GERMAN) == "DE"
    moved = write({"91.12.0.0/16": {"country_code": "FR"}}, "new.mmdb")
    os.replace(moved, tmp_path / "country.mmdb")
    assert locate(GERMAN) == "DE"
    databases.opened.cache_clear()  # a start anew
    assert locate(GERMAN) == "FR"


def test_the_packaged_database_knows_the_world():
    assert locate(GERMAN) == "DE"
    assert locate("203.0.113.5") is None, "an address of documentation"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("DBIP-Country-Lite", "IP geolocation by DB-IP"),
        ("DBIP-Country-Lite (compat=Country)", "IP geolocation by DB-IP"),
        ("GeoLite2-City", "This product includes GeoLite Data created by MaxMind"),
    ],
)
def test_a_free_database_has_its_maker_named(write, env, kind, words):
    env(place_database=write(COUNTRIES, kind=kind))
    assert [maker.words for maker, _ in databases.credited()] == [words]


def test_a_bought_database_asks_for_no_name(write, env):
    env(place_database=write(COUNTRIES, kind="GeoIP2-Country"))
    assert databases.credited() == []
