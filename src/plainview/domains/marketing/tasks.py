"""Background work of news."""

from functools import partial

from plainview.domains.marketing import services
from plainview.privacy.tasks import task

sending = partial(
    task,
    source="derived",
    everyone="news goes to all who allow it; of the others the gate shows no row",
)
send = sending(services.MAIL, serves=services.EMAIL)(services.send)
push = sending(services.PUSH, serves=services.TO_BROWSERS)(services.push)
