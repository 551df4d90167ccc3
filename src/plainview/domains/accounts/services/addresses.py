"""Changing the address of an account: what is given up can come back, what is new must be proved.

Whoever can neither read mail at the old address nor sign in shows the desk who they are; the new
address then counts after a while in which the old one, and the account, can stop it (P1.1.1b).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.signals import email_changed
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries
from plainview.domains.accounts.models import Former, User, Waiting
from plainview.domains.accounts.queries import changing
from plainview.domains.accounts.services import ACCOUNT, end_sittings, not_staff
from plainview.platform import languages
from plainview.platform.addresses import absolute
from plainview.platform.jobs.apart import apart
from plainview.platform.languages import dates
from plainview.privacy.disclosures import letters
from plainview.privacy.gate.scope import entering
from plainview.privacy.policies import controller
from plainview.privacy.requests import moving as requests

LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less the angle brackets."""


class AddressTaken(Exception):
    """Another account has this address meanwhile."""


def carried(address: str) -> str:
    """An address in the one spelling of its domain. Raises ValidationError.

    Else one mailbox had many accounts, and each got letters that no limit counted together.
    """
    try:
        own = letters.spelled(address)
    except UnicodeError:
        own = ""
    local, _at, domain = own.rpartition("@")
    if not (domain and local.isascii()) or len(address) > LONGEST_ADDRESS:
        raise ValidationError(validate_email.message, code="invalid")
    return own


def wait(address: EmailAddress) -> None:
    """Note since when a new address waits to be proved; unproved, the sweep takes it (P9c)."""
    Waiting.objects.update_or_create(address=address, defaults={"since": timezone.now()})


def give_up(address: EmailAddress, *, taking: EmailAddress) -> Former:
    """Keep an address that another takes the place of, so that it can take the change back.

    Belongs into the transaction of the change.
    """
    Waiting.objects.filter(address=taking).delete()
    Former.objects.filter(account=taking.user_id, email__iexact=taking.email).delete()
    return Former.objects.create(account_id=taking.user_id, email=address.email)


class TakenBack(NamedTuple):
    """An address that is an account's again, and the one that it had meanwhile."""

    user: User
    address: str
    meanwhile: str


def take_back(key: str) -> TakenBack | None:
    """Give an account the address back that a letter was sent to; None if its link works no more.

    Whoever changed it may know the password, and may have brought a second factor: the account is
    signed out everywhere and has no password, and what factors came since, or in as long before as
    the link works, go. What they asked to have deleted waits for a person. Raises AddressTaken, and
    then nothing has changed and the link still works.
    """
    found = changing.given_up(key)
    if found is None:
        return None
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(pk=found.account_id).first()
            row = Former.objects.select_for_update().filter(pk=found.pk).first()
            if user is None or row is None:
                return None
            if (waiting := changing.replacing(user.pk)) is not None:
                stop(waiting)
            meanwhile, user.email = user.email, row.email
            user.set_unusable_password()
            user.save(update_fields=["email", "password"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=row.email, primary=True, verified=True)
            since = row.given_up_at - (changing.kept_until(row.given_up_at) - row.given_up_at)
            Authenticator.objects.filter(user=user, created_at__gte=since).delete()
            Former.objects.filter(account=user, given_up_at__gte=row.given_up_at).delete()
            end_sittings(user.pk)
            requests.look_first(user.pk, since=row.given_up_at)
    except IntegrityError:
        raise AddressTaken from None
    return TakenBack(user, row.email, meanwhile)


def restored(account: int, address: str, given_up_at: datetime | None) -> None:
    """In a restored copy: an address that was given up since can take that back as before.

    After it was taken back nothing else can, which is None; nor what the copy has of such links.
    """
    theirs = Former.objects.filter(account=account)
    if given_up_at is None:
        theirs.delete()
    elif not theirs.filter(email__iexact=address).exists():
        row = Former(account_id=account, email=address, given_up_at=given_up_at)
        row.save(force_insert=True)


def replace_lost(account: int, address: str, *, request: str) -> Waiting:
    """Let a new address take the place of a lost one when the time to stop it is over.

    Both ends are written to: the old one can stop it, the new one has to be proved meanwhile.
    `request` is the number under which the desk saw who asks. Raises IsStaff, NoSuchAccount and
    AddressTaken.
    """
    with transaction.atomic():
        not_staff(account)
        user = User.objects.select_for_update().get(pk=account)
        if changing.taken(address, but=account):
            raise AddressTaken
        EmailAddress.objects.filter(user=user, verified=False).delete()
        made = EmailAddress.objects.create(user=user, email=address.lower())
        waiting = Waiting.objects.create(address=made, request=request)
        keep = reverse("keep-address", args=[changing.key_of(waiting)])
        _write(user, user.email, "lost", waiting, link=keep)
        key = EmailConfirmationHMAC.create(made).key
        confirm = reverse("account_confirm_email", args=[key])
        _write(user, made.email, "found", waiting, link=confirm)
        return waiting


def prove(waiting: Waiting) -> None:
    """Somebody reads the address that is to take the place of a lost one."""
    Waiting.objects.filter(pk=waiting.pk, proved_at=None).update(proved_at=timezone.now())


def stop(waiting: Waiting) -> None:
    """Keep the old address: whoever reads it, or is signed in, says that it is not lost."""
    with transaction.atomic():
        row = Waiting.objects.select_for_update().filter(pk=waiting.pk).first()
        if row is None:
            return
        user, new = row.address.user, row.address.email
        row.address.delete()
        _write(user, new, "stopped", row)
        requests.address_kept(row.request)


def count_new() -> None:
    """Let those new addresses count whose time to be stopped is over and that were proved."""
    with apart() as tried:
        for waiting in changing.lost():
            if timezone.now() >= changing.kept_until(waiting.since):
                tried(_count, waiting.pk)


def _count(key: int) -> None:
    with transaction.atomic():
        waiting = Waiting.objects.select_for_update().filter(pk=key).first()
        if waiting is None or waiting.proved_at is None:
            return
        new = waiting.address
        user = User.objects.select_for_update().get(pk=new.user_id)
        before = EmailAddress.objects.get_verified(user)
        if not new.can_set_verified() or before is None:
            new.delete()
            requests.address_kept(waiting.request)
            return
        former = give_up(before, taking=new)
        EmailAddress.objects.filter(user=user).exclude(pk=new.pk).delete()
        EmailAddress.objects.filter(pk=new.pk).update(verified=True, primary=True)
        user.email = new.email
        user.save(update_fields=["email"])
        ends = {"from_email_address": before, "to_email_address": new}
        email_changed.send(EmailAddress, request=None, user=user, **ends)
        link = reverse("take-back", args=[changing.key_of(former)])
        _write(user, before.email, "counts", waiting, link=link, new=new.email)
        requests.address_changed(waiting.request)


def _write(
    user: User, to: str, what: str, waiting: Waiting, *, link: str = "", **said: Any
) -> None:
    """Write to one end, in the language of the account."""
    with entering(ACCOUNT):
        language = queries.language_of(user.pk)
    with languages.speaking(language):
        since = timezone.now() if what == "counts" else waiting.since
        said |= {
            "what": what,
            "operator": controller(),
            "link": absolute(link),
            "day": dates.written(changing.last_day(since)),
        }
        title = {
            "lost": _("Somebody says that you can’t read this mail any more"),
            "found": _("Confirm your address"),
            "stopped": _("Your address stays as it was"),
            "counts": _("Your address was changed"),
        }[what]
        text = render_to_string("accounts/mail/address_message.txt", said).strip()
        EmailMessage(title, text, None, [to]).send()
