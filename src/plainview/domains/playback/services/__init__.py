"""What can be done with playback: get films in, and remember what somebody watched."""

from plainview.domains.playback.services.arriving import (
    CHECKSUMS,
    GIGABYTE,
    Refused,
    address_of,
    arriving,
    expect,
    forget_late,
    take,
    unfinished,
    withdraw,
)
from plainview.domains.playback.services.delivering import (
    Addresses,
    addresses,
    for_nginx,
    is_open,
    make_key,
)
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
    forget_place,
    forget_sitting,
    keep_settings,
    remember,
)

__all__ = [
    "CHECKSUMS",
    "GIGABYTE",
    "OUTLINE",
    "TASK",
    "Addresses",
    "Refused",
    "Watched",
    "address_of",
    "addresses",
    "arriving",
    "ask_for_outline",
    "begin_ingest",
    "expect",
    "for_nginx",
    "forget",
    "forget_all",
    "forget_late",
    "forget_place",
    "forget_sitting",
    "give_up",
    "is_open",
    "keep_settings",
    "make_key",
    "name_of_file",
    "remember",
    "run_ingest",
    "run_outline",
    "sweep_orphans",
    "take",
    "unfinished",
    "withdraw",
]
