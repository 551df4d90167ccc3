"""Films put into a folder become drafts, and files say how it went, whoever is killed when."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from django.conf import settings

from plainview.domains.playback import services, tasks
from plainview.domains.playback.commands import folder as folder_command
from plainview.domains.playback.models import Ingest
from plainview.domains.playback.services import watching_folder
from plainview.domains.playback.tests.conftest import work_off
from plainview.platform.media.tests.making import film

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def walk(tmp_path_factory) -> Path:
    """A second of picture and sound, of which the tests put copies into the folder."""
    path = tmp_path_factory.mktemp("film") / "a walk.mp4"
    film(seconds=1)(path)
    return path


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


@pytest.mark.usefixtures("made_once")
def test_a_film_with_its_words_and_subtitles_becomes_a_draft(folder, walk):
    shutil.copy(walk, folder / "a walk.mp4")
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


def test_whatever_a_film_is_called_it_comes_in_and_keeps_no_other_waiting(folder):
    """Names in no UTF-8, as long as names can be, of several lines, and that turn letters round."""
    film(video="testsrc2=size=64x36:rate=10", audio=None, seconds=0.5)(folder / "z.mp4")
    short = (folder / "z.mp4").read_bytes()
    names = [b"\xb0\xa1.mp4", ("🎬" * 62 + ".mp4").encode(), b"one\nor\ttwo.mp4"]
    for name in (*names, "\u202e\u2067عربي\u2069.mp4".encode()):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(short)
    said = services.look()
    work_off()
    said += services.look()
    titles = {row.video.title.name.text for row in Ingest.objects.all() if row.video}
    assert titles == {"��", "🎬" * 62, "One or two", "عربي", "Z"}
    assert len(said) == 10
    assert "".join(said).isprintable()
    assert not list((folder / "taken").iterdir())


def test_subtitles_go_with_the_film_whose_name_they_bear_most_of(folder, walk):
    for name in ("dune", "dune.part two"):
        shutil.copy(walk, folder / f"{name}.mp4")
        (folder / f"{name}.en.srt").write_text("1\n00:00:00,200 --> 00:00:00,900\nSand\n")
    services.look()
    together = {tuple(sorted(p.name for p in place.iterdir())) for place in folder.glob("taken/*")}
    assert together == {
        ("dune.en.srt", "dune.mp4"),
        ("dune.part two.en.srt", "dune.part two.mp4"),
    }


@pytest.mark.usefixtures("made_once")
def test_what_of_a_film_was_left_out_is_said_beside_it(folder, walk):
    shutil.copy(walk, folder / "a walk.mp4")
    (folder / "a walk.ko.srt").write_text("hello")
    services.look()
    work_off()
    services.look()
    (said,) = folder.rglob("notes.txt")
    assert said.parent.parent.name == "done"
    assert said.read_text().startswith("Subtitles left out: a walk.ko.srt.")


@pytest.mark.usefixtures("made_once")
def test_subtitles_that_are_read_or_refused_by_name_come_with_their_film(folder, walk):
    shutil.copy(walk, folder / "a walk.mp4")
    moments = "<SYNC Start=100><P Class=KRCC>안녕<SYNC Start=900><P Class=KRCC>&nbsp;"
    (folder / "a walk.smi").write_text(f"<SAMI>{moments}</SAMI>", encoding="cp949")
    (folder / "a walk.idx").write_text("# VobSub index file, v7\n")
    (folder / "a walk.sub").write_bytes(b"\x00\x00\x01\xba" + bytes(99))
    (folder / "a walk.sup").write_bytes(b"PG" + bytes(8) + b"\x16" + bytes(99))
    services.look()
    work_off()
    services.look()
    assert Ingest.objects.get().video.tracks.get().language == "ko"
    (said,) = folder.rglob("notes.txt")
    left = [line for line in said.read_text().splitlines() if "left out" in line]
    assert ["VobSub" in each or "PGS" in each for each in left] == [True] * 3


def test_a_reason_is_never_written_through_a_link(folder, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("as it was")
    (folder / "reason.txt").symlink_to(precious)
    services.look()
    assert precious.read_text() == "as it was"
    (said,) = folder.rglob("failed/*/* reason.txt")
    assert "only files" in said.read_text()


def test_a_film_of_a_clock_that_is_ahead_is_taken_too(folder, walk):
    shutil.copy(walk, folder / "tomorrow.mp4")
    os.utime(folder / "tomorrow.mp4", (4e9, 4e9))
    assert len(services.look()) == 1


def test_a_film_that_cant_be_moved_keeps_no_other_waiting(folder, monkeypatch, walk):
    for name in ("a.mp4", "b.mp4"):
        shutil.copy(walk, folder / name)
    rename = Path.rename

    def held(path, target):
        if path == folder / "a.mp4":
            raise PermissionError(1, "Operation not permitted")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", held)
    first, second = services.look()
    assert first == "a.mp4 can't be moved: Operation not permitted"
    assert second.startswith("b.mp4 is taken as ")
    assert (folder / "a.mp4").exists()


def test_what_is_left_alone_is_said_with_the_reason(folder):
    (folder / "Season 1").mkdir()
    for name in ("copying.mp4.part", "sub.srt", "Season 1/first.mp4"):
        (folder / name).write_bytes(b"x")
    said = CliRunner().invoke(folder_command).output.splitlines()
    assert said == [
        "Season 1: a folder is not looked into; put its films beside it",
        "copying.mp4.part: has the name of something unfinished",
        "sub.srt: waits for a film of its name",
    ]


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
    folder, monkeypatch, walk
):
    shutil.copy(walk, folder / "a walk.mp4")

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


def test_what_goes_back_replaces_nothing(folder, monkeypatch):
    """Killed half-way, while another film of the same name came."""
    (folder / "taken" / "k7m2x9q4rd3w").mkdir(parents=True)
    (folder / "taken" / "k7m2x9q4rd3w" / "a walk.mp4").write_text("the first")
    (folder / "a walk.mp4").write_text("the second")
    monkeypatch.setattr(watching_folder, "QUIET_SECONDS", 60)
    services.look()
    assert {path.read_text() for path in folder.glob("*.mp4")} == {"the first", "the second"}
