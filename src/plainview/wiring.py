"""Who is joined to whom: the whole list, in one place."""

from __future__ import annotations

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
        from plainview.demo import tasks as demo_tasks  # noqa: F401, PLC0415
        from plainview.domains.accounts import ports  # noqa: PLC0415
        from plainview.domains.accounts import queries as accounts  # noqa: PLC0415
        from plainview.domains.catalogue import queries as programme  # noqa: PLC0415
        from plainview.domains.catalogue import search as titles  # noqa: F401, PLC0415
        from plainview.domains.catalogue import tasks as catalogue_tasks  # noqa: F401, PLC0415
        from plainview.domains.library import services as keeping  # noqa: PLC0415
        from plainview.domains.marketing import queries as news  # noqa: PLC0415
        from plainview.domains.marketing import tasks as marketing_tasks  # noqa: F401, PLC0415
        from plainview.domains.playback import services as playing  # noqa: PLC0415
        from plainview.domains.playback import tasks  # noqa: F401, PLC0415
        from plainview.domains.playback.ports import Ports  # noqa: PLC0415
        from plainview.domains.playback.services.arriving import (  # noqa: PLC0415
            explained as films_begun,
        )
        from plainview.domains.searches import services as searching  # noqa: PLC0415
        from plainview.domains.staff import access, queries  # noqa: PLC0415
        from plainview.domains.staff import services as staffing  # noqa: PLC0415
        from plainview.domains.subtitles import formats, services  # noqa: PLC0415
        from plainview.domains.subtitles import ports as subtitling  # noqa: PLC0415
        from plainview.domains.subtitles import search as lines  # noqa: F401, PLC0415
        from plainview.domains.subtitles import tasks as subtitle_tasks  # noqa: F401, PLC0415
        from plainview.domains.subtitles.services.opening import (  # noqa: PLC0415
            explained as languages_begun,
        )
        from plainview.domains.support import queries as strikes  # noqa: PLC0415
        from plainview.domains.support import tasks as letter_tasks  # noqa: F401, PLC0415
        from plainview.privacy.changes import ports as telling  # noqa: PLC0415
        from plainview.privacy.changes import tasks as change_tasks  # noqa: F401, PLC0415
        from plainview.privacy.consent import tasks as consent_tasks  # noqa: F401, PLC0415
        from plainview.privacy.decisions import register as deciding  # noqa: PLC0415
        from plainview.privacy.events import subscriptions  # noqa: PLC0415
        from plainview.privacy.gate import warrants  # noqa: PLC0415
        from plainview.privacy.requests import appealing  # noqa: PLC0415
        from plainview.privacy.requests import tasks as request_tasks  # noqa: F401, PLC0415
        from plainview.privacy.retention import lasting  # noqa: PLC0415
        from plainview.privacy.retention import ports as keeping_no_longer  # noqa: PLC0415
        from plainview.privacy.retention import tasks as retention_tasks  # noqa: F401, PLC0415
        from plainview.privacy.rights import hindrances  # noqa: PLC0415
        from plainview.privacy.rights import tasks as rights_tasks  # noqa: F401, PLC0415
        from plainview.privacy.versions import then  # noqa: PLC0415
        from plainview.web.pages import searched, suggesting  # noqa: PLC0415

        def keep_embedded(
            video: Video, *, language: str, name: str, filename: str, data: bytes
        ) -> str:
            try:
                services.import_file(video, data, filename=filename, language=language)
            except formats.SubtitleError as error:
                return error.message
            return ""

        def begun(subject: int) -> list[deciding.Made]:
            return [*films_begun(subject), *languages_begun(subject)]

        warrants.issued_by(access.warranted)
        warrants.cases_known_by(queries.case_open)
        hindrances.asked_of(staffing.hinders_leaving)
        subscriptions.hears(searching.Searched, "personalise-search", searching.keep)
        subscriptions.hears(playing.Watched, "history", keeping.unless_paused(playing.remember))
        subscriptions.hears(playing.PlayedOn, "business-analytics", playing.count_platform)
        subscriptions.hears(playing.StoodStill, "error-reports", playing.note_fault)

        appealing.Ports.officers = staticmethod(lambda: queries.at_work("privacy.requests"))
        then.Ports.home = staticmethod(accounts.home_at)
        deciding.explained_by("shelves", suggesting.explained, changes=True)
        deciding.explained_by("results", searched.explained, changes=True)
        deciding.explained_by("uploads", strikes.explained, changes=True)
        deciding.explained_by("available", programme.explained, changes=False)
        deciding.explained_by("news", news.explained, changes=False)
        deciding.explained_by("age", accounts.explained, changes=False)
        for why in (lasting.UNCONFIRMED, lasting.DORMANCY):
            deciding.explained_by(why, partial(lasting.explained, why), changes=True)
        deciding.explained_by("begun", begun, changes=True)
        deciding.of_nobody("challenge", "pace")
        deciding.not_made("near-you", "offer", "advertisement")
        keeping_no_longer.Ports.unconfirmed = staticmethod(accounts.unconfirmed)
        keeping_no_longer.Ports.idle = staticmethod(accounts.idle)
        telling.Ports.readers = staticmethod(accounts.readers)
        ports.Ports.suspension = staticmethod(queries.suspension)
        Ports.embedded_subtitles = staticmethod(keep_embedded)
        Ports.said_of_subtitles = staticmethod(services.told)
        subtitling.Ports.manages = staticmethod(lambda request: access.may(request, PROGRAMME))
