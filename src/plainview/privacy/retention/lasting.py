"""How long accounts last: one goes that nobody confirmed, and one that nobody uses any more (P9a).

An account is used by whatever column is marked so (`personal(…, use=True)`), and the sweep keeps
the day where such a row goes before the account. Where nothing tells of a later moment, it was last
used on the day it was made. Before one ends for want of use its letters went, each the policy's
distance before that day; one that did not go is written anew, and the account stays as long.
Whoever pays uses theirs. Either kind leaves by the plan of anybody who leaves, but for those on the
staff, the suspended and the restricted, who stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Field, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import Dormancy
from plainview.platform.languages import dates
from plainview.privacy import permissions
from plainview.privacy.decisions.register import Made, overruled
from plainview.privacy.gate.duties import duty
from plainview.privacy.log.services import deed
from plainview.privacy.models import Disclosure, LastUse, Warned
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.retention.ports import Ports
from plainview.privacy.rights import services, tables
from plainview.privacy.rights.planning import earlier, later

UNCONFIRMED, DORMANCY = "unconfirmed", "dormancy"
"""Why an account is over: the names of the decisions in the policy."""
BATCH = 500
DEED = "account-over"
_FREE = "none"
"""The plan of whoever pays nothing."""
State = Disclosure.State
T = TypeVar("T")


class Letter(NamedTuple):
    """One that was written: which, when, the day that it names, and when it went, if it did yet."""

    nth: int
    written: dt.date
    ends: dt.date
    went: dt.date | None


class Course(NamedTuple):
    """Where an account stands that nobody uses: when it ends, and which letter is due (0: none)."""

    ends: dt.date
    write: int = 0
    over: bool = False


class Lasting(NamedTuple):
    """By which decision an account ends, what that counts from, and on which day it is over."""

    why: str
    since: dt.date
    course: Course


def course(dormancy: Dormancy, since: dt.date, letters: Iterable[Letter], today: dt.date) -> Course:
    """What follows from the day of the last use and the letters since: pure, and in any order.

    A letter counts that was written when it was due by the policy of today. The account is over
    when all have gone, each as long before the next as the policy says, and not before the day
    that any of them named.
    """
    ends, earliest = later(since, f"P{dormancy.months}M"), since
    steps = [*dormancy.notices, dormancy.months]
    for nth, after in enumerate(dormancy.notices, 1):
        due = later(since, f"P{after}M")
        mine = [each for each in letters if each.nth == nth and each.written >= due]
        went = max((each.went for each in mine if each.went), default=None)
        ends = max([ends, *(each.ends for each in mine)])
        if went is None:
            on = max(due, earliest)
            ends = max(ends, later(max(on, today), f"P{dormancy.months - after}M"))
            waits = today < on or any(each.went is None for each in mine)
            return Course(ends, 0 if waits else nth)
        earliest = later(went, f"P{steps[nth] - after}M")
    ends = max(ends, earliest)
    return Course(ends, over=today >= ends)


def over(today: dt.date) -> dict[int, str]:
    """The accounts that are over, each with why. Needs the duty `erasure`."""
    return {account: each.why for account, each in _candidates(today) if each.course.over}


def dismiss(account: int, why: str, today: dt.date) -> bool:
    """Have an account leave by the plan of anybody who asks to; not if it was confirmed or used.

    Nobody can sign in to it from now on; what is held goes together with that of others.
    """
    with suppress(services.NobodyThere, services.Hindered), transaction.atomic():
        for _account, each in _candidates(today, [account], held=True):
            if each.why == why and each.course.over:
                services.leave(account, together=True)
                deed(DEED, **{"pv:why": why})
                return True
    return False


def to_write(today: dt.date, after: int) -> Iterator[tuple[int, int, Lasting]]:
    """The accounts beyond `after`, in order, to which a letter is due, and which. Needs the duty
    `erasure`.
    """
    for account, each in _idle(today, after=after):
        if each.course.write:
            yield account, each.course.write, each


def to_forget() -> list[int]:
    """The letters after which an account was used again, by their keys. Needs the duty."""
    found: list[int] = []
    rows = Warned.objects.order_by("pk").values_list("pk", "account", "written_at")
    for some in _few(rows.iterator(BATCH)):
        used = last_used({account for _key, account, _at in some})
        found += [key for key, account, at in some if used.get(account, dt.date.min) >= _day(at)]
    return found


def last_used(accounts: Collection[int]) -> dict[int, dt.date]:
    """The day on which each of some accounts was last used, as far as any column tells."""
    return _told(lambda part: part.rows_of(accounts), *registry().personal_tables())


def looked_at() -> frozenset[str]:
    """The kinds of data of whose last moment it counts how long an account lasts (P6a)."""
    columns = (each for table in registry().personal_tables() for each in table.columns.values())
    return frozenset(each.mark.category for each in columns if each.mark.use)


def keep_use(table: Table, keys: Collection[Any]) -> None:
    """Keep what rows that are about to go alone tell of the last use of accounts that stay."""
    told = _told(lambda part: tables.manager(table).filter(pk__in=keys), table)
    if not told:
        return
    accounts = registry().tables[get_user_model()._meta.db_table]
    signed_in = _told(lambda part: part.rows_of(told), accounts)
    for account, day in signed_in.items():
        if (on := told[account]) > day:
            LastUse.objects.get_or_create(account=account, defaults={"on": on})
            LastUse.objects.filter(pk=account, on__lt=on).update(on=on)


def _told(rows_of: Callable[[tables.Part], QuerySet[Any]], *among: Table) -> dict[int, dt.date]:
    """The day of the last use of each person that such rows tell of.

    In one statement for all columns that hold moments, and one for those that hold days.
    """
    asked: dict[type[Field[Any, Any]], list[QuerySet[Any]]] = {}
    for table in among:
        if not any(column.mark.use for column in table.columns.values()):
            continue
        for part in tables.parts(table):
            whose = part.path.lookup
            for field in (*part.fields, *part.secrets):
                if table.columns[str(field.column)].mark.use:
                    rows = rows_of(part).exclude(**{whose: None}).order_by().values_list(whose)
                    asked.setdefault(type(field), []).append(rows.annotate(at=Max(field.attname)))
    found: dict[int, dt.date] = {}
    for first, *more in asked.values():
        for account, at in first.union(*more, all=True):
            if at is not None:
                found[account] = max(found.get(account, dt.date.min), _day(at))
    return found


def unconfirmed_until(account: int, made: dt.date) -> dt.date | None:
    """When an account made on a day ends unless its address is confirmed; None if it stays.

    Of whom that is known already, so that no letter of theirs opens a duty.
    """
    unconfirmed = in_force().retention.unconfirmed
    if unconfirmed is None or made.isoformat() in overruled(UNCONFIRMED, account):
        return None
    return later(made, unconfirmed.keep)


def lasts(account: int) -> Lasting | None:
    """How long an account lasts from now if nothing happens; None for whom nothing ends it."""
    today = timezone.localdate()
    with duty("export"):  # told to its own person
        return next((each for _account, each in _candidates(today, [account], early=True)), None)


def explained(why: str, account: int) -> list[Made]:
    """When an account ends, and by what that is counted (P6c)."""
    ways = {UNCONFIRMED: _unconfirmed, DORMANCY: _idle}
    with duty("export"):
        found = next(
            (each for _, each in ways[why](timezone.localdate(), [account], early=True)), None
        )
    if found is None:
        return []
    if why == UNCONFIRMED:
        reason, since = _("Nobody has confirmed the address of this account."), _("Made on")
    else:
        reason, since = _("An account ends that nobody uses for long."), _("Last used on")
    inputs = (
        (str(since), dates.written(found.since)),
        (str(_("Ends without that on")), dates.written(found.course.ends)),
    )
    return [Made(found.since.isoformat(), str(reason), inputs)]


def _candidates(
    today: dt.date,
    among: Collection[int] | None = None,
    *,
    held: bool = False,
    early: bool = False,
) -> Iterator[tuple[int, Lasting]]:
    """Who may be over or written to, each once; with `early` also those long before their day."""
    yield from _unconfirmed(today, among, held=held, early=early)
    yield from _idle(today, among, held=held, early=early)


def _unconfirmed(
    today: dt.date, among: Collection[int] | None, *, held: bool = False, early: bool = False
) -> Iterator[tuple[int, Lasting]]:
    """Whose address nobody confirmed."""
    unconfirmed = in_force().retention.unconfirmed
    if unconfirmed is not None:
        for some in _free(_waiting(today, among, held=held, early=early)):
            for each, made in last_used(some).items():
                ends = later(made, unconfirmed.keep)
                yield from _kept(each, Lasting(UNCONFIRMED, made, Course(ends, 0, today >= ends)))


def _waiting(
    today: dt.date, among: Collection[int] | None, *, held: bool, early: bool
) -> list[int]:
    """Whose address nobody confirmed, of `among` alone if that is given."""
    unconfirmed = in_force().retention.unconfirmed
    if unconfirmed is None:
        return []
    last = today if early else earlier(today, unconfirmed.keep)
    return Ports.unconfirmed(last, among=among, held=held)


def _idle(
    today: dt.date,
    among: Collection[int] | None = None,
    *,
    held: bool = False,
    early: bool = False,
    after: int = 0,
) -> Iterator[tuple[int, Lasting]]:
    """Whose account nobody uses, in the order of their numbers, beyond `after`."""
    dormancy = in_force().retention.dormancy
    first = today if early else earlier(today, f"P{dormancy.notices[0]}M")
    while idle := Ports.idle(first, after=after, most=BATCH, among=among, held=held):
        after = idle[-1]
        waiting = _waiting(today, idle, held=held, early=early)
        for known in _free(set(idle).difference(waiting)):
            free = {each for each, facts in known.items() if facts and facts.plan == _FREE}
            used, letters = last_used(free), _letters(free, today)
            for each in sorted(used):
                if used[each] <= first:
                    stands = course(dormancy, used[each], letters.get(each, []), today)
                    yield from _kept(each, Lasting(DORMANCY, used[each], stands))


def _kept(account: int, found: Lasting) -> Iterator[tuple[int, Lasting]]:
    """Unless a person decided that it stays."""
    if found.since.isoformat() not in overruled(found.why, account):
        yield account, found


def _free(accounts: Iterable[int]) -> Iterator[dict[int, permissions.Known | None]]:
    """A few accounts at a time and what is known of each, but for those who had us keep theirs."""
    for some in _few(sorted(accounts)):
        known = permissions.read_each(some)
        kept = {each for each, facts in known.items() if facts.restrictions}
        yield {each: known.get(each) for each in some if each not in kept}


def _letters(accounts: Collection[int], today: dt.date) -> dict[int, list[Letter]]:
    """The letters written to each, without those that did not go, came back or may be lost."""
    rows = list(Warned.objects.filter(account__in=accounts).order_by("written_at"))
    sent = Disclosure.objects.filter(key__in=[row.delivery for row in rows])
    ledger = {row.key: row for row in sent.only("key", "state", "tried_at", "sent_at")}
    found: dict[int, list[Letter]] = {}
    for row in rows:
        went: dt.datetime | None = row.written_at
        known = ledger.get(row.delivery)
        if known is not None:  # without a mail server it lies in the outbox, and in no ledger
            trying = known.state == State.SENDING and known.tried_at
            if known.state in (State.FAILED, State.STOPPED) or (trying and _day(trying) < today):
                continue
            if known.state != State.KEPT:
                went = known.sent_at
        letter = Letter(row.nth, _day(row.written_at), row.ends_on, went and _day(went))
        found.setdefault(row.account, []).append(letter)
    return found


def _few(every: Iterable[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(every)
    while some := tuple(islice(rest, BATCH)):
        yield some


def _day(moment: dt.date) -> dt.date:
    return timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment
