"""Handing an edition on: from draft through review to released, when the film gets its track."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.models import (
    PASSAGES,
    Edition,
    Passage,
    State,
    Track,
)
from plainview.domains.subtitles.services import teams, tracks
from plainview.domains.subtitles.services.crediting import credit
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.subtitles.services.writing import locked, reason_kept

MADE_HERE = "the studio"
NOTHING_LEFT = "nothing left"
"""Why an edition is a draft again whose every line was taken back; nobody in person did that."""
_BACK = {
    State.LOCKED: State.RELEASED,
    State.RELEASED: State.REVIEW,
    State.REVIEW: State.DRAFT,
}


def pass_on(
    edition: int, to: str, *, account: int, reason: str = "", manages: bool = False
) -> Edition:
    """Hand an edition on to another state; releasing puts its track on the film.

    In a language without a moderator whoever handed it to review may not release it themselves:
    two peers review each other. Raises Refusal (not-in-this-state, not-yours, invalid).
    """
    with transaction.atomic():
        found = locked(edition)
        standing = teams.of_edition(found, account, manages=manages)
        if (found.state, to) not in PASSAGES:
            raise Refusal("not-in-this-state", _("Somebody handed these subtitles on already."))
        if not standing.passes(found.state, to):
            raise Refusal("not-yours", _("Somebody else in this team decides that."))
        if not found.filled and needs_lines(found.state, to):
            raise Refusal("invalid", _("There is no line to hand on yet."))
        if to == State.RELEASED and waits_for_another(found, standing, account=account):
            raise Refusal("not-yours", _("Somebody other than who handed them in releases them."))
        before = found.state
        passage = _step(found, to, account=account, reason=reason_kept(reason))
        if to == State.RELEASED and before == State.REVIEW:
            publish(found)
            credit(found, passage)
    return found


def needs_lines(before: str, to: str) -> bool:
    """Whether this way is for subtitles of which there is a line: to its review, or its release."""
    return (before, to) in ((State.DRAFT, State.REVIEW), (State.REVIEW, State.RELEASED))


def waits_for_another(edition: Edition, standing: teams.Standing, *, account: int) -> bool:
    """Whether this edition is in review and its release is for another than who handed it in."""
    if edition.state != State.REVIEW or standing.roles & teams.CHIEFS:
        return False
    last = edition.passages.order_by("-number").first()
    return last is not None and last.account_id == account


def take_off(edition: Edition) -> None:
    """Take subtitles off their film of which no line is left; they are a draft again."""
    tracks.remove(edition.video, edition.language)
    while (to := _BACK.get(State(edition.state))) is not None:
        _step(edition, to, account=None, reason=NOTHING_LEFT)


def _step(edition: Edition, to: str, *, account: int | None, reason: str) -> Passage:
    last = edition.passages.order_by("-number").first()
    passage = Passage.objects.create(
        edition=edition,
        number=1 if last is None else last.number + 1,
        account_id=account,
        before=edition.state,
        after=to,
        reason=reason,
    )
    edition.state = to
    edition.save(update_fields=["state"])
    return passage


def publish(edition: Edition) -> Track:
    """Put the lines of an edition on the film as its track of that language, or anew."""
    rows = [each for each in queries.rows(edition) if each.text]
    return tracks.put(edition.video, edition.language, rows, source=MADE_HERE)
