"""Background work of news."""

from __future__ import annotations

from plainview.domains.marketing import services
from plainview.privacy.tasks import task

send = task(
    services.MAIL,
    serves=services.EMAIL,
    source="derived",
    everyone="news goes to all who allow it; of the others the gate shows no row",
)(services.send)
