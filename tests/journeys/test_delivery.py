"""nginx itself checks the signed addresses and sends the bytes; the service is not asked."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from tests.journeys.conftest import Service, free_port
from tests.journeys.test_shared_cache import proxied

from plainview.platform.storage.signing import Key, sign

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
CONTENT = bytes(range(256)) * 400
KEY = "abcdefghjkmn"
SIGN = """
from plainview.domains.playback.services import delivering as a
from plainview.platform.storage.signing import sign
print(*(sign({folder!r}, until, a.keys(), {now}) for until in {moments}))
"""


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Service, Path]]:
    """nginx alone before a film's folder: behind it nobody listens."""
    folder = tmp_path_factory.mktemp("delivery")
    data = folder / "data"
    package = data / "media" / "packages" / KEY
    package.mkdir(parents=True)
    for name in ("v180.mp4", "master.m3u8", "thumbnails.vtt", "poster.jpg", "package.json"):
        (package / name).write_bytes(CONTENT)
    (package.parent / "other0000000").mkdir()
    (package.parent / "other0000000" / "v180.mp4").write_bytes(b"another film")
    environment = {
        "PLAINVIEW_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "plainview.settings",
        "PATH": "/usr/bin:/bin",
    }
    nobody = Service(f"http://127.0.0.1:{free_port()}", data, environment)
    with proxied(nobody, folder) as proxy:
        yield proxy.url, nobody, folder
    nobody.stop()


@pytest.fixture(scope="module")
def tokens(delivered: tuple[str, Service, Path]) -> list[str]:
    """One that holds and one that is over, by the service's own code."""
    now = int(time.time())
    script = SIGN.format(folder=KEY, now=now, moments=(now + 600, now - 1))
    made = delivered[1].command("manage", "shell", "-v0", "--command", script)
    return made.stdout.split()


def get(url: str, **headers: str) -> tuple[int, bytes, Message]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read(), refused.headers


def test_a_right_address_is_answered_with_bytes_and_ranges(delivered, tokens):
    url, *_ = delivered
    place = f"{url}/stream/{tokens[0]}/{KEY}"
    status, body, headers = get(f"{place}/v180.mp4")
    assert (status, body) == (200, CONTENT)
    assert headers["Cache-Control"] == "public, max-age=3600, s-maxage=60, immutable"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, body, headers = get(f"{place}/v180.mp4", Range="bytes=100-299")
    assert (status, body) == (206, CONTENT[100:300])
    assert headers["Content-Range"] == f"bytes 100-299/{len(CONTENT)}"
    status, body, _ = get(f"{place}/v180.mp4", Range="bytes=-7")
    assert (status, body) == (206, CONTENT[-7:])
    assert get(f"{place}/v180.mp4", Range=f"bytes={len(CONTENT)}-")[0] == 416
    etag = headers["ETag"]
    assert get(f"{place}/v180.mp4", **{"If-None-Match": etag})[0] == 304
    kinds = {"master.m3u8": "application/vnd.apple.mpegurl", "v180.mp4": "video/mp4",
             "thumbnails.vtt": "text/vtt; charset=utf-8"}  # fmt: skip
    for name, kind in kinds.items():
        sent = get(f"{place}/{name}", Origin="https://elsewhere.example")[2]
        assert sent["Content-Type"] == kind
        assert sent["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in sent, "a page of others shows the frame"


def test_an_address_that_is_wrong_over_or_of_another_film_is_refused(delivered, tokens):
    url, *_ = delivered
    good, over = tokens
    until, key, sign = good.split("-", 2)
    wrong = [
        f"{over}/{KEY}/v180.mp4",
        f"{int(until) + 1}-{key}-{sign}/{KEY}/v180.mp4",
        f"{until}-00000000-{sign}/{KEY}/v180.mp4",
        f"{until}-{key}-{sign[::-1]}/{KEY}/v180.mp4",
        f"{good}/other0000000/v180.mp4",
    ]
    assert [get(f"{url}/stream/{each}")[0] for each in wrong] == [403] * len(wrong)


def test_files_for_us_alone_are_not_given_out_and_nobody_leaves_the_folder(delivered, tokens):
    url, *_ = delivered
    good = tokens[0]
    for name in ("package.json", "%2e%2e/other0000000/v180.mp4", "v180.mp4.part", ""):
        assert get(f"{url}/stream/{good}/{KEY}/{name}")[0] in (400, 403, 404, 503), name
    assert get(f"{url}/stream/{KEY}/v180.mp4")[0] == 503, "left to the service, which is not there"
    status, _, headers = get(f"{url}/stream/{KEY}/poster.jpg")
    assert status == 200
    assert "max-age=31536000" in headers["Cache-Control"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_nobody_writes_down_who_watched_what(delivered, tokens):
    url, _, folder = delivered
    good = tokens[0]
    get(f"{url}/stream/{good}/{KEY}/v180.mp4")
    written = [path for path in folder.rglob("*") if path.is_file() and "data" not in path.parts]
    assert not [path for path in written if good in path.read_text(errors="replace")]


def test_the_key_of_an_unset_name_opens_nothing(delivered):
    """An unknown key is "" in nginx's map: a signature made with "" must not do."""
    url, *_ = delivered
    until = int(time.time()) + 600
    made = sign(KEY, until, [Key("ffffffff", "")], time.time())
    assert get(f"{url}/stream/{made}/{KEY}/v180.mp4")[0] == 403


def test_the_test_finds_a_configuration_without_that_wall(delivered, tmp_path):
    _, service, _ = delivered
    wall = 'if ($stream_key = "") { return 403; }'
    forged = sign(KEY, int(time.time()) + 600, [Key("ffffffff", "")], time.time())
    with proxied(service, tmp_path, lambda text: text.replace(wall, "")) as proxy:
        assert get(f"{proxy.url}/stream/{forged}/{KEY}/v180.mp4")[0] == 200
