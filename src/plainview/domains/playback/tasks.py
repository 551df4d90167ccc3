"""Background work of playback."""

from datetime import timedelta
from functools import partial

from plainview.domains.playback import services
from plainview.privacy.tasks import task

_prepares = partial(
    task,
    serves="playback",
    source="derived",
    everyone="prepares a film, whoever put it on",
    attempts=4,
    slow=True,
)
run_ingest = _prepares(services.TASK, given_up=services.give_up)(services.run_ingest)
run_part = _prepares(services.PART, given_up=services.give_part_up)(services.run_part)
run_join = _prepares(services.JOIN, given_up=services.give_up)(services.run_join)

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
    everyone="clears away what dead work on films and forms left",
    every=timedelta(hours=1),
)(services.sweep_orphans)

look = task(
    "playback.watch-folder",
    serves="playback",
    source="staff",
    everyone="an operator puts films into a folder, without an account",
    every=timedelta(minutes=1),
)(services.look)
