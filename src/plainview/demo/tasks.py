"""The background work of the demonstration: draw a film, then hand it over to be ingested."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings

from plainview.demo import loading
from plainview.domains.catalogue.models import Video
from plainview.domains.playback import queries, services
from plainview.privacy.gate.scope import entering
from plainview.privacy.tasks import task


@task(
    loading.TASK,
    serves="playback",
    may=["contribute"],
    source="derived",
    everyone="draws a film of the demonstration",
    given_up=loading.give_up,
    slow=True,
)
def film(video_id: int) -> None:
    """Draw the film of a video of the demonstration and ask for its ingest."""
    video = Video.objects.select_related("title", "season").filter(pk=video_id).first()
    if video is None:
        return
    said = {each.pk for each in loading.announced(video)}
    if not queries.under_way(video, but=said):
        _make(video)
    with entering("contribute"):  # what was announced would take with it who put it on
        loading.announced(video).delete()
    loading.go_on_after(video_id)


def _make(video: Video) -> None:
    from plainview.demo import render  # noqa: PLC0415 - NumPy, for who draws

    declared = loading.declared_as(video)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = render.render(declared.film, Path(folder))
        services.begin_ingest(
            path,
            source_name=path.name,
            name=video.name.text,
            language=video.language,
            video=video,
            keep_source=False,
        )
