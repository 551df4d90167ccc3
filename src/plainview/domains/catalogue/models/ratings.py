"""Age ratings: the systems that a title may be rated by, and which one a reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

OWN = "own"


class System(NamedTuple):
    """A system of ratings: its name, the countries that use it, its ratings from mild to strict."""

    name: str
    countries: frozenset[str]
    values: tuple[str, ...]


def _system(name: str, countries: str, values: str) -> System:
    return System(name, frozenset(countries.split()), tuple(values.split(",")))


SYSTEMS: Mapping[str, System] = {
    OWN: _system("", "", "0+,6+,12+,16+,18+"),
    "acb": _system("ACB", "AU", "G,PG,M,MA 15+,R 18+"),
    "bbfc": _system("BBFC", "GB", "U,PG,12A,12,15,18,R18"),
    "classind": _system("ClassInd", "BR", "L,10,12,14,16,18"),
    "cnc": _system("CNC", "FR", "TP,12,16,18"),
    "eirin": _system("EIRIN", "JP", "G,PG12,R15+,R18+"),
    "fsk": _system("FSK", "DE", "0,6,12,16,18"),
    "icaa": _system("ICAA", "ES", "A,7,12,16,18"),
    "kijkwijzer": _system("Kijkwijzer", "NL BE", "AL,6,9,12,14,16,18"),
    "kmrb": _system("KMRB", "KR", "ALL,12,15,18,R"),
    "mpa": _system("MPA", "US", "G,PG,PG-13,R,NC-17"),
    "tv-pg": _system("TV", "US", "TV-Y,TV-Y7,TV-G,TV-PG,TV-14,TV-MA"),
}


class Rating(NamedTuple):
    """A rating as a page shows it: `FSK 12`, or of no system `12+`."""

    system: str
    value: str

    def __str__(self) -> str:
        return f"{SYSTEMS[self.system].name} {self.value}".strip()


def rating_of(ratings: Mapping[str, str], countries: Iterable[str]) -> Rating | None:
    """The rating that a reader in `countries` knows, else our own, else any; None of none."""
    here = set(countries)
    known = [name for name in SYSTEMS if name in ratings]
    local = [name for name in known if SYSTEMS[name].countries & here]
    order = [*local, *(name for name in known if name == OWN), *known]
    return Rating(order[0], ratings[order[0]]) if order else None
