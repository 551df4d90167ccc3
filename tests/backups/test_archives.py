"""Archives: whole or not there, opened by their key alone, and gone on their day (P8a, P9c)."""

from __future__ import annotations

import datetime as dt
import errno
import functools
import os
import select
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone
from tests.backups.conftest import enter, restored, run

from plainview.domains.accounts.models import User
from plainview.privacy.backups import archive, barrier, ledger, making, shelf
from plainview.privacy.backups.commands import backup, restore
from plainview.privacy.backups.tasks import end
from plainview.privacy.gate.postgresql import copying
from plainview.privacy.policies import in_force
from plainview.privacy.rights import services
from plainview.privacy.rights.copies.models import Copy
from plainview.web.doctor import doctor

pytestmark = pytest.mark.slow

CANARY = "ines@lantern.example"


@pytest.fixture
def film(media_root) -> bytes:
    """A film of a few blocks, beside what is being packaged."""
    content = os.urandom(3_000_000)
    folder = settings.MEDIA_ROOT / "packages" / "a1b2c3d4e5f6"
    folder.mkdir(parents=True)
    (folder / "v180.mp4").write_bytes(content)
    (settings.MEDIA_ROOT / "staging").mkdir()
    (settings.MEDIA_ROOT / "staging" / "half").write_bytes(b"half")
    return content


@pytest.mark.django_db(transaction=True)
def test_a_disk_without_room_is_named_and_not_a_file(key, monkeypatch):
    """It said "a file: No space left on device", and no file of that name was found."""
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(archive, "write", Mock(side_effect=full))
    code, said = run(backup, "--to", key.public)
    assert code == 2
    assert "no room is left" in said


@pytest.mark.django_db(transaction=True)
def test_nothing_is_copied_for_nobody(key):
    code, said = run(backup)
    assert code == 2
    assert "PLAINVIEW_BACKUP_TO" in said
    code, said = run(backup, "--to", "age1nobody")
    assert code == 2
    assert "public key" in said
    assert [path.name for path in shelf.folder().glob("*.age*")] == []


@pytest.mark.django_db(transaction=True)
def test_p8a_an_archive_says_nothing_without_its_key_and_everything_with_it(
    ines, film, key, another_key, back_up
):
    (settings.DATA / "copies").mkdir()
    (settings.DATA / "copies" / "hers").write_bytes(b"sealed")
    Copy.objects.create(subject=ines.pk, language="en", seal="x", file="copies/hers")
    path = back_up()
    sealed = path.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n")
    keys = [each.read_bytes().strip() for each in making.key_files().values()]
    for canary in (CANARY.encode(), str(ines.pk).encode(), film[:64], b"SQLite format 3", *keys):
        for each in shelf.folder().iterdir():
            assert not each.is_file() or canary not in each.read_bytes()
    with archive.opened(path, archive.identities(key.file)) as content:
        found = {name: stream.read() for name, stream in content.members()}
    assert found["media/packages/a1b2c3d4e5f6/v180.mp4"] == film
    assert found["data/copies/hers"] == b"sealed"
    assert not any(name.startswith("media/staging/") for name in found)
    whole = b"".join(found.values())
    assert not any(secret in whole for secret in keys), "the keys are in an archive of their own"
    code, said = run(backup, "verify", "-i", another_key.file)
    assert code == 1
    assert "does not open it" in said
    code, said = run(backup, "verify", "-i", key.file)
    assert code == 0, said
    _, said = run(backup, "list")
    assert said.count("opened") == 2


