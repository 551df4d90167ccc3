"""Films in a bucket: there before they are known, sent by our door, never lost (P2.1.4a)."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.bucket import FilmsBucket, films_bucket  # noqa: F401
from tests.certificates import certify

from plainview.domains.accounts.models import User
from plainview.domains.playback import commands, services
from plainview.domains.playback.models import Ingest, Package
from plainview.domains.playback.tests.conftest import work_off
from plainview.platform.jobs.models import Job
from plainview.platform.media.tests import making
from plainview.platform.storage import bucket as buckets
from plainview.web.doctor import doctor

pytestmark = [
    *(pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.drawn),
    pytest.mark.usefixtures("made_once"),
]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of moving picture, silent and without words: what becomes of its files is asked."""
    path = tmp_path_factory.mktemp("film") / "a walk.mkv"
    making.film(audio=None, seconds=1, format="matroska")(path)
    return path


@pytest.fixture
def place(films_bucket, monkeypatch) -> FilmsBucket:  # noqa: F811
    monkeypatch.setattr(settings, "FILMS_URL", films_bucket.url)
    monkeypatch.setattr(buckets, "RESTS_SECONDS", 0)
    return films_bucket


def queued(path: Path) -> Ingest:
    done = CliRunner().invoke(commands.ingest, [str(path), "--language", "en", "--no-wait"])
    return Ingest.objects.get(key=done.output.split()[-1])


def taken_in(path: Path) -> Ingest:
    row = queued(path)
    work_off()
    row.refresh_from_db()
    return row


def on_this_machine() -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def playlist_of(package: Package) -> str:
    """The signed address of a film's playlist, as its page gives it."""
    return Client().get(f"/watch/{package.video.key}/playing/").json()["playlist"]


def said(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands.storage, list(words))
    return done.exit_code, done.output


def an_old_film(path: Path, monkeypatch) -> Ingest:
    """A film that was taken in before there was a bucket."""
    with monkeypatch.context() as before:
        before.setattr(settings, "FILMS_URL", "")
        return taken_in(path)


def test_a_film_is_put_into_the_bucket_and_played_from_there_by_our_door(place, film):
    row = taken_in(film)
    package = row.video.package
    assert row.state == Ingest.State.READY
    assert on_this_machine() == [], "nothing is left on the machine that made it"
    there = {path.removeprefix(f"packages/{row.key}/"): n for path, n in place.files().items()}
    assert {"master.m3u8", "package.json", "poster.jpg", "outline.json"} <= there.keys()
    assert said("check") == (0, "files and rows agree\n")

    playlist = playlist_of(package)
    assert b"#EXT-X-STREAM-INF" in Client().get(playlist).content
    picture = playlist.replace("master", "v180").replace("m3u8", "mp4")
    whole = Client().get(picture)
    assert (whole.status_code, len(whole.content)) == (200, there["v180.mp4"])
    place.asked.clear()
    part = Client().get(picture, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, whole.content[100:300])
    assert part["Content-Range"] == f"bytes 100-299/{there['v180.mp4']}"
    assert "immutable" in part["Cache-Control"]
    assert [(method, wanted) for method, _, wanted in place.asked] == [("GET", "bytes=100-299")]
    same = Client().get(picture, headers={"If-None-Match": part["ETag"]})
    assert same.status_code == 304
    assert Client().get(picture, headers={"Range": "bytes=999999999-"}).status_code == 416
    poster = Client().get(package.poster_url)
    assert poster.content.startswith(b"\xff\xd8")
    assert Client().get(picture.replace("v180", "v9000")).status_code == 404
    wrong = picture.replace("-", "-0", 1)
    assert Client().get(wrong).status_code in (403, 404), "a signature is asked of every reader"


def test_the_studio_hears_a_film_that_is_in_the_bucket(place, spoken):
    package = taken_in(spoken).video.package
    outline = services.outline_of(package)
    assert outline is not None
    assert outline.duration_ms == package.duration_ms
    wave = Client().get(playlist_of(package).replace("master.m3u8", "waveform.dat"))
    assert wave.status_code == 200
    assert not services.ask_for_outline(package)


