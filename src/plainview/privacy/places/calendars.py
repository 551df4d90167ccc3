"""By which calendars the clocks of requests are counted: the controller's, and a person's."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from importlib import resources

from django.utils import timezone

from plainview.engine import Calendar, Policy
from plainview.privacy.policies import in_force

_ZONES = "zone.tab"


def controllers(policy: Policy) -> Calendar:
    """The calendar of who answers for the service: the zone and holidays of their country."""
    return _of_country(policy.controller.country)


def working_day(moment: dt.datetime, count: int) -> dt.date:
    """The `count`th working day of who answers for the service after the day of a moment."""
    kept = controllers(in_force())
    return kept.working_days_after(kept.day(moment), count)


def today() -> dt.date:
    """The day of now by the clock of who answers for the service."""
    return controllers(in_force()).day(timezone.now())


def persons(policy: Policy, code: str | None) -> Calendar | None:
    """The calendar of somebody who lives in a place (`DE`, `US-CA`); None where nobody knows.

    A jurisdiction may name its zone. Of a country with several it is the one where the date is
    the earliest, so that no date comes out too late.
    """
    country = (code or "").partition("-")[0]
    if not zones(country):
        return None
    zone = policy.jurisdiction(code).zone
    return Calendar(zone, country) if zone else _of_country(country)


def _of_country(country: str) -> Calendar:
    return Calendar(next(iter(zones(country)), "UTC"), country)


@functools.cache
def zones(country: str) -> tuple[str, ...]:
    """The time zones of a country by its ISO code, the westernmost first, of winter and summer."""
    found = [zone for code, zone in _table() if code == country]
    moments = [dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (1, 7)]
    offset = {
        zone: [each.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() for each in moments]
        for zone in found
    }
    return tuple(sorted(found, key=lambda zone: offset[zone]))


@functools.cache
def _table() -> tuple[tuple[str, str], ...]:
    text = resources.files("tzdata.zoneinfo").joinpath(_ZONES).read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows)
