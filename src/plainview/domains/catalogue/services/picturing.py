"""Pictures of titles: kept as they came, then cut to sizes by a job."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from plainview.domains.catalogue.document import document_of
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services.editing import save
from plainview.domains.catalogue.services.filing import store_artwork
from plainview.platform.jobs import queue
from plainview.platform.media.pictures import sizes

TASK = "catalogue.pictures"
USES = {
    "poster": ((2, 3), (200, 400, 800)),
    "backdrop": ((16, 9), (640, 1280, 1920)),
}
"""Ratio and widths in pixels of each use."""


def put_picture(
    title: Title, use: str, data: bytes, suffix: str, *, focus: tuple[int, int] = (50, 50)
) -> None:
    """Give a title its poster or backdrop; `focus` is what matters in it, in per cent.

    Raises ValueError for a kind of file that is not a picture of the web, KeyError for no such use.
    """
    if use not in USES:
        raise KeyError(use)
    name = store_artwork(data, suffix)
    with transaction.atomic():
        row = Title.objects.select_for_update().get(pk=title.pk)
        row.pictures = row.pictures | {use: {"source": name, "focus": list(focus)}}
        row.save(update_fields=["pictures"])
        document = document_of(row)
        setattr(document, use, name)
        save(document, title=row)
        if suffix != ".svg":
            queue.enqueue(TASK, title_id=row.pk)


def make_sizes(title_id: int) -> None:
    """The job: cut what has no sizes yet. A file that is no picture stays as it came.

    Raises MediaError, which the queue tries again.
    """
    title = Title.objects.filter(pk=title_id).first()
    for use, told in (title.pictures if title else {}).items():
        if "colour" in told:
            continue
        ratio, widths = USES[use]
        path = Path(settings.MEDIA_ROOT) / "artwork" / told["source"]
        x, y = told["focus"]
        made = sizes(path, ratio=ratio, widths=widths, focus=(x / 100, y / 100))
        names: dict[str, list[list[object]]] = {}
        for (form, width), data in sorted(made.files.items()):
            names.setdefault(form, []).append([width, store_artwork(data, f".{form}")])
        with transaction.atomic():
            row = Title.objects.select_for_update().get(pk=title_id)
            if row.pictures.get(use) != told:
                continue  # another picture took its place meanwhile
            row.pictures = row.pictures | {use: told | {"colour": made.colour} | names}
            if use == "poster" and not row.accent:
                row.accent = made.colour
            row.save(update_fields=["pictures", "accent"])
