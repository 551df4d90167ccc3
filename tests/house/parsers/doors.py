"""Requests as a server hands them on: whatever they bring, a door answers with no error of ours."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote_to_bytes

from django.db import transaction
from django.test import Client
from tests.fuzzing import Parser
from tests.house.parsers.inputs import as_header

from plainview.privacy.consent import cookie
from plainview.privacy.used import Used, sign
from plainview.web import programme_api

NO_SUCH_FORMAT = 501
"""oEmbed's own word for a format that isn't spoken (its specification, 2.3.4)."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def answered(data: bytes) -> str:
    """`POST /path form`, headers, an empty line, the body; what it writes is taken back."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, path, kind = (as_header(each) for each in (*first.split(b" ", 2), b"", b"", b"")[:3])
    headers = {"origin": "http://testserver", "x-place": "DE"}
    for line in lines:
        name, _, value = line.partition(b":")
        name = re.sub(rb"[^A-Za-z0-9-]", b"", name)
        if name.lower() not in (b"", b"host", b"content-length"):
            headers[name.decode().lower()] = as_header(value).strip()
    path, _, query = re.sub(r"[\s#]|^(?!/)", "/", path[:4000]).partition("?")
    taken_back = transaction.atomic()
    taken_back._from_testcase = True  # so that what commits for itself may, as in any test
    with taken_back:
        answer = Client(raise_request_exception=True).generic(
            method if method in METHODS else "GET",
            "/",
            body,
            {"form": "application/x-www-form-urlencoded"}.get(kind, kind or "text/plain"),
            headers=headers,
            PATH_INFO=unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
            QUERY_STRING=query,
        )
        for _each in answer.streaming_content if answer.streaming else ():
            break
        transaction.set_rollback(True)
    assert answer.status_code < 500 or answer.status_code == NO_SUCH_FORMAT, answer.status_code
    return f"{path[:12]} {answer.status_code}"


def requests() -> list[bytes]:
    """One of each kind."""
    chosen = cookie.sealed(cookie.Remembered(7, 1, signals=("gpc",)))
    shown = f"{'0' * 64}.{'0' * 16}"
    answer = {"form": "centre", "shown": shown, "answer": "save", "purposes": {"history": True}}
    said = f"shown={shown}&answer=save&history=on"
    bodies = {
        "choices": answer,
        "choices/confirm": {"shown": shown, "purposes": ["history"]},
        "choices/opt-out": {"surface": "tv"},
        "signal": {"signal": "gpc"},
        "connect": {"code": "ABCD-EFGH", "name": "television"},
        "requests": {"kind": "access", "words": "all of it"},
    }
    cursor = programme_api._written("2026-11-26T09:00:00+00:00|7")
    plain = [
        f"GET /api/v1/titles?limit=5&genre=drama&year=2020&cursor={cursor}",
        "GET /api/v1/people?limit=2&cursor=YQ",
        "GET /search/?q=harbour%20lights&kind=film&year=2020-2024&page=2",
        "GET /search/suggestions/?q=har",
        "GET /\nAccept-Language: ko-KR,ko;q=0.9,*;q=0.1\nSec-GPC: 1\nX-Forwarded-For: 91.12.0.1",
        f"GET /privacy/choices/\nCookie: {cookie.NAME}={chosen}; sessionid={'a' * 32}; a=b",
        f"GET /api/v1/choices\nPlainview-Device: {chosen}\nAuthorization: Bearer {'a' * 40}",
        f"GET /privacy/used/?of={sign([Used('browse', 'account', 3)])}",
        "GET /privacy/snippet/?of=abc:def",
        "GET /stream/1900000000-01234567-abcdefghijklmnopqrstuv/a1b2c3d4e5f6/v180.mp4\n"
        "Range: bytes=0-99\nIf-Range: Thu, 26 Nov 2026 09:00:00 GMT",
        "GET /subtitles/a1b2c3d4/pt-BR.vtt",
        "GET /oembed/?url=http%3A%2F%2Ftestserver%2Fwatch%2Fa%2F&format=json&maxwidth=300",
        "GET /legal/log/consistency.json?first=1&second=3",
        'GET /legal/privacy/?on=2026-01-01&place=US-CA\nIf-None-Match: "a"',
        "POST /legal/place/ form\n\nplace=US-CA&next=/",
        "POST /language/ form\n\nlanguage=pt-BR&next=/search%3Fq%3Da",
        "POST /accounts/login/ form\n\nlogin=a%40b.example&password=x&next=/",
        "POST /accounts/signup/ form\n\nemail=a%40b.example&password1=long-words-1&name=Mira",
        f"POST /privacy/choices/ form\n\n{said}",
        "POST /privacy/request/ form\n\nemail=a%40b.example&kind=access&words=all&country=DE",
        "POST /mail/stop/abc:def/ form\n\nList-Unsubscribe=One-Click",
    ]
    made = [each.encode() for each in plain]
    for path, body in bodies.items():
        text = json.dumps(body)
        made.append(f"POST /api/v1/{path} application/json\n\n{text}".encode())
    return made


DOORS = Parser("doors", answered, requests)
