"""A small world: databases of the tests' own, with addresses whose place is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from plainview.privacy.places import databases

Records = Mapping[str, Any]
GERMAN, ENGLISH, AMERICAN, CALIFORNIAN = "91.12.0.1", "81.2.69.160", "8.8.8.8", "12.81.92.1"
NOWHERE = "45.45.45.45"

COUNTRIES: Records = {
    "91.12.0.0/16": {"country_code": "DE"},
    "2003::/19": {"country_code": "DE"},
    "8.8.8.0/24": {"country_code": "US"},
    "12.81.92.0/22": {"country_code": "US"},
    "81.2.69.0/24": {"country": {"iso_code": "GB", "geoname_id": 2635167}},
    "62.1.1.0/24": {"country": "FR"},
    "10.0.0.0/8": {"country_code": "DE"},
    "45.45.1.0/24": {"country_code": "Europe"},
    "45.45.2.0/24": {"country_code": "EU"},
    "45.45.3.0/24": {"city": "Springfield"},
    "45.45.4.0/24": ["US"],
}
STATES: Records = {
    "12.81.92.0/22": {"country": {"iso_code": "US"}, "subdivisions": [{"iso_code": "CA"}]},
    "62.1.1.0/24": {"country": {"iso_code": "FR"}, "subdivisions": [{"iso_code": "IDF"}]},
    "8.8.8.0/24": {"country": {"iso_code": "US"}, "subdivisions": [{"names": {"en": "Utah"}}]},
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a database of `{network: record}` and return its path."""

    def made(
        records: Records, name: str = "country.mmdb", kind: str = "Test", version: int = 6
    ) -> str:
        writer = MMDBWriter(version, kind, ipv4_compatible=version == 6)
        for network, record in records.items():
            writer.insert_network(IPSet([network]), record)
        path = tmp_path / name
        writer.to_db_file(str(path))
        return str(path)

    return made


@pytest.fixture(autouse=True)
def _nothing_opened_before() -> Iterator[None]:
    databases.opened.cache_clear()
    yield
    databases.opened.cache_clear()


@pytest.fixture
def env(settings: Any) -> Callable[..., None]:
    """Change settings of the environment."""

    def change(**values: Any) -> None:
        settings.ENV = msgspec.structs.replace(settings.ENV, **values)

    return change


@pytest.fixture
def world(write: Callable[..., str], env: Callable[..., None]) -> None:
    """The small world's countries, no states."""
    env(place_database=write(COUNTRIES))


@pytest.fixture
def states(world: None, write: Callable[..., str], env: Callable[..., None]) -> None:
    """Its states as well."""
    env(state_database=write(STATES, "states.mmdb"))
