"""What a restored copy must not give back: a role, a password, a factor, an address, a case, a use
that rests, what was taken out of the programme.

What was taken away is noted as it is taken, and taken again. What was put in its place is lost with
the database: so whoever had set a password or a second factor since comes in by a letter alone, and
recovery codes of which some were used end. An address that was given up since is written to no
more; whoever shows the one that took its place, known by a keyed hash, has it back.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.signals import post_save, pre_delete

from plainview.privacy.backups import ledger
from plainview.privacy.backups.ledger import Finder, Note
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.identity import identifying
from plainview.privacy.gate.scope import current

ROLE, SUSPENDED = "role", "suspended"
PASSWORD, FACTOR, CODES, ADDRESS = "password", "factor", "codes", "address"
CASE, RESTS, STOPPED, OUT = "case", "rests", "stopped", "out"
NOBODY, ON = 0, "on"
"""Whose an address is that only a keyed hash stands for; in place of a rest that is over."""
BACK = "address-back"
"""An address was taken back by whoever reads it, and nothing that was said since takes it again."""
NOWHERE = "@address.invalid"
"""In the place of an address that was given up since the copy (RFC 2606)."""
_FACTORS, _WAITING = "mfa_authenticator", "addresses"


class Ports:
    """The joined rooms; until `wiring` has run, nobody has addresses or cases."""

    went: Callable[[int, str, dt.datetime | None], None] = staticmethod(lambda *_: None)
    """Hears of each account whose address changed since the copy, what it is in the copy, and when
    it was given up; None where it was taken back since. Called in a duty."""
    closes: Callable[[int | None, str], bool] = staticmethod(lambda *_: False)
    """Closes the open case of a number about somebody, or every case (None); whether there was one.
    Called in a duty."""
    rests: Callable[[int, str], bool] = staticmethod(lambda *_: False)
    """Lets something rest again at a person's wish; whether it went on. Called in a duty."""
    takes_out: Callable[[str], None] = staticmethod(lambda _: None)
    """Takes something out of the programme again. Called in a duty."""


def role_taken(account: int, role: str) -> None:
    """Note, in the transaction, that somebody loses a role. Raises OSError."""
    ledger.ended(account, f"{ROLE}:{role}")


def suspended(account: int) -> None:
    """Note, in the transaction, that an account is closed to its owner. Raises OSError."""
    ledger.ended(account, SUSPENDED)


def opened_again(account: int) -> None:
    """Note, once it holds, that it is open to its owner again; a note that is lost leaves it
    closed in a restored copy.
    """
    _goes_on(account, SUSPENDED)


def case_closed(person: int, number: str) -> None:
    """Note, in the transaction, that a case about somebody is over. Raises OSError."""
    ledger.ended(person, f"{CASE}:{number}")


def rests(person: int, what: str) -> None:
    """Note, in the transaction, that something rests at somebody's wish. Raises OSError."""
    ledger.ended(person, f"{RESTS}:{what}")


def rests_no_more(person: int, what: str) -> None:
    """Note, once it holds, that it goes on; a note that is lost lets it rest in a restored copy."""
    _goes_on(person, f"{RESTS}:{what}")


def stopped(digest: str) -> None:
    """Note, in the transaction, that no news goes to the address of a hash. Raises OSError."""
    ledger.ended(NOBODY, f"{STOPPED}:{digest}")


def stopped_no_more(digest: str) -> None:
    """Note, once it holds, that news may go there again, by a later yes of its owner."""
    _goes_on(NOBODY, f"{STOPPED}:{digest}")


def taken_out(what: str) -> None:
    """Note, in the transaction, what leaves the programme since somebody claims it: of nobody here.

    Raises OSError.
    """
    ledger.ended(NOBODY, f"{OUT}:{what}")


def taken_out_no_more(what: str) -> None:
    """Note, once it holds, that it may be shown again."""
    _goes_on(NOBODY, f"{OUT}:{what}")


def take_out_again(notes: Iterable[Note]) -> None:
    """Take out of the programme what left it and did not come back since."""
    with duty("erasure"):
        for name, note in _last(notes, OUT).items():
            if not note.rows:
                Ports.takes_out(name)


def _goes_on(person: int, ended: str) -> None:
    transaction.on_commit(partial(ledger.ended, person, ended, now=ON), robust=True)


def stopped_since(notes: Iterable[Note]) -> dict[str, dt.date]:
    """The hashes of addresses that refused news and did not allow it again since, each its day."""
    return {
        name: dt.datetime.fromtimestamp(each.at, dt.UTC).date()
        for name, each in _last(notes, STOPPED).items()
        if not each.rows
    }


def _last(notes: Iterable[Note], kind: str) -> dict[str, Note]:
    """The last note about each thing of a kind, by what it is called."""
    return {_what(each): each for each in notes if each.ended.startswith(f"{kind}:")}


def taken_back(account: int, address: str) -> None:
    """Note, in the transaction, that an account has this address back. Raises OSError."""
    ledger.ended(account, BACK, now=address.lower())


def again(finder: Finder, notes: Iterable[Note]) -> int:
    """Take again what was taken, unless the copy is newer; return from how many people."""
    ends: dict[int, dict[str, Note]] = {}
    for note in notes:
        if (subject := finder.person(note)) is not None:
            apart = note.rows[0] if note.ended == FACTOR and note.rows else ""
            mine, name = ends.setdefault(subject, {}), note.ended + apart
            mine.pop(name, None)  # it is taken again in the order in which it last was
            mine[name] = note
    with duty("erasure"):
        return sum(_end(finder, subject, mine.values()) for subject, mine in ends.items())


