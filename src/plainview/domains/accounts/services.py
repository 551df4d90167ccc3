"""What can be done with accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from plainview.domains.accounts.models import Certification, User
from plainview.platform.encryption import cipher
from plainview.privacy import permissions
from plainview.privacy.gate.scope import entering
from plainview.privacy.policies import in_force

ACCOUNT = "account"


class AlreadySetUp(Exception):
    """The first staff account exists, so the first-run page is closed."""


def create_first_staff(*, email: str, password: str) -> User:
    """Make the first staff account. Raises AlreadySetUp, or ValidationError for a bad address."""
    with transaction.atomic():
        if User.objects.select_for_update().filter(is_staff=True).exists():
            raise AlreadySetUp
        user = User.objects.create_user(email, password, is_staff=True)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


def begin(
    account: int, territory: str, *, presence: str | None, heard: frozenset[str] = frozenset()
) -> None:
    """Write the standing and the certificate of a new account; belongs into its transaction.

    `territory` and `presence` are ISO 3166 codes; `heard` are the signals of the request.
    """
    facts = permissions.newcomer(permissions.coarse(presence), heard)
    permissions.begin(account, permissions.resident(facts, territory))
    _certify(account, territory)


def move(account: int, territory: str) -> None:
    """Note that somebody lives elsewhere and certified to be of age there (P10a)."""
    with transaction.atomic():
        permissions.change(account, lambda facts: permissions.resident(facts, territory))
        _certify(account, territory)


def _certify(account: int, territory: str) -> None:
    with entering(ACCOUNT):
        age = in_force().age_of_majority(territory)
        Certification.objects.create(account_id=account, territory=territory, age=age)


def reencrypt() -> int:
    """Carry every second-factor secret over to the first key; return how many there are.

    All or none. Raises Unreadable if one is under none of the keys.
    """
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
        for authenticator in held:
            for name in {"secret", "seed"} & authenticator.data.keys():
                authenticator.data[name] = cipher().renewed(authenticator.data[name])
            authenticator.save(update_fields=["data"])
        return len(held)
