"""A place with people and films, a key that is not there, and an empty place to restore into."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from tests.rights.conftest import arrive, enter, ines, member, tom, work
from tests.service.conftest import on_server

from plainview.platform.jobs import worker
from plainview.privacy.backups import barrier, ledger, replaying, shelf
from plainview.privacy.backups.commands import backup, restore

__all__ = ["arrive", "enter", "ines", "member", "tom", "work"]
_numbers = itertools.count()


@dataclasses.dataclass(frozen=True)
class Key:
    """A pair of keys of age: the public one, and the file of the secret one."""

    public: str
    file: Path


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return _key(tmp_path_factory.mktemp("elsewhere") / "key.txt")


@pytest.fixture
def another_key(tmp_path: Path) -> Key:
    return _key(tmp_path / "another.txt")


def _key(path: Path) -> Key:
    secret = pyrage.x25519.Identity.generate()
    path.write_text(f"# kept on another machine\n{secret}\n")
    return Key(str(secret.to_public()), path)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, with the media in it."""
    caches["shelves"].clear()
    data = tmp_path / "data"
    _settle(data, monkeypatch)
    return data


def _settle(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("outbox", "uploads", "media", "translations"):
        (data / name).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(settings, "DATA", data)
    monkeypatch.setattr(settings, "MEDIA_ROOT", data / "media")
    monkeypatch.setattr(settings, "TRANSLATIONS", data / "translations")
    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", str(data / "outbox"), raising=False)
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", data / "uploads")
    barrier.begin()


def run(command: object, *arguments: object) -> tuple[int, str]:
    """Run a command; its exit code and what it said."""
    done = CliRunner().invoke(command, [str(each) for each in arguments])  # type: ignore[arg-type]
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def back_up(key: Key) -> Callable[[], Path]:
    """Make a backup by its command; the archive."""

    def made() -> Path:
        code, said = run(backup, "--to", key.public)
        assert code == 0, said
        return shelf.archives()[0].path

    return made


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """`with elsewhere():` is an empty place: a new data folder and a database without a table."""

    @contextmanager
    def place() -> Iterator[Path]:
        before = connection.settings_dict["NAME"]
        data = tmp_path / f"place-{next(_numbers)}"
        with _empty_database(data) as name, monkeypatch.context() as patched:
            _settle(data, patched)
            caches["shelves"].clear()
            _connect(name)
            try:
                yield data
            finally:
                _connect(before)
        barrier.begin()
        caches["shelves"].clear()

    return place


def _connect(name: str) -> None:
    """Let the next statement go to another database of the same kind."""
    connection.close()
    connection.settings_dict["NAME"] = name
    connections["default"].__dict__.pop("_role_names", None)


@contextmanager
def _empty_database(data: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield str(data / "plainview.sqlite3")
        return
    name = f"restored_{os.environ.get('PYTEST_XDIST_WORKER', '')}_{next(_numbers)}"
    with on_server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield name
        finally:
            connection.close()
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def serve() -> None:
    """What a start of the service does besides: its processes hold the database of now."""
    barrier.begin()


def restored(archive: Path, key: Key, *more: object) -> tuple[int, str]:
    """Restore by the command, and start the service if it went well."""
    code, said = run(restore, archive, "-i", key.file, *more)
    if code == 0:
        serve()
    return code, said


def with_ledger(archive: Path, key: Key, notes: Path) -> str:
    """Restore here with the ledger of the service that was; returns what the command says."""
    (settings.DATA / "ledger").mkdir(exist_ok=True)
    (settings.DATA / "ledger" / "key").write_bytes((notes.parent / "key").read_bytes())
    code, said = restored(archive, key, "--ledger", notes)
    assert code == 0, said
    return said


@pytest.fixture
def lost(elsewhere: Callable[[], Any]) -> Callable[[Path, Key], Any]:
    """`with lost(archive, key) as said:` the service is lost, and put back elsewhere."""

    @contextmanager
    def place(archive: Path, key: Key) -> Iterator[str]:
        notes = ledger.folder() / "notes"
        with elsewhere():
            yield with_ledger(archive, key, notes)

    return place


def worker_looks() -> None:
    """One turn of a worker: it rests, replays, or works."""
    if not replaying.worker_rests():
        with contextlib.suppress(LookupError):
            worker.run_one()
