"""Files and rows agree, or it is said; what no row knows goes, and nothing else (`storage`)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.utils import timezone
from tests.killing import dies, kill

from plainview.demo.loading import announce
from plainview.domains.catalogue.services.filing import store_artwork
from plainview.domains.playback import commands, services, tasks
from plainview.domains.playback.models import Arrival, Ingest
from plainview.platform.jobs import queue
from plainview.privacy import schema
from plainview.web.tests.conftest import a_title, a_video

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(media_root, monkeypatch) -> Path:
    """A media folder in which each place holds something known and something unknown.

    The database is as old as all of it.
    """
    monkeypatch.setattr(schema, "began", lambda: dt.datetime.fromtimestamp(0, dt.UTC))
    ingest = Ingest.objects.create(source_name="a.mov", name="A")
    arrival = Arrival.objects.create(source_name="b.mov", size=9, expires_at=timezone.now())
    known = {"incoming": ingest.key, "staging": ingest.key, "packages": ingest.key}
    for place, key in known.items():
        for name in (key, "unknown", "fresh"):
            (media_root / place / name).mkdir(parents=True)
            (media_root / place / name / "source").write_bytes(b"film")
    (media_root / "arriving").mkdir()
    for name in (arrival.key, "unknown", "fresh"):
        (media_root / "arriving" / name).write_bytes(b"film")
    for path in media_root.rglob("unknown*"):
        for each in (*path.rglob("*"), path):
            os.utime(each, (0, 0))
    return media_root


def run(command) -> tuple[int, str]:
    result = CliRunner().invoke(command)
    return result.exit_code, result.output


def test_what_no_row_knows_is_said_and_goes_when_it_is_old(root):
    code, said = run(commands.check)
    assert code == 1
    for place in ("incoming", "staging", "packages", "arriving"):
        assert f"{place}/unknown: no row knows it, 4 bytes" in said
        assert f"{place}/fresh: no row knows it" in said
    _, swept = run(commands.sweep_storage)
    assert swept.count("removed") == 4
    assert run(commands.sweep_storage) == (0, "there is nothing to remove\n")
    names = {path.name for place in root.iterdir() for path in place.iterdir()}
    assert "unknown" not in names
    assert "fresh" in names
    assert len(names) == 3


def test_films_that_another_database_knows_stay_under_one_that_began_later(media_root, caplog):
    """Whoever named another database lost every film of the folder in the first minute."""
    film = media_root / "packages" / "theirs" / "v180.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"film")
    for each in (film, film.parent):
        os.utime(each, (0, 0))
    assert run(commands.sweep_storage) == (0, "there is nothing to remove\n")
    assert film.exists()
    assert "packages/theirs is from before this database began, and stays" in caplog.text


def test_what_came_of_a_form_goes_where_its_process_was_killed(media_root, settings, tmp_path):
    """It stayed for ever: half a film, a paper, a copy of all that another service holds."""
    uploads = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "tmp2.upload.zip").write_bytes(b"on its way")
    left = uploads / "tmp1.upload.ines"
    left.write_bytes(b"a passport")
    os.utime(left, (0, 0))
    assert services.sweep_orphans() == ["uploads/tmp1"]
    assert [each.name for each in uploads.iterdir()] == ["tmp2.upload.zip"]


@pytest.mark.django_db(transaction=True)
def test_a_picture_whose_writer_was_killed_leaves_nothing(media_root, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", kill)
        dies(lambda: store_artwork(b"a poster", ".jpg"))
    (left,) = (media_root / "artwork").iterdir()
    assert services.sweep_orphans() == [], "it may be on its way"
    os.utime(left, (0, 0))
    whole = store_artwork(b"a poster", ".jpg")
    services.sweep_orphans()
    assert [each.name for each in (media_root / "artwork").iterdir()] == [whole]


def test_an_old_folder_in_which_something_is_written_is_left_alone(root):
    busy = root / "staging" / "unknown"
    (busy / "v180.mp4").write_bytes(b"being written")
    os.utime(busy, (0, 0))
    assert busy not in tasks.sweep()


def test_what_a_row_knows_and_is_gone_is_said(media_root):
    video = a_video(a_title("harbour-lights"))
    ingest = Ingest.objects.create(source_name="a.mov", name="A")
    queue.enqueue("playback.ingest", ingest_id=ingest.pk)
    code, said = run(commands.check)
    assert code == 1
    assert f"packages/{video.key}/package.json: gone" in said
    assert f"incoming/{ingest.key}/source: gone" in said
    assert "backup" in said


def test_a_film_of_the_demonstration_that_is_still_to_be_drawn_is_not_gone(media_root):
    video = a_video(a_title("harbour-lights"), ready=False)
    announce(video)
    assert run(commands.check) == (0, "files and rows agree\n")


def test_where_both_agree_that_is_said(media_root):
    assert run(commands.check) == (0, "files and rows agree\n")
    assert services.sweep_orphans() == []
    assert not list(Path(settings.MEDIA_ROOT).rglob("*"))
