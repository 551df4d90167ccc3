"""Who is joined to whom: the whole list, in one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from plainview.domains.catalogue.models import Video

PROGRAMME = "catalogue.edit"
"""The permission of the staff that makes its holder the manager of every title's subtitles."""


class Wiring(AppConfig):
    """Loaded last; joins the rooms when every table is known."""

    name = "plainview"
    label = "wiring"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from plainview.demo import tasks as demo_tasks  # noqa: F401
        from plainview.domains.accounts import ports
        from plainview.domains.accounts import queries as accounts
        from plainview.domains.accounts import services as accounts_do
        from plainview.domains.accounts import tasks as account_tasks  # noqa: F401
        from plainview.domains.accounts.queries import changing
        from plainview.domains.accounts.services import addresses
        from plainview.domains.catalogue import ports as showing
        from plainview.domains.catalogue import queries as programme
        from plainview.domains.catalogue import search as titles  # noqa: F401
        from plainview.domains.catalogue import tasks as catalogue_tasks  # noqa: F401
        from plainview.domains.library import services as keeping
        from plainview.domains.marketing import queries as news
        from plainview.domains.marketing import tasks as marketing_tasks  # noqa: F401
        from plainview.domains.playback import services as playing
        from plainview.domains.playback import tasks  # noqa: F401
        from plainview.domains.playback.ports import Ports
        from plainview.domains.playback.services.arriving import explained as films_begun
        from plainview.domains.searches import services as searching
        from plainview.domains.staff import access, queries
        from plainview.domains.staff import services as staffing
        from plainview.domains.staff import tasks as staff_tasks  # noqa: F401
        from plainview.domains.staff.services import silence
        from plainview.domains.subtitles import formats, services
        from plainview.domains.subtitles import ports as subtitling
        from plainview.domains.subtitles import search as lines  # noqa: F401
        from plainview.domains.subtitles import tasks as subtitle_tasks  # noqa: F401
        from plainview.domains.subtitles.queries import playlists as playlists_of
        from plainview.domains.subtitles.services.opening import explained as languages_begun
        from plainview.domains.support import queries as strikes
        from plainview.domains.support import services as taking_down
        from plainview.domains.support import tasks as letter_tasks  # noqa: F401
        from plainview.platform.media.errors import UPDATING, MediaError
        from plainview.privacy import permissions
        from plainview.privacy.backups import returning
        from plainview.privacy.breaches import queries as breaches
        from plainview.privacy.breaches import tasks as breach_tasks  # noqa: F401
        from plainview.privacy.changes import ports as telling
        from plainview.privacy.changes import tasks as change_tasks  # noqa: F401
        from plainview.privacy.consent import tasks as consent_tasks  # noqa: F401
        from plainview.privacy.decisions import register as deciding
        from plainview.privacy.events import subscriptions
        from plainview.privacy.gate import warrants
        from plainview.privacy.requests import deciders
        from plainview.privacy.requests import tasks as request_tasks  # noqa: F401
        from plainview.privacy.retention import ending, lasting
        from plainview.privacy.retention import ports as keeping_no_longer
        from plainview.privacy.retention import tasks as retention_tasks  # noqa: F401
        from plainview.privacy.rights import hindrances, holdings
        from plainview.privacy.rights import services as rights
        from plainview.privacy.rights import tasks as rights_tasks  # noqa: F401
        from plainview.privacy.versions import then
        from plainview.web.pages import searched, suggesting

        def read_embedded(
            *, language: str, name: str, filename: str, data: bytes, rate: float
        ) -> Callable[[Video], str]:
            try:
                read = services.read_file(data, filename=filename, language=language, rate=rate)
            except formats.SubtitleError as error:
                if error.code == UPDATING:
                    raise MediaError(UPDATING) from error
                why = error.message
                return lambda video: why

            def keep(video: Video) -> str:
                try:
                    services.keep_file(video, read)
                except formats.SubtitleError as error:
                    return error.message
                return ""

            return keep

        def begun(subject: int) -> list[deciding.Made]:
            return [*films_begun(subject), *languages_begun(subject)]

        authenticator_added.connect(access.count_first_factor, dispatch_uid="staff_first_factor")
        breaches.join()
        permissions.watch(accounts_do.took_back)
        warrants.issued_by(access.warranted)
        warrants.cases_known_by(queries.case_open)
        warrants.untold_by(lambda number, person: queries.untold(number=number, person=person))
        rights.removed_by("subtitles_revision", services.remove_versions)
        holdings.register(services.Reasons())
        hindrances.asked_of(staffing.hinders_leaving)
        subscriptions.hears(searching.Searched, "personalise-search", searching.keep)
        subscriptions.hears(playing.Watched, "history", keeping.unless_paused(playing.remember))
        subscriptions.hears(playing.PlayedOn, "business-analytics", playing.count_platform)
        subscriptions.hears(playing.StoodStill, "error-reports", playing.note_fault)

        deciders.Ports.officers = staticmethod(lambda: queries.at_work("privacy.requests"))
        deciders.Ports.suspended_by = staticmethod(
            lambda account: queries.suspended_by(account=account)
        )
        deciders.Ports.decided_against = staticmethod(
            lambda account, address: {
                each.staff
                for each in strikes.decided_against(account=account, address=address)
                if each.staff is not None
            }
        )
        then.Ports.home = staticmethod(accounts.home_at)
        deciding.explained_by("shelves", suggesting.explained, changes=True)
        deciding.explained_by("results", searched.explained, changes=True)
        deciding.explained_by("uploads", strikes.explained, changes=True)
        deciding.explained_by("available", programme.explained, changes=False)
        deciding.explained_by("news", news.explained, changes=False)
        deciding.explained_by("age", accounts.explained, changes=False)
        for why in (lasting.UNCONFIRMED, lasting.DORMANCY):
            deciding.explained_by(why, partial(lasting.explained, why), changes=True)
            deciding.goes_by(why, lasting.looked_at)
        deciding.explained_by("begun", begun, changes=True)
        deciding.of_nobody("challenge", "pace")
        deciding.not_made("near-you", "offer", "advertisement")
        keeping_no_longer.Ports.unconfirmed = staticmethod(accounts.unconfirmed)
        keeping_no_longer.Ports.idle = staticmethod(accounts.idle)
        ending.tells(changing.UNPROVED)
        telling.Ports.readers = staticmethod(accounts.readers)
        returning.Ports.went = staticmethod(addresses.restored)
        returning.Ports.closes = staticmethod(staffing.close_again)
        returning.Ports.takes_out = staticmethod(taking_down.out_again)
        returning.Ports.rests = staticmethod(
            lambda who, what: keeping.rest_again(who, what) or silence.again(who, what)
        )
        showing.Ports.held_down = staticmethod(strikes.holds_down)
        ports.Ports.suspension = staticmethod(queries.suspension)
        Ports.embedded_subtitles = staticmethod(read_embedded)
        Ports.subtitles = staticmethod(playlists_of)
        Ports.said_of_subtitles = staticmethod(services.told)
        Ports.texts = frozenset((*formats.ENDINGS, *formats.REFUSED_ENDINGS))
        subtitling.Ports.manages = staticmethod(lambda request: access.may(request, PROGRAMME))
