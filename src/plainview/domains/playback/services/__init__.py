"""What can be done with playback: get films in, and remember what somebody watched."""

from plainview.domains.playback.services.ingesting import (
    TASK,
    begin_ingest,
    give_up,
    name_of_file,
    run_ingest,
    sweep_orphans,
)
from plainview.domains.playback.services.outlining import OUTLINE, ask_for_outline, run_outline
from plainview.domains.playback.services.watching import (
    Watched,
    forget,
    forget_all,
    forget_between,
    forget_place,
    forget_sitting,
    keep_settings,
    remember,
)

__all__ = [
    "OUTLINE",
    "TASK",
    "Watched",
    "ask_for_outline",
    "begin_ingest",
    "forget",
    "forget_all",
    "forget_between",
    "forget_place",
    "forget_sitting",
    "give_up",
    "keep_settings",
    "name_of_file",
    "remember",
    "run_ingest",
    "run_outline",
    "sweep_orphans",
]
