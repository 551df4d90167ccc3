"""Background work of playback."""

from __future__ import annotations

from plainview.domains.playback import services
from plainview.platform.jobs import queue

queue.declare(services.TASK, services.run_ingest, attempts=4, given_up=services.give_up)
