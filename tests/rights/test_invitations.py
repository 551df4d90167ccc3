"""What comes in slowly by an invitation, which may be taken back meanwhile."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.rights.conftest import Late
from tests.rights.test_sending import BRING, B, invited, wire  # noqa: F401

from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Bringing
from plainview.privacy.rights.sending import protocol

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_an_invitation_that_is_taken_back_while_a_piece_comes_is_gone_and_nobodys_fault(
    invited,  # noqa: F811
    wire,  # noqa: F811
):
    at_b, code = invited
    known, body = protocol.read(code), b'{"size": 700, "digest": "' + b"a" * 64 + b'"}'

    def taken_back() -> None:
        with duty("fixture"):
            at_b.post(BRING, {"act": "drop"})

    sent = {"wsgi.input": Late(body, taken_back), "CONTENT_LENGTH": str(len(body))}
    signed = {"Authorization": known.signature("begin", body, 0)}
    with wire.at(B):
        place = f"/privacy/invited/{known.name}/begin/"
        assert Client(headers=signed).generic("POST", place, **sent).status_code == 404
    assert not Bringing.objects.exists()


def test_p5_2_1_8a_the_last_piece_sent_once_more_is_taken_for_granted(invited, wire):  # noqa: F811
    """Its sender had no answer the first time; a piece from elsewhere in the copy is refused."""
    known, piece = protocol.read(invited[1]), b"a piece"
    digest = hashlib.sha256(piece).hexdigest()

    def sent(act: str, body: bytes, offset: int = 0) -> HttpResponse:
        signed = {"Authorization": known.signature(act, body, offset), "Upload-Offset": str(offset)}
        place = f"/privacy/invited/{known.name}/{act}/"
        with wire.at(B):
            return Client(headers=signed).post(place, body, content_type="application/json")

    sent("begin", json.dumps({"size": len(piece), "digest": digest}).encode())
    assert sent("piece", piece, 1).status_code == 409
    once, again = sent("piece", piece), sent("piece", piece)
    assert once.status_code == again.status_code == 200
    assert once.content == again.content
    assert sent("piece", piece, len(piece)).status_code == 409, "it was used"
