"""Which limits an edition is checked by: chosen by its team, and never changed under its hands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plainview.domains.subtitles import quality
from plainview.domains.subtitles.models import Edition
from plainview.domains.subtitles.services import teams
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.subtitles.services.writing import locked


def newer(edition: Edition) -> str:
    """The newest version of the edition's profile if it is not the one it goes by, else ""."""
    profile = edition.limits.partition("@")[0]
    newest = quality.current_limits(edition.language, profile).id
    return newest if newest != edition.limits else ""


def choose_limits(edition: int, limits: str, *, account: int, manages: bool = False) -> None:
    """Check an edition by other limits from now on; its lines stay as they are.

    Raises Refusal (not-yours, invalid).
    """
    found = locked(edition)
    standing = teams.of_edition(found, account, manages=manages)
    if not standing.roles & teams.CHIEFS and not (standing.peers and standing.writes("draft")):
        raise Refusal("not-yours", _("The moderators of this language choose its limits."))
    if limits not in {each.id for each in quality.offered(found.language)}:
        raise Refusal("invalid", _("There are no such limits."))
    found.limits = limits
    found.save(update_fields=["limits"])
