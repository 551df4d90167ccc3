"""What waits for somebody at the desk, by what they may do: how many, and on which page."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plainview.domains.playback import queries as playback
from plainview.domains.playback.models import Ingest
from plainview.domains.staff import translating
from plainview.domains.support import queries as support
from plainview.privacy.breaches import queries as breaches
from plainview.privacy.disclosures import queries as disclosures
from plainview.privacy.gate.doors import runs
from plainview.privacy.post import queries as post
from plainview.privacy.requests import clock, queue
from plainview.privacy.versions import queries as versions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTED = "how many wait is counted, and nobody of them is seen"


class Waits(NamedTuple):
    """A number of the morning: of what, and the address where it stands."""

    many: int
    what: StrOrPromise
    address: str


def open_breaches(may: Collection[str]) -> list[breaches.Case]:
    """The open breaches, for whoever may see them: the one whose clock is nearest first (P8a)."""
    return [each for each in breaches.cases() if each.open] if "privacy.breaches" in may else []


def waiting(may: Collection[str], breached: list[breaches.Case], *, staff: int) -> list[Waits]:
    """What waits for a member of the staff with the permissions `may`; `breached` is open."""
    found: list[Waits] = []
    if "privacy.requests" in may:
        found += _requests(staff)
    if "privacy.breaches" in may:
        found += _breaches(breached)
    if "privacy.disclosures" in may:
        words = _("deliveries and recalls that failed, or are late")
        found.append(Waits(_stuck(), words, reverse("desk-disclosures")))
    if "privacy.letters" in may:
        found.append(Waits(_letters(), _("letters to read"), reverse("desk-letters")))
    if "privacy.versions" in may:
        coming = len(versions.waiting())
        found.append(Waits(coming, _("versions on their way"), reverse("desk-versions")))
    if "copyright.settle" in may:
        found.append(Waits(_notices(), _("copyright notices to decide"), reverse("desk-copyright")))
    if "translations.write" in may:
        found.append(Waits(_untranslated(), _("texts to translate"), reverse("desk-translations")))
    if "catalogue.edit" in may:
        found += _films()
    return found


@runs("rights", source="staff", everyone=COUNTED, lists=("requests.rights",))
def _requests(staff: int) -> list[Waits]:
    counted = queue.figures(staff=staff, today=clock.today())
    here = reverse("desk-requests")
    return [
        Waits(counted.open, _("open requests"), here),
        Waits(counted.late, _("requests that are late"), here),
        Waits(counted.week, _("requests due within a week"), here),
        Waits(
            counted.alone,
            _("deletions done within a day, unless you keep them"),
            f"{here}?kind=delete",
        ),
    ]


def _breaches(found: list[breaches.Case]) -> list[Waits]:
    late = sum(any(one.state == "late" for one in each.undone) for each in found)
    here = reverse("desk-breaches")
    return [
        Waits(len(found), _("breaches of personal data that are open"), here),
        Waits(late, _("breaches that should have been told"), here),
    ]


@runs("record-keeping", source="staff", everyone=COUNTED, lists=("disclosures.ledger",))
def _stuck() -> int:
    return disclosures.stuck()


@runs("rights", source="staff", everyone=COUNTED, lists=("post.received",))
def _letters() -> int:
    return post.waiting()


@runs("moderation", source="staff", everyone=COUNTED, lists=("moderation.reports",))
def _notices() -> int:
    return support.open_notices()


def _untranslated() -> int:
    parts = [each for tag in translating.tongues() for each in translating.standing(tag)]
    return sum(each.missing + each.stale for each in parts)


def _films() -> list[Waits]:
    ingests, state = playback.ingests(), Ingest.State
    coming = ingests.filter(state__in=[state.WAITING, state.WORKING]).count()
    failed = ingests.filter(state=state.FAILED).count()
    there = reverse("desk-ingests")
    return [
        Waits(coming, _("films being prepared"), there),
        Waits(failed, _("films that could not be taken"), there),
    ]
