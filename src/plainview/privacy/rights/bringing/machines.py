"""The door for another service that was invited: it proves the secret, sends, and asks."""

from __future__ import annotations

import hmac
import re

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.platform.decoding import UNREADABLE
from plainview.platform.identifiers import number_in
from plainview.privacy.disclosures.views import for_machines, problem
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.privacy.rights.bringing import arriving, reading
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.sending import protocol
from plainview.privacy.rights.sending.protocol import Beginning, Challenge, Invitation, Proof

KNOWS = "whoever proves to know an invitation's secret speaks for it; nobody is signed in"
_CHALLENGE = re.compile(r"[A-Za-z0-9]{16,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@serves("rights", source="import", everyone=KNOWS)
@never_cache
@require_safe
def invitation(request: HttpRequest, name: str) -> HttpResponse:
    """The address of an invitation, opened in a browser: it is carried, not opened."""
    return redirect("privacy-bring")


@serves("rights", source="import", everyone=KNOWS)
@never_cache
@for_machines
def invited(request: HttpRequest, name: str, act: str) -> HttpResponse:
    """Prove, begin, take a piece in, tell the state (docs/portability.md)."""
    body = request.body  # while it came, the invitation may have been taken back
    row = arriving.find(name)
    if row is None or act not in protocol.ACTS:
        raise Http404("no invitation of that name")
    known = arriving.invitation(row)
    if act == protocol.PROVE:
        return _proved(known, body)
    offset = number_in(request.headers.get("Upload-Offset", "0"))
    if offset is None:
        return problem(400, "Upload-Offset is a whole number")
    said = request.headers.get("Authorization", "")
    if not _same(said, known.signature(act, body, offset)):
        return problem(401, "not signed with the secret of the invitation")
    return _acted(row, act, body, offset)


def _proved(known: Invitation, body: bytes) -> HttpResponse:
    try:
        challenge = msgspec.json.decode(body, type=Challenge).challenge
    except UNREADABLE:
        return problem(422, "no challenge")
    if not _CHALLENGE.fullmatch(challenge):
        return problem(422, "no challenge")
    return _json(
        Proof(
            protocol.FORMAT,
            protocol.VERSION,
            in_force().controller.name,
            reading.LONGEST_FILE,
            known.proof(protocol.PROVE, challenge),
        )
    )


def _acted(row: Bringing, act: str, body: bytes, offset: int) -> HttpResponse:
    try:
        if act == protocol.BEGIN:
            begun = msgspec.json.decode(body, type=Beginning)
            if not _DIGEST.fullmatch(begun.digest):
                return problem(422, "no digest")
            arriving.begin(row, begun)
        elif act == protocol.ADD:
            arriving.add(row, offset, body)
    except UNREADABLE:
        return problem(422, "no beginning")
    except reading.TooMuch:
        return problem(413, "more than is taken at once")
    except arriving.Used:
        return problem(409, "the invitation was used")
    except arriving.Misplaced:
        return problem(409, "the piece does not belong there")
    return _json(arriving.progress(row))


def _same(said: str, wanted: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "replace"), wanted.encode())


def _json(said: msgspec.Struct) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(said), content_type="application/json")
