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
from plainview.domains.playback.services.delivering import addresses, for_nginx, is_open, make_key
from plainview.domains.playback.services.ingesting import (
    TASK,
    begin_ingest,
    give_part_up,
    give_up,
    run_ingest,
    run_join,
    run_part,
)
from plainview.domains.playback.services.liking import keep_settings
from plainview.domains.playback.services.marking import (
    MOST_CHAPTERS,
    Entry,
    chapters_within,
    from_clock,
    keep_marks,
    marks_within,
    parts_of,
    to_clock,
)
from plainview.domains.playback.services.outlining import (
    OUTLINE,
    ask_for_outline,
    has_outline,
    run_outline,
)
from plainview.domains.playback.services.parting import JOIN, PART
from plainview.domains.playback.services.placing import Place
from plainview.domains.playback.services.reporting import (
    PlayedOn,
    StoodStill,
    count_platform,
    note_fault,
)
from plainview.domains.playback.services.shelving import (
    at_hand,
    bucket,
    content,
    keeper,
    move,
    outline_of,
    take_bucket,
)
from plainview.domains.playback.services.storing import look_through, sweep_orphans
from plainview.domains.playback.services.telling import notes, verdict, waits
from plainview.domains.playback.services.watching import (
    KEPT,
    Watched,
    forget,
    forget_all,
    forget_between,
    forget_place,
    forget_sitting,
    remember,
)
from plainview.domains.playback.services.watching_folder import left_alone, look
