"""Pictures of titles: kept as they came, then cut to sizes by a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from plainview.domains.catalogue.document import USES, document_of
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services.editing import save
from plainview.domains.catalogue.services.filing import store_artwork
from plainview.platform.jobs import queue
from plainview.platform.jobs.apart import apart
from plainview.platform.media.pictures import sizes

TASK = "catalogue.pictures"


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

    One with words in it is of their `language`, and shown to those who read that. Raises
    ValueError for a kind of file that is not a picture of the web, KeyError for no such use.
    """
    if use not in USES:
        raise KeyError(use)
    key = f"{use}:{language}" if language else use
    name = store_artwork(data, suffix)
    with transaction.atomic():
        row = Title.objects.select_for_update().get(pk=title.pk)
        row.pictures = row.pictures | {key: {"source": name, "focus": list(focus)}}
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

    Raises an ExceptionGroup of what could not be cut, which the queue tries again.
    """
    title = Title.objects.filter(pk=title_id).first()
    with apart() as tried:
        for key, told in (title.pictures if title else {}).items():
            if "colour" not in told:
                tried(_make_sizes, title_id, key, told)


def _make_sizes(title_id: int, key: str, told: dict[str, Any]) -> None:
    ratio, widths = USES[key.partition(":")[0]]
    path = Path(settings.MEDIA_ROOT) / "artwork" / told["source"]
    x, y = told["focus"]
    made = sizes(path, ratio=ratio, widths=widths, focus=(x / 100, y / 100))
    names: dict[str, list[list[object]]] = {}
    for (form, width), data in sorted(made.files.items()):
        names.setdefault(form, []).append([width, store_artwork(data, f".{form}")])
    with transaction.atomic():
        row = Title.objects.select_for_update().get(pk=title_id)
        if row.pictures.get(key) != told:
            return  # another picture took its place meanwhile
        row.pictures = row.pictures | {key: told | {"colour": made.colour} | names}
        if key == "poster" and not row.accent:
            row.accent = made.colour
        row.save(update_fields=["pictures", "accent"])
