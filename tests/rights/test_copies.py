"""A copy while it is made and kept: whole after any death, sealed, only for whom it is about."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tracemalloc
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from tests.killing import dying, moments
from tests.rights.conftest import archive, arrive, enter, rows, work

from plainview.domains.accounts.commands import reencrypt
from plainview.domains.catalogue.services import add_film
from plainview.domains.playback.models import Viewing
from plainview.privacy.commands import privacy
from plainview.privacy.disclosures import connections
from plainview.privacy.models import Copy
from plainview.privacy.policies import in_force
from plainview.privacy.retention import sweeping
from plainview.privacy.rights import holdings
from plainview.privacy.rights.copies import making, sealed, services, zips
from plainview.privacy.rights.holdings import Quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
COPY = "/privacy/copy/"


def viewings(subject: int, count: int) -> None:
    """So many sittings with one film."""
    video, now = add_film(name="Harbour Lights").pk, timezone.now()
    for start in range(0, count, 5000):
        Viewing.objects.bulk_create(
            Viewing(subject=subject, sitting=f"s-{n}", video_id=video, began_at=now,
                    watched_at=now - timedelta(minutes=n))
            for n in range(start, min(count, start + 5000))
        )  # fmt: skip


def fetched(subject: int, folder: Path) -> zipfile.ZipFile:
    """What the address of a finished copy gives."""
    row = services.of(subject)
    assert row is not None
    found = services.fetch(subject, row.key)
    path = folder / f"{row.key}.zip"
    with path.open("wb") as out:
        for piece in found.content:
            out.write(piece)
    assert path.stat().st_size == found.size
    return zipfile.ZipFile(path)


@pytest.mark.parametrize(
    "sampled", [pytest.param(lambda n: [n * 2 // 3, n - 1], id="some"),
                pytest.param(lambda n: range(1, n + 1), id="all", marks=pytest.mark.soak)],
)  # fmt: skip
@pytest.mark.slow
def test_p5_2_1_2a_killed_at_any_moment_the_copy_goes_on_and_holds_each_row_once(
    ines, sampled, monkeypatch, tmp_path
):
    """P5.2.1.2a: before each statement and on both sides of each commit, then taken up again."""
    monkeypatch.setattr(making, "CHUNK", 4)
    monkeypatch.setattr(making, "STRETCH", 1)
    viewings(ines.pk, 30)
    copy = services.ask(ines.pk).pk
    total = moments(lambda: making.make(copy))
    services.drop(ines.pk)
    resumed = 0
    for moment in sampled(total):
        copy = services.ask(ines.pk).pk
        assert dying(lambda copy=copy: making.make(copy), moment)
        row = Copy.objects.get(pk=copy)
        resumed += row.state == Copy.State.ASKED and row.rows_done > 0
        making.make(copy)
        zipped = fetched(ines.pk, tmp_path)
        assert zipped.testzip() is None
        assert sorted(each["sitting"] for each in rows(zipped, "playback_viewing")) == sorted(
            f"s-{n}" for n in range(30)
        ), moment
        assert len(zipped.read("tables/playback_viewing.csv").splitlines()) == 31
        assert len(zipped.namelist()) == len(set(zipped.namelist()))
        services.drop(ines.pk)
    assert resumed, "at some of them a part was done, and not done again"


class Drawer(Quiet):
    """A place with papers of somebody; nobody can read on past the second at first."""

    name = "drawer"

    def __init__(self) -> None:
        self.papers, self.stuck = ["one", "two", "three"], True

    def originals(self, person):
        for number, paper in enumerate(self.papers):
            if self.stuck and number == 2:
                raise OSError
            yield f"{paper}.txt", io.BytesIO(paper.encode())


def test_p5_2_1_2a_each_original_is_once_in_a_copy_that_goes_on_after_one_was_deleted(
    ines, monkeypatch, tmp_path
):
    """P5.2.1.2a: what was deleted meanwhile is not in it, and takes no other one's place."""
    drawer = Drawer()
    monkeypatch.setattr(making, "FILES", 1)
    monkeypatch.setattr(holdings, "_registered", [drawer])
    copy = services.ask(ines.pk).pk
    with pytest.raises(OSError):
        making.make(copy)
    drawer.papers.remove("one")
    drawer.stuck = False
    making.make(copy)
    zipped = fetched(ines.pk, tmp_path)
    listed = [each["file"] for each in json.loads(zipped.read("data.json"))["files"]]
    assert [zipped.read(name) for name in listed] == [b"two", b"three"]
    assert sorted(name for name in zipped.namelist() if name.startswith("files/")) == listed


