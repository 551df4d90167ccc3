"""What can be done with answers: give them, hear a signal, link a device, let it go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.platform.identifiers import keyed, new_id
from plainview.privacy import permissions
from plainview.privacy.consent import stopping
from plainview.privacy.consent.cookie import Remembered, remember
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Device, Heard, Link
from plainview.privacy.consent.recording import ACCOUNT, DEVICE, record
from plainview.privacy.gate.scope import Door, Opened

_DOOR = Door("plainview.privacy.consent", "privacy-choices", source="form")


def answer_for_device(
    device: int | None,
    answers: Mapping[str, str],
    question: Question,
    *,
    facts: Facts,
    via: str,
    account: int | None = None,
    sitting: str = "",
    receipt: str = "",
    on: date | None = None,
) -> Remembered:
    """Record the answers of a device; return what its cookie is to carry.

    From `on`, else from today, the time to the next question counts.
    `answers` map purposes to granted, affirmed or denied; `facts` are the device's as the request
    knows them. A device that has no row yet, or no longer, begins here under a new id. On a device
    where `account` is signed in the two are unlike from here on, until one is chosen; `sitting` is
    the handle of its session, by which the link ends with it.
    """
    today = on or timezone.localdate()
    with transaction.atomic():
        if device is None or not _seen(device):
            device, epoch = new_id(), 0
            kept = permissions.answered(facts, answers)
            _make(device)
            kept = permissions.begin(device, kept, device=True, answered_on=today)
        else:
            kept, epoch = permissions.change(
                device,
                lambda old: permissions.answered(_met(old, facts), answers),
                answered_on=today,
            )
        signals = kept.signals or frozenset()
        record(device, answers, question, via=via, scope=DEVICE, signals=signals, receipt=receipt)
        _hear(device, signals)
        if account is not None:
            _link(account, device, reconciled=False, sitting=sitting)
    return remember(device, epoch, kept, answered_on=today)


def answer_for_account(
    account: int,
    device: int | None,
    answers: Mapping[str, str],
    question: Question,
    *,
    via: str,
    sitting: str = "",
    receipt: str = "",
    renews: bool = True,
) -> Facts:
    """Record the answers of an account. What the device it sits at said rests from here on.

    `sitting` is the handle of the session there, by which the link of the device ends with it.

    One that does not renew them (`renews`) leaves the day from which the time to the next question
    counts.
    """
    with transaction.atomic():
        facts, _ = permissions.change(
            account,
            lambda old: permissions.answered(old, answers),
            answered_on=timezone.localdate() if renews else None,
        )
        signals = facts.signals or frozenset()
        record(account, answers, question, via=via, scope=ACCOUNT, signals=signals, receipt=receipt)
        stopping.lift(account, answers)
        if device is not None:
            _link(account, device, reconciled=True, sitting=sitting)
    return facts


def arrived(
    account: int,
    jurisdiction: str,
    heard: frozenset[str],
    remembered: Remembered | None,
    *,
    stays: bool = True,
    sitting: Callable[[], str] = str,
) -> tuple[Facts, Remembered | None]:
    """The facts of an account that is here now, with place and signals brought up to date.

    A signal once heard stays (P5.2.2.2b). The first one of a browser closes again what was allowed
    despite the signal of another; such a browser gets a number, so that this happens once, and is
    linked for the session or app whose handle `sitting` looks up. Return also what its cookie is to
    carry; one that `stays` nowhere, at a shared computer, gets none. Without a standing everything
    is unknown.
    """
    found = permissions.read(account)
    if found is None:
        return Facts(), remembered
    facts = found[0]
    closes = bool(heard) and _allows_despite(facts) and not _knows(account, remembered, heard)
    met = _met(facts, Facts(presence=jurisdiction, signals=heard))
    if met == facts and permissions.live(facts) == facts and not closes:
        return facts, remembered
    with transaction.atomic():
        if closes and stays:
            remembered = _numbered(account, remembered, met.presence, heard, sitting())
        facts, _ = permissions.change(
            account,
            lambda old: permissions.live(_met(_closed(old) if closes else old, met)),
        )
        _hear(account, heard, _browser(account, remembered)[0])
    return facts, remembered


def stands_by(
    account: int,
    remembered: Remembered | None,
    facts: Facts,
    heard: frozenset[str],
    *,
    sitting: str = "",
) -> Remembered:
    """Note that a yes despite a signal was given in this browser, so that it holds here.

    Return what its cookie is to carry: a browser without a number gets one, with what was `heard`
    from it and not from others of the account, and is linked for the session `sitting`. Belongs
    into the transaction of the answer.
    """
    numbered = _numbered(account, remembered, facts.presence, heard, sitting)
    _hear(account, facts.signals or frozenset(), _browser(account, numbered)[0])
    return numbered


def _allows_despite(facts: Facts) -> bool:
    return "affirmed" in (facts.choices or {}).values()


def _closed(facts: Facts) -> Facts:
    """`facts` with every yes despite a signal made an ordinary one, which the signal closes."""
    plain = {"affirmed": "granted"}
    choices = {id_: plain.get(said, said) for id_, said in (facts.choices or {}).items()}
    return msgspec.structs.replace(facts, choices=choices)


def _browser(account: int, remembered: Remembered | None) -> list[str]:
    """What stands for a browser of an account, by each of our secret keys."""
    both = f"{account}:{remembered.device}" if remembered is not None else ""
    return keyed("plainview.privacy.heard", both) if both else [""]


def _knows(account: int, remembered: Remembered | None, heard: frozenset[str]) -> bool:
    """Whether the account has heard all these signals from this very browser."""
    if remembered is None:
        return False
    with Opened(_DOOR, lambda: account):
        known = Heard.objects.filter(
            subject=account, signal__in=heard, browser__in=_browser(account, remembered)
        )
        return known.values("signal").distinct().count() == len(heard)


def _numbered(
    account: int,
    remembered: Remembered | None,
    presence: str | None,
    heard: frozenset[str],
    sitting: str,
) -> Remembered:
    """The browser's number, drawn now if it has none; it has answered nothing by that."""
    if remembered is not None and _seen(remembered.device):
        return remembered
    numbered = begin_unasked(presence, heard)
    _link(account, numbered.device, reconciled=True, sitting=sitting)
    return numbered


