"""What a browser sends beside a form: cookies, headers, tokens, places."""

from __future__ import annotations

import contextlib
import json
from unittest import mock

import msgspec
from django.core import signing as django_signing
from django.http.response import HttpResponseBase
from mmdb_writer import MMDBWriter
from netaddr import IPSet
from tests.fuzzing import Parser
from tests.house.parsers.inputs import HERE, as_header, as_text, place

from plainview.domains.playback.services.arriving import Refused as Unsent
from plainview.domains.playback.services.arriving import _checksum
from plainview.domains.staff.views.uploading import _metadata
from plainview.domains.subtitles import forms as subtitle_forms
from plainview.engine import Standing
from plainview.platform.storage import ranges, signing
from plainview.privacy import places, used
from plainview.privacy.consent import cookie, signals
from plainview.privacy.disclosures import (
    fetching,
)
from plainview.privacy.disclosures import signing as webhooks
from plainview.privacy.places import databases
from plainview.privacy.push import keys as push
from plainview.privacy.push import services as pushing
from plainview.privacy.requests import acting
from plainview.privacy.rights.sending import protocol
from plainview.web import language, programme_api


def _cookies(data: bytes) -> str:
    """As it is sent; and what nobody but us could have sealed, sealed."""
    if data.startswith(b"["):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(data)
            found = cookie.opened(django_signing.dumps(value, salt=cookie.SALT))
            return f"{found is not None} {len(found.choices) if found else 0}"
    return f"{cookie.opened(as_text(data)) is not None}"


def _cookie_seeds() -> list[bytes]:
    said = cookie.remember(7, 2, Standing(choices={"history": "granted"}, signals=("gpc",)))
    return [cookie.sealed(said).encode(), json.dumps(msgspec.to_builtins(said)).encode()]


def _language(data: bytes) -> str:
    return f"{language.asked_for(as_header(data))} {language.named(as_text(data)[:60])}"


def _range(data: bytes) -> str:
    path = place() / "film"
    if not path.exists():
        path.write_bytes(bytes(5000))
    names = ("range", "if-range", "if-none-match", "if-modified-since")
    lines = [as_header(each) for each in data.split(b"\n")]
    request = HERE.get("/", headers=dict(zip(names, lines, strict=False)))
    answer: HttpResponseBase = ranges.send(
        request, path, content_type="video/mp4", cache_control="no-store"
    )
    body = getattr(answer, "content", b"")
    assert answer.status_code in (200, 206, 304, 416)
    assert int(answer.headers.get("Content-Length", len(body))) == len(body)
    return f"{answer.status_code} {len(body)}"


def _address(data: bytes) -> str:
    forwarded, _, direct = data.partition(b"\n")
    given = {
        "x-forwarded-for": as_header(forwarded),
        "x-place": as_header(direct),
        "sec-gpc": as_header(direct),
    }
    request = HERE.get("/", headers=given, REMOTE_ADDR=as_header(direct))
    found = places.presence(request)
    return f"{found} {places.locate(as_text(forwarded))} {sorted(signals.sent(request))}"


def _mmdb(data: bytes) -> str:
    path = place() / "place.mmdb"
    path.unlink(missing_ok=True)  # never change what is mapped
    path.write_bytes(data)
    databases.opened.cache_clear()
    with mock.patch.object(places, "configured", lambda: {"": databases.opened(str(path))}):
        said = [places.locate(each) for each in ("91.12.0.1", "2003::1", "12.81.92.1", "1.1.1.1")]
    databases.opened.cache_clear()
    assert all(each is None or each[:2].isupper() for each in said)
    return f"{said}"


def _mmdbs() -> list[bytes]:
    made = []
    for version in (4, 6):
        writer = MMDBWriter(version, "DBIP-Country-Lite", ipv4_compatible=version == 6)
        writer.insert_network(IPSet(["91.12.0.0/16"]), {"country_code": "DE"})
        state = {"country": {"iso_code": "US"}, "subdivisions": [{"iso_code": "CA"}]}
        writer.insert_network(IPSet(["12.81.92.0/22"]), state)
        path = place() / "made.mmdb"
        writer.to_db_file(str(path))
        made.append(path.read_bytes())
    return made


def _tokens(data: bytes) -> str:
    """Signed addresses, cursors, invitations, hooks: what is typed or followed."""
    text, said = as_text(data), []
    said.append(signing.opens(text, "a1b2", [signing.key_of("w")], 1_800_000_000))
    for read, refusal in (
        (lambda: used.read(text), django_signing.BadSignature),
        (lambda: protocol.read(text), protocol.Unfit),
        (lambda: protocol.read(text, anywhere=True), protocol.Unfit),
        (lambda: programme_api._read(text), programme_api.HttpError),
        (lambda: pushing.carrier_of(text), pushing.Foreign),
        (lambda: fetching.origin(text), ValueError),
        (lambda: push.check(*[*text.split("\n"), "", ""][:2]), push.Unfit),
        (lambda: len(subtitle_forms.unpacked(text)), ValueError),
        (lambda: webhooks.verified("k", _hook(data), b"", 1_800_000_000), webhooks.Unsigned),
        (lambda: acting.media_of(data), acting.Unfit),
        (lambda: _metadata(as_header(data)), Unsent),
        (lambda: _checksum(as_header(data)), Unsent),
    ):
        try:
            read()
        except refusal:
            said.append(False)
        else:
            said.append(True)
    return f"{said}"


def _hook(data: bytes) -> dict[str, str]:
    lines = [as_header(each) for each in data.split(b"\n")]
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return dict(zip(names, lines, strict=False))


def _token_seeds() -> list[bytes]:
    key = signing.key_of("w")
    hook = webhooks.headers("k", "id", b"", 1_800_000_000)
    point = push.public().encode()
    code = protocol.Invitation("films.example.org", "abcdefgh12", b"s" * 32).code
    return [
        signing.sign("a1b2", 1_900_000_000, [key], 1_800_000_000).encode(),
        used.sign([used.Used("browse", "account", 3)]).encode(),
        code.encode(),
        programme_api._written("2026-11-26T09:00:00+00:00|7").encode(),
        b"https://fcm.googleapis.com/fcm/send/abc:def",
        point + b"\n" + push.encoded(b"s" * 16).encode(),
        subtitle_forms.packed(b"WEBVTT\n").encode(),
        "\n".join(hook.values()).encode(),
        b"filename d29ybGQ=,is_confidential",
        b"sha1 " + push.encoded(b"s" * 20).encode() + b"=",
        b"%PDF-1.4",
    ]


PARSERS = (
    Parser("cookie", _cookies, _cookie_seeds),
    Parser(
        "language", _language, lambda: [b"ko-KR,ko;q=0.9,en;q=0.5,*;q=0.1", b"zh-Hans-CN", b"pt"]
    ),
    Parser(
        "range",
        _range,
        lambda: [
            b"bytes=0-99",
            b'bytes=-5\n"a"',
            b"bytes=9-\n\n*\n",
            b"bytes=1-2\nThu, 26 Nov 2026 09:00:00 GMT\n\nThu, 26 Nov 2026 09:00:00 GMT",
        ],
    ),
    Parser("address", _address, lambda: [b"91.12.0.1, 10.0.0.1\n1", b"::ffff:8.8.8.8\nUS-CA"]),
    Parser("place-table", _mmdb, _mmdbs, few=40),
    Parser("token", _tokens, _token_seeds),
)
