"""What can be done with subtitles: bring files in, and make them together in the studio."""

from plainview.domains.subtitles.services.agreeing import TERMS, agree, agrees
from plainview.domains.subtitles.services.bringing import FROM_FILE, bring_file, give_file, losses
from plainview.domains.subtitles.services.claiming import claim, end_claims, let_go
from plainview.domains.subtitles.services.crediting import (
    milestone,
    name_oneself,
    names_at_the_end,
    thank,
)
from plainview.domains.subtitles.services.importing import (
    Read,
    import_file,
    keep_file,
    read_file,
)
from plainview.domains.subtitles.services.meeting import be_here, forget_absent, go
from plainview.domains.subtitles.services.opening import open_edition
from plainview.domains.subtitles.services.passing import (
    NOTHING_LEFT,
    needs_lines,
    pass_on,
    waits_for_another,
)
from plainview.domains.subtitles.services.profiling import choose_limits, newer
from plainview.domains.subtitles.services.proposing import (
    open_proposals,
    propose,
    put_back,
    take_up,
    turn_down,
)
from plainview.domains.subtitles.services.refusing import Conflict, Refusal
from plainview.domains.subtitles.services.replacing import (
    MOST_PLACES,
    REPLACED,
    TAKEN_BACK,
    Place,
    Search,
    editions_of_title,
    find_words,
    replace_words,
    take_replacement_back,
)
from plainview.domains.subtitles.services.segmenting import (
    add_segment,
    merge_segments,
    split_segment,
)
from plainview.domains.subtitles.services.teams import (
    Standing,
    accept,
    accept_invitation,
    apply_for,
    asking,
    decline,
    invite,
    leave_team,
    standing,
)
from plainview.domains.subtitles.services.telling import refused, told, with_forms
from plainview.domains.subtitles.services.timing import (
    Change,
    bring_back,
    part_segments,
    remove_segment,
    set_all_times,
)
from plainview.domains.subtitles.services.withdrawing import Reasons, take_back
from plainview.domains.subtitles.services.withdrawing import remove as remove_versions
from plainview.domains.subtitles.services.writing import (
    LONGEST_NOTE,
    drop_note,
    note,
    save_line,
    settle_note,
)
