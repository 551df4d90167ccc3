"""Counts of attempts that hold across processes and machines: the `default` cache, as rows.

django-allauth counts guesses, mails and used codes in Django's cache. In one process's memory,
every further process would give as many tries again. A row stands under a keyed hash of whom it
counts, so that no network address is kept (P1.2.1a), ends with its window, and is gone with the
next count or the next tidying after that.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import models

from plainview.platform.identifiers import keyed, new_key
from plainview.privacy.declarations import impersonal, personal, subject
from plainview.privacy.gate.refusals import NotPermitted
from plainview.privacy.gate.scope import Door, Opened, current

_DOOR = Door(
    "plainview.privacy.counting",
    "authentication",
    source="use",
    everyone="it counts strangers, who have no number",
)


@subject(row="security", unlinked="it stands under a keyed hash, which leads back to nobody")
class Count(models.Model):
    """Something that is counted for a while. `value` is JSON, mostly the times of the attempts."""

    key = personal(models.CharField(max_length=64, primary_key=True), "security.attempts")
    value = personal(models.TextField(), "security.attempts")
    until = personal(models.FloatField(db_index=True), "security.attempts")  # epoch seconds
    made = impersonal(models.CharField(max_length=24), "tells who was first of several processes")

    class Meta:
        db_table = "privacy_count"


class Counts(BaseCache):
    """Django's cache over `Count`. What it keeps is JSON and always has an end.

    Raises ValueError for something that would be kept for good, Refused for what is no count.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep `value` unless there is one; whether it was kept. Clears what has ended away."""
        row = self._row(key, value, timeout, version)
        with Opened(_DOOR):
            Count.objects.filter(until__lte=time.time()).delete()
            others = self._hashes(key, version)[1:]  # of before; the row's own is refused below
            if others and Count.objects.filter(key__in=others).exists():
                return False
            Count.objects.bulk_create([row], ignore_conflicts=True)
            return Count.objects.filter(key=row.key, made=row.made).exists()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept under `key` and has not ended."""
        with Opened(_DOOR):
            found = self._live(key, version).values_list("value", flat=True).first()
        return default if found is None else json.loads(found)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep `value` in the place of what was there."""
        row = self._row(key, value, timeout, version)
        with Opened(_DOOR):
            Count.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["value", "until", "made"],
            )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Move the end of what is kept; whether there was anything."""
        with Opened(_DOOR):
            return bool(self._live(key, version).update(until=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Drop what is kept; whether there was anything."""
        with Opened(_DOOR):
            return bool(Count.objects.filter(key__in=self._hashes(key, version)).delete()[0])

    def clear(self) -> None:
        """Drop everything."""
        with Opened(_DOOR):
            Count.objects.all().delete()

    def _live(self, key: str, version: int | None) -> models.QuerySet[Count]:
        hashes = self._hashes(key, version)
        return Count.objects.filter(key__in=hashes, until__gt=time.time()).order_by("-until")

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> Count:
        if not _is_count(value):
            scope = current()
            raise NotPermitted(
                f"door {scope.life.door.name if scope else '(none)'}: the cache keeps counts. A"
                " text, such as a piece of a page, it would show to whoever asks next."
                "\n  1. Of a person it is kept by privacy.caching.cache(category, subject)."
                "\n  2. What everybody is shown alike is kept by a privacy.caching.Board."
                "\n  3. Leave {% cache %} and cache_page out: they know neither of them."
            )
        return Count(
            key=self._hashes(key, version)[0],
            value=json.dumps(value),
            until=self._end(timeout),
            made=new_key(24),
        )

    def _end(self, timeout: Any) -> float:
        end = self.get_backend_timeout(timeout)
        if end is None:
            raise ValueError("a count has an end: give it a timeout")
        return end

    def _hashes(self, key: str, version: int | None) -> list[str]:
        """By each of our secret keys: what was counted under one of before goes on counting."""
        return keyed("plainview.counting", self.make_and_validate_key(key, version=version))


def _is_count(value: Any) -> bool:
    """A number, a yes or no, a sign that something was used, or several of them."""
    if isinstance(value, list | tuple):
        return all(map(_is_count, value))
    return value is None or isinstance(value, bool | int | float) or value == "y"


def tidy() -> int:
    """Delete the counts whose window has ended; return how many there were."""
    with Opened(_DOOR):
        return Count.objects.filter(until__lte=time.time()).delete()[0]
