"""Why a title can't be watched here, in words: what holds, when and where it can (P2.1.4a)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.domains.catalogue.licensing import Availability, Places, Seat, Why
from plainview.domains.catalogue.ports import Ports
from plainview.platform import languages
from plainview.platform.languages import dates, numbers

MOST_NAMED = 6


@dataclass(frozen=True)
class Said:
    """What a page says instead of playing. `tag` in a word or two, `text` in full.

    `here` says that the reader's place decided, `known` that there is one; `soon` that waiting
    helps.
    """

    tag: str
    text: str
    at: datetime | None
    here: bool
    soon: bool
    known: bool = False


def in_words(found: Availability, seat: Seat) -> Said | None:
    """What there is to say of an answer; nothing if the title can be watched."""
    if found or found.why is Why.HIDDEN:
        return None
    return Said(
        tag=_tag(found),
        text=_TEXTS[found.why](found, seat.places),
        at=found.at,
        here=found.why is Why.ELSEWHERE,
        soon=found.why is Why.SOON,
        known=seat.places is not None,
    )


def gone() -> Said:
    """What there is to say of a title that nobody is shown any more, to whoever kept it."""
    text = _("It is no longer in the programme. When it comes back, it is here again.")
    return Said(tag=_("No longer here"), text=text, at=None, here=False, soon=False)


def day(moment: datetime) -> str:
    """A moment as a date."""
    return dates.written(timezone.localtime(moment), "DATE_FORMAT")


def plans(ids: frozenset[str]) -> str:
    """Plans by name, in their order."""
    return languages.listed([str(tier.name) for tier in Ports.plans.tiers() if tier.id in ids])


def _tag(found: Availability) -> str:
    if found.why is Why.SOON:
        if found.at is None:
            return _("Coming soon")
        return _("From %(day)s") % {
            "day": dates.written(timezone.localtime(found.at), "MONTH_DAY_FORMAT")
        }
    if found.why is Why.PLAN:
        return plans(found.tiers) or _("Another plan")
    if found.why is Why.OVER:
        return _("No longer here")
    return _("Not where you are")


def _soon(found: Availability, places: Places) -> str:
    if found.at is None:
        return _("It is announced; the day is not set yet.")
    if found.tiers:
        said = _("It comes on %(day)s, with the plan %(plan)s.")
        return said % {"day": day(found.at), "plan": plans(found.tiers)}
    return _("It comes on %(day)s.") % {"day": day(found.at)}


def _over(found: Availability, places: Places) -> str:
    if found.at is None:
        return _("It can’t be watched here any more: the licence for it has ended.")
    said = _("It could be watched here until %(day)s, when the licence for it ended.")
    return said % {"day": day(found.at)}


def _plan(found: Availability, places: Places) -> str:
    text = _("It comes with the plan %(plan)s.") % {"plan": plans(found.tiers)}
    if found.at is None:
        return text
    later = _("On your plan it can be watched from %(day)s on.") % {"day": day(found.at)}
    return languages.together(text, later)


def _elsewhere(found: Availability, places: Places) -> str:
    if places is None:
        text = _(
            "We can’t tell from your network address which country you are in. Until we can, only"
            " what may be shown everywhere can be watched."
        )
    else:
        text = _("It can’t be shown where you are: nobody gave us the rights for it there.")
    own = {each.partition("-")[0] for each in places or ()}
    others = {each for each in found.territories if each.partition("-")[0] not in own}
    where = territories(frozenset(others))
    if not where:
        return text
    elsewhere = _("It can be watched in %(where)s.") % {"where": where}
    return languages.together(text, elsewhere)


def territories(codes: frozenset[str]) -> str:
    """Countries by name in the page's language, or their number where there are many."""
    countries = sorted({code.partition("-")[0] for code in codes})
    if len(countries) > MOST_NAMED:
        said = ngettext("%(count)s country", "%(count)s countries", len(countries))
        return said % {"count": numbers.written(len(countries))}
    names = languages.spoken().territories
    return languages.listed(sorted(names.get(code, code) for code in countries))


_TEXTS = {Why.SOON: _soon, Why.OVER: _over, Why.PLAN: _plan, Why.ELSEWHERE: _elsewhere}
