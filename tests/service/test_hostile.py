"""What is sent to do harm is refused in words: too long, too slow, or nothing that one can read."""

from __future__ import annotations

import gc
import io
import os
import re
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, FakePayload, encode_multipart
from tests.rights.conftest import HERE, enter, ines, member  # noqa: F401
from tests.rights.test_forgeries import doors, rows

from plainview.platform.identifiers import number_in
from plainview.platform.storage.bodies import MOST, longest
from plainview.web import leaving
from plainview.web.charsets import charsets
from plainview.web.turns import AT_ONCE, POSTING, READERS, SENDING, Turns

DIGITS = "9" * 4400  # more than Python turns into a number
HOSTILE = ("%00", DIGITS, "%ff%fe", "<script>alert(1)</script>", "%e2%80%ae😀", "..%2f..%2fetc")
NAMES = ("page", "q", "t", "after", "before", "first", "since", "from", "lang", "place", "on")


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("0", 0), (str(2**63 - 1), 2**63 - 1), (str(2**63), None), (DIGITS, None),
     ("", None), ("-1", None), ("1_0", None), (" 7", None), ("٣", None), ("²", None)],
)  # fmt: skip
def test_a_number_is_ascii_digits_that_a_column_holds(text, number):
    assert number_in(text) == number


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "each", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one", "each"]
)
def test_no_door_breaks_on_what_stands_in_its_address_its_question_or_its_form(each):
    """Each address of the service, as a stranger opens it; what breaks is a 500.

    Every third in one of the three places, in turn; in soak every one in each.
    """
    client = Client(headers=HERE, raise_request_exception=False)
    for at, path in enumerate(sorted(dict(doors()))[:: 1 if each else 3]):
        hostile, name = HOSTILE[at % len(HOSTILE)], NAMES[at % len(NAMES)]
        named = path.replace("a1", hostile).replace("/7", f"/{DIGITS}")
        form = {"act": "\0", "page": DIGITS, "q": hostile, "claim": DIGITS}
        ways = (
            lambda named=named: client.get(named, headers={"Range": f"bytes={DIGITS}-"}),
            lambda path=path, name=name: client.get(path, {name: DIGITS}),
            lambda path=path, form=form: client.post(path, form),
        )
        for way in ways if each else [ways[at // len(HOSTILE) % 3]]:
            answer = way()
            assert answer.status_code < 500, (path, hostile)
            assert b"<script>alert" not in answer.getvalue(), path


class Unread(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("it was read")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/privacy/request/", MOST + 1, 413),
        ("/settings/profile/", MOST + 1, 413),
        ("/api/v1/choices", MOST + 1, 413),
        ("/nowhere/", MOST + 1, 404),
        ("/privacy/bring/", 2_000_000_000, 413),
        ("/desk/upload/", 2_000_000_000_000, 413),
        ("/desk/upload/", 2_000_000_000, 302),
    ],
)
def test_what_is_too_long_for_a_door_or_for_a_stranger_is_not_read(path, length, status):
    """Not even for the token of its form: a body of many gigabytes would fill the disk."""
    answer = Client(headers=HERE, enforce_csrf_checks=True).generic(
        "POST", path, CONTENT_LENGTH=str(length), content_type="multipart/form-data; boundary=x",
        headers={"Cookie": f"plainview-form={'a' * 32}"}, **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert answer.status_code == status
    assert ("more than we take" in answer.content.decode()) is (status == 413)


@pytest.mark.django_db
def test_a_very_long_address_is_not_written_all_over_its_page():
    answer = Client().get("/search/", {"q": "a" * 60_000})
    assert answer.status_code == 414
    assert len(answer.content) < 20_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    ["charset=rot13", "charset=idna", "charset=punycode", "charset=undefined", "charset=latin-1",
     "charset=none", "charset*=rot13''x", "a*=none''x", 'a="', "charset"],
)  # fmt: skip
def test_a_content_type_that_can_not_be_read_breaks_no_page(said):
    """It broke before Django had a request, so that not even the page of an error came."""
    client, told = Client(headers=HERE), {}
    served = charsets(lambda environ, _start: told.update(environ) or [])
    served({"CONTENT_TYPE": f"multipart/form-data; boundary=x; {said}"}, None)
    body = b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\nko\r\n--x--\r\n'
    told |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": FakePayload(body)}
    assert client.get("/search/?q=%ff", **told).status_code == 200
    assert client.generic("POST", "/language/", **told).status_code == 302
    assert client.get("/")["Content-Language"] == "ko"


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["utf8", "ISO-8859-1", "us-ascii", "utf-7", "none"])
@pytest.mark.parametrize("path", ["/language/", "/accounts/login/"])
def test_a_form_is_utf_8_whatever_its_sender_calls_it(path, said):
    """It was refused, and within `/accounts/` so was the page that said so (500)."""
    client, told = Client(headers=HERE, raise_request_exception=False), {}
    served = charsets(lambda environ, _start: told.update(environ) or [])
    served({"CONTENT_TYPE": f"Application/x-www-form-urlencoded; charset={said}"}, None)
    body = urlencode({"language": "ko", "login": "jürgen", "password": "일이삼"}).encode()
    told |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": FakePayload(body)}
    answer = client.generic("POST", path, **told)
    assert answer.status_code in (200, 302, 422)
    if path == "/language/":
        assert client.get("/")["Content-Language"] == "ko"
    else:
        assert "jürgen" in answer.content.decode()


