"""What one can ask of letters."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, When
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.domains.accounts import queries as accounts
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.subtitles.models import Track, Withheld
from plainview.domains.support.models import CopyrightNotice, CounterNotice, Step, Strike
from plainview.platform import languages
from plainview.privacy.decisions.register import Made, overruled
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.scope import entering
from plainview.privacy.places import calendars
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

State = CopyrightNotice.State
UPLOADS = "uploads"
"""The decision of the policy that `uploads_closed` makes."""
MOST = 3
"""As many open strikes close the uploads of an account."""
COMPLAINED = "who complains is found by their strikes and by the address of a notice of theirs"
CLAIMED = "a title is held down for everybody, and nobody learns whose notice does it"


def notices() -> QuerySet[CopyrightNotice]:
    """Every copyright notice, the newest first."""
    return CopyrightNotice.objects.select_related("title").prefetch_related("steps")


def listed_notices() -> QuerySet[CopyrightNotice]:
    """Every copyright notice, those to decide first, without whom it is from."""
    shown = ("number", "state", "sent_at", "where", "title__texts")
    waits = Case(When(state=CopyrightNotice.State.OPEN, then=0), default=1)
    rows = CopyrightNotice.objects.select_related("title").only(*shown)
    return rows.order_by(waits, "-sent_at", "-pk")


def open_notices() -> int:
    """How many copyright notices wait for somebody."""
    return CopyrightNotice.objects.filter(state=CopyrightNotice.State.OPEN).count()


def notice_of(number: str, secret: str) -> CopyrightNotice | None:
    """The notice of a number, for whoever holds its secret; None for everybody else."""
    row = notices().filter(number=number).first()
    return row if row is not None and row.opens(secret) else None


def counters(numbers: list[str]) -> dict[str, CounterNotice]:
    """The counter-notices to some notices, by the notices' numbers."""
    return {each.notice: each for each in CounterNotice.objects.filter(notice__in=numbers)}


def named_in(text: str) -> Title | None:
    """The first title whose page or film a text has the address of."""
    return named_in_each([text])[0]


def named_in_each(texts: list[str]) -> list[Title | None]:
    """Of each text the first title whose page or film it has the address of; two statements."""
    each = [list(_addressed(text)) for text in texts]
    keys = {key for found in each for key, _slug in found if key}
    slugs = {slug for found in each for _key, slug in found if slug}
    there: dict[tuple[str, str], Title] = {}
    if slugs:
        there |= {("", row.slug): row for row in Title.objects.filter(slug__in=slugs)}
    if keys:
        films = Video.objects.filter(key__in=keys).select_related("title")
        there |= {(film.key, ""): film.title for film in films}
    return [next((there[at] for at in found if at in there), None) for found in each]


def _addressed(text: str) -> Iterator[tuple[str, str]]:
    """The films (key, "") and titles ("", slug) whose addresses a text has, in its order."""
    for path in re.findall(r"/(?:watch|titles)/[\w-]+", text):
        try:
            kept = resolve(f"{path}/").kwargs
        except Resolver404:
            continue
        yield kept.get("key", ""), "" if "key" in kept else kept.get("slug", "")


def film_named_in(text: str, title: Title) -> Video | None:
    """The film of a title whose address a text has, else the title's only one."""
    for key in re.findall(r"/(?:watch|subtitles)/(\w+)/", f"{text}/"):
        if (found := title.videos.filter(key=key).first()) is not None:
            return found
    films = list(title.videos.all()[:2])
    return films[0] if len(films) == 1 else None


def tracks_of(video: Video) -> list[str]:
    """The languages in which a film has subtitles, or has them withheld."""
    kept = (each.objects.filter(video=video) for each in (Track, Withheld))
    return sorted({tag for rows in kept for tag in rows.values_list("language", flat=True)})


@runs("moderation", everyone=CLAIMED, lists=["moderation.reports"])
def holds_down(*, title: int) -> bool:
    """Whether a notice that stands keeps a whole title out of the programme (17 U.S.C. §512)."""
    stand = CopyrightNotice.objects.filter(state__in=CopyrightNotice.STANDS)
    return stand.filter(title=title, part="").exists()


def strikes(account: int) -> list[Strike]:
    """The strikes of an account, the newest first."""
    return list(Strike.objects.filter(subject=account).select_related("title"))


