"""Background work of the desk."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from plainview.domains.staff.services import handing
from plainview.privacy.tasks import task


@task(
    "staff.tell-late",
    serves="account",
    source="staff",
    everyone="a law no longer forbids to tell whomever it is",
    every=timedelta(hours=1),
)
def tell_late() -> None:
    """Tell people of the cases about them that a law forbade to tell until today (P4.1.5a)."""
    handing.tell_late(timezone.localdate())