def begin_unasked(presence: str | None, signals: frozenset[str]) -> Remembered:
    """Number a device that was not asked anything, for the signals heard from it to stay."""
    device, begun = new_id(), permissions.newcomer(presence, signals)
    with transaction.atomic():
        _make(device)
        permissions.begin(device, begun, device=True)
        _hear(device, signals)
    return remember(device, 0, begun, asked=False)


def _make(device: int) -> None:
    with Opened(_DOOR, lambda: device):
        today = timezone.localdate()
        Device.objects.create(pk=device, made_on=today, seen_on=today)


def in_row(remembered: Remembered) -> Remembered | None:
    """What the cookie of a device should say by the device's row; None if there is no row."""
    found = permissions.read(remembered.device)
    if found is None:
        return None
    facts, epoch = found
    signals = (facts.signals or frozenset()).union(remembered.signals)
    return remember(
        remembered.device,
        epoch,
        msgspec.structs.replace(permissions.live(facts), signals=signals),
        answered_on=permissions.answered_on(remembered.device),
        asked=remembered.asked,
    )


def used(remembered: Remembered) -> Remembered | None:
    """Note that a device is in use; return what its cookie is to carry on, None without a row.

    Its answers last as long as it is used: no rule lets an opt-out end before that.
    """
    carried, today = in_row(remembered), timezone.localdate()
    if carried is not None:
        with Opened(_DOOR, lambda: remembered.device):
            Device.objects.filter(pk=remembered.device, seen_on__lt=today).update(seen_on=today)
    return carried


