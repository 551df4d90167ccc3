"""When a day begins and ends, where the service is or in another zone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def start(day: dt.date, zone: dt.tzinfo | None = None) -> dt.datetime:
    """The first moment of a day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min), zone)


def end(day: dt.date, zone: dt.tzinfo | None = None) -> dt.datetime:
    """The last moment of a day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max), zone)
