"""A film in a bucket: a worker killed on the way there, and nginx in front of it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bucket import FilmsBucket, films_bucket  # noqa: F401
from tests.journeys.conftest import Service, copy_of, free_port
from tests.journeys.test_delivery import get
from tests.journeys.test_kills import expire_leases, state_of, wait_for_cleaning
from tests.journeys.test_shared_cache import proxied

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def service(tmp_path, laid, films_bucket) -> Service:  # noqa: F811
    made = copy_of(laid, tmp_path)
    made.environment["PLAINVIEW_FILMS_URL"] = films_bucket.url
    made.environment["PLAINVIEW_JOB_WORKERS"] = "0"
    return made


def until_ready(service: Service, key: str) -> None:
    worker = service.worker()
    deadline = time.monotonic() + 60
    while state_of(service, key) != "ready":
        assert time.monotonic() < deadline, (service.data / "worker.log").read_text()[-3000:]
        time.sleep(0.2)
    wait_for_cleaning(service)
    worker.tell(signal.SIGKILL)
    worker.wait()


@contextmanager
def served(service: Service) -> Iterator[None]:
    service.start()
    try:
        yield
    finally:
        service.stop()


def video_of(service: Service) -> str:
    """The public key of the one film."""
    joined = "catalogue_video JOIN playback_package ON video_id = catalogue_video.id"
    return service.rows(f"SELECT catalogue_video.key FROM {joined}")[0][0]  # noqa: S608


def playing(url: str, video: str) -> str:
    """The signed address of the film's playlist."""
    status, told, _ = get(f"{url}/watch/{video}/playing/", **{"X-Where": "DE", "X-Place": "DE"})
    assert status == 200
    return json.loads(told)["playlist"]


def killed_on_the_way(service: Service, bucket: FilmsBucket, short: Path, piece: int) -> str:
    """Ingest a film by a worker that dies with a piece of it, then by one that lives; its key."""
    key = service.command("ingest", str(short), "--no-wait").stdout.split()[-1]
    sent: list[str] = []

    def kill_at(method: str, path: str) -> None:
        if method == "PUT" and len(sent) < piece:
            sent.append(path)
            if len(sent) == piece:
                os.kill(worker.pid, signal.SIGKILL)

    worker = service.worker()
    bucket.before = kill_at
    worker.wait(60)
    assert len(sent) == piece
    assert state_of(service, key) == "working"
    assert not service.rows("SELECT 1 FROM playback_package")
    assert f"packages/{key}/package.json" not in bucket.files()
    expire_leases(service)
    until_ready(service, key)
    assert service.command("storage", "check").stdout == "files and rows agree\n"
    for place in ("incoming", "staging", "packages"):
        assert list((service.data / "media" / place).glob("*")) == []
    return key


@pytest.mark.soak
@pytest.mark.drawn
@pytest.mark.parametrize("piece", [1, 11])
def test_a_worker_killed_on_the_way_to_the_bucket_leaves_nothing_that_counts(
    service,
    films_bucket,  # noqa: F811
    short,
    piece,
):
    killed_on_the_way(service, films_bucket, short, piece)


@pytest.mark.drawn
def test_a_film_whose_worker_died_on_the_way_is_played_through_nginx(
    service,
    films_bucket,  # noqa: F811
    short,
    tmp_path,
):
    """Which asks for each piece of it once, and of every reader the signature."""
    key = killed_on_the_way(service, films_bucket, short, piece=4)
    folder = tmp_path / "nginx"
    folder.mkdir()
    with served(service), proxied(service, folder) as proxy:
        _, _, headers = get(f"{proxy.url}/stream/{key}/poster.jpg")
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        playlist = proxy.url + playing(proxy.url, video_of(service))
        status, master, headers = get(playlist)
        assert (status, master[:7]) == (200, b"#EXTM3U")
        assert headers["Content-Type"] == "application/vnd.apple.mpegurl"
        assert headers["Cache-Control"] == "public, max-age=3600, s-maxage=60, immutable"
        picture = playlist.replace("master.m3u8", "v240.mp4")
        status, whole, _ = get(picture)
        assert (status, len(whole)) == (200, films_bucket.files()[f"packages/{key}/v240.mp4"])
        films_bucket.asked.clear()
        status, body, headers = get(picture, Range="bytes=1000-2999")
        assert (status, body) == (206, whole[1000:3000])
        assert headers["Content-Range"] == f"bytes 1000-2999/{len(whole)}"
        assert films_bucket.asked == [], "it was fetched for the reader before"
        assert "X-Cache" not in headers, "nobody learns whether somebody watched it before"
        films_bucket.go_away()
        assert get(picture)[:2] == (200, whole), "what was watched is watched on"
        until = picture.split("/stream/")[1].split("-", 1)[0]
        assert get(picture.replace(until, str(int(until) + 1)))[0] == 403
        unseen = get(playlist.replace("master", "v144"))
        assert unseen[0] == 503
        assert unseen[2]["Retry-After"] == "5"


@pytest.mark.skipif("'PLAINVIEW_DATABASE_URL' not in os.environ", reason="they share PostgreSQL")
def test_two_machines_with_folders_of_their_own_share_database_bucket_and_keys(
    service,
    films_bucket,  # noqa: F811
    short,
    tmp_path,
):
    keys = ("SECRET_KEY", "ENCRYPTION_KEYS", "LOG_KEYS", "STREAM_KEYS", "PUSH_KEY")
    for name in keys:
        service.environment[f"PLAINVIEW_{name}"] = name.lower() * 8
    service.environment["PLAINVIEW_LEDGER_DIR"] = str(tmp_path / "ledger")
    there = tmp_path / "there"
    there.mkdir()
    port = free_port()
    own = {"PLAINVIEW_DATA_DIR": str(there), "PLAINVIEW_PORT": str(port)}
    elsewhere = Service(f"http://localhost:{port}", there, {**service.environment, **own})
    key = service.command("ingest", str(short), "--no-wait").stdout.split()[-1]
    until_ready(service, key)
    with served(service), served(elsewhere):
        for one, other in ((service, elsewhere), (elsewhere, service)):
            playlist = playing(one.url, video_of(service))
            assert get(other.url + playlist)[0] == 200, "an address of one opens at the other"
        assert not list((there / "media").rglob("*.mp4"))
        assert elsewhere.command("storage", "check").stdout == "files and rows agree\n"
