"""A film that goes in comes out as a stream, or with a reason; and nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import imageio_ffmpeg
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation

from plainview.domains.catalogue import services as catalogue
from plainview.domains.catalogue.licensing import Availability, Why
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback import commands, services
from plainview.domains.playback.models import Ingest, Package
from plainview.domains.playback.services import ingesting
from plainview.domains.playback.tests.conftest import work_off
from plainview.domains.subtitles.services import importing
from plainview.platform.jobs import queue, worker
from plainview.platform.jobs.models import Job

pytestmark = [
    *(pytest.mark.django_db(transaction=True), pytest.mark.slow),
    pytest.mark.usefixtures("made_once"),
]


@pytest.fixture
def film(spoken: Path) -> Path:
    """A second of moving picture and sound with Korean subtitles inside."""
    return spoken


def files_below(name: str) -> list[Path]:
    return [path for path in (Path(settings.MEDIA_ROOT) / name).rglob("*") if path.is_file()]


def test_a_film_becomes_a_published_title_with_a_stream(film):
    row = services.begin_ingest(film, source_name=film.name, language="en")
    work_off()
    row.refresh_from_db()
    assert (row.state, row.progress, row.problem) == (Ingest.State.READY, 100, "")
    assert row.video.title.name.text == "A walk"
    package = row.video.package
    assert 950 <= package.duration_ms <= 1200
    assert (package.width, package.height) == (320, 180)
    assert film.exists(), "the film given on the command line stays where it was"
    assert files_below("incoming") == files_below("staging") == []
    answer = Client().get(package.stream_url, follow=True)
    assert answer.status_code == 200
    assert b"#EXT-X-STREAM-INF" in answer.getvalue()
    _serves_its_own_files_only(row)
    _comes_by_byte_range(row)


def _serves_its_own_files_only(row: Ingest) -> None:
    signed = services.addresses(Package.objects.get(key=row.key), Availability(Why.HERE))
    for name in ("../../secret-key", "package.json", "v180.mp4.part", ".hidden", "nothing.mp4"):
        for address in (f"/stream/{row.key}/{name}", signed.of(name)):
            assert Client().get(address, follow=True).status_code == 404, name


def _comes_by_byte_range(row: Ingest) -> None:
    """And its poster is kept for a year."""
    picture = next(row.target.glob("v*.mp4"))
    address = services.addresses(Package.objects.get(key=row.key), Availability(Why.HERE)).of(
        picture.name
    )
    answer = Client().get(address, headers={"Range": "bytes=0-99"})
    assert answer.status_code == 206
    assert answer.getvalue() == picture.read_bytes()[:100]
    assert "immutable" in answer["Cache-Control"]
    poster = Client().get(f"/stream/{row.key}/poster.jpg")
    assert "max-age=31536000" in poster["Cache-Control"]


def copied(film: Path, path: Path, *arguments: str) -> Path:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(film)]
    subprocess.run([*command, *arguments, str(path)], check=True)
    return path


FULL = "1\n00:00:00,200 --> 00:00:00,900\nGood evening\n\n2\n00:00:01,000 --> 00:00:01,500\nIn!\n"
HEARD = FULL.replace("In!", "[a door] In!") + "\n3\n00:00:01,600 --> 00:00:01,900\n[rain]\n"
SIGNS = "1\n00:00:00,500 --> 00:00:01,500\nPLATFORM 4\n"


def test_of_several_texts_in_one_language_the_fullest_is_kept_and_the_others_are_named(
    film, tmp_path
):
    """A disc has English, English for the deaf and English signs: none takes another's place."""
    texts = {"full": FULL, "signs": SIGNS, "heard": HEARD}
    inputs = []
    for name, text in texts.items():
        (tmp_path / f"{name}.srt").write_text(text)
        inputs += ["-i", str(tmp_path / f"{name}.srt")]
    maps = ["-map", "0:v", "-map", "1", "-map", "2", "-map", "3"]
    tongues = [f"-metadata:s:s:{number}" for number in range(3)]
    said = [word for each in tongues for word in (each, "language=eng")]
    kinds = ["-disposition:s:1", "forced", "-disposition:s:2", "hearing_impaired"]
    disc = copied(
        film, tmp_path / "disc.mkv", *inputs, *maps, "-c", "copy", *said, *kinds,
        tongues[1], "title=Signs",
    )  # fmt: skip
    row = services.begin_ingest(disc, source_name=disc.name)
    work_off()
    row.refresh_from_db()
    track = row.video.tracks.get()
    assert [cue.text for cue in track.cues.all()] == ["Good evening", "In!"]
    notes = [each.words for each in services.notes(row)]
    assert (
        sum(each.startswith("A film has one set of subtitles for each language") for each in notes)
        == 2
    )
    foreign, deaf = "only what is foreign in the film", "for people who are deaf or hard of hearing"
    assert any(f"Left out: Signs (English · {foreign})." in each for each in notes)
    assert any(f"Left out: English (English · {deaf})." in each for each in notes)


