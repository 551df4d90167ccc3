"""A first segmentation from where somebody speaks: proposed by a machine, taken up by people.

Nothing that people made is touched: a proposal stands only where no segment is or was, and is taken
up only where none came in the meantime.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.playback import services as playback
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import quality
from plainview.domains.subtitles.models import Edition, Line, Proposal, Segment
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.domains.subtitles.services.segmenting import enter_times, may_time, sensible
from plainview.platform import media
from plainview.platform.storage.kept import Unreachable

HANG_MS = 250
"""How long a line stays after the voice, where there is room."""
Span = tuple[int, int]


def propose(edition: Edition, *, account: int, manages: bool = False) -> list[Proposal]:
    """Propose segments where somebody speaks and nobody cut anything yet; returns all open ones.

    Raises Refusal (not-yours; invalid while the film has not been listened to or can't be reached).
    """
    package = Package.objects.filter(video=edition.video_id).first()
    try:
        heard = playback.outline_of(package) if package else None
    except Unreachable:
        raise Refusal("invalid", _("The film can’t be reached just now. Try again soon.")) from None
    with transaction.atomic():
        found = may_time(edition.pk, account, manages)
        if heard is None:
            raise Refusal("invalid", _("The film is still being listened to. Try again soon."))
        limits = quality.limits(found.limits, found.language)
        spans = cut(heard.speech, heard.shots, heard.fps, limits)
        taken = [
            *Segment.objects.filter(video=found.video_id).values_list("start_ms", "end_ms"),
            *Proposal.objects.filter(video=found.video_id).values_list("start_ms", "end_ms"),
        ]
        Proposal.objects.bulk_create(
            (
                Proposal(video_id=found.video_id, start_ms=start, end_ms=end)
                for start, end in apart(spans, taken)
            ),
            batch_size=500,
            ignore_conflicts=True,  # somebody in another language asked at the same moment
        )
    return open_proposals(edition)


def open_proposals(edition: Edition) -> list[Proposal]:
    """The proposals for an edition's video that nobody settled, in the order of time."""
    return list(Proposal.objects.filter(video=edition.video_id, settled=False))


def take_up(
    edition: int,
    proposals: Collection[int],
    *,
    account: int,
    times: Span | None = None,
    manages: bool = False,
) -> tuple[list[Segment], list[int]]:
    """Make segments of proposals; with `times`, one of them, changed to these.

    Returns the segments and which proposals became none, because people cut there since. Raises
    Refusal.
    """
    with transaction.atomic():
        found = may_time(edition, account, manages)
        rows = _open(found, proposals)
        made: list[Segment] = []
        late: list[int] = []
        present = Segment.objects.filter(video=found.video_id, removed_at=None)
        taken = sorted(present.values_list("start_ms", "end_ms"))
        for each in rows:
            start, end = times if times and len(rows) == 1 else (each.start_ms, each.end_ms)
            sensible(start, end)
            if apart([(start, end)], taken):
                each.segment = Segment.objects.create(
                    video_id=found.video_id, start_ms=start, end_ms=end
                )
                enter_times([each.segment], account, "take-up")
                made.append(each.segment)
            else:
                late.append(each.pk)
            each.settled = True
        Proposal.objects.bulk_update(rows, ["settled", "segment"], batch_size=500)
    return made, late


def turn_down(
    edition: int, proposals: Collection[int], *, account: int, manages: bool = False
) -> list[int]:
    """Settle proposals without making anything of them. Returns which. Raises Refusal."""
    with transaction.atomic():
        found = may_time(edition, account, manages)
        rows = _open(found, proposals)
        for each in rows:
            each.settled = True
        Proposal.objects.bulk_update(rows, ["settled"], batch_size=500)
    return [each.pk for each in rows]


def put_back(
    edition: int, proposals: Collection[int], *, account: int, manages: bool = False
) -> tuple[list[Proposal], list[int]]:
    """Propose again what was taken up or turned down; its segment goes if nobody touched it.

    Returns the proposals that are open again and the segments that went. Raises Refusal.
    """
    with transaction.atomic():
        found = may_time(edition, account, manages)
        rows = Proposal.objects.select_related("segment").filter(video=found.video_id, settled=True)
        back: list[Proposal] = []
        gone: list[int] = []
        for each in rows.filter(pk__in=list(proposals)):
            made = each.segment
            if made is not None and made.removed_at is None:
                if made.version > 1 or Line.objects.filter(segment=made).exists():
                    continue
                gone.append(made.pk)
            each.settled, each.segment = False, None
            back.append(each)
        Segment.objects.filter(pk__in=gone).update(removed_at=timezone.now())
        Proposal.objects.bulk_update(back, ["settled", "segment"], batch_size=500)
    return back, gone


def _open(edition: Edition, proposals: Collection[int]) -> list[Proposal]:
    rows = Proposal.objects.select_for_update().filter(video=edition.video_id, settled=False)
    return list(rows.filter(pk__in=list(proposals)))


def cut(
    speech: Iterable[Span], shots: Sequence[int], fps: Fraction, limits: quality.Limits
) -> list[Span]:
    """Segments of stretches of speech, on frames: none longer than the limits, each a little longer
    than the voice, none nearer to the next than the limits' gap.

    A stretch that is too long is cut where a shot begins within it, else in equal parts.
    """
    pieces = [piece for start, end in speech for piece in _short(start, end, shots, limits.max_ms)]
    made: list[Span] = []
    for at, (start, end) in enumerate(pieces):
        room = pieces[at + 1][0] - limits.min_gap_ms if at + 1 < len(pieces) else end + 10_000
        wanted = max(end + HANG_MS, start + limits.min_ms)
        last = max(min(wanted, start + limits.max_ms, room), min(end, room))
        first, last = _frame(start, fps), _frame(last, fps)
        if last > first:
            made.append((first, last))
    return made


def _short(start: int, end: int, shots: Sequence[int], longest: int) -> list[Span]:
    if end - start <= longest:
        return [(start, end)]
    middle = (start + end) // 2
    inside = [shot for shot in shots if start + 1000 < shot < end - 1000]
    parts = -(-(end - start) // longest)
    equal = start + (end - start) // parts
    at = min(inside, key=lambda shot: abs(shot - middle)) if inside else equal
    return [*_short(start, at, shots, longest), *_short(at, end, shots, longest)]


def apart(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Those spans that overlap none of the `taken`."""
    held = sorted(taken)
    kept: list[Span] = []
    reach, at = 0, 0
    for start, end in sorted(spans):
        while at < len(held) and held[at][0] < end:
            reach = max(reach, held[at][1])
            at += 1
        if reach <= start:
            kept.append((start, end))
    return kept


def _frame(ms: int, fps: Fraction) -> int:
    return media.frame_ms(round(ms * fps / 1000), fps)
