"""What can be done with letters: send a question, file a copyright notice, settle it, answer it."""

from plainview.domains.support.services.filing import (
    AlreadySettled,
    ask,
    file_notice,
    settle_notice,
)
from plainview.domains.support.services.takedowns import (
    Passed,
    answer,
    concerned,
    judge,
    out_again,
    restore_due,
    sue,
    unanswered,
    withdraw,
)