def test_what_a_file_calls_its_tracks_moves_no_terminal(film, tmp_path):
    """`plainview ingest` shows it to an operator: escape sequences would hide or forge lines."""
    (tmp_path / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHi\n")
    same = ["-i", str(tmp_path / "a.srt")] * 2
    hostile = "Si\x1b]0;forged\x07\x1b[2Jgns\nsecond \u202eenil"
    disc = copied(
        film, tmp_path / "disc.mkv", *same, "-map", "0:v", "-map", "1", "-map", "2", "-c", "copy",
        "-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=eng",
        "-metadata:s:s:1", f"title={hostile}",
    )  # fmt: skip
    row = services.begin_ingest(disc, source_name=disc.name)
    work_off()
    row.refresh_from_db()
    (note,) = [each.words for each in services.notes(row)]
    assert "Left out: Si ]0;forged [2Jgns second enil (English)." in note
    assert note.isprintable()


def test_chapters_of_a_film_whose_clock_starts_late_stand_where_its_pictures_do(film, tmp_path):
    (tmp_path / "chapters").write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=10000\nEND=11000\ntitle=Dusk\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=11000\nEND=12000\ntitle=Dawn\n"
    )
    later = copied(
        film, tmp_path / "later.mkv", "-i", str(tmp_path / "chapters"), "-map", "0:v",
        "-map_chapters", "1", "-c", "copy", "-output_ts_offset", "10",
    )  # fmt: skip
    row = services.begin_ingest(later, source_name=later.name)
    work_off()
    row.refresh_from_db()
    assert row.state == Ingest.State.READY
    assert list(row.video.chapters.values_list("start_ms", "title")) == [
        (0, "Dusk"),
        (1000, "Dawn"),
    ]
    other = tmp_path / "other.mkv"
    (tmp_path / "chapters").write_text((tmp_path / "chapters").read_text().replace("Dusk", "Night"))
    copied(
        film, other, "-i", str(tmp_path / "chapters"), "-map", "0:v",
        "-map_chapters", "1", "-c", "copy", "-output_ts_offset", "10",
    )  # fmt: skip
    services.begin_ingest(other, source_name=other.name, video=row.video)
    work_off()
    assert list(row.video.chapters.values_list("title", flat=True)) == ["Night", "Dawn"]


@pytest.mark.drawn
def test_subtitles_inside_and_beside_the_film_come_along_and_bad_ones_are_said(film):
    good = ("walk.es.srt", b"1\n00:00:00,100 --> 00:00:01,000\nHola\n")
    bad = ("walk.fr.srt", b"\x00\x01\x02\x03 no subtitles")
    row = services.begin_ingest(film, source_name=film.name, subtitles=[good, bad])
    work_off()
    row.refresh_from_db()
    assert row.state == Ingest.State.READY
    assert set(row.video.tracks.values_list("language", flat=True)) == {"ko", "es"}
    inside = row.video.tracks.get(language="ko")
    assert inside.label == "한국어"
    assert "안녕하세요" in Client().get(inside.url).content.decode()
    said = {each.words for each in services.notes(row)}
    assert "Subtitles left out: walk.fr.srt. This is not a text file." in said


@pytest.mark.drawn
def test_who_writes_waits_for_no_subtitles_that_are_read(film, monkeypatch):
    """SQLite has one writer: a film of thirty languages kept everybody waiting for minutes."""
    held, read = list[bool](), importing.read_confined

    def reading(*given, **named):
        held.append(connection.in_atomic_block)
        return read(*given, **named)

    monkeypatch.setattr(importing, "read_confined", reading)
    more = ("walk.es.srt", b"1\n00:00:00,100 --> 00:00:01,000\nHola\n")
    row = services.begin_ingest(film, source_name=film.name, subtitles=[more])
    work_off()
    row.refresh_from_db()
    assert set(row.video.tracks.values_list("language", flat=True)) == {"ko", "es"}
    assert held == [False, False]


@pytest.mark.drawn
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello, I am a letter\n" * 40, "not-media"),
        (b"#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
    ],
)
def test_what_is_no_film_gets_its_reason_and_leaves_nothing(tmp_path, content, code):
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    row = services.begin_ingest(path, source_name="film.mp4")
    work_off()
    row.refresh_from_db()
    assert (row.state, row.problem_code) == (Ingest.State.FAILED, code)
    assert row.problem
    assert row.remedy
    assert files_below("") == []
    assert not Title.objects.exists()
    assert Job.objects.get().state == Job.State.DONE, "a verdict is an answer, not a failed job"


def no_film(folder: Path) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(b"hello, I am a letter\n" * 40)
    return path


