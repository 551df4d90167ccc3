"""What a step of a request means for the account that is said to be a child's (P10d)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff import queries, services
from plainview.platform.identifiers import new_id
from plainview.privacy.gate.scope import entering
from plainview.privacy.requests import minors
from plainview.privacy.requests.models import Outcome, Request


def beside(row: Request, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What else changes on a request with an officer's `changes`.

    Whoever asks is written to by their address once it is about a child's account; a request that
    turns out to be for something else is about that account no more.
    """
    closed = minors.closed(row)
    kind = changes.get("kind", row.kind)
    if closed and kind != minors.MINOR:
        return {"subject": new_id(), "member": False}
    if kind != minors.MINOR or "subject" not in changes or closed or not row.member:
        return {}
    with entering("account"):
        return {"contact": row.contact or accounts.address_of(row.subject)}


def decide(row: Request, step: str, outcome: str, *, staff: int) -> None:
    """Close again, for an appeal that is granted, the account that the refusal of it had opened.

    To grant it is to erase that account then. Belongs before the step, in its transaction. Raises
    IsStaff.
    """
    appealed = row.kind == minors.MINOR and step == "settle" and outcome == Outcome.GRANTED
    if not appealed or minors.closed(row):
        return
    with entering("account"):
        if queries.reopened_by(row.subject, row.number):
            services.close_for_child(staff=staff, person=row.subject, number=row.number)


def settle(row: Request, step: str, changes: Mapping[str, Any], *, staff: int) -> None:
    """Close the account that a step named, and open again which it was not after all.

    `row` is the request as it was before the step, in whose transaction this belongs. Raises
    IsStaff.
    """
    named = changes.get("subject", row.subject)
    with entering("account"):
        if minors.closed(row) and (step == "refuse" or named != row.subject):
            services.reopen(staff=staff, person=row.subject, reason=row.number)
        if changes.get("kind", row.kind) == minors.MINOR and "subject" in changes:
            services.close_for_child(staff=staff, person=named, number=row.number)
