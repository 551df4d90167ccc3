"""Why a step of a request was not taken, in words, by what the service raised."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.services import IsStaff
from plainview.domains.staff.forms.casework import UNSAID
from plainview.domains.staff.services import DecidedElsewhere
from plainview.platform.languages import dates
from plainview.privacy.gate.scope import entering
from plainview.privacy.oneself import OwnMatter
from plainview.privacy.requests import (
    carrying,
    disputing,
    identity,
    minors,
    oversight,
    reviewing,
    services,
)
from plainview.privacy.requests.models import Request

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOVED_ON = _("The request has moved on meanwhile, so nothing was done. This is how it stands.")
NO_OTHER = _("There is no other open request of this number.")
REFUSALS: dict[type[Exception], StrOrPromise] = {
    services.Impossible: _(
        "This step can’t be taken any more. What you wrote is kept below: note it, or take it"
        " along."
    ),
    oversight.NeedsAnother: _(
        "You entered this request or checked who asks, so a colleague decides on deleting."
    ),
    oversight.NotComplete: _(
        "Not everything is erased, or somebody has not confirmed. Once it is complete, it is"
        " answered by itself; until then you can grant a part, and say which."
    ),
    oversight.NothingClosed: _(
        "No account of a child is named, so none was closed. Say which it is, or ask for what finds"
        " it. If there is none, refuse with “Nothing is held about you”: they read that none was"
        " found, and what finds it."
    ),
    IsStaff: _("This account has a role. An administrator takes the role first."),
    DecidedElsewhere: _(
        "This account is closed for a request about a child. To open the account, refuse that"
        " request."
    ),
    carrying.Aside: _(
        "The account can’t be closed as it stands: it is gone already, or it is the last"
        " administrator’s."
    ),
    disputing.NoSuchFact: _("This entry is not there any more. Choose another one."),
    OwnMatter: _("This is about you yourself, or about what you did, so a colleague decides it."),
    oversight.OwnRule: _(
        "You released the rule by which this was decided, so somebody else reviews it."
    ),
    reviewing.Unsaid: _("No program asks about this decision again: write what you did for them."),
    disputing.Unchanged: _(
        "Nothing would be put right: name the entry or write what is right, delete it, or"
        " choose “Done in part” and say what was done."
    ),
    services.Unexplained: UNSAID,
    identity.TooMany: _(
        "Several letters have asked for this proof already. Write to the person yourself."
    ),
    services.SamePerson: _("You decided it before, so somebody else decides the appeal."),
    services.TooLate: _("The law there does not give more time, or the day for it has passed."),
}
"""Raised by `oversight.move` and nothing of it done; what was typed is kept by the page."""
FIELDS: dict[type[Exception], str] = {
    services.Unexplained: "said",
    reviewing.Unsaid: "said",
    disputing.NoSuchFact: "disputed",
    IsStaff: "child",
    DecidedElsewhere: "suspended",
    oversight.NothingClosed: "outcome",
}
"""Which field is to be mended, where it is one."""


def refusal(refused: Exception, fields: Container[str]) -> tuple[str | None, str]:
    """The one of the `fields` of a form that a refusal is about, or none, and why in words."""
    kind = next(each for each in REFUSALS if isinstance(refused, each))
    name = FIELDS.get(kind, "")
    return name if name in fields else None, str(REFUSALS[kind])


def not_joined(row: Request, other: Request) -> StrOrPromise:
    """Why a request is not joined to another one; empty where it can be."""
    if other.pk == row.pk or not other.open:
        return NO_OTHER
    if not oversight.of_one_person(row, other):
        return _("This request is somebody else’s.")
    if not minors.goes_on(row, other):
        return _("The account that was closed would be nobody’s to decide. Name it there too.")
    return ""


def in_hand(held: services.InHand) -> str:
    """Who has a request in hand, and until when. Belongs behind a door that may enter `account`."""
    with entering("account"):
        name = accounts.colleagues({held.staff}).get(held.staff, "")
    words = _(
        "%(name)s has this request in hand until %(time)s. Nothing was changed, and what you wrote"
        " is kept."
    )
    return str(words) % {
        "name": name,
        "time": dates.written(timezone.localtime(held.until), "TIME_FORMAT"),
    }
