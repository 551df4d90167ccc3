"""Films put into a folder become drafts, and files say how it went, whoever is killed when."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from plainview.domains.playback import services, tasks
from plainview.domains.playback.models import Ingest
from plainview.domains.playback.services import watching_folder
from plainview.domains.playback.tests.conftest import work_off
from plainview.platform.media.tests.making import film

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    place = tmp_path / "incoming films"
    place.mkdir()
    changed = msgspec.structs.replace(settings.ENV, watch_folder=str(place), loudness=0)
    monkeypatch.setattr(settings, "ENV", changed)
    monkeypatch.setattr(watching_folder, "QUIET_SECONDS", 0)
    return place


def there(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def test_a_film_with_its_words_and_subtitles_becomes_a_draft(folder):
    film(seconds=1)(folder / "a walk.mp4")
    (folder / "a walk.ko.srt").write_text("1\n00:00:00,200 --> 00:00:00,900\n안녕하세요\n")
    (folder / "a walk.json").write_text(json.dumps({"name": "A Walk Home", "language": "ko"}))
    (folder / "other.srt").write_text("of another film")
    (line,) = tasks.look()
    ingest = Ingest.objects.get()
    assert line == f"a walk.mp4 is taken as {ingest.key}"
    work_off()
    ingest.refresh_from_db()
    title = ingest.video.title
    assert (title.name.text, title.published_at) == ("A Walk Home", None)
    assert ingest.video.tracks.get().language == "ko"
    services.look()
    put = f"done/a walk-{ingest.key}/a walk"
    assert there(folder) == [f"{put}.json", f"{put}.ko.srt", f"{put}.mp4", "other.srt"]


def test_what_is_no_film_is_put_aside_with_its_reason(folder):
    (folder / "letter.mp4").write_text("Dear archive\n" * 50)
    (folder / "bad.mkv").write_bytes(b"x")
    (folder / "bad.json").write_text('{"nome": "X"}')
    (folder / "link.mp4").symlink_to("/etc/passwd")
    services.look()
    work_off()
    services.look()
    reasons = {p.parent.name.rpartition("-")[0]: p.read_text() for p in folder.rglob("reason.txt")}
    assert set(reasons) == {"letter", "bad", "link"}
    assert "not a film" in reasons["letter"]
    assert "bad.json" in reasons["bad"]
    assert "only files" in reasons["link"]
    assert not list((Path(settings.MEDIA_ROOT) / "incoming").glob("*"))


def test_what_is_still_written_or_hidden_is_left_alone(folder, monkeypatch):
    for name in ("copying.mp4.part", ".hidden.mp4", "sub.srt"):
        (folder / name).write_bytes(b"x")
    assert services.look() == []
    monkeypatch.setattr(watching_folder, "QUIET_SECONDS", 60)
    (folder / "fresh.mp4").write_bytes(b"x")
    os.utime(folder / "fresh.mp4", (0, 0))
    assert services.look() == [], "a copy that sets an old date is fresh all the same"


def test_killed_between_taking_and_asking_the_film_goes_back_and_is_taken_again(
    folder, monkeypatch
):
    film(seconds=1)(folder / "a walk.mp4")

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watching_folder, "begin_ingest", killed)
        with pytest.raises(KeyboardInterrupt):
            services.look()
    assert not (folder / "a walk.mp4").exists()
    assert len(services.look()) == 1
    assert Ingest.objects.count() == 1
    assert len(list((folder / "taken").iterdir())) == 1
