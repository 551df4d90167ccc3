"""The work on the queue: an erasure or a copy, taken up again until it is done or has failed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from plainview.platform.jobs.apart import apart
from plainview.privacy.rights import holds, services
from plainview.privacy.rights.bringing import services as bringing_services
from plainview.privacy.rights.copies import making
from plainview.privacy.rights.copies import services as copies
from plainview.privacy.rights.sending import services as sending_services
from plainview.privacy.tasks import task

task(
    services.TASK,
    serves="rights",
    everyone="whom it is about stands sealed in the row that it is given",
    attempts=5,
    given_up=services.give_up,
)(services.carry_out)


@task(
    services.MANY,
    serves="rights",
    everyone="whom each is about stands sealed in the row that it is given",
    attempts=2,
    given_up=services.alone,
    together=services.AT_ONCE,
    slow=True,
)
def erase_many(each: list[dict[str, int]]) -> list[Exception | None]:
    """Carry out the erasures with these ids, searching once for all.

    What breaks this twice, as somebody's data may, goes on with each by itself.
    """
    return services.carry_out_together([arguments["erasure"] for arguments in each])


@task(
    "erase.again",
    serves="rights",
    everyone="whom each is about stands sealed in its row",
    every=timedelta(days=1),
)
def erase_again() -> None:
    """End the legal holds whose day has come; take up the erasures that could not be finished.

    What hindered them may be gone.
    """
    with apart() as tried:
        for hold in holds.past(timezone.localdate()):
            tried(services.release, hold)
        for each in services.incomplete():
            tried(services.taken_up, each.key, together=True)


task(
    copies.TASK,
    serves="rights",
    everyone="whose copy it is stands in the row that it is given",
    attempts=5,
    given_up=copies.give_up,
)(making.make)

task(
    bringing_services.TASK,
    serves="rights",
    source="import",
    everyone="who brings it stands in the row that it is given",
    attempts=5,
    given_up=bringing_services.give_up,
)(bringing_services.carry_on)

task(
    sending_services.TASK,
    serves="rights",
    source="form",
    everyone="who sends it stands in the row that it is given",
    attempts=20,
    longest=timedelta(minutes=30),
    given_up=sending_services.give_up,
)(sending_services.carry_on)
