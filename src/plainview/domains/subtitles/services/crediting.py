"""Credit: a ledger of accepted work that only grows, names at the end of the film, and thanks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from plainview.domains.subtitles import queries
from plainview.domains.subtitles.models import (
    Accepted,
    Byline,
    Edition,
    Passage,
    Retiming,
    Revision,
    State,
    Thanks,
)
from plainview.domains.subtitles.quality import measure
from plainview.domains.subtitles.services.refusing import Refusal

BATCH = 500
JOINED = "merge"
"""The reason of a version that joins two lines; it is nobody's in person."""
MILESTONES = (1, 100, 1_000, 10_000)


def credit(edition: Edition, passage: Passage) -> None:
    """Enter what a release accepts, once for ever: lines, edits, times, and the review of them.

    A line is credited to whoever wrote the version that stands, and as editing to those whose
    words it came from. Joined lines are credited to the authors of both.
    """
    entries = [*_written(edition), *_edited(edition), *_timed(edition)]
    entries.append(
        Accepted(
            edition=edition,
            account_id=passage.account_id,
            kind=Accepted.Kind.REVIEW,
            piece=f"passage {passage.number}",
        )
    )
    Accepted.objects.bulk_create(entries, batch_size=BATCH, ignore_conflicts=True)


def _written(edition: Edition) -> Iterator[Accepted]:
    standing = list(queries.current(edition))
    joined = [each.line_id for each in standing if each.reason == JOINED]
    halves: dict[int, Revision] = {}
    for each in Revision.objects.filter(line__in=joined).exclude(reason=JOINED).order_by("version"):
        if each.text:
            halves[each.line_id] = each
    for each in [*standing, *halves.values()]:
        if each.account_id is not None and each.text:
            yield _piece(edition, each)


def _edited(edition: Edition) -> Iterator[Accepted]:
    """Those whose version of a line was built upon, by somebody else."""
    standing = {each.line_id: each for each in queries.current(edition)}
    before: dict[int, Revision] = {}
    earlier = Revision.objects.filter(line__edition=edition).exclude(text="").order_by("version")
    for each in earlier:
        now = standing.get(each.line_id)
        if now is not None and each.version < now.version and each.account_id != now.account_id:
            before[each.line_id] = each
    for each in before.values():
        if each.account_id is not None:
            yield _piece(edition, each)


def _piece(edition: Edition, each: Revision) -> Accepted:
    return Accepted(
        edition=edition,
        account_id=each.account_id,
        kind=Accepted.Kind.WRITING,
        piece=f"line {each.line_id} version {each.version}",
        characters=round(measure(each.text, edition.language).units),
    )


def _timed(edition: Edition) -> Iterator[Accepted]:
    timed = Retiming.objects.filter(
        segment__video=edition.video_id, segment__removed_at=None, account__isnull=False
    )
    ledger = Accepted.objects.filter(kind=Accepted.Kind.TIMING, edition__video=edition.video_id)
    known = set(ledger.values_list("piece", flat=True))
    for each in {each.segment_id: each for each in timed}.values():
        piece = f"segment {each.segment_id} version {each.version}"
        if piece not in known:
            yield Accepted(
                edition=edition,
                account_id=each.account_id,
                kind=Accepted.Kind.TIMING,
                piece=piece,
            )


def name_oneself(account: int, name: str) -> None:
    """Choose the name under which one stands at the end of films; "" for not at all."""
    Byline.objects.update_or_create(
        account_id=account, defaults={"name": " ".join(name.replace("\0", " ").split())[:60]}
    )


def names_at_the_end(video: str, language: str) -> list[str]:
    """Those who made a released edition and want to stand at its end, those who did most first."""
    ledger = Accepted.objects.filter(
        edition__video__key=video,
        edition__language=language,
        edition__state__in=(State.RELEASED, State.LOCKED),
        account__isnull=False,
    )
    shares = dict(
        ledger.order_by().values_list("account").annotate(all=Sum("characters")).order_by("-all")
    )
    named = dict(
        Byline.objects.filter(account__in=list(shares))
        .exclude(name="")
        .values_list("account", "name")
    )
    return [named[account] for account in shares if account in named]


def milestone(lines: int) -> int:
    """The last round number of accepted lines that was passed, or 0; nothing counts down to it."""
    return max((each for each in MILESTONES if each <= lines), default=0)


def thank(edition: Edition, *, account: int, words: str) -> bool:
    """Thank all who made a released edition; False if one did already. Raises Refusal."""
    if edition.state not in (State.RELEASED, State.LOCKED):
        raise Refusal("not-in-this-state", words)
    _thanks, fresh = Thanks.objects.get_or_create(edition=edition, account_id=account)
    return fresh
