"""The tables of subtitles: what players show (tracks), and the room where it is made (studio)."""

from plainview.domains.subtitles.models.credits import Accepted
from plainview.domains.subtitles.models.proposals import Proposal
from plainview.domains.subtitles.models.studio import (
    PASSAGES,
    Claim,
    Edition,
    Line,
    Note,
    Passage,
    Retiming,
    Revision,
    Segment,
    State,
)
from plainview.domains.subtitles.models.teams import (
    LANGUAGE_ROLES,
    TITLE_ROLES,
    Invitation,
    Membership,
    Role,
)
from plainview.domains.subtitles.models.tracks import Cue, Track

__all__ = [
    "LANGUAGE_ROLES",
    "PASSAGES",
    "TITLE_ROLES",
    "Accepted",
    "Claim",
    "Cue",
    "Edition",
    "Invitation",
    "Line",
    "Membership",
    "Note",
    "Passage",
    "Proposal",
    "Retiming",
    "Revision",
    "Role",
    "Segment",
    "State",
    "Track",
]
