"""Making a backup of database and files while the service runs, for a key that is not here."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from plainview import __version__
from plainview.platform.identifiers import secret_keys
from plainview.privacy.backups import archive, ledger, shelf
from plainview.privacy.backups.archive import About, Writer
from plainview.privacy.backups.shelf import Archive, Label
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.postgresql import copying as postgresql
from plainview.privacy.gate.sqlite3 import copying as sqlite
from plainview.privacy.registry import registry
from plainview.privacy.rights import holdings, tables

DATABASE, MEDIA, TRANSLATIONS, DATA = "database", "media", "translations", "data"
NOT_APART = frozenset({"ledger", "backups", "unpacking", "static", "policy", "uploads"})
"""Folders of the data folder that no archive holds."""
UNFINISHED = frozenset({"staging"})
"""Folders of the media in which work lies that is done again."""


class NoRecipient(Exception):
    """Nobody said for which public key archives are encrypted."""


class Failed(Exception):
    """The copy could not be made; the text says why."""


def make(to: list[str] | None = None) -> list[Archive]:
    """Make a backup, and one of the keys if they changed; return what was made.

    Raises NoRecipient, Failed, shelf.InUse, archive.Broken for a public key that is none,
    postgresql.NoProgram, and OSError.
    """
    words = to or shelf.named_keys()
    if not words:
        raise NoRecipient
    keys = archive.recipients(words)
    ledger.begin()
    with shelf.alone() as place:
        made = [_database_and_files(place, words, keys)]
        printed = _print()
        newest = next(iter(shelf.archives(shelf.KEYS)), None)
        if newest is None or newest.label.print != printed or newest.label.to != words:
            made.append(_of_keys(place, words, keys, printed))
    return made


def _database_and_files(place: Path, words: list[str], keys: list[object]) -> Archive:
    now = timezone.now().astimezone(dt.UTC).replace(microsecond=0)
    about = About(now.isoformat(), connection.vendor, __version__)
    path = place / shelf.named(shelf.PREFIX, now)

    def fill(out: Writer) -> dict[str, list[str]]:
        with duty("backup"):
            if connection.vendor == "sqlite":
                _copy_of_sqlite(out, place / shelf.WORK)
            else:
                _dump_of_postgresql(out)
            kept_apart = list(files_apart())
        for name, file in (*files(), *kept_apart):
            out.file(name, file)
        return fingerprints()

    return _made(path, keys, about, fill, words)


def _copy_of_sqlite(out: Writer, work: Path) -> None:
    """The copy has a name only as long as SQLite needs one."""
    work.mkdir(mode=0o700)
    copy = work / "database.sqlite3"
    sqlite.copy(connection, copy)
    with copy.open("rb") as stream:
        copy.unlink()
        work.rmdir()
        out.pieces(DATABASE, stream)


def _dump_of_postgresql(out: Writer) -> None:
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    process = postgresql.dumping(connection.settings_dict, version)
    dump: Any = process.stdout
    try:
        out.pieces(DATABASE, dump)
        said = process.stderr.read() if process.stderr else b""
        if process.wait():
            raise Failed(f"pg_dump failed: {postgresql.told(said)}")
    finally:
        process.kill()
        process.communicate()


def files() -> Iterator[tuple[str, Path]]:
    """The files beside the database by their names in an archive: films, pictures, translations.

    Everything that a row could name there, so that a new domain's files need no line here.
    """
    places = {MEDIA: Path(settings.MEDIA_ROOT), TRANSLATIONS: Path(settings.TRANSLATIONS)}
    for place, root in places.items():
        for folder, inner, names in os.walk(root):
            if Path(folder) == root:
                inner[:] = [name for name in inner if name not in UNFINISHED]
            inner.sort()
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_file() and not path.is_symlink():
                    yield f"{place}/{path.relative_to(root)}", path


def files_apart() -> Iterator[tuple[str, Path]]:
    """The files that rows name in folders of their own in the data folder. Needs a duty."""
    data = Path(settings.DATA).resolve()
    inside = {Path(root).resolve() for root in (settings.MEDIA_ROOT, settings.TRANSLATIONS)}
    for table in registry().tables.values():
        if table.model is None:
            continue
        for field in holdings.file_fields(table):
            rows = tables.manager(table).exclude(**{field.attname: ""}).order_by()
            for name in rows.values_list(field.attname, flat=True):
                path = Path(field.storage.path(name)).resolve()
                own = path.is_relative_to(data) and inside.isdisjoint(path.parents)
                if own and apart(str(path.relative_to(data))):
                    yield f"{DATA}/{path.relative_to(data)}", path


def apart(name: str) -> bool:
    """Whether a file of the data folder, by its path there, is in a folder that rows may name."""
    folder, _, rest = name.partition("/")
    return bool(rest) and folder not in NOT_APART


def key_files() -> dict[str, Path]:
    """The files of keys in the data folder, and what says how recipients are reached."""
    data = Path(settings.DATA)
    found = {path.name: path for end in ("-key", "-keys") for path in data.glob(f"*{end}")}
    found["ledger/key"] = ledger.key_file()
    if settings.CONNECTIONS.exists():
        found["connections.toml"] = Path(settings.CONNECTIONS)
    return dict(sorted(found.items()))


def fingerprints() -> dict[str, list[str]]:
    """Hashes of the keys without which parts of a copy can't be read, whoever keeps them."""
    keys = {
        "secret-key": secret_keys(),
        "encryption-key": settings.ENCRYPTION_KEYS,
        "ledger/key": ledger.key_file().read_text().split(),
    }
    return {
        name: [hashlib.sha256(word.encode()).hexdigest()[:16] for word in words]
        for name, words in keys.items()
    }


def _print() -> str:
    """One hash over the files of keys, to tell whether they changed."""
    whole = hashlib.sha256()
    for name, path in key_files().items():
        whole.update(f"{name}:{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _of_keys(place: Path, words: list[str], keys: list[object], printed: str) -> Archive:
    """An archive of the keys, which is kept elsewhere than the others."""
    now = timezone.now().astimezone(dt.UTC).replace(microsecond=0)
    path = place / shelf.named(shelf.KEYS, now)

    def fill(out: Writer) -> dict[str, list[str]]:
        for name, file in key_files().items():
            out.file(f"keys/{name}", file)
        return fingerprints()

    return _made(path, keys, About(now.isoformat(), "keys", __version__), fill, words, printed)


def _made(
    path: Path,
    keys: list[object],
    about: About,
    fill: Callable[[Writer], dict[str, list[str]]],
    words: list[str],
    printed: str = "",
) -> Archive:
    def label(made: archive.Made) -> Label:
        names = made.manifest.members
        said = Label(
            made_at=about.made_at,
            engine=about.engine,
            product=about.product,
            size=made.size,
            sha256=made.sha256,
            files=sum(not name.startswith(f"{DATABASE}/") for name in names),
            gone=len(made.manifest.gone),
            to=words,
            print=printed,
        )
        shelf.write(path, said)
        return said

    return Archive(path, archive.write(path, keys, about, fill, label))
