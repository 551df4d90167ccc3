"""When an answer has served: the day on which nothing of it held any more.

What somebody said of a purpose holds until they say something else of it, until a yes lapses by
law, or until the policy has no such purpose any more; a notice that was read, until the next entry.
From the last such day on the schedules of evidence count (`after = "purpose-end"`). A device that
is forgotten ends all that it answered. Then the answer goes, and with it what opens its leaf; the
leaf stays, and the log is whole (P9c, P2.11e).
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils import timezone

from plainview.engine.standing import YES
from plainview.platform import days
from plainview.privacy.consent.models import Answer
from plainview.privacy.consent.news import PREFIX
from plainview.privacy.consent.recording import KIND
from plainview.privacy.consent.renewing import months_after
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.log import accounting
from plainview.privacy.log.models import Deed, Entry
from plainview.privacy.models import Kept, Standing
from plainview.privacy.policies import in_force
from plainview.privacy.retention import ending
from plainview.privacy.retention.ending import Row, Teller
from plainview.privacy.rights import keeping

PEOPLE = 200
ANSWERS, ENTRIES = Answer._meta.db_table, Entry._meta.db_table


class Given(NamedTuple):
    """One answer of somebody, as far as its end is to be found."""

    pk: int
    key: str
    on: dt.date
    words: dict[str, str]
    law: str
    corrects: str


def join() -> None:
    """Let the sweep ask."""
    ending.tells(Teller("purpose-end", (ANSWERS, ENTRIES), ended, forget))


def ended(last: dt.date) -> Iterator[tuple[Row, ...]]:
    """The answers that ended on `last` or before, each with its entry. Needs the duty `erasure`."""
    restricted = Standing.objects.filter(permitted__gte=WITHHOLDS).values("subject")
    old = Answer.objects.filter(given_at__lte=days.end(last)).exclude(subject__in=restricted)
    people = iter(list(old.order_by().values_list("subject", flat=True).distinct()))
    published, promised = _published(), _promised()
    while some := list(itertools.islice(people, PEOPLE)):
        opened = _entries(some)
        for subject, answers in _given(some).items():
            for answer, end in _ends(answers, published):
                if end <= last and str(answer.pk) not in promised:
                    yield _rows(subject, answer, opened.get(answer.key), end)


def forget(devices: list[int], until: dt.date) -> None:
    """Keep what forgotten devices answered until a day, as evidence, and no longer."""
    for table, rows in (
        (ANSWERS, Answer.objects.filter(subject__in=devices)),
        (ENTRIES, Entry.objects.filter(subject__in=devices, kind=KIND)),
    ):
        keeping.keep(table, rows, until.isoformat(), "choices")


def _rows(subject: int, answer: Given, entry: int | None, end: dt.date) -> tuple[Row, ...]:
    rows = [Row(ANSWERS, answer.pk, subject, end)]
    if entry is not None:
        rows.append(Row(ENTRIES, entry, subject, end))
    return tuple(rows)


def _given(people: Iterable[int]) -> dict[int, list[Given]]:
    """All that these people answered, the first first."""
    rows = Answer.objects.filter(subject__in=people).order_by("given_at", "pk")
    found: dict[int, list[Given]] = defaultdict(list)
    columns = ("subject", "pk", "key", "given_at", "answers", "shown__jurisdiction", "corrects")
    for subject, pk, key, at, answers, law, corrects in rows.values_list(*columns):
        on = timezone.localdate(at)
        found[subject].append(Given(pk, key or "", on, json.loads(answers), law, corrects))
    return found


def _entries(people: Iterable[int]) -> dict[str, int]:
    """What opens the leaves of these people's answers, by the number of the receipt."""
    rows = Entry.objects.filter(subject__in=people, kind=KIND).values_list("pk", "body")
    return {json.loads(body)["dct:identifier"]: pk for pk, body in rows}


def _promised() -> set[str]:
    """The answers of which an erasure, or a forgotten device, said another day."""
    rows = Kept.objects.filter(table=ANSWERS).values_list("keys", flat=True)
    return {str(key) for keys in rows for key in keys}


def _published() -> list[tuple[dt.date, frozenset[str]]]:
    """The policies that ran here, since when and with which purposes, the first first."""
    deeds = Deed.objects.filter(what=accounting.POLICY).order_by("pk").values_list("at", "body")
    said = [(timezone.localdate(at), json.loads(body)) for at, body in deeds]
    return [
        (day, frozenset(body[accounting.PURPOSES].split()))
        for day, body in said
        if accounting.PURPOSES in body
    ]


def _ends(
    answers: list[Given], published: list[tuple[dt.date, frozenset[str]]]
) -> Iterator[tuple[Given, dt.date]]:
    """The answers of one person that hold no more, with the day on which the last of each ended."""
    for place, answer in enumerate(answers):
        right = [each for each in answers if answer.key and each.corrects == answer.key]
        following = [*right, *answers[place + 1 :]]
        if not answer.words:
            ends = [following[0].on if following else None]
        else:
            ends = [_end(name, answer, following, published) for name in answer.words]
        known = [end for end in ends if end is not None]
        if len(known) == len(ends):
            yield answer, max(known)


def _end(
    name: str,
    answer: Given,
    following: list[Given],
    published: list[tuple[dt.date, frozenset[str]]],
) -> dt.date | None:
    """The day on which what was said of one purpose ended; None while it holds."""
    replaced = (max(each.on, answer.on) for each in following if name in each.words)
    found = [next(replaced, None)]
    if answer.words[name] in YES:
        found.append(_lapse(answer))
    purpose = name.partition("/")[0]
    if f"{purpose}/" != PREFIX and purpose not in in_force().purposes:
        gone = (day for day, had in published if day >= answer.on and purpose not in had)
        found.append(next(gone, None))
    return min((day for day in found if day is not None), default=None)


def _lapse(answer: Given) -> dt.date | None:
    """The day on which a yes is none any more, by the law under which it was given."""
    law = in_force().jurisdictions.get(answer.law)
    months = law.consent.lapses_months if law is not None and law.consent is not None else 0
    return months_after(answer.on, months) if months else None
