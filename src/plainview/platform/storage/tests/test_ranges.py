"""Files go out with byte ranges (RFC 9110 section 14); every slice is the file's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from plainview.platform.storage import ranges

CONTENT = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("files") / "film.mp4"
    path.write_bytes(CONTENT)
    return path


def get(path: Path, method: str = "get", **headers: str):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return ranges.send(request, path, content_type="video/mp4", cache_control="public")


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_without_a_range_the_whole_file_is_sent(path):
    response = get(path)
    assert response.status_code == 200
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(len(CONTENT))
    assert body(response) == CONTENT


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=1000-", 1000, 1023),
        ("bytes=-4", 1020, 1023),
        ("bytes=-9999", 0, 1023),
        ("bytes=1000-9999", 1000, 1023),
        ("Bytes = 5 - 6", 5, 6),
    ],
)
def test_one_range_is_answered_with_just_that(path, asked, first, last):
    response = get(path, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9999-10000", "bytes=-0"])
def test_a_range_beyond_the_end_is_416_with_the_size(path, asked):
    response = get(path, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize(
    "asked", ["bytes=5-4", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=0-1,5-6"]
)
def test_what_is_not_one_range_is_answered_with_the_whole_file(path, asked):
    assert get(path, Range=asked).status_code == 200


def test_an_unchanged_file_is_not_sent_again(path):
    first = get(path)
    assert get(path, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert get(path, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert get(path, **{"If-None-Match": '"other"'}).status_code == 200
    # By a proxy that compressed it, or beside marks of other versions (RFC 9110, 13.1.2).
    assert get(path, **{"If-None-Match": f'"a", W/{first["ETag"]}'}).status_code == 304


def test_a_range_of_an_older_version_is_answered_with_the_new_whole(path):
    tag = get(path)["ETag"]
    assert get(path, Range="bytes=0-1", **{"If-Range": tag}).status_code == 206
    assert get(path, Range="bytes=0-1", **{"If-Range": '"old"'}).status_code == 200


def test_a_long_range_is_answered_with_its_first_part(path, monkeypatch):
    monkeypatch.setattr(ranges, "LARGEST_SLICE", 100)
    response = get(path, Range="bytes=50-")
    assert response["Content-Range"] == "bytes 50-149/1024"
    assert body(response) == CONTENT[50:150]


@pytest.mark.django_db  # closing a response looks at the connections
def test_whole_large_files_go_to_two_readers_at_a_time(path, monkeypatch):
    monkeypatch.setattr(ranges, "LARGEST_SLICE", 100)
    readers = [get(path), get(path)]
    refused = get(path)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert body(readers[0]) == CONTENT
    for reader in readers:
        reader.close()
    again = get(path)
    assert again.status_code == 200
    again.close()


def test_head_tells_the_size_and_ignores_ranges(path):
    response = get(path, "head", Range="bytes=0-1")
    assert response.status_code == 200
    assert response["Content-Length"] == "1024"


@given(
    header=st.one_of(st.text(max_size=30), st.from_regex(r"bytes=\d{0,6}-\d{0,6}", fullmatch=True))
)
def test_no_range_header_breaks_it_and_every_slice_is_the_files_own(path, header):
    try:
        request = RequestFactory().get("/", headers={"Range": header})
    except ValueError:
        return
    response = ranges.send(request, path, content_type="video/mp4", cache_control="public")
    assert response.status_code in (200, 206, 416)
    if response.status_code == 206:
        first, last = map(int, response["Content-Range"].split()[1].split("/")[0].split("-"))
        assert body(response) == CONTENT[first : last + 1]
    body(response)
