"""What a person permits, folded from what is known of them and kept as one integer."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import takewhile
from typing import Any, NamedTuple

import msgspec
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from plainview.engine import Policy, Purpose, fold, permits
from plainview.engine import Standing as Facts
from plainview.engine.standing import YES
from plainview.privacy import alike, withholding
from plainview.privacy.backups import closing, ledger
from plainview.privacy.consent import renewing
from plainview.privacy.gate import purposes
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.versions import fence

_DOOR = Door("plainview.privacy.permissions", "privacy-choices", source="form")
_EVERYONE = Door(
    "plainview.privacy.permissions.refold",
    "privacy-choices",
    source="derived",
    everyone="a new policy means a new answer for everybody",
)
_SEVERAL = Door(
    "plainview.privacy.permissions.read_each",
    "privacy-choices",
    everyone="what leaves of several people is decided for each by their own facts",
)
Known = Facts
"""What is known of a person, by the name that rooms above use for it."""
RECOGNITION = "recognition-storage"
_STORED = ("subject", "facts", "device", "valid_until", "permitted")
UNRECOGNISED = frozenset({"service", "security", "storage", "duty", "case"})
"""The kinds of purposes that a browser has which may not be recognised (P1.2.6c)."""
KEEPS = "recognition"
"""The trait of those among them that keep something of a browser all the same."""


@functools.lru_cache(maxsize=4096)
def _folded(fingerprint: str, facts: bytes, device: bool) -> int:
    policy = in_force()
    permitted = fold(policy, Facts.from_json(facts))
    return narrowed(policy, permitted) if device else permitted


def narrowed(policy: Policy, permitted: int) -> int:
    """What is left of a device's permissions if it may not be recognised, which it has to say."""
    if not permits(permitted, policy.bit(RECOGNITION)):
        permitted &= _unrecognised(policy)
    return permitted


def _unrecognised(policy: Policy) -> int:
    return policy.mask(id_ for id_, each in policy.purposes.items() if not _recognises(each))


def integer(facts: Facts, *, device: bool) -> int:
    """The permissions that follow from `facts` now.

    A device without an account may be recognised only if it says so; without, nothing that would
    be kept about it is permitted.
    """
    lasting = msgspec.structs.replace(live(facts), valid_until=None)
    return _folded(in_force().fingerprint, lasting.to_json(), device)


def needs_recognition(purpose: str) -> bool:
    """Whether a browser must be recognised for `purpose`. Raises UnknownPurpose."""
    return _recognises(in_force().purpose(purpose))


def _recognises(purpose: Purpose) -> bool:
    return purpose.kind not in UNRECOGNISED or KEEPS in purpose.traits


def live(facts: Facts) -> Facts:
    """`facts` as they count now: a yes that has lapsed is no longer one, all else stays."""
    if facts.valid_until is None or time.time() < facts.valid_until:
        return facts
    return lapsed(facts)


def lapsed(facts: Facts) -> Facts:
    """`facts` of somebody whose yes has lapsed, and with it what it opened of what is set aside."""
    noes = {name: said for name, said in (facts.choices or {}).items() if said == "denied"}
    aside = facts.restrictions and tuple(
        msgspec.structs.replace(each, reopened=frozenset()) for each in facts.restrictions
    )
    return msgspec.structs.replace(facts, choices=noes, valid_until=None, restrictions=aside)


def newcomer(presence: str | None = None, signals: frozenset[str] = frozenset()) -> Facts:
    """The facts of somebody who has chosen nothing, present in a place (an ISO code or None)."""
    return Facts.newcomer(presence=presence, signals=signals)


def resident(facts: Facts, territory: str) -> Facts:
    """`facts` of somebody who lives in a territory and certified to be of age there (P10b)."""
    return msgspec.structs.replace(facts, residence=territory, age="certified-adult")


def could_permit(purpose: str, home: str) -> bool:
    """Whether an adult who lives and is somewhere can open a purpose by a yes, if nothing else.

    Raises UnknownPurpose.
    """
    facts = msgspec.structs.replace(resident(newcomer(home), home), choices={purpose: "granted"})
    return permits(integer(facts, device=False), in_force().bit(purpose))


def coarse(place: str | None) -> str | None:
    """The law of a place, which is all that a standing keeps of where one is (P1.2.4a).

    Members of the Union, say, are one: a country or state is kept only where rules depend on it.
    """
    return None if place is None else in_force().law_of(place)


def _lived_in(place: str | None) -> str | None:
    """The jurisdiction that somebody said they live in: it tells their authority too (P5.2.1.10a).

    Nobody who said nothing has one: they live where they are.
    """
    return None if place is None else in_force().jurisdiction(place).id


def _kept(facts: Facts) -> Facts:
    return msgspec.structs.replace(
        facts, presence=coarse(facts.presence), residence=_lived_in(facts.residence)
    )