def test_a_film_that_gets_a_new_file_leaves_nothing_of_the_old_one(place, film):
    row = taken_in(film)
    again = services.begin_ingest(film, source_name=film.name, video=row.video)
    work_off()
    keys = {path.split("/")[1] for path in place.files()}
    assert keys == {again.key}
    assert said("check")[0] == 0


def test_what_a_deleted_film_leaves_in_the_bucket_is_swept(place, film, monkeypatch):
    kept, gone = taken_in(film), taken_in(film)
    Client().get(gone.video.package.poster_url)
    gone.video.title.delete()
    assert said("check")[0] == 1
    assert services.sweep_orphans() == [], "what is fresh may be on its way"
    monkeypatch.setattr("plainview.domains.playback.services.storing.UNTOUCHED_SECONDS", -1)
    assert services.sweep_orphans() == [f"packages/{gone.key} in the bucket"]
    assert {path.split("/")[1] for path in place.files()} == {kept.key}
    assert Client().get(f"/stream/{gone.key}/poster.jpg").status_code == 404


def test_a_bucket_in_which_nothing_is_ours_is_left_alone(place, film, monkeypatch):
    taken_in(film)
    Package.objects.all().delete()
    monkeypatch.setattr("plainview.domains.playback.services.storing.UNTOUCHED_SECONDS", -1)
    before = place.files()
    assert services.sweep_orphans() == []
    assert place.files() == before


def test_two_services_never_sweep_each_others_films(place, film, monkeypatch):
    """A copy for trials, with the same rows and keys, and another address."""
    row, gone = taken_in(film), taken_in(film)
    gone.video.title.delete()
    before = place.files()
    monkeypatch.setattr("plainview.domains.playback.services.storing.UNTOUCHED_SECONDS", -1)
    with monkeypatch.context() as trial:
        trial.setattr(settings, "PUBLIC", urlsplit("https://trial.example.org"))
        assert services.sweep_orphans() == []
        services.shelving.remove(row.key)
        assert place.files() == before
        out = CliRunner().invoke(doctor).output
        assert "MEND  the bucket of films is kept for localhost" in out
        waiting = taken_in(film)
        assert (waiting.state, place.files()) == (Ingest.State.WORKING, before)
        assert said("take") == (0, "the bucket is this service’s, and no longer localhost’s\n")
        assert "a file was written, read and removed" in CliRunner().invoke(doctor).output
    assert services.sweep_orphans() == [], "it is the other's now"
    monkeypatch.setattr(settings, "SECRET_KEY", "x" * 50)
    assert said("take")[0] == 0
    assert services.sweep_orphans() == [f"packages/{gone.key} in the bucket"]


def test_films_from_before_are_played_where_they_are_and_moved_by_a_command(
    place,
    film,
    monkeypatch,
):
    row = an_old_film(film, monkeypatch)
    assert place.files() == {}
    content = Client().get(playlist_of(row.video.package)).content
    assert content.startswith(b"#EXTM3U")
    assert said("move") == (0, f"packages/{row.key}: moved\nevery film is in the bucket\n")
    assert on_this_machine() == []
    assert Client().get(playlist_of(row.video.package)).content == content
    assert said("check")[0] == 0
    assert said("move") == (0, "every film is in the bucket\n")


def test_a_move_that_breaks_off_loses_nothing_and_goes_on(place, film, monkeypatch):
    row = an_old_film(film, monkeypatch)
    before = on_this_machine()

    def away_at_the_third(method: str, path: str) -> None:
        if [each[0] for each in place.asked].count("PUT") == 4:  # the first says whose it is
            place.before = lambda method, path: None
            raise ConnectionAbortedError

    with monkeypatch.context() as short:
        short.setattr(buckets, "WRITING_RETRIES", 0)
        place.before = away_at_the_third
        services.shelving._opened.cache_clear()
        code, words = said("move")
    services.shelving._opened.cache_clear()
    assert (code, on_this_machine()) == (1, before)
    assert "can't be used" in words
    assert len(place.files()) == 2
    assert Client().get(playlist_of(row.video.package)).status_code == 200
    assert said("move")[0] == 0
    assert on_this_machine() == []
    assert len(place.files()) == len(before)


