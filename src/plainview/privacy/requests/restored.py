"""What a copy of the database that was put back asks of the people who decide requests."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plainview.platform import languages
from plainview.platform.languages import speaking
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import disputing, machine, services
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Channel, Proof, Request
from plainview.privacy.requests.services import Asked


def look_again(subject: int, fact: str) -> None:
    """Have a person look at a fact that a restored copy has as it was before it was put right.

    `fact` is as a standing has it. Nothing is asked where a request about it runs in the copy, or
    where nothing of it is there.
    """
    try:
        matter = disputing.of_standing(subject, fact)
    except disputing.NoSuchFact:
        return
    with Opened(DOOR):
        theirs = Request.objects.filter(subject=subject, member=True)
        same = theirs.filter(matter__name=matter.name, matter__entry=matter.entry)
        runs = same.filter(state__in=machine.OPEN).exists()
        spoken = theirs.order_by("-received_at").values_list("language", flat=True).first()
    language = spoken or languages.FINISHED[0]
    if not runs:
        with speaking(language):
            words = _("The database was put back from before this was decided. Please look again.")
            services.file(
                Asked(
                    kind=disputing.CORRECT,
                    channel=Channel.ACCOUNT,
                    language=language,
                    words=words,
                    account=subject,
                    proof=Proof.NEEDLESS,
                    matter=matter,
                )
            )