@pytest.mark.parametrize(
    "count", [1_000, pytest.param(500_000, marks=pytest.mark.soak)], ids=["sample", "soak"]
)
@pytest.mark.slow
def test_p5_2_1_2a_memory_does_not_grow_with_the_rows(ines, count, tmp_path):
    """P5.2.1.2a: half a million rows go through within the memory that a few take."""
    viewings(ines.pk, count)
    copy = services.ask(ines.pk).pk
    tracemalloc.start()
    try:
        making.make(copy)
        zipped = fetched(ines.pk, tmp_path)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 32 << 20, f"{most >> 20} MiB"
    with zipped.open("tables/playback_viewing.csv") as lines:
        assert sum(1 for _line in lines) == count + 1


@pytest.mark.skipif(shutil.which("unzip") is None, reason="no unzip is installed")
def test_another_program_unpacks_a_copy(ines, tmp_path):
    viewings(ines.pk, 3)
    making.make(services.ask(ines.pk).pk)
    name = fetched(ines.pk, tmp_path).filename
    assert subprocess.run(["unzip", "-tq", str(name)], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl is installed")
def test_p5_2_1_2a_a_copy_is_signed_and_standard_tools_verify_it(ines, tmp_path):
    """P5.2.1.2a: the commands of docs/portability.md, and ours."""
    viewings(ines.pk, 30)
    making.make(services.ask(ines.pk).pk)
    zipped = fetched(ines.pk, tmp_path)
    place = tmp_path / "unpacked"
    zipped.extractall(place)
    (tmp_path / "key.pem").write_bytes(Client().get("/legal/copy-key.pem").content)
    text = (Path(__file__).resolve().parents[2] / "docs/portability.md").read_text()
    found = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    shown = subprocess.run(
        ["sh", "-ec", found[1]], cwd=place, env={**os.environ, "KEY": str(tmp_path / "key.pem")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert "Signature Verified Successfully" in shown.stdout
    assert "data/playback_viewing.json: OK" in shown.stdout
    copy = Path(zipped.filename)
    assert CliRunner().invoke(privacy, ["check-copy", str(copy)]).exit_code == 0
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(altered, "w") as target:
        for name in zipped.namelist():
            more = b" " if name == "data.json" else b""
            target.writestr(name, zipped.read(name) + more)
    said = CliRunner().invoke(privacy, ["check-copy", str(altered)])
    assert said.exit_code == 1
    assert "data.json is not what was signed" in said.output


def test_p5_2_1_2a_a_copy_is_sealed_where_it_lies_and_shows_any_change(ines, tmp_path):
    viewings(ines.pk, 3)
    row = services.ask(ines.pk)
    making.make(row.pk)
    path = Path(row.file.path)
    content = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    for word in (b"Harbour", b"ines@lantern.example", b"index.html", b"PK\x03\x04"):
        assert word not in content
    path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    with pytest.raises(sealed.Broken):
        fetched(ines.pk, tmp_path)


def test_p5_2_1_2a_only_whom_it_is_about_fetches_it_and_only_with_the_password(ines, tom):
    client = enter(ines)
    archive(client)
    place = client.get(COPY).context["fetch"]
    assert enter(tom).get(place).status_code == 404
    archive(enter(tom))
    assert enter(tom).get(place).status_code == 404
    asked = enter(ines, confirmed=False).get(place)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=%2Fprivacy%2Fcopy%2F")


def test_p9c_after_a_week_the_address_is_dead_and_the_sweep_takes_the_file(ines):
    client = enter(ines)
    archive(client)
    place = client.get(COPY).context["fetch"]
    row = Copy.objects.get()
    Copy.objects.update(asked_at=row.asked_at - timedelta(days=8))
    assert client.get(place).status_code == 404
    assert client.get(COPY).context["row"] is None
    sweeping.sweep()
    assert not Copy.objects.exists()
    assert not Path(row.file.path).exists()


def test_a_copy_can_be_deleted_and_made_anew_and_goes_with_its_person(ines):
    client = enter(ines)
    archive(client)
    first = Path(Copy.objects.get().file.path)
    archive(client)
    assert not first.exists()
    client.post(COPY, {"delete": "yes"})
    assert not Copy.objects.exists()
    archive(client)
    last = Path(Copy.objects.get().file.path)
    client.post("/privacy/leave/confirm/", {"sure": "yes"})
    work()
    assert not last.exists()
    assert not list((Path(settings.DATA) / "copies").iterdir())


def test_the_page_says_how_far_it_is_and_a_second_click_asks_for_nothing_more(ines):
    client = enter(ines)
    client.post(COPY)
    client.post(COPY)
    assert Copy.objects.count() == 1
    page = client.get(COPY).content.decode()
    assert "Your copy is being made" in page
    assert 'http-equiv="refresh"' in page
    work()
    assert "is ready" in client.get(COPY).content.decode()


def test_what_cannot_be_made_is_said_and_can_be_asked_for_again(ines, monkeypatch):
    client = enter(ines)
    client.post(COPY)
    services.give_up(Copy.objects.get().pk)
    assert "could not be made" in client.get(COPY).content.decode()
    archive(client)


def test_two_processes_never_make_the_same_copy(ines):
    row = services.ask(ines.pk)
    path = Path(row.file.path)
    path.parent.mkdir(parents=True)
    with path.open("wb") as held:
        making.fcntl.flock(held, making.fcntl.LOCK_EX)
        with pytest.raises(making.Busy):
            making.make(row.pk)
    making.make(row.pk)


def test_p5_2_1_2a_each_kind_says_source_purpose_recipients_and_retention(ines):
    """P5.2.1.2a, P1a: as the policy has it, in the page and for programs."""
    viewings(ines.pk, 1)
    zipped = archive(enter(ines))
    data = json.loads(zipped.read("data.json"))
    kind = data["categories"]["viewing.history"]
    policy = in_force()
    assert list(kind["sources"]) == list(policy.categories["viewing.history"].sources)
    assert {each["id"] for each in kind["purposes"]} == set(policy.purposes_of("viewing.history"))
    assert kind["kept"]["keep"] == policy.schedule("viewing.history").keep
    assert kind["kept"]["words"] in zipped.read("index.html").decode()
    mail = data["categories"]["contact.email"]["recipients"]
    assert {each["name"] for each in mail} >= {"Harrowgate Mail", "Copperline Payments"}
    schema = json.loads(zipped.read("schema.json"))
    columns = data["tables"]["playback_viewing"]["columns"]
    assert set(schema["$defs"]["rows of playback_viewing"]["items"]["properties"]) == set(columns)


@settings_of_hypothesis(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=20), st.lists(st.binary(max_size=300), max_size=5),
                  st.booleans()),
        unique_by=lambda each: each[0], max_size=6,
    )
)  # fmt: skip
def test_any_pieces_make_a_zip_that_others_read(tmp_path_factory, files):
    path = tmp_path_factory.mktemp("zip") / "pieces"
    entries, wanted = [], {}
    with path.open("w+b") as file:
        store = sealed.Sealed(file, sealed.new_key(), "test")
        for name, pieces, stored in files:
            name = name.replace("\0", "0").replace("/", "-")
            if name in wanted:
                continue
            entry = zips.Entry(name, zips.STORED if stored else zips.DEFLATED)
            for piece in pieces:
                packer = zips.Packer(entry)  # each by another process
                packer.add(piece)
                packer.flush(store.append)
            zips.Packer(entry).flush(store.append, last=True)
            entries.append(entry)
            wanted[name] = b"".join(pieces)
        made = timezone.now()
        whole = b"".join(zips.stream(entries, made, store.read))
    assert len(whole) == zips.length(entries)
    target = path.with_suffix(".zip")
    target.write_bytes(whole)
    with zipfile.ZipFile(target) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == wanted


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps readers apart")
def test_p5_2_1_2a_it_goes_on_while_others_write_all_the_time(ines, monkeypatch):
    """On SQLite whoever still reads can't write once somebody else has written."""
    monkeypatch.setattr(making, "CHUNK", 20)
    monkeypatch.setattr(making, "STRETCH", 1)
    viewings(ines.pk, 150)
    row = services.ask(ines.pk)
    settle, name = sealed.Sealed.settle, connection.settings_dict["NAME"]

    def settled(copy: sealed.Sealed) -> None:
        assert not connection.in_atomic_block, "nobody waits until the disk has all of it"
        with closing(sqlite3.connect(name, isolation_level=None, timeout=3)) as elsewhere:
            elsewhere.execute("UPDATE playback_viewing SET seconds = seconds + 1")
        settle(copy)

    monkeypatch.setattr(sealed.Sealed, "settle", settled)
    making.make(row.pk)
    row.refresh_from_db()
    assert (row.state, row.rows_done) == ("ready", row.rows)