def listened(remembered: Remembered, heard: frozenset[str]) -> Remembered:
    """Keep the signals of a device that answered before; return what its cookie is to carry.

    A device without a row keeps them in its cookie alone.
    """
    device = remembered.device
    if permissions.read(device) is None:
        kept = tuple(sorted(heard.union(remembered.signals)))
        return msgspec.structs.replace(remembered, signals=kept)
    with transaction.atomic():
        facts, epoch = permissions.change(
            device, lambda old: _met(old, Facts(presence=old.presence, signals=heard))
        )
        _hear(device, heard)
    day = remembered.answered_on
    return remember(device, epoch, facts, answered_on=day, asked=remembered.asked)


def link(account: int, device: int, sitting: str = "") -> None:
    """Note that `account` signed in on `device`, whose own answers hold beside the account's.

    `sitting` is the handle of the session, by which the link ends with it. Promises: P5.1.3b.
    """
    with transaction.atomic():
        if _seen(device):
            _link(account, device, reconciled=False, sitting=sitting)


def keep_apart(account: int, device: int) -> None:
    """Note that the person wants this device and the account to stay unlike."""
    with Opened(_DOOR, lambda: account):
        mine = Link.objects.filter(account=account, device=device)
        mine.update(apart_at=timezone.now())


def sits_in(account: int, device: int, sitting: str) -> None:
    """Note that the session of a linked device goes on under another handle."""
    with Opened(_DOOR, lambda: account):
        Link.objects.filter(account=account, device=device).update(sitting=sitting)


def goes_on(account: int, before: Iterable[str], sitting: str) -> None:
    """Note that a session of an account goes on under another handle, wherever it had been."""
    with Opened(_DOOR, lambda: account):
        Link.objects.filter(account=account, sitting__in=list(before)).update(sitting=sitting)


def unlink(device: int) -> None:
    """Let the device go at sign-out: nothing of the account stays with it."""
    with Opened(_DOOR, lambda: device):
        Link.objects.filter(device=device).delete()


class Bond(NamedTuple):
    """How a device stands to the account that sits at it."""

    reconciled: bool
    """The person chose for the account here: what the device said by itself rests."""
    apart: bool
    """The person saw that the two are unlike and left it so."""


def bond(account: int, device: int) -> Bond:
    """How a device stands to an account; one that is not linked is neither."""
    with Opened(_DOOR, lambda: account):
        found = Link.objects.filter(account=account, device=device)
        chosen = found.values_list("reconciled_at", "apart_at").first()
    return Bond(*(at is not None for at in chosen)) if chosen else Bond(False, False)


def _met(facts: Facts, now: Facts) -> Facts:
    """`facts` with the place of `now`, and its signals besides those heard before."""
    return msgspec.structs.replace(
        facts,
        presence=permissions.coarse(now.presence),
        signals=(facts.signals or frozenset()) | (now.signals or frozenset()),
    )


def _seen(device: int) -> bool:
    with Opened(_DOOR, lambda: device):
        return bool(Device.objects.filter(pk=device).update(seen_on=timezone.localdate()))


def _hear(subject: int, signals: frozenset[str], browser: str = "") -> None:
    if not signals:
        return
    now = timezone.now()
    with Opened(_DOOR, lambda: subject):
        Heard.objects.bulk_create(
            [
                Heard(subject=subject, signal=signal, heard_at=now, browser=browser)
                for signal in sorted(signals)
            ],
            ignore_conflicts=True,
        )


def _link(account: int, device: int, *, reconciled: bool, sitting: str = "") -> None:
    now = timezone.now()
    chosen = {"reconciled_at": now if reconciled else None, "apart_at": None}
    with Opened(_DOOR, lambda: account):
        mine = Link.objects.filter(device=device, account=account)
        if mine.update(**chosen, **({"sitting": sitting} if sitting else {})):
            return
    unlink(device)  # of whoever sat here before
    with Opened(_DOOR, lambda: account):
        Link.objects.create(device=device, account=account, since=now, sitting=sitting, **chosen)
