"""Finding words in every episode of a title in a language, and replacing them where one chooses.

Each line is saved as if it were typed: against the version that was seen, within one's role,
outside others' claims, in editions that may be written. What one replacement wrote carries one mark
in its reason, by which all of it is taken back at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

import regex
from django.utils.translation import gettext as _

from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.models import Edition, Revision
from plainview.domains.subtitles.services.refusing import Conflict, Refusal
from plainview.domains.subtitles.services.writing import save_line
from plainview.platform.identifiers import new_key

MOST_PLACES = 500
"""So many places are shown and replaced at once."""
REPLACED = "replaced "
"""How the reason of a version by a replacement begins; its mark follows."""
TAKEN_BACK = "taken back"
"""The reason of a version by which somebody's replacement was taken back."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, as typed, and what is put in its place."""

    words: str
    instead: str = ""
    match_case: bool = False
    whole_words: bool = False

    def pattern(self) -> regex.Pattern[str]:
        """As a pattern: literal, with any blank or line end where a blank was typed.

        Tags and the place of a line are no words of it, unless one looks for these.
        """
        forms = {normalize(form, self.words): None for form in ("NFC", "NFD")}
        said = (r"\s+".join(regex.escape(word) for word in form.split()) for form in forms)
        literal = f"(?:{'|'.join(said)})"
        if self.whole_words:
            literal = rf"(?<!\w){literal}(?!\w)"
        if not regex.search(r"[<>{}]", self.words):
            literal = rf"(?:{formats.MARK})(*SKIP)(*FAIL)|{literal}"
        return regex.compile(literal, 0 if self.match_case else regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A line in which the words stand, as it is and as it would be (in the form one types)."""

    edition: Edition
    segment: int
    version: int
    start_ms: int
    before: str
    after: str

    @property
    def name(self) -> str:
        """Names the line, its version and what it would say, for a form: nothing else is saved."""
        seen = zlib.crc32(self.after.encode())
        return f"{self.edition.pk}-{self.segment}-{self.version}-{seen}"


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of a replacement: its mark, how many lines were saved, and which were not."""

    mark: str
    saved: int
    left: tuple[tuple[Place, str], ...]


def editions_of_title(edition: Edition) -> list[Edition]:
    """The editions of every video of a title in one language, in the order of the videos."""
    found = Edition.objects.filter(
        video__title=edition.video.title_id, language=edition.language
    ).select_related("video__title")
    return list(found.order_by("video__season__number", "video__number", "video_id"))


def find_words(editions: Iterable[Edition], search: Search) -> list[Place]:
    """The first MOST_PLACES lines that hold the words. Raises Refusal (invalid) without words."""
    if not search.words.strip():
        raise Refusal("invalid", _("Write what to look for first."))
    pattern = search.pattern()
    found: list[Place] = []
    for edition in editions:
        for row in queries.rows(edition):
            text = formats.typed(row.text, row.settings)
            if text and pattern.search(text):
                after = pattern.sub(lambda match: search.instead, text)
                found.append(Place(edition, row.segment, row.version, row.start_ms, text, after))
                if len(found) >= MOST_PLACES:
                    return found
    return found


def replace_words(places: Iterable[Place], *, account: int, manages: bool = False) -> Replaced:
    """Save each place as it would be; what can't be saved is left and named, with the reason."""
    mark = new_key()
    saved, left = 0, []
    for place in places:
        try:
            save_line(
                place.edition.pk,
                place.segment,
                account=account,
                text=place.after,
                based_on=place.version,
                reason=REPLACED + mark,
                manages=manages,
            )
            saved += 1
        except Conflict as conflict:
            left.append((place, formats.plain_text(conflict.text)))
        except Refusal as refusal:
            left.append((place, refusal.message))
    return Replaced(mark, saved, tuple(left))


def take_replacement_back(mark: str, *, account: int, manages: bool = False) -> tuple[int, int]:
    """Give each line of one's own replacement its words of before; returns how many, and how many
    were left because somebody wrote them since, or they can't be written any more.
    """
    own = Revision.objects.filter(account=account, reason=REPLACED + mark).select_related("line")
    back = left = 0
    for each in own.order_by("pk"):
        earlier = Revision.objects.filter(line=each.line, version__lt=each.version)
        last = earlier.order_by("-version").first()
        try:
            if each.line.version != each.version:
                raise Conflict(each.line.version, "")
            save_line(
                each.line.edition_id,
                each.line.segment_id,
                account=account,
                text=formats.typed(last.text, last.settings) if last else "",
                based_on=each.version,
                reason=TAKEN_BACK,
                manages=manages,
            )
            back += 1
        except (Conflict, Refusal):
            left += 1
    return back, left
