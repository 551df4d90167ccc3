"""The doctor says which place databases are read, how old they are, and what is amiss."""

from __future__ import annotations

import re
import time

import pytest
from tests.places.conftest import COUNTRIES

from plainview.web.doctor import examine

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LOOKED_AT = re.compile(r"(the )?place\b")


def said() -> dict[str, str]:
    """What the doctor says of places, each with its remedy."""
    return {found.what: found.remedy for found in examine() if LOOKED_AT.match(found.what)}


def test_the_packaged_database_is_named_with_its_date_and_licence(env):
    env(place_database="")
    (words,) = said()
    assert "country.mmdb, made on 20" in words
    assert "IP geolocation by DB-IP, CC BY 4.0" in words


def test_a_database_of_ones_own_is_shown_with_its_date(world, tmp_path):
    ((words, remedy),) = said().items()
    assert str(tmp_path / "country.mmdb") in words
    assert time.strftime("%Y-%m-", time.gmtime()) in words
    assert remedy == ""


def test_an_old_database_is_to_be_replaced(write, env, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1.5e9)
    path = write(COUNTRIES)
    monkeypatch.undo()
    env(place_database=path)
    ((words, remedy),) = said().items()
    assert "2017-07-14" in words
    assert "over a year old" in remedy


def test_one_that_cant_be_read_is_named_and_nothing_else_falls(world, env):
    env(state_database="/nowhere/states.mmdb")
    found = said()
    assert len(found) == 2
    (broken,) = (words for words in found if "can't be read" in words)
    assert "/nowhere/states.mmdb" in broken
    assert "PLAINVIEW_STATE_DATABASE" in found[broken]


def test_a_header_without_a_trusted_proxy_is_not_believed_and_said_so(world, env):
    env(place_header="X-Place", trusted_proxies=0)
    (words,) = (words for words in said() if "X-Place" in words)
    assert "PLAINVIEW_TRUSTED_PROXIES" in said()[words]
    env(trusted_proxies=1)
    assert list(said().values()) == [""]
