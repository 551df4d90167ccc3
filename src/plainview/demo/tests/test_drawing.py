"""A film of the demonstration comes into the database as the service's own worker brings it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from plainview.demo import catalogue, loading, render
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback.models import Ingest
from plainview.platform.jobs import queue, worker
from plainview.platform.jobs.models import Job
from plainview.privacy.gate.duties import duty

pytestmark = [pytest.mark.django_db, pytest.mark.doors_only]


@pytest.fixture
def announced() -> Video:
    """The demonstration's first film, said to be under way and waiting for the worker."""
    declared = next(title for title in catalogue.load().titles if title.kind == "film")
    with duty("fixture"):
        title = Title.objects.create(
            slug=declared.slug, texts=declared.texts, original_language=declared.original_language
        )
        video = Video.objects.create(title=title, language=declared.videos[0].language)
        loading.announce(video)
        queue.enqueue(loading.TASK, video_id=video.pk)
    return video


def ingests(video: Video) -> list[tuple[str, bool]]:
    """The state of each, and whether a file stands behind it."""
    with duty("fixture"):
        rows = Ingest.objects.filter(video=video)
        return [(row.state, (row.incoming / "source").exists()) for row in rows]


def test_who_writes_waits_for_no_picture_of_the_demonstration(monkeypatch):
    """SQLite has one writer: the first start of a busy machine kept everybody waiting for seconds,
    while 28 drawings were compressed and given to the disk, and each title sought for itself."""
    outside, held = len(connection.savepoint_ids), list[tuple[str, int]]()

    def watched(module: Any, name: str) -> None:
        real = getattr(module, name)

        def doing(*given: Any, **named: Any) -> Any:
            held.append((name, len(connection.savepoint_ids) - outside))
            return real(*given, **named)

        monkeypatch.setattr(module, name, doing)

    for module, name in (
        (loading.services, "store_artwork"),
        (loading.subtitles, "read_file"),
        (loading.services, "reindex"),
    ):
        watched(module, name)
    with duty("fixture"):
        assert loading.load() == 15
        titles = Title.objects.all()
        assert len(held) > 2 * len(titles) and all(title.poster for title in titles)
        assert [each for each in held if each[1]] == [("reindex", 1)]
        assert all(title.search_terms for title in titles), "they are found"


def test_a_film_that_was_drawn_is_no_longer_announced_and_has_not_failed(announced, monkeypatch):
    def draw(slug: str, into: Path) -> Path:
        made = into / f"{slug}.mp4"
        made.write_bytes(b"a film")
        return made

    monkeypatch.setattr(render, "render", draw)
    assert ingests(announced) == [(Ingest.State.WAITING, False)]
    assert worker.run_one()
    assert ingests(announced) == [(Ingest.State.WAITING, True)]
    with duty("fixture"):
        assert Job.objects.get(task=loading.TASK).state == Job.State.DONE


def test_a_film_that_can_never_be_drawn_says_so(announced, monkeypatch):
    def fail(slug: str, into: Path) -> Path:
        raise render.RenderError(slug)

    monkeypatch.setattr(render, "render", fail)
    for _ in range(3):
        with duty("fixture"):
            Job.objects.update(run_at=timezone.now())
        assert worker.run_one()
    assert ingests(announced) == [(Ingest.State.FAILED, False)]
