"""Opening the work on a language: the first one brings the segments, from subtitles that exist."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count
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
    else of the one that the page is in, else of the fullest. It opens their language as released,
    and with it every other whose lines fall into those segments, so that one translates from any;
    a language that has subtitles begins with their lines. Raises Refusal: invalid for a tag that
    names no language, too-many for whoever began many today.
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
    rows = Track.objects.filter(video=video).annotate(lines=Count("cues"))
    tracks = {track.language: track for track in rows.order_by("-lines", "language")}
    if not Segment.objects.filter(video=video).exists():
        wished = (video.language, languages.current(), settings.LANGUAGE_CODE, *tracks)
        timed = next((tracks[tag] for tag in wished if tag in tracks), None)
        if timed is not None:
            Segment.objects.bulk_create(
                (
                    Segment(video=video, start_ms=cue.start_ms, end_ms=cue.end_ms)
                    for cue in timed.cues.all()
                ),
                batch_size=1000,
            )
            for track in tracks.values():
                if track.language != edition.language:
                    _open_source(video, track, timed=track is timed)
    own = tracks.get(edition.language)
    if own is not None:
        _take_lines(edition, _placed(edition.video_id, own.cues.all()))


def _open_source(video: Video, track: Track, *, timed: bool) -> None:
    """Let a language of the film be translated from, unless it would bring segments of its own."""
    placed = _placed(video.pk, track.cues.all())
    if not timed and any(segment is None for segment, _cue in placed):
        return
    limits = quality.current_limits(track.language).id
    source, fresh = Edition.objects.get_or_create(
        video=video,
        language=track.language,
        defaults={"limits": limits, "state": State.RELEASED},
    )
    if fresh:
        _take_lines(source, placed)


def _placed(video: int, cues: Iterable[Cue]) -> list[tuple[Segment | None, Cue]]:
    """Each cue with the free segment that it overlaps most; none where there is no such one."""
    coming = deque(Segment.objects.filter(video=video, removed_at=None))
    near: list[Segment] = []
    placed: list[tuple[Segment | None, Cue]] = []
    for cue in sorted(cues, key=lambda each: each.start_ms):
        while coming and coming[0].start_ms < cue.end_ms:
            near.append(coming.popleft())
        near = [each for each in near if each.end_ms > cue.start_ms]
        fits = [each for each in near if each.start_ms < cue.end_ms]
        best = max(fits, key=lambda each: _overlap(each, cue), default=None)
        if best is not None:
            near.remove(best)
        placed.append((best, cue))
    return placed


def _take_lines(edition: Edition, placed: Iterable[tuple[Segment | None, Cue]]) -> None:
    """Give each cue's words to its segment; a cue without one brings its own."""
    taken = [(segment or _segment_of(edition.video_id, cue), cue) for segment, cue in placed]
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


def _segment_of(video: int, cue: Cue) -> Segment:
    return Segment.objects.create(video_id=video, start_ms=cue.start_ms, end_ms=cue.end_ms)


def _overlap(segment: Segment, cue: Cue) -> int:
    return min(segment.end_ms, cue.end_ms) - max(segment.start_ms, cue.start_ms)
