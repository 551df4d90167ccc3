"""What a complaint may be about, and what deciding it means for an account that is suspended."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from plainview.domains.accounts.ports import Suspension
from plainview.domains.staff import queries, services
from plainview.domains.staff.forms.casework import ENDS, OPENS
from plainview.domains.support import queries as letters
from plainview.platform.languages import speaking
from plainview.privacy.gate.scope import entering
from plainview.privacy.requests import oversight
from plainview.privacy.requests.deciders import COMPLAINT, contact
from plainview.privacy.requests.models import Request


def suspension(row: Request) -> Suspension | None:
    """Since when and why the account of who complains is suspended; None where it is not."""
    account = oversight.complains(row)
    return None if account is None else queries.suspension_of(account=account)


def about(row: Request) -> dict[str, Any]:
    """What a complaint may be about: a `suspension`, and the decisions `against` them (P2.9a).

    By these what they put on is down, or a notice of theirs was refused.
    """
    if row.kind != COMPLAINT or not row.open:
        return {}
    account = oversight.complains(row)
    return {
        "suspension": None if account is None else queries.suspension_of(account=account),
        "against": letters.decided_against(account=account, address=contact(row)),
    }


def opens(row: Request, step: str, chosen: str) -> int | None:
    """The account that a step opens again by what was `chosen` in its form, if it opens one."""
    return oversight.complains(row) if step in ENDS and chosen == OPENS else None


def words(row: Request, said: str) -> str:
    """What who complains reads where their account is opened again, in their language."""
    with speaking(row.language):
        opened = _("Your account is open again: sign in as before.")
    return f"{said}\n\n{opened}".strip()


def open_again(row: Request, account: int, *, staff: int) -> None:
    """Open a suspended account again by a request, after the step, in its transaction.

    Before it, nobody would know any more who suspended it and so does not decide. Raises
    services.DecidedElsewhere.
    """
    with entering("account"):
        services.reopen(staff=staff, person=account, reason=row.number)
