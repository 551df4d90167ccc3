"""A copy for somebody who showed who they are and can't sign in, such as a suspended member.

They take it on the page of their request, behind the password of the account (P5.2.1.2a).
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plainview.privacy.gate.identity import identifying
from plainview.privacy.requests.models import Outcome, Request
from plainview.privacy.rights.copies import services as copies
from plainview.privacy.rights.copies import telling
from plainview.privacy.rights.copies.models import Copy

COPIES = ("access", "portability")
"""The rights that a copy fulfils."""


def locked_out(row: Request) -> bool:
    """Whether a request for a copy is about an account to which nobody can sign in."""
    return bool(row.member and row.proof and row.kind in COPIES) and telling.shut_out(row.subject)


def make(row: Request, said: str) -> str:
    """Have the copy made; the words of whoever granted it, and where it is taken.

    In the caller's transaction. Raises staying.Left for an account that is being erased.
    """
    copies.ask(row.subject, row.language)
    where = _(
        "Your copy is being made. You take it on the page of your request, with the password of"
        " your account."
    )
    return f"{said}\n\n{where}".strip()


def waiting(row: Request) -> Copy | None:
    """The copy that a request brought about and that its page hands out, if it is there still."""
    granted = row.outcome == Outcome.GRANTED and locked_out(row)
    return copies.of(row.subject) if granted else None


def knows_password(row: Request, password: str) -> bool:
    """Whether somebody gives the password of the account; guesses count as those at signing in."""
    with identifying():
        user = get_user_model().objects.filter(pk=row.subject).first()
        try:
            return user is not None and bool(get_adapter().reauthenticate(user, password))
        except ValidationError:  # too many, lately
            return False
