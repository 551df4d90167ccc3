"""Handing an edition on: from draft through review to released, when the film gets its track."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.formats import own_name
from plainview.domains.subtitles.models import (
    PASSAGES,
    Accepted,
    Cue,
    Edition,
    Passage,
    Retiming,
    State,
    Track,
)
from plainview.domains.subtitles.quality import measure
from plainview.domains.subtitles.services import teams
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.subtitles.services.writing import locked
from plainview.platform.search import shelves

MADE_HERE = "the studio"
BATCH = 500


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
        last = found.passages.order_by("-number").first()
        if to == State.RELEASED and found.state == State.REVIEW:
            if not found.filled:
                raise Refusal("invalid", _("There is no line to release yet."))
            alone = last is not None and last.account_id == account
            if alone and not standing.roles & teams.CHIEFS:
                raise Refusal(
                    "not-yours", _("Somebody other than who handed them in releases them.")
                )
        passage = Passage.objects.create(
            edition=found,
            number=1 if last is None else last.number + 1,
            account_id=account,
            before=found.state,
            after=to,
            reason=reason[:200],
        )
        before, found.state = found.state, to
        found.save(update_fields=["state"])
        if to == State.RELEASED and before == State.REVIEW:
            publish(found)
            _credit(found, passage)
    return found


def publish(edition: Edition) -> Track:
    """Put the lines of an edition on the film as its track of that language, or anew."""
    rows = [each for each in queries.rows(edition) if each.text]
    track, _fresh = Track.objects.update_or_create(
        video=edition.video,
        language=edition.language,
        defaults={"label": own_name(edition.language), "source_name": MADE_HERE, "notes": []},
    )
    track.cues.all().delete()
    Cue.objects.bulk_create(
        (Cue(track=track, start_ms=row.start_ms, end_ms=row.end_ms, text=row.text) for row in rows),
        batch_size=1000,
    )
    shelves.changed(track)
    return track


def _credit(edition: Edition, passage: Passage) -> None:
    """Enter what this release accepts, once for ever: lines, times, and the review of them."""
    entries = [
        Accepted(
            edition=edition,
            account_id=each.account_id,
            kind=Accepted.Kind.WRITING,
            piece=f"line {each.line_id} version {each.version}",
            characters=round(measure(each.text, edition.language).units),
        )
        for each in queries.current(edition)
        if each.account_id is not None
    ]
    timed = Retiming.objects.filter(
        segment__video=edition.video_id, segment__removed_at=None, account__isnull=False
    )
    known = set(
        Accepted.objects.filter(
            kind=Accepted.Kind.TIMING, edition__video=edition.video_id
        ).values_list("piece", flat=True)
    )
    newest = {each.segment_id: each for each in timed}
    for each in newest.values():
        piece = f"segment {each.segment_id} version {each.version}"
        if piece not in known:
            entries.append(
                Accepted(
                    edition=edition,
                    account_id=each.account_id,
                    kind=Accepted.Kind.TIMING,
                    piece=piece,
                )
            )
    entries.append(
        Accepted(
            edition=edition,
            account_id=passage.account_id,
            kind=Accepted.Kind.REVIEW,
            piece=f"passage {passage.number}",
        )
    )
    Accepted.objects.bulk_create(entries, batch_size=BATCH, ignore_conflicts=True)
