"""Taking back what one gave: lines go from the studio and from the films."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet

from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.models import Edition, Line, Passage, Revision, Sheet, State
from plainview.domains.subtitles.services import tracks
from plainview.domains.subtitles.services.crediting import JOINED
from plainview.domains.subtitles.services.passing import MADE_HERE, publish, take_off
from plainview.domains.subtitles.services.segmenting import UNSPLIT
from plainview.platform.parts import part
from plainview.privacy.rights import services as rights
from plainview.privacy.rights.holdings import Quiet
from plainview.privacy.rights.person import Person


def take_back(account: int) -> int:
    """Delete every version of a line that `account` wrote; returns how many.

    Credit for accepted work stays, without being about any line. No restored copy brings them back.
    Others write between one edition and the next; asked again, it goes on with those left.
    """
    own = Revision.objects.filter(account=account)
    count = own.count()
    for edition in list(own.order_by().values_list("line__edition", flat=True).distinct()):
        with part():
            rights.let_go(account, own.filter(line__edition=edition))
    with part():
        keep_look(account)
    return count


def keep_look(account: int) -> int:
    """Leave how lines look of what stood around those that `account` brought; how often."""
    own = list(Sheet.objects.filter(account=account))
    for sheet in own:  # one by one: whom a row is about is given as a value
        sheet.account_id, sheet.head = None, formats.look(sheet.head, sheet.format)
        sheet.save(update_fields=["account", "head"])
    return len(own)


def remove(own: QuerySet[Revision]) -> None:
    """Delete versions of lines, with what was made of them.

    Each line says again what the version before it said, and whoever has it open hears so. Tracks
    of released editions are put on their films anew, or where a copyright notice holds them down
    are kept anew; those of which nothing is left come off, and are drafts again. Where a release is
    gone over again, its track stays as it was but for these words.
    """
    with transaction.atomic():
        gone: dict[int, set[str]] = {}
        for key, text in own.order_by().values_list("line__edition", "text"):
            gone.setdefault(key, set()).add(text)
        rows = Edition.objects.select_for_update().filter(pk__in=list(gone))
        editions = list(rows.order_by("pk"))
        for edition in editions:
            edition.changes += 1
            mine = Line.objects.filter(edition=edition, pk__in=own.order_by().values("line"))
            mine.update(version=F("version") + 1, change=edition.changes)
        own.delete()
        for edition in editions:
            left = [row for row in queries.rows(edition) if row.text]
            edition.filled = len(left)
            edition.save(update_fields=["filled", "changes"])
            if edition.state not in (State.RELEASED, State.LOCKED):
                words = gone[edition.pk] - {row.text for row in left}
                tracks.leave_out(edition.video, edition.language, words, source=MADE_HERE)
                continue
            tracks.reword(edition.video, edition.language, left)
            if not left:
                take_off(edition)
            elif not queries.withheld(edition):
                publish(edition)


class Reasons(Quiet):
    """Why somebody wrote or passed what stays without them, and what stood around their lines.

    Those are their own words, a file's name, or its comments. Others build on the lines and not on
    these, so they go with their person (P1.1.5a, P9c).
    """

    name = "subtitles.reasons"

    def erase(self, person: Person) -> int:
        """Empty them, but for two words by which lines that were cut are put together again."""
        went = 0 if Sheet._meta.db_table in person.held else keep_look(person.subject)
        for model in (Revision, Passage):
            if model._meta.db_table not in person.held:
                given = model._default_manager.filter(account=person.subject).exclude(reason="")
                went += given.exclude(reason__in=(JOINED, UNSPLIT)).update(reason="")
        return went
