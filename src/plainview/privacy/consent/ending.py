"""When an answer has served: the day on which nothing of it held any more.

What somebody said of a purpose holds until they say something else of it, until a yes lapses by
law, with the earliest that stands beside it, or until the policy has no such purpose any more; a
notice that was read, until the next entry. From the last such day on the schedules of evidence
count (`after = "purpose-end"`). A device that is forgotten ends all that it answered. Then the
answer goes, and with it what opens its leaf; the leaf stays, and the log is whole (P9c, P2.11e).
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.engine.standing import YES
from plainview.platform import days
from plainview.privacy import permissions
from plainview.privacy.consent import renewing
from plainview.privacy.consent.models import Answer
from plainview.privacy.consent.news import PREFIX
from plainview.privacy.consent.recording import KIND
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
        rows = Standing.objects.filter(subject__in=some).values_list("subject", "facts")
        known = {who: permissions.stored_facts(facts) for who, facts in rows}
        opened = _entries(some)
        for subject, answers in _given(some).items():
            for answer, end in _ends(answers, published, known.get(subject)):
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
    answers: list[Given],
    published: list[tuple[dt.date, frozenset[str]]],
    now: Facts | None,
) -> Iterator[tuple[Given, dt.date]]:
    """The answers of one person that hold no more, with the day on which the last of each ended."""
    lapses = _lapses(answers, None) | _not_held(answers, now)
    for place, answer in enumerate(answers):
        right = [each for each in answers if answer.key and each.corrects == answer.key]
        following = [*right, *answers[place + 1 :]]
        if not answer.words:
            ends = [following[0].on if following else None]
        else:
            ends = [_end(name, answer, following, published, lapses) for name in answer.words]
        known = [end for end in ends if end is not None]
        if len(known) == len(ends):
            yield answer, max(known)


Lapses = dict[tuple[int, str], dt.date | None]
"""By answer and purpose, the day on which a yes is none any more; None where it stays."""


def _end(
    name: str,
    answer: Given,
    following: list[Given],
    published: list[tuple[dt.date, frozenset[str]]],
    lapses: Lapses,
) -> dt.date | None:
    """The day on which what was said of one purpose ended; None while it holds."""
    replaced = (max(each.on, answer.on) for each in following if name in each.words)
    found = [next(replaced, None), lapses.get((answer.pk, name))]
    purpose = name.partition("/")[0]
    if f"{purpose}/" != PREFIX and purpose not in in_force().purposes:
        gone = (day for day, had in published if day >= answer.on and purpose not in had)
        found.append(next(gone, None))
    return min((day for day in found if day is not None), default=None)


def _not_held(answers: list[Given], now: Facts | None) -> Lapses:
    """What the standing of today says of the last yes to each purpose.

    One that it holds has not lapsed. One that it holds no more has, though the law of the place
    alone lets none: then it is that of where they live.
    """
    if now is None:
        return {}
    lapsed = now.valid_until is not None and now.valid_until <= timezone.now().timestamp()
    choices = {} if lapsed else now.choices or {}
    last = {name: each.pk for each in answers for name in each.words}
    at_home = _lapses(answers, now.residence)
    return {
        (pk, name): None if choices.get(name) in YES else at_home.get((pk, name))
        for name, pk in last.items()
    }


def _lapses(answers: list[Given], home: str | None) -> Lapses:
    """When each yes lapses, counted as `permissions.answered` does: with the earliest, all do."""
    righted = {(each.corrects, name) for each in answers if each.corrects for name in each.words}
    found: Lapses = {}
    standing: dict[str, int] = {}
    until: dt.date | None = None
    for each in answers:
        words = {k: said for k, said in each.words.items() if (each.key, k) not in righted}
        over = until is not None and until <= each.on
        standing = {k: pk for k, pk in standing.items() if not over and k not in words}
        until = until if standing else None
        if given := [name for name, said in words.items() if said in YES]:
            own = renewing.lapses_on(Facts(presence=each.law, residence=home), each.on)
            until = min((day for day in (until, own) if day is not None), default=None)
            standing |= dict.fromkeys(given, each.pk)
        found |= {(pk, name): until for name, pk in standing.items()}
    return found