@pytest.mark.every_case
def test_an_episode_that_is_no_film_leaves_no_series_and_one_with_others_stays(tmp_path):
    path = no_film(tmp_path)
    first = services.begin_ingest(
        path, source_name="film.mp4", name="Low Water", place=services.Place("", 1, 1)
    )
    series = first.title
    second = services.begin_ingest(
        path, source_name="film.mp4", place=services.Place(series.slug, 1, 2)
    )
    assert [each.number for each in series.videos.all()] == [1, 2]
    worker.run_one()
    assert series.videos.get() == second.video, "another episode is on its way"
    worker.run_one()
    assert not Title.objects.exists()
    assert not Video.objects.exists()
    second.refresh_from_db()
    assert (second.state, second.place, second.title) == (
        Ingest.State.FAILED,
        [series.slug, 1, 2],
        None,
    )


@pytest.mark.drawn
def test_a_series_that_somebody_worked_on_outlives_an_episode_that_is_no_film(tmp_path):
    path = no_film(tmp_path)
    row = services.begin_ingest(
        path, source_name="film.mp4", name="Low Water", place=services.Place("", 1, 1)
    )
    catalogue.change_many([row.title.slug], {"year": 1999})
    work_off()
    assert Title.objects.get().year == 1999
    assert not Video.objects.exists()


@pytest.mark.drawn
def test_the_command_line_says_in_english_what_became_of_a_film(film, tmp_path):
    nothing = tmp_path / "nothing.mp4"
    nothing.write_bytes(b"")
    with translation.override("ar"):
        taken = CliRunner().invoke(commands.ingest, [str(film)])
        refused = CliRunner().invoke(commands.ingest, [str(nothing)])
    assert "Note: The loudness of the sound was changed from -" in taken.output
    assert taken.exit_code == 0
    assert "The file has no content.\nCheck that the copy" in refused.output
    assert refused.exit_code == 1


def test_a_machine_that_fails_every_time_ends_in_words_not_in_waiting(film, monkeypatch):
    def died(*_, **__):
        raise OSError(5, "input/output error")

    monkeypatch.setattr(ingesting.media, "package", died)
    row = services.begin_ingest(film, source_name=film.name)
    for _ in range(6):
        Job.objects.update(run_at=row.created_at)
        work_off()
    row.refresh_from_db()
    assert (row.state, row.problem_code) == (Ingest.State.FAILED, "machine")
    assert row.remedy
    assert files_below("") == []


def test_a_death_between_rename_and_publishing_is_mended_without_encoding_again(film, monkeypatch):
    row = services.begin_ingest(film, source_name=film.name)
    publish = ingesting._publish
    monkeypatch.setattr(ingesting, "_publish", lambda *_: (_ for _ in ()).throw(OSError("killed")))
    work_off()
    assert row.target.exists()
    monkeypatch.setattr(ingesting, "_publish", publish)
    monkeypatch.setattr(ingesting.media, "package", lambda *_, **__: pytest.fail("encoded again"))
    Job.objects.update(run_at=row.created_at)
    work_off()
    row.refresh_from_db()
    assert row.state == Ingest.State.READY
    assert Video.objects.count() == 1


def test_a_new_film_for_a_video_replaces_the_old_files(film):
    first = services.begin_ingest(film, source_name=film.name)
    work_off()
    first.refresh_from_db()
    old = first.video.package
    again = services.begin_ingest(film, source_name=film.name, video=first.video)
    work_off()
    assert Package.objects.get().key == again.key
    assert not old.folder.exists()
    assert Video.objects.count() == 1


def test_folders_that_no_row_knows_are_swept_when_they_are_old(film):
    orphan = Path(settings.MEDIA_ROOT) / "staging" / "orphan"
    fresh = Path(settings.MEDIA_ROOT) / "incoming" / "fresh"
    for folder in (orphan, fresh):
        folder.mkdir(parents=True)
    os.utime(orphan, (0, 0))
    row = services.begin_ingest(film, source_name=film.name)
    os.utime(row.incoming, (0, 0))
    assert services.sweep_orphans() == ["staging/orphan"]
    assert fresh.exists()
    assert row.incoming.exists()


def test_asking_costs_no_job_that_nobody_declared():
    with pytest.raises(queue.UnknownTask):
        queue.enqueue("playback.unknown", ingest_id=1)


def told(file: Path) -> str:
    said = CliRunner().invoke(commands.ingest, [str(file)])
    assert said.exit_code == 1
    assert list(Path(settings.MEDIA_ROOT, "incoming").glob("*")) == []
    return said.output


def test_what_has_no_end_or_leaves_no_room_is_not_copied(film, tmp_path, monkeypatch):
    """A full disk stops the whole service, which keeps its database on it."""
    os.mkfifo(tmp_path / "pipe.mp4")
    for endless in (tmp_path / "pipe.mp4", Path("/dev/zero")):
        assert "can't be read or kept: it is no regular file" in told(endless)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=film.stat().st_size))
    assert "can't be read or kept: No space left on device" in told(film)