Watcher = Callable[[int], None]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Let `watcher(subject)` be called in the transaction of each change of a person's facts."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def begin(
    subject: int,
    facts: Facts | None = None,
    *,
    device: bool = False,
    answered_on: date | None = None,
) -> Facts:
    """Write the standing of somebody new; return the facts as kept.

    Belongs into the transaction that makes the person; without it whatever can be refused is.
    """
    with Opened(_DOOR, lambda: subject), transaction.atomic(), purposes.holding(fence.held()):
        facts = _kept(facts if facts is not None else newcomer())
        columns = _columns(facts, device) | {"answered_on": answered_on}
        Standing.objects.create(subject=subject, device=device, **columns)
        if facts.restrictions:  # somebody new has no rows that would have to go
            withholding.record([subject], facts)
    return facts


def read(subject: int, *, held: bool = False) -> tuple[Facts, int] | None:
    """The facts of a person and how often they were folded; None if there is no standing.

    `held` keeps them from changing until the transaction ends.
    """
    with Opened(_DOOR, lambda: subject):
        rows = Standing.objects.select_for_update() if held else Standing.objects.all()
        row = next(iter(rows.filter(subject=subject).values_list("facts", "epoch")), None)
    return None if row is None else (Facts.from_json(row[0]), row[1])


def read_each(subjects: Iterable[int], *, held: bool = False) -> dict[int, Facts]:
    """The facts of several people, in one statement; who has no standing is not among them.

    `held` keeps them from changing until the transaction ends.
    """
    with Opened(_SEVERAL):
        rows = Standing.objects.select_for_update() if held else Standing.objects.all()
        found = rows.filter(subject__in=set(subjects)).order_by("subject")
        return {who: Facts.from_json(said) for who, said in found.values_list("subject", "facts")}


def answered_on(subject: int) -> date | None:
    """The day of a person's last answer; None if they gave none."""
    with Opened(_DOOR, lambda: subject):
        row = Standing.objects.filter(subject=subject)
        return row.values_list("answered_on", flat=True).first()


def change(
    subject: int,
    changed: Callable[[Facts], Facts],
    *,
    answered_on: date | None = None,
    for_good: bool = True,
) -> tuple[Facts, int]:
    """Put `changed(facts)` in the place of a person's facts; return them and the new epoch.

    `answered_on` is the day of an answer that this change carries out; an earlier day than that of
    the last answer changes nothing about it. What restriction is lifted is so in a copy that is put
    back too, unless it is not `for_good`. Concurrent changes queue up, and are folded by the
    version that is in force in the database. Raises Standing.DoesNotExist.
    """
    with Opened(_DOOR, lambda: subject), transaction.atomic(), purposes.holding(fence.held()):
        row = Standing.objects.select_for_update().get(subject=subject)
        before = Facts.from_json(row.facts)
        facts = _kept(changed(before))
        loses = integer(before, device=row.device) & ~integer(facts, device=row.device)
        less = closing.closed(before, facts)
        if less := less | closing.moved(before, facts, closes=bool(loses)):
            ledger.narrowed(subject, less)
        if for_good and closing.lifted(before, facts):
            note = functools.partial(_note_lifted, subject, before, facts)
            transaction.on_commit(note, robust=True)
        columns = _columns(facts, row.device)
        if answered_on is not None:
            columns["answered_on"] = max(answered_on, row.answered_on or answered_on)
        Standing.objects.filter(subject=subject).update(epoch=row.epoch + 1, **columns)
        withholding.record([subject], facts)
        for watcher in _watchers:
            watcher(subject)
    return facts, row.epoch + 1


def _note_lifted(subject: int, before: Facts, after: Facts) -> None:
    """Note, once it holds, what closes nothing any more; not what does again meanwhile.

    A note that is lost leaves a restored copy stricter than it has to be.
    """
    with transaction.atomic():
        found = read(subject, held=True)
        if found is not None and (left := closing.lifted(before, after, found[0])):
            ledger.narrowed(subject, left)


def answered(facts: Facts, answers: Mapping[str, str], on: date | None = None) -> Facts:
    """`facts` with new answers (purpose to granted, affirmed, denied or unset) over earlier ones.

    What was answered waits no more: an answer is to the policy of now, whose words were shown.

    Where the law lets a yes lapse, it does so that many months after it was given, today or `on`
    another day; of several, the earliest counts for all. A yes of today opens what was set aside,
    and, where the law asks for one, what was objected to.
    """
    facts = live(facts)
    earlier = {k: said for k, said in (facts.choices or {}).items() if k not in answers}
    terms = [facts.valid_until] if has_yes(earlier) else []
    if has_yes(answers):
        terms.append(renewing.lapses_at(facts, on))
    until = min((each for each in terms if each is not None), default=None)
    choices = {k: said for k, said in {**earlier, **answers}.items() if said != "unset"}
    yes = (name for name, said in answers.items() if said in YES)
    afresh = frozenset(yes if on is None else ())  # one of another day may be older
    return msgspec.structs.replace(
        facts,
        choices=choices,
        valid_until=until,
        pending=_still_pending(facts, answers),
        objections=withholding.objected(facts, afresh),
        restrictions=withholding.reopened(facts, afresh),
    )


