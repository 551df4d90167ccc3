"""Background work of subtitles: claims that expired go."""

from __future__ import annotations

from datetime import timedelta

from plainview.domains.subtitles import services
from plainview.privacy.tasks import task


@task(
    "claims",
    serves="contribute",
    everyone="a claim ends for everybody alike",
    every=timedelta(minutes=10),
)
def end_claims() -> None:
    """Delete the claims that have expired: who worked where is nobody's business any more."""
    services.end_claims()
    services.forget_absent()