def _end(finder: Finder, account: int, notes: Iterable[Note]) -> bool:
    """Whether the copy had any of it. Needs a duty."""
    notes = list(notes)
    cases = [_what(note) for note in notes if note.ended.startswith(f"{CASE}:")]
    closed = [Ports.closes(account, each) for each in cases]
    rest = [each for each in notes if each.ended.startswith(f"{RESTS}:") and not each.rows]
    closed += [Ports.rests(account, _what(each)) for each in rest]
    user: Any = get_user_model()._default_manager.filter(pk=account).first()
    if user is None:
        return any(closed)
    before = (user.roles, user.is_active, user.has_usable_password(), user.email)
    codes = 0
    back = max((note.at for note in notes if note.ended == BACK), default=0.0)
    for note in notes:
        what, _, role = note.ended.partition(":")
        if what in (CASE, RESTS):
            continue
        if what == ROLE:
            user.roles = " ".join(each for each in user.roles.split() if each != role)
        elif what == SUSPENDED:
            user.is_active = bool(note.rows)
        elif what == CODES:
            held = _recovery().filter(user=account)
            if finder.newer(note, map(_codes, held)):
                codes += held.delete()[0]
        elif what == BACK:
            continue
        elif what == ADDRESS:
            moved = dt.datetime.fromtimestamp(note.at, dt.UTC) if note.at > back else None
            newer = finder.newer(note, [user.email.lower()])
            if newer or moved is None:
                Ports.went(account, user.email, moved)
            if newer:
                _addresses().filter(user=account).delete()
                user.email = f"{account}{NOWHERE}"
                (ledger.folder() / _WAITING).touch()
        elif finder.newer(note, _factors(account) if what == FACTOR else [user.password]):
            user.set_unusable_password()
    user.save(update_fields=["roles", "is_active", "password", "email"])
    after = (user.roles, user.is_active, user.has_usable_password(), user.email)
    return bool(codes) or any(closed) or before != after


def _what(note: Note) -> str:
    return note.ended.partition(":")[2]


def address_shown(address: str) -> None:
    """Give an account its address back, if this is it: it had changed since the restored copy.

    Costs a look at the disk where no restore waits for that.
    """
    waits = ledger.place() / _WAITING
    if not waits.exists():
        return
    with identifying():
        if _addresses().filter(email__iexact=address).exists():
            return
    with duty("correction"), transaction.atomic():
        accounts = get_user_model()._default_manager
        theirs = accounts.filter(email__endswith=NOWHERE).values_list("pk", flat=True)
        finder, shown = Finder(theirs), address.lower()
        noted = (note for note in ledger.notes() if note.ended == ADDRESS)
        last = {who: note for note in noted if (who := finder.person(note)) is not None}
        for account, note in last.items():
            if not finder.newer(note, [shown]):
                accounts.filter(pk=account).update(email=shown)
                _addresses().create(user_id=account, email=shown, primary=True, verified=True)
        if not (last and theirs.exists()):
            waits.unlink(missing_ok=True)


def _addresses() -> Any:
    return apps.get_model("account", "EmailAddress")._default_manager


def _authenticators() -> Any:
    return apps.get_model("mfa", "Authenticator")._default_manager


def _factors(account: int) -> list[int]:
    return list(_authenticators().filter(user=account).values_list("pk", flat=True))


def _codes(row: Any) -> str:
    return json.dumps(row.data, sort_keys=True)


def everything() -> None:
    """The ledger is lost: nobody is staff, nobody's password, passkey or code opens anything.

    No case about anybody goes on.
    """
    with duty("erasure"):
        Ports.closes(None, "")
        everybody = get_user_model()._default_manager.all()
        everybody.update(roles="", password=make_password(None))
        _recovery().delete()
        _authenticators().filter(type=_authenticators().model.Type.WEBAUTHN).delete()


def _recovery() -> Any:
    return _authenticators().filter(type=_authenticators().model.Type.RECOVERY_CODES)


def _new_password(sender: Any, user: Any, **kwargs: Any) -> None:
    ledger.ended(user.pk, PASSWORD, now=user.password)


def _new_address(
    sender: Any, user: Any, from_email_address: Any, to_email_address: Any, **kwargs: Any
) -> None:
    if from_email_address is not None:  # else it is their first
        ledger.ended(user.pk, ADDRESS, now=to_email_address.email.lower())


def _kept(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """A factor was added, which the copy lacks; or codes were made or used."""
    if instance.type == sender.Type.RECOVERY_CODES:
        ledger.ended(instance.user_id, CODES, now=_codes(instance))
    elif created:
        ledger.ended(instance.user_id, FACTOR, now=instance.pk)


def _gone(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A factor was removed by its owner or by the staff; who is erased takes theirs along."""
    scope = current()
    if scope is None or scope.duty != "erasure":
        ledger.removed(instance.user_id, table=_FACTORS, rows=[instance.pk])


def listen() -> None:
    """Note what happens, once; where people sign in at all, which the gate's own tests do not."""
    if not apps.is_installed("allauth.mfa"):
        return
    from allauth.account.signals import (  # noqa: PLC0415
        email_changed,
        password_changed,
        password_reset,
        password_set,
    )

    factor = _authenticators().model
    for signal in (password_changed, password_reset, password_set):
        signal.connect(_new_password, dispatch_uid="privacy_password_noted")
    email_changed.connect(_new_address, dispatch_uid="privacy_address_noted")
    post_save.connect(_kept, sender=factor, dispatch_uid="privacy_factor_noted")
    pre_delete.connect(_gone, sender=factor, dispatch_uid="privacy_factor_gone")