def test_p5_2_1_2a_a_letter_says_that_a_copy_is_ready_and_nothing_of_what_is_in_it(
    ines, mailoutbox
):
    """P5.2.1.2a: in the language it was asked in, once, and its link takes the password."""
    services.ask(ines.pk, "ko")
    work()
    (letter,) = mailoutbox
    assert letter.to == [ines.email]
    assert letter.subject != "Your copy is ready" and COPY in letter.body
    key = services.of(ines.pk).key
    for said in (ines.email, "ines", key):
        assert said not in letter.body and said not in letter.subject
    early = enter(ines, confirmed=False).get(COPY)
    assert early.status_code == 302 and "reauthenticate" in early["Location"]
    work()
    assert len(mailoutbox) == 1


def test_a_device_without_account_is_written_to_by_nobody(mailoutbox):
    _client, device = arrive()
    services.ask(device)
    work()
    assert services.of(device).state == Copy.State.READY and mailoutbox == []


def test_p8a_a_copy_that_waits_is_fetched_after_the_key_of_columns_has_changed(ines, monkeypatch):
    enter(ines).post(COPY)
    work()
    old, new = settings.ENCRYPTION_KEYS[0], "n" * 40
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new, old])
    assert CliRunner().invoke(reencrypt).exit_code == 0
    monkeypatch.setattr(settings, "ENCRYPTION_KEYS", [new])
    client = enter(ines)
    answer = client.get(client.get(COPY).context["fetch"])
    assert zipfile.is_zipfile(io.BytesIO(answer.getvalue()))


def test_p5_2_1_2a_a_copy_is_had_where_no_letter_can_leave(ines, monkeypatch):
    """The policy names nobody who carries mail, as the doctor says; the page has the copy."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "plainview.privacy.disclosures.post.Door")
    monkeypatch.setattr(settings, "MAIL_SERVER", "smtp://mail.lantern.example")
    monkeypatch.setattr(connections, "carrier", lambda: None)
    client = enter(ines)
    client.post(COPY)
    work()
    answer = client.get(client.get(COPY).context["fetch"])
    assert zipfile.is_zipfile(io.BytesIO(answer.getvalue()))
