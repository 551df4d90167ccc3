"""What can be done to the catalogue."""

from plainview.domains.catalogue.services.collecting import (
    add_entry,
    collect,
    make_collection,
    move,
    move_row,
    remove_entry,
)
from plainview.domains.catalogue.services.editing import (
    Invalid,
    Overtaken,
    change_many,
    publish,
    save,
    undo,
    unpublish,
)
from plainview.domains.catalogue.services.exchanging import (
    LARGEST_BYTES,
    Fault,
    Rejected,
    exported,
    imported,
)
from plainview.domains.catalogue.services.filing import (
    ARTWORK_TYPES,
    add_episode,
    add_film,
    add_series,
    discard_episode,
    reindex,
    store_artwork,
)
from plainview.domains.catalogue.services.picturing import make_sizes, put_picture, take_away
from plainview.domains.catalogue.services.reminding import forget_reminder, remind, send_reminders
from plainview.domains.catalogue.services.wording import (
    discard,
    in_use,
    make_word,
    reword,
    reword_video,
)