@pytest.mark.django_db
def test_a_thousand_questions_at_once_are_one_that_can_not_be_read():
    client = Client(headers=HERE, raise_request_exception=False)
    many = "&".join(f"a{number}" for number in range(1001))
    assert client.get(f"/?{many}").status_code == 400
    form = client.post("/language/", many, content_type="application/x-www-form-urlencoded")
    assert form.status_code == 400


class Slow:
    """A body that is still on its way until `arrived`."""

    def __init__(self) -> None:
        self.arrived = threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.arrived.wait(20)
        return b"x"


def test_whoever_sends_slowly_keeps_nobody_else_waiting():
    """A byte a minute from a few browsers once stopped the whole site."""
    worked, told = [], []

    def site(environ: dict[str, Any], start: Any) -> list[bytes]:
        worked.append(environ.get("wsgi.input") and environ["wsgi.input"].read(1))
        return [b""]

    served, slow = Turns(site), Slow()
    sending = {"CONTENT_LENGTH": "30", "wsgi.input": slow}
    threads = [threading.Thread(target=served, args=(dict(sending), None)) for _ in range(SENDING)]
    for each in threads:
        each.start()
    while served._sending._value or served._turns._value < AT_ONCE:
        assert not worked, "until the last of them waits for its bytes"
    served({}, None)
    assert worked == [None]
    served(dict(sending), lambda status, headers: told.append(status))
    assert told == ["503 Service Unavailable"]
    slow.arrived.set()
    for each in threads:
        each.join(20)
    assert worked == [None, *[b"x"] * SENDING]
    assert served._turns._value == AT_ONCE
    assert served._sending._value == SENDING


FORM = "application/x-www-form-urlencoded"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [FORM, MULTIPART_CONTENT])
@pytest.mark.parametrize("path", ["/privacy/opt-out/", "/settings/about/", "/privacy/bring/"])
def test_a_form_that_breaks_off_is_not_taken_for_a_shorter_one(
    ines,  # noqa: F811
    path,
    kind,
    settings,
    tmp_path,
):
    """Of a form of choices the last noes were missing, of a password its end; no file stays."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    said = {"about": "A keeper of lights, and of words.", "about_audience": "2"}
    sent = {**said, "copy": SimpleUploadedFile("copy.zip", bytes(5_000_000))}
    whole = (
        encode_multipart(BOUNDARY, sent) if kind == MULTIPART_CONTENT else urlencode(said).encode()
    )
    client = enter(ines) if path != "/privacy/opt-out/" else Client(headers=HERE)
    client.raise_request_exception = False
    before, answers = rows(), []

    def site(environ: dict[str, Any], start: Any) -> list[bytes]:
        answers.append(client.generic("POST", path, CONTENT_TYPE=kind, **environ).status_code)
        return []

    cut = {"CONTENT_LENGTH": str(len(whole)), "wsgi.input": io.BytesIO(whole[:-40])}
    gc.disable()  # a site that rests looks for no garbage
    Turns(site)(cut, None)
    left = list(tmp_path.glob("*.upload*"))
    gc.enable()
    assert answers == [400]
    assert left == [], "half a copy of somebody's data"
    assert rows() | {"privacy_count": 0} == before, "it was tried"


@pytest.mark.django_db
def test_a_form_in_chunks_is_not_taken_for_an_empty_one():
    """WSGI hands none of it over: an opt-out was done, whatever the form said."""
    before, chunked = rows(), {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    said = Client(headers=HERE).generic("POST", "/privacy/opt-out/", CONTENT_TYPE=FORM, **chunked)
    assert said.status_code == 411
    assert rows() == before


def test_a_flood_of_forms_leaves_turns_for_pages():
    """Each sign-up hashes a password for a quarter of a second; eight stopped every page."""
    ends, begun = threading.Event(), threading.Semaphore(0)

    def site(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ:
            begun.release()
            ends.wait(20)
        return [b"page"]

    served = Turns(site)
    form = {"CONTENT_LENGTH": "9", "wsgi.input": io.BytesIO(b"")}
    flood = [threading.Thread(target=served, args=(dict(form), None)) for _ in range(SENDING)]
    for each in flood:
        each.start()
    for _ in range(POSTING):
        assert begun.acquire(timeout=20)
    pages: list[list[bytes]] = []
    reader = threading.Thread(target=lambda: pages.append(list(served({}, None))))
    reader.start()
    reader.join(5)
    assert pages == [[b"page"]], "while the forms are still worked on"
    ends.set()
    for each in flood:
        each.join(20)
    assert served._turns._value == AT_ONCE


def test_what_nobody_read_stays_open_until_its_sender_could_read_the_answer(monkeypatch):
    """Closed while bytes still came in, the connection lost the page behind the 413's head."""
    monkeypatch.setattr("plainview.web.turns.LINGERING", 0.3)
    served = Turns(lambda environ, start: [b"too long"])

    def left(length: int) -> weakref.ref[io.BytesIO]:
        body = io.BytesIO()
        assert served({"CONTENT_LENGTH": str(length), "wsgi.input": body}, None) == [b"too long"]
        return weakref.ref(body)

    long, short = left(2_000_000_000), left(400)
    assert long() is not None
    assert short() is None
    given_up = time.monotonic() + 20
    while long() is not None:
        assert time.monotonic() < given_up, "nobody lets go of it"
        time.sleep(0.05)


