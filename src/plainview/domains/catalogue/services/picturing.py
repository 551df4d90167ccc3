"""Pictures of titles: kept as they came, then cut to sizes by a job; one that must go is removed.

One that another replaces stays with its sizes, since the history may bring it back, until it is
taken away for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from plainview.domains.catalogue.document import (
    USES,
    document_of,
    mark_of_absence,
    picture_file,
    taken_away,
    use_of,
)
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.queries import naming
from plainview.domains.catalogue.services.editing import save
from plainview.domains.catalogue.services.filing import remove_artwork, store_artwork
from plainview.platform.jobs import queue
from plainview.platform.jobs.apart import apart
from plainview.platform.media.errors import UPDATING, MediaError
from plainview.platform.media.pictures import sizes
from plainview.platform.storage.whole import put_whole
from plainview.privacy.backups import returning

TASK, PICTURE = "catalogue.pictures", "picture"


def put_picture(
    title: Title,
    use: str,
    data: bytes,
    suffix: str,
    *,
    focus: tuple[int, int] = (50, 50),
    language: str = "",
) -> None:
    """Give a title its poster or backdrop; `focus` is what matters in it, in per cent.

    One with words in it is of their `language`, and shown to those who read that. What was taken
    away for good is there again if somebody puts it on anew. Raises
    ValueError for a kind of file that is not a picture of the web, KeyError for no such use.
    """
    if use not in USES:
        raise KeyError(use)
    key = f"{use}:{language}" if language else use
    name = store_artwork(data, suffix)
    if taken_away(name) is not None:
        mark_of_absence(name).unlink()
        returning.taken_out_no_more(f"{PICTURE}:{name}")
    with transaction.atomic():
        row = Title.objects.select_for_update().get(pk=title.pk)
        row.pictures = _replaced(row.pictures, key, {"source": name, "focus": list(focus)})
        row.save(update_fields=["pictures"])
        document = document_of(row)
        if language:
            of = document.artwork.get(language, {}) | {use: name}
            document.artwork = document.artwork | {language: of}
        else:
            setattr(document, use, name)
        save(document, title=row)
        if suffix != ".svg":
            queue.enqueue(TASK, title_id=row.pk)


def make_sizes(title_id: int) -> None:
    """The job: cut what has no sizes yet. A file that is no picture stays as it came.

    Raises an ExceptionGroup of what could not be cut, which the queue tries again, and
    queue.NotNow where the code was replaced below the worker.
    """
    title = Title.objects.filter(pk=title_id).first()
    with apart() as tried:
        for key, told in (title.pictures if title else {}).items():
            if "colour" not in told:
                tried(_make_sizes, title_id, key, told)


def _make_sizes(title_id: int, key: str, told: dict[str, Any]) -> None:
    ratio, widths = USES[use_of(key)]
    path = picture_file(told["source"])
    x, y = told["focus"]
    try:
        made = sizes(path, ratio=ratio, widths=widths, focus=(x / 100, y / 100))
    except MediaError as problem:
        if problem.code == UPDATING:
            raise queue.NotNow(queue.REPLACED) from None
        raise
    names: dict[str, list[list[object]]] = {}
    for (form, width), data in sorted(made.files.items()):
        names.setdefault(form, []).append([width, store_artwork(data, f".{form}")])
    with transaction.atomic():
        row = Title.objects.select_for_update().get(pk=title_id)
        if row.pictures.get(key) != told:  # another took its place meanwhile, or it was taken away
            _drop(str(name) for pairs in names.values() for _width, name in pairs)
            return
        row.pictures = row.pictures | {key: told | {"colour": made.colour} | names}
        if key == "poster" and not row.accent:
            row.accent = made.colour
        row.save(update_fields=["pictures", "accent"])


def _replaced(
    pictures: Mapping[str, Any], key: str, told: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """The pictures of a title with another in a place; the one before stays known beside it."""
    before = pictures.get(key)
    if before is None or (before["source"], before["focus"]) == (told["source"], told["focus"]):
        return {**pictures, key: told}
    former = f"{key}@{before['source']}@{'-'.join(map(str, before['focus']))}"
    return {**pictures, key: told, former: before}


def take_away(name: str) -> None:
    """Remove a picture for good: from every title that shows it, with its file and all its sizes.

    The history still names it, but can't bring it back. Whatever else is wrong with a title hinders
    nothing. Ended half-way, it is done whole by being asked for again. No backup brings it back.
    Raises OSError.
    """
    returning.taken_out(f"{PICTURE}:{name}")
    for title in naming(name):
        stands = document_of(title)
        document = msgspec.structs.replace(
            stands,
            **{use: "" for use in USES if getattr(stands, use) == name},
            artwork={
                tongue: {use: each for use, each in named.items() if each != name}
                for tongue, named in stands.artwork.items()
            },
        )
        save(document, title=title, fields=())
    mark = mark_of_absence(name)
    mark.parent.mkdir(parents=True, exist_ok=True)  # a restored copy may be from before any picture
    put_whole(mark, timezone.localdate().isoformat().encode(), mode=0o666)
    remove_artwork(name)
    with transaction.atomic():
        cut = []
        for row in naming(name).select_for_update():
            gone = {key for key, told in row.pictures.items() if told["source"] == name}
            for key in gone:
                cut += _files(row.pictures.pop(key))
            row.save(update_fields=["pictures"])
        _drop(cut)


def _files(told: Mapping[str, Any]) -> list[str]:
    """The names of what was cut of a picture."""
    known = ("source", "focus", "colour")
    return [name for form in told.keys() - known for _width, name in told[form]]


def _drop(names: Iterable[str]) -> None:
    """Remove what was cut of pictures, but for what is cut of another that looks the same."""
    for name in set(names):
        if not naming(name).exists():
            remove_artwork(name)
