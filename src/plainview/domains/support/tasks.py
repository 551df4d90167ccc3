"""Background work of letters: what was answered in time is put back on its day."""

from __future__ import annotations

from datetime import timedelta

from plainview.domains.support import services
from plainview.privacy.places import calendars
from plainview.privacy.tasks import task


@task(
    "counter-notices",
    serves="moderation",
    may=["account"],
    source="derived",
    everyone="a day comes for everybody who answered a copyright notice",
    every=timedelta(hours=1),
)
def restore() -> None:
    """Put back what no claimant went to court about in time (17 U.S.C. §512(g)(2)(C))."""
    services.unanswered()
    services.restore_due(calendars.today())