class Struck(NamedTuple):
    """A strike as whoever has it reads it, and what became of its notice.

    `part` is the language of the subtitles that were taken down alone, by its own name, else "";
    `back_on` the day on which all comes back by itself, once a counter-notice is in; `last` the
    latest step, whose words they read where a court's are in it.
    """

    strike: Strike
    ends: dt.date
    counts: bool
    part: str
    answered: bool
    open: bool
    back_on: dt.date | None
    last: Step | None


def struck(account: int) -> list[Struck]:
    """The strikes of an account with how each notice stands, the newest first."""
    found = strikes(account)
    numbers = [each.notice for each in found]
    steps = Step.objects.filter(notice__number__in=numbers).select_related("notice")
    last = {step.notice.number: step for step in steps}
    answers = counters(numbers)
    rows = []
    for each in found:
        step, counter = last.get(each.notice), answers.get(each.notice)
        notice = step.notice if step is not None else None
        state = notice.state if notice is not None else ""
        rows.append(
            Struck(
                strike=each,
                ends=ends_on(each),
                counts=counts(each),
                part=languages.own_name(notice.part) if notice is not None and notice.part else "",
                answered=counter is not None and counter.subject == account,
                open=state == State.UPHELD,
                back_on=counter.restores_on if counter and state == State.ANSWERED else None,
                last=step if state not in (State.UPHELD, State.ANSWERED) else None,
            )
        )
    return rows


@runs(
    "moderation",
    may=["account"],
    everyone=COMPLAINED,
    lists=["moderation.reports", "moderation.strikes"],
)
def decided_against(*, account: int | None, address: str) -> list[Step]:
    """The decisions of the desk that somebody may complain of, the latest first.

    By these what an `account` put on is down, or a notice that it sent, or that came from its
    address or from `address`, was refused.
    """
    with entering("account"):
        own = "" if account is None else accounts.address_of(account)
    whose = [] if account is None else [account]
    stays = Q(taken_back_at=None) | Q(taken_back_at=F("given_at"))
    struck = Strike.objects.filter(stays, subject__in=whose).values("notice")
    down = Q(notice__number__in=struck, what__in=(Step.What.UPHELD, Step.What.JUDGED))
    sent = Q(notice__subject__in=whose)
    for each in {address, own} - {""}:
        sent |= Q(notice__email__iexact=each)
    found = Step.objects.filter(down | sent & Q(what=Step.What.REFUSED))
    return list(found.select_related("notice").order_by("-at"))


def may_be_answered(number: str) -> bool:
    """Whether a notice waits for a counter-notice."""
    return CopyrightNotice.objects.filter(number=number, state=State.UPHELD).exists()


def open_strikes(account: int) -> list[Strike]:
    """Those that count today: neither taken back nor ended."""
    return [each for each in strikes(account) if counts(each)]


def counts(strike: Strike) -> bool:
    """Whether a strike counts today."""
    return strike.taken_back_at is None and calendars.today() < ends_on(strike)


def ends_on(strike: Strike) -> dt.date:
    """The day on which a strike ends, by the policy's schedule."""
    keep = in_force().schedule("moderation.strikes").keep
    return later(strike.given_at.date(), keep)


def uploads_closed(account: int) -> bool:
    """Whether somebody has so many open strikes that they add nothing (17 U.S.C. §512(i)).

    A person who reviewed it may have decided that these very strikes do not close them.
    """
    return bool(closing(account))


def closing(account: int) -> list[Strike]:
    """The open strikes that close the uploads of an account; none if they are open."""
    found = open_strikes(account)
    if len(found) < MOST or of_strikes(found) in overruled(UPLOADS, account):
        return []
    return found


def of_strikes(found: list[Strike]) -> str:
    """By what the decision that these strikes close uploads is known from others."""
    return " ".join(sorted(each.notice for each in found))


def explained(account: int) -> list[Made]:
    """That uploads are closed, by which strikes (P6c)."""
    found = closing(account)
    if not found:
        return []
    count = len(found)
    reason = ngettext("%(n)s strike stands.", "%(n)s strikes stand.", count) % {"n": count}
    inputs = tuple((_("Notice"), f"{each.notice}: {each.reason}") for each in found)
    return [Made(of_strikes(found), reason, inputs)]


def of_many_strikes() -> dict[int, int]:
    """Accounts whose uploads are closed, and how many open strikes each has."""
    found: dict[int, int] = {}
    for each in Strike.objects.filter(taken_back_at=None):
        found[each.subject] = found.get(each.subject, 0) + counts(each)
    return {account: n for account, n in found.items() if n >= MOST}
