"""What follows a copyright notice that is upheld: taken down, answered, put back (17 U.S.C. §512).

Whoever put it on gets a strike and may send a counter-notice. What was taken down comes back on the
first working day after ten whole ones, unless the claimant has gone to court; the law leaves us
until the fourteenth (§512(g)(2)(C)). What falls takes its strike with it.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.catalogue import services as programme
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.catalogue.services import picturing
from plainview.domains.playback import queries as playback
from plainview.domains.subtitles.services import tracks
from plainview.domains.support.models import CopyrightNotice, CounterNotice, Step, Strike
from plainview.domains.support.services import telling
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.jobs.apart import apart
from plainview.privacy.backups import returning
from plainview.privacy.disclosures import post
from plainview.privacy.gate.scope import entering
from plainview.privacy.places import calendars

State, What = CopyrightNotice.State, Step.What
TITLE, LINES = "title", "lines"
"""How the ledger calls what is taken down: with the key of its row, lines with their language."""
WAITS, LATEST = 10, 14
"""Working days for the claimant to go to court, and the last by which the law wants it back."""


class Passed(Exception):
    """The notice has moved on, or was never at a place where this can be done."""


def note(notice: CopyrightNotice, what: str, said: str = "", staff: int | None = None) -> None:
    """Write what happened into a notice's timeline, and who of the staff decided it."""
    Step.objects.create(notice=notice, what=what, said=said, staff=staff, at=timezone.now())


def take_down(
    notice: CopyrightNotice, title: Title, video: Video | None = None, part: str = ""
) -> None:
    """Take a title out of the programme, or one language of a film's subtitles off it (`part`).

    Whoever put on what was there when the notice was sent, or wrote a line of it, gets a strike and
    is told. Who put another film in its place since may answer too: that is down, and no strike.
    """
    notice.title, now = title, timezone.now()
    since: list[int] = []
    if video is not None and part:
        notice.video, notice.part = video.key, part
        returning.taken_out(f"{LINES}:{video.key}:{part}")
        concerned = tracks.withhold(video, part)
    else:
        returning.taken_out(f"{TITLE}:{title.pk}")
        notice.shown_since, notice.announced_since = title.published_at, title.announced_at
        programme.unpublish(title)
        concerned = playback.uploaders_of(title, at=notice.sent_at)
        since = [each for each in playback.uploaders_of(title, at=now) if each not in concerned]
    notice.save(update_fields=["title", "video", "part", "shown_since", "announced_since"])
    for account in [*concerned, *since]:
        Strike.objects.create(
            subject=account,
            notice=notice.number,
            title=title,
            reason=notice.reason,
            given_at=now,
            taken_back_at=now if account in since else None,
        )
        _write(account, "taken", link("counter-notice", notice.number))


def concerned(
    notice: CopyrightNotice, title: Title | None, video: Video | None = None, part: str = ""
) -> set[int]:
    """The accounts that a decision about a notice is about: who sent it, and whose a title is.

    Of subtitles alone (`part` of a `video`) it is theirs who wrote them. Belongs behind a door that
    may enter `account`.
    """
    with entering("account"):
        sender = accounts.account_at(notice.email)
    found = {notice.subject} | ({sender} if sender is not None else set())
    if video is not None and part:
        return found | {*tracks.writers(video, part)}
    return found | ({*playback.uploaders_of(title)} if title is not None else set())


def answer(account: int, number: str, said: dict[str, str]) -> CounterNotice:
    """Take a counter-notice in, start its clock, and tell the claimant. Raises Passed."""
    with transaction.atomic():
        notice = _standing(number, State.UPHELD)
        if not Strike.objects.filter(subject=account, notice=number).exists():
            raise Passed(number)
        now = timezone.now()
        counter = CounterNotice.objects.create(
            subject=account,
            notice=number,
            received_at=now,
            restores_on=calendars.working_day(now, WAITS + 1),
            latest=calendars.working_day(now, LATEST),
            **said,
        )
        _move(notice, State.ANSWERED, closed=False)
        telling.tell(notice, "answered", counter=counter)
    return counter


def sue(number: str, case: str) -> None:
    """The claimant says which court they went to: what was taken down stays so. Raises Passed."""
    with transaction.atomic():
        notice = _standing(number, State.ANSWERED)
        _move(notice, State.SUED, case)
        for account in _answered_by(number):
            _write(account, "sued", link("strikes"))


def judge(number: str, *, staff: int, stays: bool, case: str) -> None:
    """A court has decided: it stays down, or comes back and the strikes go. Both sides are told.

    `case` is the court and its reference, which stands in the timeline; `staff` is who enters it.
    Raises Passed.
    """
    with transaction.atomic():
        notice = _standing(number, State.SUED)
        if stays:
            _move(notice, State.JUDGED, case, staff=staff)
            for strike in Strike.objects.filter(notice=number):
                _write(strike.subject, "judged", link("strikes"))
        else:
            _fall(notice, State.RESTORED, What.LIFTED, case, staff)
        telling.tell(notice, "judged")


def withdraw(number: str) -> None:
    """The claimant takes a notice back, and what was taken down comes back. Raises Passed."""
    with transaction.atomic():
        notice = _standing(number, State.OPEN, *CopyrightNotice.STANDS)
        _fall(notice, State.WITHDRAWN)