def test_a_folder_that_a_killed_worker_left_beside_the_bucket_is_let_go(place, film):
    row = taken_in(film)
    with services.shelving.at_hand(row.key, "package.json", "v180.mp4") as folder:
        shutil.copytree(folder, row.target)
    assert Client().get(playlist_of(row.video.package)).status_code == 200
    services.sweep_orphans()
    assert on_this_machine() == []


def test_while_the_bucket_is_away_a_film_waits_and_says_so_and_then_is_ready(place, film, at_desk):
    desk = at_desk(User.objects.create_user("desk@example.org", roles="administrator"))
    place.go_away()
    row = queued(film)
    work_off()
    row.refresh_from_db()
    job = Job.objects.get(task=services.TASK)
    assert (row.state, job.state, job.attempts) == (Ingest.State.WORKING, "waiting", 0)
    assert job.run_at > timezone.now()
    assert not Package.objects.exists()
    assert (row.incoming / "source").exists()
    page = desk.get(f"/desk/ingests/{row.key}/").content.decode()
    assert "the place where films are kept can’t be reached" in page
    place.come_back()
    Job.objects.update(run_at=timezone.now())
    work_off()
    row.refresh_from_db()
    assert (row.state, row.problem_code) == (Ingest.State.READY, "")
    assert on_this_machine() == []
    assert Client().get(playlist_of(row.video.package)).status_code == 200


def test_while_the_bucket_is_away_a_viewer_is_told_to_come_back(place, film, monkeypatch):
    package = taken_in(film).video.package
    playlist = playlist_of(package)
    assert Client().get(playlist).status_code == 200
    place.go_away()
    monkeypatch.setattr(buckets, "RESTS_SECONDS", 60)
    for _ in range(2):
        answer = Client().get(playlist)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert answer["Cache-Control"] == "no-store"
    place.come_back()
    assert Client().get(playlist).status_code == 503, "nobody asks again for a moment"
    monkeypatch.setattr(services.bucket(), "_away_until", 0.0)
    assert Client().get(playlist).status_code == 200


def test_a_bucket_with_a_certificate_of_ones_own_is_believed_by_its_authority(
    place, tmp_path, monkeypatch
):
    """Who is not named is not believed, however the file of certificates is wrong."""
    own, broken = certify("localhost", tmp_path), tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with place.encrypted(own) as url:
        for authorities in ("", f"&authorities={broken}", f"&authorities={tmp_path / 'none.pem'}"):
            monkeypatch.setattr(settings, "FILMS_URL", url + authorities)
            told = CliRunner().invoke(doctor).output
            assert "MEND  the bucket of films shows a certificate that nobody known here" in told
        monkeypatch.setattr(settings, "FILMS_URL", f"{url}&authorities={own}")
        told = CliRunner().invoke(doctor).output
        assert "the bucket of films: a file was written, read and removed" in told


def test_a_wrong_key_and_a_bucket_that_is_not_there_are_told_apart(place, film):
    def told() -> str:
        return CliRunner().invoke(doctor).output

    assert "the bucket of films: a file was written, read and removed" in told()
    assert place.files() == {}
    with place.shut():
        assert "MEND  the bucket of films refuses the key" in told()
        assert said("check") == (
            1,
            "Error: the bucket can't be used (refused): `plainview doctor` says what to do\n",
        )
    place.vanish()
    assert "MEND  the bucket of films is not there" in told()
    row = taken_in(film)
    assert row.state == Ingest.State.WORKING
    place.go_away()
    out = told()
    assert "MEND  the bucket of films does not answer" in out
    assert "secret" not in out.replace("second-factor secrets", "")
