"""Background work of playback."""

from __future__ import annotations

from datetime import timedelta

from plainview.domains.playback import services
from plainview.privacy.tasks import task

run_ingest = task(
    services.TASK,
    serves="playback",
    source="derived",
    everyone="prepares a film, whoever put it on",
    attempts=4,
    given_up=services.give_up,
    slow=True,
)(services.run_ingest)

run_part = task(
    services.PART,
    serves="playback",
    source="derived",
    everyone="prepares a film, whoever put it on",
    attempts=4,
    given_up=services.give_part_up,
    slow=True,
)(services.run_part)

run_join = task(
    services.JOIN,
    serves="playback",
    source="derived",
    everyone="prepares a film, whoever put it on",
    attempts=4,
    given_up=services.give_up,
    slow=True,
)(services.run_join)

run_outline = task(
    services.OUTLINE,
    serves="playback",
    source="derived",
    everyone="looks at a film, whoever put it on",
    slow=True,
)(services.run_outline)

forget_late = task(
    "playback.forget-late",
    serves="contribute",
    source="derived",
    everyone="removes what nobody finished sending",
    every=timedelta(hours=1),
)(services.forget_late)

sweep = task(
    "playback.sweep",
    serves="playback",
    source="derived",
    everyone="clears away what dead work on films left",
    every=timedelta(hours=1),
)(services.sweep_orphans)

look = task(
    "playback.watch-folder",
    serves="playback",
    source="staff",
    everyone="an operator puts films into a folder, without an account",
    every=timedelta(minutes=1),
)(services.look)
