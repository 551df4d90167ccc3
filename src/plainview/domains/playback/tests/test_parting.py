"""A long film is encoded in parts by any worker; a killed part is done again, nothing is left."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from django.conf import settings

from plainview.domains.playback import services
from plainview.domains.playback.models import Ingest, Part
from plainview.domains.playback.services import ingesting, parting
from plainview.platform import media
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job

pytestmark = [
    *(pytest.mark.django_db(transaction=True), pytest.mark.slow),
    pytest.mark.usefixtures("made_once"),
]


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("film") / "a long walk.mkv"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error"]
    command += ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=13"]
    command += ["-f", "lavfi", "-i", "sine=duration=13", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, "-c:a", "aac", str(path)], check=True)
    return path


@pytest.fixture(autouse=True)
def short_parts(monkeypatch):
    whole = media.stretches
    monkeypatch.setattr(
        ingesting.media, "stretches", lambda facts: whole(facts, from_seconds=4, part_seconds=4)
    )


def work_off(row: Ingest) -> None:
    for _ in range(60):
        Job.objects.filter(state="waiting").update(run_at=row.created_at)
        Job.objects.filter(state="running").update(lease_until=row.created_at)
        if not worker.run_one():
            break
    row.refresh_from_db()


def left() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return [p for place in ("incoming", "staging") for p in (root / place).rglob("*")]


def frames(row: Ingest) -> int:
    with av.open(str(row.target / "v90.mp4")) as made:
        return sum(1 for _ in made.decode(video=0))


def test_whatever_part_dies_at_whatever_step_the_film_comes_out_whole(film, monkeypatch):
    """Each step of each part fails once: before, in the middle, and after its files are there."""
    steps = itertools.count()
    died: set[str] = set()
    encode, end = parting._encode, parting._end

    def dying(part, *rest):
        if f"before {part.number}" not in died:
            died.add(f"before {part.number}")
            raise OSError("killed")
        encode(part, *rest)
        if f"after {part.number}" not in died:
            died.add(f"after {part.number}")
            raise OSError("killed")

    def forgetting(part):
        if next(steps) % 2:
            raise OSError("killed between the rename and the row")
        end(part)

    row = services.begin_ingest(film, source_name=film.name)
    assert worker.run_one()
    parts = list(Part.objects.values_list("number", "first_frame", "end_frame"))
    assert parts == [(0, None, None), (1, 0, 40), (2, 40, 80), (3, 80, None)]
    monkeypatch.setattr(parting, "_encode", dying)
    monkeypatch.setattr(parting, "_end", forgetting)
    work_off(row)
    assert len(died) == 8
    assert (row.state, row.problem) == (Ingest.State.READY, "")
    assert row.video.package.duration_ms == pytest.approx(13_000, abs=100)
    assert frames(row) == 13 * 10
    assert left() == []
    assert not Part.objects.exists()


def test_parts_that_do_not_fit_let_the_film_be_encoded_in_one_run(film, monkeypatch):
    def misfit(*_, **__):
        raise media.CantJoin("other frames")

    monkeypatch.setattr(ingesting.parting.media, "join", misfit)
    row = services.begin_ingest(film, source_name=film.name)
    work_off(row)
    assert (row.state, row.whole) == (Ingest.State.READY, True)
    assert frames(row) == 13 * 10
    assert left() == []


def test_a_part_that_never_succeeds_ends_the_ingest_with_words(film, monkeypatch):
    def full(*_, **__):
        raise media.MediaError("disk-full", "no room")

    monkeypatch.setattr(parting, "_encode", full)
    row = services.begin_ingest(film, source_name=film.name)
    work_off(row)
    assert (row.state, row.problem_code) == (Ingest.State.FAILED, "disk-full")
    assert row.remedy
    assert left() == []
    assert not Part.objects.exists()
    assert not Job.objects.filter(state__in=["waiting", "running"]).exists()
