"""What can be done with accounts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from plainview.domains.accounts import queries
from plainview.domains.accounts.models import (
    APART,
    About,
    Certification,
    Former,
    Gender,
    Language,
    Name,
    Picture,
    Profile,
    Role,
    User,
    Waiting,
)
from plainview.platform.encryption import cipher
from plainview.privacy import permissions, resealing, sessions
from plainview.privacy.backups import returning
from plainview.privacy.consent import connected, stopping
from plainview.privacy.gate.scope import Door, Opened, entering
from plainview.privacy.models import Session
from plainview.privacy.policies import in_force
from plainview.privacy.push import services as push
from plainview.privacy.rights import services as rights
from plainview.privacy.rights import unseen

ACCOUNT = "account"
AUTHENTICATION = "authentication"
GENDER = "demographics.gender"
_PAGE = Door("plainview.domains.accounts.page", ACCOUNT, frozenset({APART}), source="form")


class AlreadySetUp(Exception):
    """The first staff account exists, so the first-run page is closed."""


class NoSuchAccount(Exception):
    """Nobody has this account."""


class Unconfirmed(Exception):
    """Nobody has shown that mail to the address of this account is read."""


class LastAdministrator(Exception):
    """Without this one nobody could give roles any more."""


class IsStaff(Exception):
    """An account with a role is neither suspended nor deleted; its roles are taken first."""


def create_first_staff(
    *,
    email: str,
    password: str,
    territory: str,
    presence: str | None = None,
    heard: frozenset[str] = frozenset(),
) -> User:
    """Make the first staff account, of somebody who certified to be of age in `territory`.

    Raises AlreadySetUp, or ValidationError for a bad address. Codes and signals are as in `begin`.
    """
    with transaction.atomic():
        if User.objects.select_for_update().exclude(roles="").exists():
            raise AlreadySetUp
        user = User.objects.create_user(
            email,
            password,
            facts=_newcomer(territory, presence, heard),
            roles=Role.ADMINISTRATOR,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        _certify(user.pk, territory)
        return user


def begin(
    account: int,
    territory: str,
    *,
    presence: str | None,
    heard: frozenset[str] = frozenset(),
    address: str = "",
) -> None:
    """Write the standing and the certificate of a new account; belongs into its transaction.

    `territory` and `presence` are ISO 3166 codes; `heard` are the signals of the device. What
    somebody with the same `address` refused, who has left since, stays refused.
    """
    refused = stopping.stopped_channels(address) if address else {}
    newcomer = _newcomer(territory, presence, heard)
    permissions.begin(account, permissions.answered(newcomer, refused) if refused else newcomer)
    _certify(account, territory)


def _newcomer(territory: str, presence: str | None, heard: frozenset[str]) -> permissions.Known:
    facts = permissions.newcomer(permissions.coarse(presence), heard)
    return permissions.resident(facts, territory)


def move(account: int, territory: str) -> None:
    """Note that somebody lives elsewhere and certified to be of age there (P10a)."""
    with transaction.atomic():
        permissions.change(account, lambda facts: permissions.resident(facts, territory))
        _certify(account, territory)


def end_sittings(account: int, *, handle: str = "", but: str = "") -> int:
    """Sign an account out of the session with a handle, or of all but that of key `but`.

    The rows go, so the very next request of such a browser finds nobody. Of all means of apps and
    televisions too: whoever was in could have connected one. Returns how many sessions.
    """
    keys = Session.objects.filter(account=account).values_list("session_key", flat=True)
    doomed = [key for key in keys if (handle in sessions.handles(key) if handle else key != but)]
    ended = Session.objects.filter(account=account, session_key__in=doomed).delete()[0]
    if not handle:
        connected.end_all(account)
    connected.unlink_ended(account)
    push.end_signed_out(account)
    return ended


def speak(account: int, language: str, *, first: bool = False) -> None:
    """Note the language that a person reads; the `first` time only, if they never picked one."""
    rows = Language.objects
    if first:
        rows.get_or_create(account_id=account, defaults={"value": language})
    else:
        rows.update_or_create(account_id=account, defaults={"value": language, "picked": True})


def tell(account: int, told: type[models.Model], value: Any, audience: int | None) -> None:
    """Put what a person tells of themselves in the place of what was there; nothing is no row.

    `told` is Name, Picture, About or Gender; `value` None leaves the value and changes who sees it,
    `audience` None leaves who sees it, which of something new is nobody.
    The key of their page lasts as long as they tell anything.
    """
    with transaction.atomic():
        Profile.objects.select_for_update().get_or_create(account_id=account)
        with _purpose_of(told):
            _put(account, told, value, audience)
        _forget_page(account)


def _put(account: int, told: type[models.Model], value: Any, audience: int | None) -> None:
    rows: Any = told._default_manager
    held = rows.filter(account=account)
    seen = {} if audience is None else {"audience": audience}
    if audience is not None:
        rights.hidden(account, held.filter(audience__gt=audience))
    if value is None and seen:
        held.update(**seen)
    elif value:
        rows.update_or_create(account_id=account, defaults={"value": value, **seen})
    elif value is not None:
        rights.let_go(account, held)


def _purpose_of(told: type[models.Model]) -> AbstractContextManager[object]:
    """The step for what is asked by itself; the rest is of the account, whose door is open."""
    return entering(APART) if told is Gender else nullcontext()


def _forget_page(account: int) -> None:
    """Let the key of a page go on which its person shows nothing more."""
    every: list[Any] = [Name, Picture, About, Gender]
    for each in every:
        with _purpose_of(each):
            if each.objects.filter(account=account).exists():
                return
    Profile.objects.filter(account=account).delete()


def forget_gender(account: int) -> None:
    """Delete what a person told of their gender, also where no purpose may see it (P1.1.3a)."""
    with transaction.atomic():
        unseen.forget(account, GENDER)
        _forget_page(account)


def took_back(account: int) -> None:
    """Delete it as the yes to it is taken back, and where they live somewhere that forbids it.

    On a journey it rests unseen. Hears of each change of what is known of a person.
    """
    found = permissions.read(account)
    if found is None:
        return
    facts = found[0]
    refused = (facts.choices or {}).get(APART) == "denied" and queries.asks_apart(facts)
    home = facts.residence
    forbidden = home is not None and not permissions.could_permit(APART, home)
    if (refused or forbidden) and unseen.there(account, GENDER):
        with Opened(_PAGE, lambda: account):
            forget_gender(account)


def _certify(account: int, territory: str) -> None:
    with entering(ACCOUNT):
        age = in_force().age_of_majority(territory)
        Certification.objects.create(account_id=account, territory=territory, age=age)


def give_role(account: int, role: Role) -> bool:
    """Give somebody a role; False if they had it. Raises NoSuchAccount and Unconfirmed.

    Whoever typed the address may have typed somebody else's, and know the password.
    """
    theirs = EmailAddress.objects.filter(user=account, verified=True)
    if User.objects.filter(pk=account).exists() and not theirs.exists():
        raise Unconfirmed
    return _change_roles(account, lambda held: held | {role})


def take_role(account: int, role: Role) -> bool:
    """Take a role from somebody; False if they had it not.

    Raises NoSuchAccount, and LastAdministrator rather than lock everybody out.
    """
    return _change_roles(account, lambda held: held - {role})


def _change_roles(account: int, changed: Callable[[frozenset[Role]], frozenset[Role]]) -> bool:
    with transaction.atomic():
        administrators = _administrators()
        user = User.objects.select_for_update().filter(pk=account).only("pk", "roles").first()
        if user is None:
            raise NoSuchAccount
        roles = changed(user.held_roles)
        if roles == user.held_roles:
            return False
        if Role.ADMINISTRATOR not in roles and administrators == [account]:
            raise LastAdministrator
        for lost in sorted(user.held_roles - roles):
            returning.role_taken(account, lost)
        user.roles = " ".join(sorted(roles))
        user.save(update_fields=["roles"])
        return True


def only_administrator(account: int) -> bool:
    """Whether nobody else could give roles. It stays so until the transaction ends."""
    return _administrators() == [account]


def _administrators() -> list[int]:
    """Those who can sign in; all are locked, in one order, so that no two remove each other."""
    found = User.objects.select_for_update().filter(
        roles__contains=Role.ADMINISTRATOR, is_active=True
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def suspend(account: int) -> bool:
    """Suspend an account and sign it out everywhere; False if it was suspended. Raises IsStaff.

    Belongs behind a door that may enter `authentication`.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=account).only("is_active", "roles").get()
        if user.is_staff:
            raise IsStaff
        if not user.is_active:
            return False
        returning.suspended(account)
        User.objects.filter(pk=account).update(is_active=False)
        with entering(AUTHENTICATION):
            end_sittings(account)
        return True


def not_staff(account: int) -> None:
    """Hold an account for what only members undergo. Raises IsStaff and NoSuchAccount."""
    held = User.objects.select_for_update().filter(pk=account).only("roles").first()
    if held is None:
        raise NoSuchAccount
    if held.is_staff:
        raise IsStaff


def reopen(account: int) -> bool:
    """Open a suspended account again; False if it was open."""
    with transaction.atomic():
        opened = User.objects.filter(pk=account, is_active=False).update(is_active=True)
        if opened:
            returning.opened_again(account)
    return bool(opened)


def reencrypt() -> int:
    """Carry what lies encrypted over to the first key; return how many factors and papers it was.

    All or none. Raises Unreadable if one is under none of the keys.
    """
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
        for authenticator in held:
            for name in {"secret", "seed"} & authenticator.data.keys():
                authenticator.data[name] = cipher().renewed(authenticator.data[name])
            authenticator.save(update_fields=["data"])
        return len(held) + resealing.reseal()