def restore_due(today: dt.date) -> int:
    """Put back what nobody went to court about in time; how many."""
    due = CounterNotice.objects.filter(restores_on__lte=today, closed_at=None)
    numbers = due.order_by("restores_on").values_list("notice", flat=True)
    with apart() as tried:
        return sum(bool(tried(_restore, number)) for number in list(numbers))


@transaction.atomic
def _restore(number: str) -> bool:
    try:
        notice = _standing(number, State.ANSWERED)
    except Passed:
        return False
    _fall(notice, State.RESTORED)
    telling.tell(notice, "restored")
    return True


def out_again(what: str) -> None:
    """Take out of a restored copy what left the programme since: a picture, a title, its subtitles.

    Belongs into a duty.
    """
    kind, _colon, name = what.partition(":")
    if kind == picturing.PICTURE:
        programme.take_away(name)
    elif kind == TITLE:
        for title in Title.objects.filter(pk=name).exclude(published_at=None, announced_at=None):
            programme.unpublish(title)
    elif kind == LINES:
        key, _colon, part = name.partition(":")
        for video in Video.objects.filter(key=key, tracks__language=part):
            tracks.withhold(video, part)


def unanswered() -> None:
    """Let a notice whose answer has gone, since whoever sent it has left, stand as it did before.

    Nothing comes back by itself then, and its own time begins.
    """
    answers = CounterNotice.objects.values("notice")
    left = CopyrightNotice.objects.filter(state=State.ANSWERED).exclude(number__in=answers)
    left.update(state=State.UPHELD, settled_at=timezone.now())


def _fall(
    notice: CopyrightNotice,
    state: CopyrightNotice.State,
    what: str = "",
    said: str = "",
    staff: int | None = None,
) -> None:
    """A notice stands no more: its title is back, its strikes are gone, and who had them knows."""
    _move(notice, state, said, what=what, staff=staff)
    _put_back(notice)
    told = Strike.objects.filter(notice=notice.number)
    for strike in told:
        _write(strike.subject, "back", link("strikes"))
    told.filter(taken_back_at=None).update(taken_back_at=timezone.now())


def _put_back(notice: CopyrightNotice) -> None:
    """Show a title again since when it was, unless another notice holds it; that one takes over."""
    if notice.part:
        _give_part_back(notice)
        return
    if notice.title is None:
        return
    others = CopyrightNotice.objects.filter(
        title=notice.title, part="", state__in=CopyrightNotice.STANDS
    )
    if other := others.exclude(pk=notice.pk).first():
        other.shown_since = other.shown_since or notice.shown_since
        other.announced_since = other.announced_since or notice.announced_since
        other.save(update_fields=["shown_since", "announced_since"])
        return
    returning.taken_out_no_more(f"{TITLE}:{notice.title.pk}")
    since = {"published_at": notice.shown_since, "announced_at": notice.announced_since}
    hidden = notice.title.published_at is None and notice.title.announced_at is None
    if hidden and any(since.values()):
        back: dict[str, object] = {
            name: day.isoformat() for name, day in since.items() if day is not None
        }
        programme.change_many([notice.title.slug], back)


def _give_part_back(notice: CopyrightNotice) -> None:
    """Put subtitles back on their film, unless another notice holds them."""
    stands = CopyrightNotice.objects.filter(state__in=CopyrightNotice.STANDS)
    same = stands.filter(video=notice.video, part=notice.part).exclude(pk=notice.pk)
    video = Video.objects.filter(key=notice.video).first()
    if video is not None and not same.exists():
        returning.taken_out_no_more(f"{LINES}:{video.key}:{notice.part}")
        tracks.give_back(video, notice.part)


def _move(
    notice: CopyrightNotice,
    state: CopyrightNotice.State,
    said: str = "",
    *,
    what: str = "",
    staff: int | None = None,
    closed: bool = True,
) -> None:
    now = timezone.now() if closed else None
    notice.state, notice.settled_at = state, now
    notice.save(update_fields=["state", "settled_at"])
    CounterNotice.objects.filter(notice=notice.number).update(closed_at=now)
    note(notice, what or state.value, said, staff)


def _standing(number: str, *states: CopyrightNotice.State) -> CopyrightNotice:
    notice = CopyrightNotice.objects.select_for_update().filter(number=number).first()
    if notice is None or notice.state not in states:
        raise Passed(number)
    return notice


def _answered_by(number: str) -> list[int]:
    return list(CounterNotice.objects.filter(notice=number).values_list("subject", flat=True))


def _write(account: int, letter: str, url: str) -> None:
    """A service message to whoever put it on, in the language that they read."""
    with entering("account"):
        tag = accounts.language_of(account)
    with languages.speaking(tag):
        titles = {
            "taken": _("Something that you put on was taken down"),
            "sued": _("What was taken down stays down: its claimant has gone to court"),
            "judged": _("A court decided, and what was taken down stays down"),
            "back": _("The notice about what you put on stands no more"),
        }
        context: dict[str, object] = {"url": url}
        if letter == "taken":
            context |= telling.outside(account)
        post.write(account, f"support/mail/{letter}", context, titles[letter])
