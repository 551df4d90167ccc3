"""Background work of playback."""

from __future__ import annotations

from plainview.domains.playback import services
from plainview.privacy import tasks

tasks.declare(
    services.TASK,
    services.run_ingest,
    serves="playback",
    everyone="prepares a film, whoever put it on",
    attempts=4,
    given_up=services.give_up,
)