def test_what_nobody_wanted_is_here_before_its_answer_goes():
    """Behind HAProxy, Caddy, Apache and Varnish it was lost, or another answer of the proxy."""
    length = 60_000_000
    body = io.BytesIO(bytes(length))
    served = Turns(lambda environ, start: [b"too long"])
    assert served({"CONTENT_LENGTH": str(length), "wsgi.input": body}, None) == [b"too long"]
    assert body.tell() == length
    cut = io.BytesIO(bytes(1_000_000))
    assert served({"CONTENT_LENGTH": str(length), "wsgi.input": cut}, None) == [b"too long"]


def test_whoever_comes_while_so_many_are_sending_can_read_that_they_are():
    """Behind Apache it was lost: the answer went while the body was still on its way."""
    served, told, length = Turns(lambda environ, start: [b""]), [], 60_000_000
    for _ in range(SENDING):
        served._sending.acquire()
    body = io.BytesIO(bytes(length))
    answer = served(
        {"CONTENT_LENGTH": str(length), "wsgi.input": body},
        lambda status, headers: told.append(status),
    )
    assert told == ["503 Service Unavailable"] and b"are sending" in answer[0]
    assert body.tell() == length


def test_whoever_sends_slowly_what_nobody_wanted_keeps_no_answer_and_few_readers(monkeypatch):
    """A byte a minute of it held a thread for each who sends so."""
    monkeypatch.setattr("plainview.web.turns.PATIENCE", 0.2)
    served, slow = Turns(lambda environ, start: [b"too long"]), Slow()
    sent = {"CONTENT_LENGTH": "60000000", "wsgi.input": slow}
    before = threading.active_count()
    for _ in range(READERS + 4):
        assert served(dict(sent), None) == [b"too long"], "though not a byte has come"
    assert threading.active_count() - before <= READERS
    assert served._turns._value == AT_ONCE
    assert served._sending._value == SENDING
    slow.arrived.set()
    given_up = time.monotonic() + 20
    while served._left._readers._value < READERS:
        assert time.monotonic() < given_up, "nobody reads any more"
        time.sleep(0.05)


SERVED = """
import os, subprocess, sys, time
code = "from plainview.web.leaving import leave_with_parent as l; l(); print('up', flush=True);"
code += "import time; time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code])
child.wait()
"""


@pytest.mark.slow
@pytest.mark.parametrize("killed", ["parent", "serve"])
def test_a_web_process_does_not_outlive_a_kill_9_of_whoever_started_it(killed):
    """It held the port, and went on to answer with the code and policy of before."""
    serve = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    parent = subprocess.Popen(
        [sys.executable, "-c", SERVED],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, leaving.SERVED_BY: str(serve.pid)},
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    {"parent": parent, "serve": serve}[killed].kill()
    {"parent": parent, "serve": serve}[killed].wait(20)
    assert parent.stdout.read() == "", "the last who could write there is gone"
    for each in (parent, serve):
        each.kill()
        each.wait(20)


def test_the_proxy_as_it_is_shipped_lets_long_bodies_through_to_the_doors_that_take_them():
    """Elsewhere it throws away what is longer than any other door takes."""
    shipped = Path("deploy/nginx.conf").read_text()
    let_through = re.search(r"location ~ (\S+) \{[^}]*proxy_request_buffering off", shipped)
    ceiling = re.search(r"^    client_max_body_size (\d+)m;", shipped, re.MULTILINE)
    assert let_through
    assert ceiling
    assert int(ceiling[1]) * 2**20 > MOST
    long = [path for path, view in dict(doors()).items() if longest(view) > MOST]
    assert len(long) >= 3
    assert [path for path in long if not re.match(let_through[1], path)] == []
