"""What happens in an edition, as everybody in its room hears it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings

from plainview.domains.accounts import queries as accounts
from plainview.domains.subtitles import formats, queries
from plainview.domains.subtitles.models import Edition, Line
from plainview.domains.subtitles.services import claiming, meeting
from plainview.platform.languages import own_name


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an edition's news are known: its last change, and what was told beside the lines."""

    changes: int = 0
    beside: Mapping[str, object] = field(default_factory=dict)


def token(edition: int, account: int) -> str:
    """By which a browser knows its own person in an edition; it says nothing elsewhere."""
    told = f"studio {edition} {account}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:12]


def since(
    editions: Sequence[Edition], marks: Mapping[int, Mark]
) -> Iterator[tuple[Edition, Mark, dict[str, object] | None]]:
    """What is new in each edition since its mark, and its next mark; None for nothing.

    Holds the changed lines, and what is otherwise now: who claims what, who is where (by the name
    they show to members, by a token of this edition), how far the film's other languages are.
    Asks as few questions for fifty rooms as for one.
    """
    for edition, beside in _beside(editions):
        mark = marks.get(edition.pk, Mark())
        now = Mark(edition.changes, beside)
        if now == mark:
            yield edition, now, None
            continue
        rows = _lines(edition, mark.changes) if edition.changes > mark.changes else []
        other = {name: told for name, told in beside.items() if mark.beside.get(name) != told}
        yield edition, now, {"rows": rows, "changes": edition.changes, **other}


def _lines(edition: Edition, known: int) -> list[dict[str, object]]:
    changed = Line.objects.filter(edition=edition, change__gt=known)
    lines = {pk: told for pk, *told in changed.values_list("pk", "segment", "version")}
    texts = {
        pk: formats.typed(text, put)
        for pk, text, put in queries.current(edition, lines)
        .order_by()
        .values_list("line", "text", "settings")
    }
    return [
        {"id": segment, "version": version, "text": texts.get(pk, "")}
        for pk, (segment, version) in lines.items()
    ]


def _beside(editions: Sequence[Edition]) -> Iterator[tuple[Edition, dict[str, object]]]:
    keys, videos = [each.pk for each in editions], {each.video_id for each in editions}
    claims, present = claiming.held(*keys), meeting.present(*keys)
    people = {each.account_id for each in claims} | {each.account_id for each in present}
    called = accounts.shown_names(people) if people else {}
    languages = Edition.objects.filter(video__in=videos).order_by("language")
    states = list(languages.values_list("video", "language", "state"))
    notes = queries.open_notes(*keys)
    times = queries.timings(*videos)
    for edition in editions:
        here = partial(_person, edition.pk, called)
        yield (
            edition,
            {
                "state": edition.state,
                "times": times.get(edition.video_id, 0),
                "claims": [
                    {"from": each.from_ms, "until": each.until_ms, **here(each.account_id)}
                    for each in claims
                    if each.edition_id == edition.pk
                ],
                "present": [
                    {"at": each.segment, **here(each.account_id)}
                    for each in present
                    if each.edition_id == edition.pk
                ],
                "notes": notes[edition.pk],
                "others": [
                    {"language": language, "label": own_name(language), "state": state}
                    for video, language, state in states
                    if video == edition.video_id and language != edition.language
                ],
            },
        )


def _person(edition: int, called: Mapping[int, str], account: int) -> dict[str, str]:
    return {"who": called.get(account, ""), "by": token(edition, account)}
