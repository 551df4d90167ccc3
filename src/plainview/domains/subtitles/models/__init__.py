"""The tables of subtitles: what players show (tracks), and the room where it is made (studio)."""

from plainview.domains.subtitles.models.credits import Accepted, Agreement, Byline, Thanks
from plainview.domains.subtitles.models.studio import (
    PASSAGES,
    Claim,
    Edition,
    Line,
    Note,
    Passage,
    Presence,
    Proposal,
    Retiming,
    Revision,
    Segment,
    Sheet,
    State,
)
from plainview.domains.subtitles.models.teams import (
    LANGUAGE_ROLES,
    TITLE_ROLES,
    Invitation,
    Membership,
    Role,
)
from plainview.domains.subtitles.models.tracks import Cue, Track, Withheld
