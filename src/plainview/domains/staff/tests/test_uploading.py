"""A film comes by pieces (tus 1.0) and nothing that arrived is lost, given away or left over."""

from __future__ import annotations

import base64
import hashlib
import io
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from tests.rights.conftest import Late

from plainview.domains.accounts.models import User
from plainview.domains.playback import services, tasks
from plainview.domains.playback.models import Arrival, Ingest, Sender
from plainview.privacy.gate.duties import duty

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 40
PARTS = "/desk/upload/parts/"
HERE = {"Tus-Resumable": "1.0.0", "Sec-Fetch-Site": "same-origin"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def editor(db) -> User:
    return User.objects.create_user("desk@example.org", roles="administrator")


@pytest.fixture
def desk(at_desk, editor) -> Client:
    return at_desk(editor)


def announce(client: Client, size: int = len(FILM), status: int = 201, **more: str) -> str:
    told = {"Upload-Metadata": f"filename {encoded('a walk.mkv')},modified {encoded('77')}"}
    headers = {**HERE, **told, "Upload-Length": str(size), **more}
    answer = client.post(PARTS, headers=headers)
    assert answer.status_code == status, answer.content
    return answer.get("Location", "")


def piece(client: Client, place: str, offset: int, data: bytes, **more: str):
    headers = {**HERE, "Upload-Offset": str(offset), **more}
    kind = "application/offset+octet-stream"
    return client.patch(place, data, content_type=kind, headers=headers)


def offset(client: Client, place: str) -> int:
    answer = client.head(place, headers=HERE)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return int(answer["Upload-Offset"])


def test_what_is_spoken_here(desk):
    answer = desk.options(PARTS, headers=HERE)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {
        "creation", "checksum", "termination", "expiration",
    }  # fmt: skip
    assert "sha1" in answer["Tus-Checksum-Algorithm"]
    assert desk.post(PARTS, headers={**HERE, "Tus-Resumable": "0.2.2"}).status_code == 412


def test_a_film_that_came_by_pieces_is_put_on_by_the_form(desk, media_root):
    place = announce(desk)
    assert offset(desk, place) == 0
    first = piece(desk, place, 0, FILM[:4000])
    assert (first.status_code, first["Upload-Offset"]) == (204, "4000")
    assert first["Upload-Expires"]
    page = desk.get("/desk/upload/").content.decode()
    assert "a walk.mkv" in page
    assert 'value="39"' in page
    assert piece(desk, place, 4000, FILM[4000:]).status_code == 204
    arrived = place.rstrip("/").split("/")[-1]
    answer = desk.post("/desk/upload/", {"arrived": arrived, "name": "A Walk"})
    ingest = Ingest.objects.get()
    assert answer["Location"] == f"/desk/ingests/{ingest.key}/"
    assert (ingest.incoming / "source").read_bytes() == FILM
    assert (ingest.source_name, ingest.name) == ("a walk.mkv", "A Walk")
    assert ingest.upload.account.email == "desk@example.org"
    assert not Arrival.objects.exists()
    assert not Sender.objects.exists()


def test_a_film_that_is_taken_back_while_a_piece_comes_is_gone_and_nobodys_fault(desk):
    place = announce(desk)

    def taken_back() -> None:
        with duty("fixture"):
            services.withdraw(Arrival.objects.get())

    late = {"wsgi.input": Late(FILM[:9], taken_back), "CONTENT_LENGTH": "9"}
    late["CONTENT_TYPE"] = "application/offset+octet-stream"
    headers = {**HERE, "Upload-Offset": "0"}
    assert desk.generic("PATCH", place, headers=headers, **late).status_code == 404
    assert not Arrival.objects.exists()


def test_the_form_waits_for_the_rest_and_keeps_what_was_typed(desk):
    place = announce(desk)
    piece(desk, place, 0, FILM[:10])
    arrived = place.rstrip("/").split("/")[-1]
    answer = desk.post("/desk/upload/", {"arrived": arrived, "name": "A Walk"})
    assert answer.status_code == 422
    assert "not all here" in answer.content.decode()
    assert 'value="A Walk"' in answer.content.decode()
    assert offset(desk, place) == 10


def test_each_address_opens_for_its_own_sender_alone(desk, at_desk):
    place = announce(desk)
    other = at_desk(User.objects.create_user("b@example.org", roles="administrator"), Client())
    assert other.head(place, headers=HERE).status_code == 404
    assert piece(other, place, 0, b"x").status_code == 404
    assert other.delete(place, headers=HERE).status_code == 404
    assert "a walk.mkv" not in other.get("/desk/upload/").content.decode()
    assert Client().head(place, headers=HERE).status_code == 302
    assert desk.head(place[:-5] + "AAAA/", headers=HERE).status_code == 404


def test_nobody_elses_page_sends_pieces(desk):
    place = announce(desk)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert piece(desk, place, 0, b"x", **foreign).status_code == 403
    announce(desk, status=403, **foreign)


def test_a_piece_that_does_not_fit_is_refused_and_changes_nothing(desk):
    place = announce(desk)
    piece(desk, place, 0, FILM[:100])
    assert piece(desk, place, 50, b"x" * 100).status_code == 409
    assert piece(desk, place, 100, b"x" * len(FILM)).status_code == 413
    wrong = f"sha1 {base64.b64encode(bytes(20)).decode()}"
    assert piece(desk, place, 100, b"x" * 9, **{"Upload-Checksum": wrong}).status_code == 460
    assert piece(desk, place, 100, b"x", **{"Upload-Checksum": "md4 AA=="}).status_code == 400
    answer = desk.patch(place, b"x", content_type="text/plain", headers={**HERE})
    assert answer.status_code == 415
    assert offset(desk, place) == 100
    right = f"sha256 {base64.b64encode(hashlib.sha256(FILM[100:]).digest()).decode()}"
    assert piece(desk, place, 100, FILM[100:], **{"Upload-Checksum": right}).status_code == 204


def test_two_pieces_at_once_do_not_mix(desk):
    place = announce(desk)
    arrival = Arrival.objects.get()

    def slow(length: int) -> bytes:
        with pytest.raises(services.Refused) as late:
            services.take(arrival, offset=0, length=1, read=io.BytesIO(b"y").read)
        assert late.value.status == 423
        return b"x" * length

    assert services.take(arrival, offset=0, length=5, read=slow) == 5
    assert offset(desk, place) == 5


def test_too_large_a_film_and_a_full_disk_are_said(desk, monkeypatch):
    announce(desk, size=21 * 10**9, status=413)
    Usage = namedtuple("Usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(0, 0, 10**9 + 100))
    answer = desk.post(PARTS, headers={**HERE, "Upload-Length": "101"})
    assert answer.status_code == 507
    assert "room" in answer.content.decode()
    announce(desk, size=60)
    announce(desk, size=60, status=507)
    for bad in ("-1", "0", "x", "1" * 30, ""):
        announce(desk, status=400, **{"Upload-Length": bad})
    announce(desk, status=400, **{"Upload-Metadata": "filename ***"})


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_or_never_finished_leaves_nothing(desk, media_root):
    first, second = announce(desk), announce(desk)
    for place in (first, second):
        piece(desk, place, 0, FILM[:100])
    assert desk.delete(first, headers=HERE).status_code == 204
    assert desk.head(first, headers=HERE).status_code == 404
    Arrival.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert desk.head(second, headers=HERE).status_code == 404
    (media_root / "arriving" / "stranger").write_bytes(b"fresh")
    tasks.forget_late()
    assert not Arrival.objects.exists()
    assert [path.name for path in (media_root / "arriving").iterdir()] == ["stranger"]


def test_an_unfinished_film_is_taken_back_without_script(desk):
    place = announce(desk)
    arrived = place.rstrip("/").split("/")[-1]
    assert desk.post("/desk/upload/", {"withdraw": arrived}).status_code == 302
    assert not Arrival.objects.exists()


def test_what_came_before_a_connection_broke_is_kept(desk, media_root):
    place = announce(desk)
    pieces = [FILM[:300], OSError("gone")]

    def breaking(length: int) -> bytes:
        found = pieces.pop(0)
        if isinstance(found, OSError):
            raise found
        return found

    services.take(Arrival.objects.get(), offset=0, length=len(FILM), read=breaking)
    assert offset(desk, place) == 300


@pytest.mark.slow
@given(cuts=st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12))
@trying(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_however_it_is_cut_and_broken_off_the_film_is_whole_at_its_end(editor, media_root, cuts):
    film = FILM[:100]
    arrival = services.expect(account=editor.pk, source_name="f.mkv", size=len(film))
    for length, breaks in [*cuts, (100, False), (100, False)]:
        at = arrival.offset
        sent = film[at : at + length]
        got = io.BytesIO(sent[: len(sent) // 2] if breaks else sent)
        services.take(arrival, offset=at, length=len(sent), read=got.read)
    assert Path(settings.MEDIA_ROOT, "arriving", arrival.key).read_bytes() == film
    services.withdraw(arrival)
