"""The work on the queue: an erasure, taken up again until it is done or said to have failed."""

from __future__ import annotations

from plainview.privacy.rights import services
from plainview.privacy.tasks import task


def _give_up(*, erasure: int) -> None:
    services.give_up(erasure)


@task(
    services.TASK,
    serves="rights",
    everyone="whom it is about stands sealed in the row that it is given",
    attempts=5,
    given_up=_give_up,
)
def erase(*, erasure: int) -> None:
    """Carry out the erasure with this id."""
    services.carry_out(erasure)