def _still_pending(facts: Facts, answers: Mapping[str, str]) -> frozenset[str] | None:
    """What waits after `answers`; one to a purpose is one about all its recipients."""
    if facts.pending is None:
        return None
    said = {name for name, answer in answers.items() if answer != "unset"}
    return frozenset(
        each for each in facts.pending if said.isdisjoint((each, each.partition("/")[0]))
    )


def has_yes(answers: Mapping[str, str]) -> bool:
    """Whether one of these answers, by purpose, permits something."""
    return any(answer in YES for answer in answers.values())


def _columns(facts: Facts, device: bool) -> dict[str, Any]:
    until = None if facts.valid_until is None else int(facts.valid_until)
    return {
        "permitted": integer(facts, device=device) | withholding.flag(facts),
        "valid_until": until,
        "facts": facts.to_json().decode(),
        "policy": in_force().fingerprint,
    }


def refold() -> int:
    """Fold anew what an earlier policy folded; return how many standings that were.

    `plainview serve` does it before the first request. What differs only in when a yes lapses is
    folded once; most people's permissions stay, and a run of them is one statement. A standing
    whose facts no longer read is folded from nothing, which is the strictest.
    """
    fingerprint = in_force().fingerprint
    folded: dict[tuple[str, bool, bool], tuple[int, Facts | None]] = {}
    count, last = 0, -(2**63)
    with Opened(_EVERYONE), transaction.atomic():
        fence.alone()
        old = Standing.objects.exclude(policy=fingerprint).order_by("subject")
        while rows := list(old.filter(subject__gt=last).values_list(*_STORED)[: alike.RUN]):
            first, last = last, rows[-1][0]
            same: dict[int, list[int]] = {}
            held: dict[str, tuple[Facts, list[int]]] = {}
            for subject, stored, device, until, before in rows:
                lapsed = until is not None and time.time() >= until
                key = (stored.partition(alike.LAPSES)[0], device, lapsed)
                if key not in folded:
                    facts = stored_facts(stored)
                    permitted = integer(facts, device=device) | withholding.flag(facts)
                    folded[key] = (permitted, facts if facts.restrictions else None)
                permitted, restricted = folded[key]
                if permitted != before:
                    same.setdefault(permitted, []).append(subject)
                if restricted is not None:
                    held.setdefault(key[0], (restricted, []))[1].append(subject)
            for restricted, people in held.values():
                withholding.record(people, restricted)
            for permitted, people in same.items():
                again = Standing.objects.filter(subject__in=people)
                again.update(permitted=permitted)
            run = old.order_by().filter(subject__gt=first, subject__lte=last)
            count += run.update(policy=fingerprint)
    return count


def pend(touched: Callable[[Facts], frozenset[str]]) -> tuple[int, int]:
    """Let what `touched` says of each distinct standing wait for an answer (P11e).

    Return of how many accounts and devices something waits that did not before. Belongs into the
    transaction of a publication, before `refold`, which folds what was changed here. What is said
    alike is decided once, and one statement changes all of a run that are changed alike.
    """
    edits: dict[str, _Edit | None] = {}
    found = {False: 0, True: 0}
    with Opened(_EVERYONE), transaction.atomic():
        fence.alone()
        for run in alike.runs(Standing.objects.order_by()):
            waiting: dict[_Edit, list[int]] = {}
            for subject, stored, device in run.values_list("subject", "facts", "device"):
                head = alike.head(stored)
                if head not in edits:
                    edits[head] = _waiting(head, touched)
                edit = edits[head]
                if edit is not None:
                    waiting.setdefault(edit, []).append(subject)
                    found[device] += 1
            for edit, people in waiting.items():
                again = alike.heads(Standing.objects.filter(subject__in=people))
                again.update(facts=edit.made(), policy="")
    return found[False], found[True]


class _Edit(NamedTuple):
    """So many characters less at the end of a standing's head, and these instead."""

    less: int
    more: str

    def made(self) -> Concat:
        """The facts of a standing with `ends`, edited."""
        kept = Substr("facts", 1, F("ends") - 1 - self.less)
        return Concat(kept, Value(self.more), Substr("facts", F("ends") + 0))


def _waiting(head: str, touched: Callable[[Facts], frozenset[str]]) -> _Edit | None:
    """What makes all that is touched of a standing wait; None if nothing new does."""
    facts = stored_facts(head + alike.CLOSED)
    before = facts.pending or frozenset()
    names = touched(facts) | before
    if names == before:
        return None
    lasting = msgspec.structs.replace(facts, pending=names).to_json().decode()
    said = lasting.removesuffix(alike.CLOSED)
    same = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(head, said, strict=False)))
    return _Edit(len(head) - same, said[same:])


def stored_facts(stored: str) -> Facts:
    """The facts of a standing's row; where they no longer read, none, which is the strictest."""
    try:
        return Facts.from_json(stored)
    except msgspec.ValidationError:
        return Facts()
