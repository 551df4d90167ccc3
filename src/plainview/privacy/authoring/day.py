"""A described person on a day: what they had said by then, under the law of then."""

from __future__ import annotations

import datetime as dt
from typing import Any

from plainview.engine import Policy
from plainview.privacy.consent.renewing import lapses_after, months_after

SAID = ("allow", "affirm", "deny", "objects", "upheld", "unanswered", "restrict", "signal")
"""The options whose words may end in a date: `recommend@2026-03-01`, said on that day."""
ANSWERS = ("allow", "affirm", "deny")


class DateError(ValueError):
    """What stands behind the @ is no date."""


def by(day: dt.date | None, facts: dict[str, Any], found: Policy) -> dict[str, Any]:
    """Return the options as they stood on a day: the last answer counts, a lapsed yes doesn't.

    Without a day everything counts. A yes in two steps that came before the signal is a plain yes.
    Raises DateError.
    """
    said = {name: [_parted(word) for word in facts[name]] for name in SAID}
    kept = {
        name: [(word, when) for word, when in words if day is None or when <= day]
        for name, words in said.items()
    }
    heard = min((when for _, when in kept["signal"]), default=None)
    last: dict[str, tuple[dt.date, str]] = {}
    for name in ANSWERS:
        for word, when in kept[name]:
            early = name == "affirm" and heard is not None and dt.date.min < when < heard
            answer = (when, "allow" if early else name)
            if word not in last or answer[0] >= last[word][0]:
                last[word] = answer
    months = lapses_after(found, facts["presence"], facts["residence"])
    if day is not None and months:
        last = {
            word: answer
            for word, answer in last.items()
            if answer[1] == "deny"
            or answer[0] == dt.date.min
            or months_after(answer[0], months) > day
        }
    answers = {
        name: [word for word, answer in last.items() if answer[1] == name] for name in ANSWERS
    }
    others = {
        name: [word for word, _ in words] for name, words in kept.items() if name not in ANSWERS
    }
    return facts | answers | others


def _parted(word: str) -> tuple[str, dt.date]:
    name, at, date = word.partition("@")
    if not at:
        return name, dt.date.min
    try:
        return name, dt.date.fromisoformat(date)
    except ValueError:
        raise DateError(f"`{date}` is no date; write `{name}@2026-03-01`") from None