@pytest.mark.django_db(transaction=True)
def test_p8a_a_copy_elsewhere_is_verified_by_its_path(film, key, back_up, tmp_path):
    """On the machine that has the key there is no service, and no shelf."""
    path = back_up()
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    code, said = run(backup, "verify", "-i", key.file, copy)
    assert (code, "no .json of it beside it" in said) == (2, True)
    shutil.copy(shelf.beside(path), shelf.beside(copy))
    code, said = run(backup, "verify", "-i", key.file, copy)
    assert (code, "it is whole" in said) == (0, True), said
    marked = tmp_path / "key.txt"  # as an editor of Windows saves it
    marked.write_text(key.file.read_text(), "utf-8-sig")
    assert run(backup, "verify", "-i", marked, copy)[0] == 0
    copy.write_bytes(copy.read_bytes()[:-1])
    code, said = run(backup, "verify", copy)
    assert (code, "not those that were written" in said) == (1, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("harm", ["middle", "end", "header", "twice"])
def test_p8a_a_changed_archive_is_found_and_never_restored(film, key, back_up, elsewhere, harm):
    path = back_up()
    text = bytearray(path.read_bytes())
    if harm == "middle":
        text[len(text) // 2] ^= 1
    elif harm == "header":
        text[60] ^= 1
    harmed = {"end": bytes(text[:-100]), "twice": bytes(text) * 2}.get(harm, bytes(text))
    path.write_bytes(harmed)
    code, said = run(backup, "verify", path.name)
    assert code == 1
    assert "not those that were written" in said
    notes = shutil.copytree(ledger.folder(), path.parent / "ledger")
    with elsewhere():
        shutil.copytree(notes, settings.DATA / "ledger")
        code, said = restored(path, key)
        assert code == 2, said
        assert list(settings.MEDIA_ROOT.iterdir()) == [], "nothing was moved into its place"


@pytest.mark.django_db(transaction=True)
def test_what_goes_while_a_backup_is_made_is_named_and_not_made_up(film, key, monkeypatch):
    gone = settings.MEDIA_ROOT / "artwork"
    gone.mkdir()
    (gone / "a.webp").write_bytes(b"a" * 1000)
    (gone / "b.webp").write_bytes(b"b" * 1000)
    there = list(making.files())

    def meanwhile() -> Iterable[tuple[str, Path]]:
        (gone / "a.webp").unlink()
        (gone / "b.webp").write_bytes(b"b")
        return there

    monkeypatch.setattr(making, "files", meanwhile)
    made = making.make([key.public])[0]
    assert made.label.gone == 1
    with archive.opened(made.path, archive.identities(key.file)) as content:
        list(content.members())
    assert content.manifest.gone == ["media/artwork/a.webp"]
    assert content.manifest.members["media/artwork/b.webp"].size == 1


@pytest.mark.django_db(transaction=True)
def test_p9c_archives_go_on_the_day_that_the_notice_names_and_the_ledger_a_month_later(
    ines, key, back_up, client
):
    path = back_up()
    days = in_force().retention.backups
    assert days == "P35D"
    assert "35 days" in client.get("/legal/privacy/").content.decode()
    ends = shelf.archives()[0].ends
    assert ends == timezone.localdate() + dt.timedelta(35)
    ledger.erased(ines.pk, report="r", day="2026-01-01")
    end()
    assert path.exists()
    assert shelf.end_what_is_over(ends - dt.timedelta(1)) == []
    assert shelf.end_what_is_over(ends) == [path.name]
    assert list(shelf.folder().glob("plainview*")) == []
    assert shelf.archives(shelf.KEYS), "the newest keys stay"
    assert len(ledger.notes()) == 1
    shelf.end_what_is_over(ends + shelf.MARGIN + dt.timedelta(2))
    assert ledger.notes() == []


@pytest.mark.django_db(transaction=True)
def test_p9c_what_lies_beside_our_archives_is_left_and_one_copied_back_alone_lives_its_life(
    ines, key, back_up
):
    path = back_up()
    ends = shelf.archives()[0].ends
    strange = [path.with_name(name) for name in (".film.mkv.partial", "photos.age.json", "x.age")]
    for each in strange:
        each.write_text("somebody else's")
    for each in shelf.archives(shelf.KEYS):
        shelf.beside(each.path).unlink()
        strange.append(each.path)  # keys that were copied back alone have no day
    shelf.beside(path).unlink()
    (dead := path.with_name(shelf.WORK)).mkdir()
    (dead / "db.sqlite3").write_text("a copy in the clear")
    (alone := path.with_name("plainview-20260503T180000Z.age.json")).write_text("{}")
    shelf.end_what_is_over()
    assert not dead.exists() and not alone.exists()
    assert path.exists()
    assert f"{path.name}  no .json of it" in run(backup, "list")[1]
    shelf.beside(path).write_text("{")
    assert shelf.end_what_is_over(ends - dt.timedelta(1)) == []
    assert shelf.end_what_is_over(ends) == [path.name]
    assert not path.exists()
    assert all(each.exists() for each in strange)


@pytest.mark.django_db(transaction=True)
def test_an_archive_past_its_life_is_not_restored(key, back_up, elsewhere, monkeypatch):
    path = back_up()
    notes = shutil.copytree(ledger.folder(), path.parent / "ledger")
    later = timezone.now() + dt.timedelta(37)
    with elsewhere():
        shutil.copytree(notes, settings.DATA / "ledger")
        monkeypatch.setattr(timezone, "now", lambda: later)
        code, said = restored(path, key)
        assert code == 2
        assert "life of that archive is over" in said


@pytest.mark.django_db(transaction=True)
def test_a_database_is_never_overwritten(key, back_up):
    path = back_up()
    code, said = run(restore, path, "-i", key.file)
    assert code == 2
    assert "none is overwritten" in said
    assert barrier.state() is None


@pytest.mark.django_db(transaction=True)
def test_a_restore_that_is_refused_has_begun_nothing(key, another_key, back_up, elsewhere):
    """Whoever takes the wrong file or key puts the old database back, and serves it."""
    path = back_up()
    keys = shelf.archives(shelf.KEYS)[0].path
    with elsewhere():
        for words, why in [
            ((path, "-i", another_key.file), "this secret key does not open it"),
            ((keys, "-i", key.file), "this is no archive of a database: use it with --keys"),
            ((path, "-i", key.file, "--keys", path), f"{path.name}: this is no archive of keys"),
        ]:
            code, said = run(restore, *words, "--ledger-lost")
            assert (code, why in said) == (2, True), said
            assert not barrier.shut()
            assert not barrier.room().exists()


@pytest.mark.django_db(transaction=True)
def test_keys_that_are_put_back_hold_for_all_that_follows(key, back_up, elsewhere, monkeypatch):
    archive, begun = back_up(), []
    keys = shelf.archives(shelf.KEYS)[0].path
    ran = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(subprocess, "run", lambda words, **_: begun.append(words) or ran)
    with elsewhere():
        code, said = run(restore, archive, "-i", key.file, "--keys", keys, "--ledger-lost")
        assert (code, said.startswith("keys: ")) == (0, True)
        assert barrier.state() is None, "a process that began with other keys puts nothing back"
    assert begun[0][3:] == ["restore", str(archive), "-i", str(key.file), "--ledger-lost"]


@pytest.mark.django_db(transaction=True)
def test_p5_2_1_4a_the_report_of_leaving_names_the_copies_and_their_day(ines, back_up):
    client = enter(ines)
    assert "emergency copies" not in client.get("/privacy/leave/").content.decode()
    back_up()
    text = client.get("/privacy/leave/").content.decode()
    assert "Encrypted emergency copies" in text
    address = client.post("/privacy/leave/confirm/", {"sure": "yes"})["Location"]
    for erasure in services.unfinished():
        services.carry_out(erasure)
    text = client.get(address).content.decode()
    assert "You have left" in text
    assert "Encrypted emergency copies" in text


@pytest.mark.django_db(transaction=True)
def test_doctor_says_when_no_backup_is_young_and_none_was_verified(key, back_up, monkeypatch):
    monkeypatch.setattr(
        settings, "ENV", msgspec.structs.replace(settings.ENV, backup_to=key.public)
    )
    assert "no backup is younger than a day: there is none" in run(doctor)[1]
    assert "there is no backup yet" in run(backup, "verify")[1]
    back_up()
    said = run(doctor)[1]
    assert "backups: 1, the last of" in said
    assert "no backup was ever verified" in said
    run(backup, "verify")
    assert "never verified" not in run(backup, "list")[1]
    assert "was ever verified" not in run(doctor)[1]


def dying(act: Callable[[], object], moment: int) -> bool:
    """Run `act` in a process that dies at the given write-through to the disk; whether it did."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        seen, through = [0], os.fsync

        def counted(descriptor: int) -> None:
            seen[0] += 1
            if seen[0] == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            through(descriptor)

        os.fsync = counted
        try:
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


ALL = pytest.param(range(1, 30), id="all", marks=pytest.mark.soak)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moments", [pytest.param((2, 3), id="some"), ALL])
def test_p8a_killed_in_a_backup_there_is_a_whole_archive_or_none_and_nothing_in_the_clear(
    ines, film, key, moments
):
    making.make([key.public])
    for moment in moments:
        before = len(shelf.archives())
        died = dying(lambda: making.make([key.public]), moment)
        made = [*shelf.archives(), *shelf.archives(shelf.KEYS)]
        for each in made:
            with archive.opened(each.path, archive.identities(key.file)) as content:
                list(content.members())
        for path in (each for each in shelf.folder().rglob("*") if each.is_file()):
            assert CANARY.encode() not in path.read_bytes(), path
        with shelf.alone() as place:
            left = {path.name for path in place.iterdir()} - {".lock"}
        assert left == {each.path.name + tail for each in made for tail in ("", ".json")}
        if not died:
            assert len(shelf.archives()) >= before
            break


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moments", [pytest.param((5,), id="some"), ALL])
def test_p8a_killed_in_a_restore_the_site_is_shut_and_the_same_command_goes_on(
    ines, film, key, back_up, elsewhere, moments
):
    path = back_up()
    notes = ledger.folder()
    services.leave(ines.pk)
    for moment in moments:
        with elsewhere():
            shutil.copytree(notes, settings.DATA / "ledger")
            died = dying(lambda: run(restore, path, "-i", key.file), moment)
            if died:
                code, said = run(restore, path, "-i", key.file)
                if barrier.state() is not None:
                    assert code == 2, said
                assert code == 0, said
            barrier.begin()
            assert not barrier.shut()
            assert not User.objects.filter(pk=ines.pk).exists()
            stored = settings.MEDIA_ROOT / "packages" / "a1b2c3d4e5f6" / "v180.mp4"
            assert stored.read_bytes() == film
            assert not (settings.DATA / "unpacking").exists()
        if not died:
            break


def test_p8a_a_restore_that_is_killed_leaves_no_program_at_work(tmp_path, monkeypatch):
    """PostgreSQL's own went on, and the same command then met what it had put there."""
    (slow := tmp_path / "pg_restore").write_text("#!/bin/sh\necho at work >&3\nexec sleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setattr(copying, "program", lambda name, server: str(slow))
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(says, 3)
        hands_on = functools.partial(subprocess.run, pass_fds=[3])
        with suppress(BaseException), monkeypatch.context() as patched:
            patched.setattr(subprocess, "run", hands_on)
            copying.load({"NAME": "films"}, tmp_path / "dump", 150000)
        os._exit(0)
    os.close(says)
    with os.fdopen(hears) as at_work:
        assert at_work.readline() == "at work\n"
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        closed, _, _ = select.select([at_work], [], [], 30)
    assert closed, "its end of the pipe is closed: it is gone"
