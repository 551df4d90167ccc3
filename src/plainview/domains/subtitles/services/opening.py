"""Opening the work on a language: the first one brings the segments, from subtitles that exist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from langcodes import standardize_tag, tag_is_valid

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import quality
from plainview.domains.subtitles.models import (
    Cue,
    Edition,
    Line,
    Membership,
    Revision,
    Role,
    Segment,
    State,
    Track,
)
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.platform import languages
from plainview.privacy.decisions.register import Made, overruled

IMPORTED = "imported"
A_DAY = 10
"""Languages that somebody may begin or join in a day; then they begin no other one."""
BEGUN, LANGUAGES = "begun", "languages"
"""The decision of the policy that this makes, and which of its kind."""
TOO_MANY = gettext_noop("You began or joined many languages today. Go on with one of them.")


def open_edition(video: Video, language: str, *, account: int | None = None) -> Edition:
    """The edition of a language, begun if there is none; `account` joins it as a subtitler.

    A video without segments takes those of its subtitles, if it has any: of the spoken language,
    else of the one that the page is in. It opens their language as released; a language that has
    subtitles begins with their lines. Raises Refusal: invalid for a tag that names no language,
    too-many for whoever began many today.
    """
    if not language or not tag_is_valid(language) or len(language) > 35:
        raise Refusal("invalid", f"{language[:35]} is no language tag.")
    tag = standardize_tag(language)
    with transaction.atomic():
        Video.objects.select_for_update().get(pk=video.pk)
        edition, fresh = Edition.objects.get_or_create(
            video=video, language=tag, defaults={"limits": quality.current_limits(tag).id}
        )
        if fresh:
            if account is not None:
                _not_too_many(account)
            _begin(edition, video)
        if account is not None:
            Membership.objects.get_or_create(
                title_id=video.title_id,
                language=tag,
                account_id=account,
                defaults={"role": Role.SUBTITLER, "standing": Membership.Standing.MEMBER},
            )
    return edition


def _not_too_many(account: int) -> None:
    if _waits(account):
        raise Refusal("too-many", _(TOO_MANY))


def _today(account: int) -> int:
    since = timezone.now() - timedelta(days=1)
    return Membership.objects.filter(account=account, since__gt=since).count()


def _waits(account: int) -> bool:
    """Whether somebody begins no other language today, unless a person let them."""
    return _today(account) >= A_DAY and LANGUAGES not in overruled(BEGUN, account)


def explained(account: int) -> list[Made]:
    """That somebody begins no other language today, and by what (P6c)."""
    if not _waits(account):
        return []
    inputs = (
        (_("Languages begun or joined in a day"), str(_today(account))),
        (_("As many as one account begins in a day"), str(A_DAY)),
    )
    return [Made(LANGUAGES, _(TOO_MANY), inputs)]


def _begin(edition: Edition, video: Video) -> None:
    tracks = {track.language: track for track in Track.objects.filter(video=video)}
    if not Segment.objects.filter(video=video).exists():
        wished = (video.language, languages.current(), settings.LANGUAGE_CODE, *tracks)
        timed = next((tracks[tag] for tag in wished if tag in tracks), None)
        if timed is not None:
            cues = list(timed.cues.all())
            Segment.objects.bulk_create(
                (Segment(video=video, start_ms=cue.start_ms, end_ms=cue.end_ms) for cue in cues),
                batch_size=1000,
            )
            if timed.language != edition.language:
                source, _fresh = Edition.objects.get_or_create(
                    video=video,
                    language=timed.language,
                    defaults={
                        "limits": quality.current_limits(timed.language).id,
                        "state": State.RELEASED,
                    },
                )
                _take_lines(source, cues)
    own = tracks.get(edition.language)
    if own is not None:
        _take_lines(edition, own.cues.all())


def _take_lines(edition: Edition, cues: Iterable[Cue]) -> None:
    """Give each cue's words to the segment it overlaps most; one that fits none brings its own."""
    free = list(Segment.objects.filter(video=edition.video_id, removed_at=None))
    taken: list[tuple[Segment, Cue]] = []
    for cue in cues:
        near = [each for each in free if each.start_ms < cue.end_ms and each.end_ms > cue.start_ms]
        if near:
            best = max(near, key=lambda each: _overlap(each, cue))
            free.remove(best)
        else:
            best = Segment.objects.create(
                video_id=edition.video_id, start_ms=cue.start_ms, end_ms=cue.end_ms
            )
        taken.append((best, cue))
    lines = Line.objects.bulk_create(
        (Line(edition=edition, segment=segment, version=1, change=1) for segment, _cue in taken),
        batch_size=1000,
    )
    Revision.objects.bulk_create(
        (
            Revision(line=line, version=1, text=cue.text, settings=cue.settings, reason=IMPORTED)
            for line, (_place, cue) in zip(lines, taken, strict=True)
        ),
        batch_size=1000,
    )
    edition.filled, edition.changes = len(taken), 1
    edition.save(update_fields=["filled", "changes"])


def _overlap(segment: Segment, cue: Cue) -> int:
    return min(segment.end_ms, cue.end_ms) - max(segment.start_ms, cue.start_ms)
