"""Background work of playback."""

from __future__ import annotations

from plainview.domains.playback import services
from plainview.privacy.tasks import task

run_ingest = task(
    services.TASK,
    serves="playback",
    source="derived",
    everyone="prepares a film, whoever put it on",
    attempts=4,
    given_up=services.give_up,
)(services.run_ingest)

run_outline = task(
    services.OUTLINE,
    serves="playback",
    source="derived",
    everyone="looks at a film, whoever put it on",
)(services.run_outline)
